//! Every reason why there is no client, with what to do about it. Messages are one line each,
//! whatever the description holds.

use std::fmt::{self, Write};

use crate::escape::{Escaping, code, escaped};

/// What keeps a description from becoming a client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// The text is not JSON.
    NotJson {
        /// What the parser stumbled over, with line and column.
        reason: String,
        /// Whether the text reads like a YAML document.
        looks_like_yaml: bool,
    },
    /// The JSON is no description of the kind that is read here.
    NotOpenApi30 {
        /// What was found instead.
        found: String,
    },
    /// The list of operations cannot be read.
    OperationList {
        /// What is wrong with the list.
        reason: String,
    },
    /// None of the operations that are listed is in the description.
    NoOperation,
    /// An operation that is listed is not in the description.
    OperationMissing {
        /// The operationId.
        operation: String,
        /// The operationId that its method and path have now.
        successor: Option<String>,
    },
    /// Two routes of the description carry one operationId.
    OperationTwice {
        /// The operationId.
        operation: String,
        /// Method and path of the one.
        first: String,
        /// Method and path of the other.
        second: String,
    },
    /// A part of the description is not what OpenAPI wants.
    Malformed {
        /// The JSON pointer to the part.
        place: String,
        /// What was found, and what should be there.
        reason: String,
    },
    /// A component is nothing but itself.
    Ring {
        /// The name of the component.
        component: String,
        /// How it comes back to itself.
        reason: String,
    },
    /// Something is larger, or nested more deeply, than the generator is made for.
    TooMuch {
        /// What is too large.
        place: String,
        /// How large it is at least.
        what: String,
    },
    /// An operation has a path that could address something else.
    Path {
        /// The operationId.
        operation: String,
        /// The path as written in the description.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The earlier description cannot be compared with.
    Earlier {
        /// What is wrong with it.
        reason: String,
    },
    /// A reference leads nowhere.
    DanglingReference {
        /// The reference as written in the description.
        reference: String,
        /// The operation or component that holds it.
        holder: String,
    },
    /// A reference does not name a component of the same document.
    ForeignReference {
        /// The reference as written in the description.
        reference: String,
        /// The operation or component that holds it.
        holder: String,
    },
    /// The text is JSON, but no Overlay 1.0 document as we write them.
    NotOverlay10 {
        /// What is wrong with the document.
        reason: String,
    },
    /// An action of the overlay cannot be applied.
    Action {
        /// The place of the action in the list, from 1.
        number: usize,
        /// The JSONPath of the action.
        target: String,
        /// What the action says of itself.
        description: String,
        /// Why it cannot be applied.
        reason: String,
    },
    /// The list of families cannot be read.
    NotFamilies {
        /// What is wrong with the list.
        reason: String,
    },
    /// A member of a family does not fit the others.
    Misfit {
        /// The name of the family.
        family: String,
        /// The schema, request or response.
        member: String,
        /// Why it does not fit.
        reason: String,
    },
    /// The words for operations cannot be read.
    NotWords {
        /// What is wrong with the table.
        reason: String,
    },
    /// A store does not fit into the type for a store of any owner.
    Dispatch {
        /// The store, as the variant of the type.
        store: String,
        /// The action, as the method of the type.
        action: String,
        /// Why it does not fit.
        reason: String,
    },
    /// The generator cannot take operations, each of them even when it is alone.
    Operations {
        /// The operationIds.
        operations: Vec<String>,
        /// What the generator said.
        reason: String,
    },
    /// The generator takes each operation alone, but not all together.
    Client {
        /// What the generator said.
        reason: String,
    },
}

