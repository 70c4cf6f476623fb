use crate::{
    Description, Error, Families, Overlay, Words,
    changes::{Changes, findings},
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
        let (slice, mut problems) = source.slice(&self.operations);
        let missing = name_successors(&mut problems, source, earlier);
        if missing.len() == self.operations.len() {
            return Generated {
                slice,
                changes: Changes::default(),
                client: Err(vec![Error::NoOperation]),
            };
        }
        let in_place = slice.in_place();
        let (overlaid, unmatched) = self.overlay.apply(&in_place);
        let (folded, misfits) = self.families.without(&missing).fold(&overlaid);
        problems.extend(unmatched.into_iter().chain(misfits));
        Generated {
            changes: self.changes(&earlier.in_place(), &in_place, &overlaid),
            slice,
            client: self.client(&folded, problems),
        }
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
