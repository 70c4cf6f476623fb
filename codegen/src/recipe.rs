use crate::changes::{Changes, findings};
use crate::{Description, Error, Families, Overlay, Words, client};

/// What makes a client out of GitHub's description.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The operationIds that the client takes.
    pub operations: Vec<String>,
    /// Where the client deviates from the description.
    pub overlay: Overlay,
    /// What becomes one type.
    pub families: Families,
    /// The documentation.
    pub words: Words,
}

/// What a recipe makes of a description.
#[derive(Clone, Debug)]
pub struct Made {
    /// The structure of the operations that the client takes.
    pub slice: Description,
    /// What changed since the earlier slice.
    pub changes: Changes,
    /// The source of the client, or everything that keeps it from being made.
    pub client: Result<String, Vec<Error>>,
}

impl Recipe {
    /// Makes a slice and a client of `source`, and compares the slice with an `earlier` one.
    ///
    /// Changes are looked for before families are folded, so that no member hides behind the others.
    #[must_use]
    pub fn make(&self, source: &Description, earlier: &Description) -> Made {
        let (slice, mut problems) = source.slice(&self.operations);
        let missing = name_successors(&mut problems, source, earlier);
        if missing.len() == self.operations.len() {
            return Made {
                slice,
                changes: Changes::default(),
                client: Err(vec![Error::NoOperation]),
            };
        }
        let in_place = slice.in_place();
        let (overlaid, unmatched) = self.overlay.apply(&in_place);
        let (folded, misfits) = self.families.without(&missing).fold(&overlaid);
        problems.extend(unmatched.into_iter().chain(misfits));
        // Other problems would make the generator stumble over operations that are fine.
        let generable = |problem: &Error| matches!(problem, Error::OperationMissing { .. });
        let client = if problems.iter().all(generable) {
            client(&self.words.apply(&folded))
        } else {
            Ok(String::new())
        };
        let client = match client {
            Ok(client) if problems.is_empty() => Ok(client),
            Ok(_) => Err(problems),
            Err(refused) => Err(problems.into_iter().chain(refused).collect()),
        };
        Made {
            changes: self.changes(&earlier.in_place(), &in_place, &overlaid),
            slice,
            client,
        }
    }

    fn changes(&self, earlier: &Description, new: &Description, overlaid: &Description) -> Changes {
        let (earlier_overlaid, _) = self.overlay.apply(earlier);
        let of_client = findings(&earlier_overlaid, overlaid);
        let (client, left_out) = findings(earlier, new).split(&of_client);
        Changes {
            client: client.into_changes(),
            left_out: left_out.into_changes(),
        }
    }
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
