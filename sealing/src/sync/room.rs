//! The room in a place, which can hold a limited number of secrets.

use super::{judge::StepKind, survey::Step};

/// Lets secrets be created after the deletes of their place as far as there is no room before.
/// Returns how many secrets the place would hold in the end, if these are too many.
pub(super) fn make_room(steps: &mut [Step], present: usize, maximum: usize) -> Option<usize> {
    let count = |kind| steps.iter().filter(|step| step.kind == kind).count();
    let (creates, deletes) = (count(StepKind::Create), count(StepKind::Delete));
    let secrets = (present + creates).saturating_sub(deletes);
    if creates > 0 && secrets > maximum {
        return Some(secrets);
    }
    let room = maximum.saturating_sub(present);
    let creates = steps.iter_mut();
    let creates = creates.filter(|step| step.kind == StepKind::Create);
    for step in creates.skip(room) {
        step.after_deletes = true;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{
        super::judge::{StepKind, StepReason},
        Step, make_room,
    };
    use crate::SecretName;

    /// Secrets of these kinds, named A, B and so on, in a place for ten that holds so many.
    fn later(present: usize, kinds: &[StepKind]) -> Result<Vec<String>, usize> {
        let names = ["A", "B", "C", "D"].into_iter().zip(kinds);
        let mut steps: Vec<_> = names
            .map(|(name, kind)| Step {
                name: SecretName::new(name).expect("a name"),
                kind: *kind,
                reason: StepReason::New,
                updated_at: None,
                access: None,
                after_deletes: false,
            })
            .collect();
        match make_room(&mut steps, present, 10) {
            Some(secrets) => Err(secrets),
            None => {
                let later = steps.iter().filter(|step| step.after_deletes);
                Ok(later.map(|step| step.name.to_string()).collect())
            }
        }
    }

    #[test]
    fn only_what_has_no_room_is_created_after_deletes() {
        use StepKind::{Create, Delete, Keep, Leave, Write};
        let names = |names: &[&str]| Ok(names.iter().map(ToString::to_string).collect());
        assert_eq!(later(8, &[Create, Create, Delete]), names(&[]));
        assert_eq!(later(9, &[Create, Delete, Create]), names(&["C"]));
        assert_eq!(later(10, &[Create, Delete]), names(&["A"]));
        assert_eq!(
            later(10, &[Delete, Create, Delete, Create]),
            names(&["B", "D"])
        );
        assert_eq!(later(10, &[Write, Delete, Keep, Leave]), names(&[]));
        assert_eq!(later(10, &[Create]), Err(11));
        assert_eq!(later(10, &[Create, Create, Delete]), Err(11));
        // More than there can be, as somebody else may be allowed.
        assert_eq!(later(12, &[Write, Delete]), names(&[]));
        assert_eq!(later(12, &[Create, Delete]), Err(12));
        assert_eq!(later(12, &[Create, Delete, Delete, Delete]), names(&["A"]));
    }
}