impl Error {
    /// Returns what to do about an error that the description gave rise to, or `None` for a file
    /// that cannot be read.
    #[must_use]
    pub fn remedy(&self) -> Option<String> {
        let remedy = match self {
            Self::Earlier { .. } => {
                "restore openapi/github.json, or remove it, after which every operation is new"
                    .to_owned()
            }
            Self::OperationMissing { successor, .. } => match successor {
                Some(name) => format!(
                    "GitHub calls it {} now: rename it wherever openapi/ names it", code(name)
                ),
                None => "remove it from openapi/operations.json, from openapi/families.json, and from the code that calls it"
                    .to_owned(),
            },
            Self::OperationTwice { .. }
            | Self::Malformed { .. }
            | Self::Ring { .. }
            | Self::TooMuch { .. }
            | Self::Path { .. }
            | Self::DanglingReference { .. }
            | Self::ForeignReference { .. } => {
                "the description is broken: keep the present one until GitHub has repaired it, unless \
                 openapi/overlay.json broke it"
                    .to_owned()
            }
            Self::Action { description, .. } => format!(
                "change the target in openapi/overlay.json to what GitHub calls it now, or remove the action if it is no longer \
                 needed; its description: {}", escaped(description)
            ),
            Self::Misfit { family, .. } => {
                format!("correct the members of {} in openapi/families.json", code(family))
            }
            Self::Dispatch { .. } => {
                "make the operation like those of the other stores in openapi/overlay.json or \
                 openapi/families.json, or remove the action's `dispatch` from openapi/words.json"
                    .to_owned()
            }
            Self::Operations { .. } => {
                "change the operation in openapi/overlay.json, or remove it from openapi/operations.json".to_owned()
            }
            Self::Client { .. } => {
                "change one of the operations in openapi/overlay.json".to_owned()
            }
            Self::NoOperation => {
                "take GitHub's whole description of api.github.com with `cargo xtask regen --from FILE`".to_owned()
            }
            _ => return None,
        };
        Some(remedy)
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    /// Writes one line, whatever the description holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut Escaping(f);
        match self {
            Self::NotJson {
                reason,
                looks_like_yaml,
            } => {
                write!(f, "not JSON: {reason}")?;
                if *looks_like_yaml {
                    f.write_str("; this looks like YAML: take the description as JSON")?;
                }
                Ok(())
            }
            Self::NotOpenApi30 { found } => write!(f, "not an OpenAPI 3.0 description: {found}"),
            Self::OperationList { reason } => write!(f, "not a list of operations: {reason}"),
            Self::NoOperation => {
                f.write_str("the description has none of the operations in openapi/operations.json")
            }
            Self::OperationMissing { operation, .. } => {
                write!(f, "the description has no operation {}", code(operation))
            }
            Self::OperationTwice {
                operation,
                first,
                second,
            } => {
                let operation = code(operation);
                write!(
                    f,
                    "the description has operation {operation} twice: {first} and {second}"
                )
            }
            Self::Malformed { place, reason } => write!(f, "{place}: {reason}"),
            Self::Ring { component, reason } => {
                write!(f, "the component {} {reason}", code(component))
            }
            Self::TooMuch { place, what } => write!(f, "{place} has {what}"),
            Self::Path {
                operation,
                path,
                reason,
            } => write!(f, "the path {} of {} {reason}", code(path), code(operation)),
            Self::Earlier { reason } => {
                write!(
                    f,
                    "the earlier description cannot be compared with: {reason}"
                )
            }
            Self::DanglingReference { reference, holder } => {
                let reference = code(reference);
                write!(
                    f,
                    "{holder} refers to {reference}, which the description does not have"
                )
            }
            Self::ForeignReference { reference, holder } => write!(
                f,
                "{holder} refers to {}, which is not of the form `#/components/KIND/NAME`",
                code(reference)
            ),
            Self::NotOverlay10 { reason } => write!(f, "not an Overlay 1.0 document: {reason}"),
            Self::Action {
                number,
                target,
                reason,
                ..
            } => write!(
                f,
                "overlay action {number}, target {}: {reason}",
                code(target)
            ),
            Self::NotFamilies { reason } => write!(f, "not a list of families: {reason}"),
            Self::Misfit {
                family,
                member,
                reason,
            } => write!(f, "family {}: {member}: {reason}", code(family)),
            Self::NotWords { reason } => write!(f, "not a table of words: {reason}"),
            Self::Dispatch {
                store,
                action,
                reason,
            } => write!(f, "action {} of {}: {reason}", code(action), code(store)),
            Self::Operations { operations, reason } => {
                let names: Vec<String> = operations.iter().map(|name| code(name)).collect();
                let names = names.join(", ");
                write!(f, "no client can be generated for {names}: {reason}")
            }
            Self::Client { reason } => {
                write!(
                    f,
                    "no client can be generated for these operations together: {reason}"
                )
            }
        }
    }
}
