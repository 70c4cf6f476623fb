//! All steps from GitHub's description to the client's source, in their order.

use crate::{
    Description, Error, Families, Overlay, Words,
    bounds::with_large_stack,
    changes::{Changes, findings},
    check::check,
    client,
};

/// Generates the client from GitHub's description.
#[derive(Clone, Debug)]
pub struct Generator {
    /// The operationIds that the client takes.
    pub operations: Vec<String>,
    /// Where the client deviates from the description.
    pub overlay: Overlay,
    /// What becomes one type.
    pub families: Families,
    /// The documentation.
    pub words: Words,
}

/// What a [`Generator`] returns.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The structure of the operations that the client takes.
    pub slice: Description,
    /// What changed since the earlier slice.
    pub changes: Changes,
    /// The source of the client, or everything that keeps it from being generated.
    pub client: Result<String, Vec<Error>>,
}

impl Generator {
    /// Takes a slice of `source`, generates the client, and compares the slice with an `earlier`
    /// one.
    ///
    /// The slices are compared before families are folded, so that no member can hide behind the
    /// others.
    #[must_use]
    pub fn generate(&self, source: &Description, earlier: &Description) -> Generated {
        let generated = with_large_stack(|| self.slice_and_generate(source, earlier));
        generated.unwrap_or_else(|reason| {
            let slice = Description::empty();
            Generated::refused(slice, vec![Error::Client { reason }])
        })
    }

    fn slice_and_generate(&self, source: &Description, earlier: &Description) -> Generated {
        let (slice, mut problems) = source.slice(&self.operations);
        let missing = name_successors(&mut problems, source, earlier);
        if missing.len() == self.operations.len() {
            return Generated::refused(slice, vec![Error::NoOperation]);
        }
        let stages = self
            .stages(&slice)
            .and_then(|stages| Ok((stages, self.stages(earlier).map_err(of_earlier)?)));
        let (stages, earlier) = match stages {
            Ok(stages) => stages,
            Err(faults) => {
                problems.extend(faults);
                return Generated::refused(slice, problems);
            }
        };
        let (folded, misfits) = self.families.without(&missing).fold(&stages.overlaid);
        let changes = changes(&earlier, &stages);
        problems.extend(stages.unmatched.into_iter().chain(misfits));
        Generated {
            changes,
            slice,
            client: self.client(&folded, problems),
        }
    }

    /// Takes a slice to where it can be compared with another one.
    fn stages(&self, slice: &Description) -> Result<Stages, Vec<Error>> {
        check(slice)?;
        let in_place = slice.in_place().map_err(|error| vec![error])?;
        let (overlaid, unmatched) = self.overlay.apply(&in_place);
        check(&overlaid)
            .map_err(|faults| unmatched.iter().cloned().chain(faults).collect::<Vec<_>>())?;
        Ok(Stages {
            in_place,
            overlaid,
            unmatched,
        })
    }

    fn client(&self, folded: &Description, problems: Vec<Error>) -> Result<String, Vec<Error>> {
        // With other problems the generator would stumble over operations that are fine.
        let is_missing = |problem: &Error| matches!(problem, Error::OperationMissing { .. });
        if !problems.iter().all(is_missing) {
            return Err(problems);
        }
        match client(folded, &self.words) {
            Ok(source) if problems.is_empty() => Ok(source),
            Ok(_) => Err(problems),
            Err(refused) => Err(problems.into_iter().chain(refused).collect()),
        }
    }
}

impl Generated {
    fn refused(slice: Description, problems: Vec<Error>) -> Self {
        Self {
            slice,
            changes: Changes::default(),
            client: Err(problems),
        }
    }
}

/// A slice before and after the overlay, with the actions of the overlay that do not fit.
struct Stages {
    in_place: Description,
    overlaid: Description,
    unmatched: Vec<Error>,
}

fn changes(earlier: &Stages, new: &Stages) -> Changes {
    let of_client = findings(&earlier.overlaid, &new.overlaid);
    let all = findings(&earlier.in_place, &new.in_place);
    let (client, left_out) = all.split(&of_client);
    Changes {
        client: client.into_changes(),
        left_out: left_out.into_changes(),
    }
}

fn of_earlier(faults: Vec<Error>) -> Vec<Error> {
    let faults = faults.into_iter();
    faults
        .map(|fault| Error::Earlier {
            reason: fault.to_string(),
        })
        .collect()
}

/// Finds out what each operation that is missing is called now, and returns those operations.
fn name_successors(
    problems: &mut [Error],
    source: &Description,
    earlier: &Description,
) -> Vec<String> {
    let routes = earlier.operations();
    let missing = problems.iter_mut().filter_map(|problem| match problem {
        Error::OperationMissing {
            operation,
            successor,
        } => {
            let route = routes.get(operation.as_str());
            *successor = route.and_then(|route| source.at(route)).map(str::to_owned);
            Some(operation.clone())
        }
        _ => None,
    });
    missing.collect()
}
