//! Whether a description is of the form that the steps after it rely on. They index what they
//! read, follow references, and hand the rest to the generator, which panics or does not end on
//! what is not OpenAPI.

mod bounds;
mod paths;
mod shapes;

use crate::{
    Description, Error,
    cycles::{made_of_itself, refers_to_itself},
};

/// Returns what keeps a description, cut to the client's operations, from being understood.
pub(crate) fn check(description: &Description) -> Result<(), Vec<Error>> {
    let document = description.value();
    bounds::check(document).map_err(|error| vec![error])?;
    shapes::check(document)?;
    let rings = [
        (refers_to_itself(document), "refers to itself"),
        (made_of_itself(document), "is made of itself"),
    ];
    for (name, reason) in rings {
        if let Some(name) = name {
            return Err(vec![Error::Ring {
                component: name.to_owned(),
                reason: reason.to_owned(),
            }]);
        }
    }
    bounds::check_references(document).map_err(|error| vec![error])?;
    paths::check(description)
}
