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
        name_successors(&mut problems, source, earlier);
        let (overlaid, unmatched) = self.overlay.apply(&slice);
        let (folded, misfits) = self.families.fold(&overlaid);
        let usable = unmatched.is_empty() && misfits.is_empty();
        problems.extend(unmatched.into_iter().chain(misfits));
        // Without an action or a family the generator would stumble over what these are there for.
        let client = if usable {
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
            changes: self.changes(earlier, &slice, &overlaid),
            slice,
            client,
        }
    }

    fn changes(
        &self,
        earlier: &Description,
        slice: &Description,
        overlaid: &Description,
    ) -> Changes {
        let (earlier_overlaid, _) = self.overlay.apply(earlier);
        let client = findings(&earlier_overlaid, overlaid);
        let left_out = findings(earlier, slice).without(&client);
        Changes {
            client: client.into_changes(),
            left_out: left_out.into_changes(),
        }
    }
}

/// Finds out what an operation that is missing is called now.
fn name_successors(problems: &mut [Error], source: &Description, earlier: &Description) {
    let routes = earlier.operations();
    for problem in problems {
        if let Error::OperationMissing {
            operation,
            successor,
        } = problem
            && let Some(route) = routes.get(operation.as_str())
        {
            *successor = source.at(route).map(str::to_owned);
        }
    }
}
