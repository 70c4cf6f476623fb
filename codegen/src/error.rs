use thiserror::Error;

/// What keeps a description from becoming a client.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not JSON.
    #[error("not JSON: {reason}{hint}", hint = if *.looks_like_yaml { "; this looks like YAML: take the description as JSON" } else { "" })]
    NotJson {
        /// What the parser stumbled over, with line and column.
        reason: String,
        /// Whether the text reads like a YAML document.
        looks_like_yaml: bool,
    },
    /// The JSON is no description of the kind that is read here.
    #[error("not an OpenAPI 3.0 description: {found}")]
    NotOpenApi30 {
        /// What was found instead.
        found: String,
    },
    /// The list of operations cannot be read.
    #[error("not a list of operations: {reason}")]
    OperationList {
        /// What is wrong with the list.
        reason: String,
    },
    /// None of the operations that are listed is in the description.
    #[error("the description has none of the operations in openapi/operations.json")]
    NoOperation,
    /// An operation that is listed is not in the description.
    #[error("the description has no operation `{operation}`")]
    OperationMissing {
        /// The operationId.
        operation: String,
        /// The operationId that now stands at its method and path.
        successor: Option<String>,
    },
    /// Two routes of the description carry one operationId.
    #[error("the description has operation `{operation}` twice: {first} and {second}")]
    OperationTwice {
        /// The operationId.
        operation: String,
        /// Method and path of the one.
        first: String,
        /// Method and path of the other.
        second: String,
    },
    /// A reference leads nowhere.
    #[error("{holder} refers to `{reference}`, which the description does not have")]
    DanglingReference {
        /// The reference as it stands in the description.
        reference: String,
        /// The operation or component that holds it.
        holder: String,
    },
    /// A reference does not name a component of the same document.
    #[error("{holder} refers to `{reference}`, which is not of the form `#/components/KIND/NAME`")]
    ForeignReference {
        /// The reference as it stands in the description.
        reference: String,
        /// The operation or component that holds it.
        holder: String,
    },
    /// The text is JSON, but no Overlay 1.0 document as we write them.
    #[error("not an Overlay 1.0 document: {reason}")]
    NotOverlay10 {
        /// What is wrong with the document.
        reason: String,
    },
    /// An action of the overlay cannot be applied.
    #[error("overlay action {number}, target `{target}`: {reason}")]
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
    #[error("not a list of families: {reason}")]
    NotFamilies {
        /// What is wrong with the list.
        reason: String,
    },
    /// A member of a family does not fit the others.
    #[error("family `{family}`: {member}: {reason}")]
    Misfit {
        /// The name of the family.
        family: String,
        /// The schema, request or response.
        member: String,
        /// Why it does not fit.
        reason: String,
    },
    /// The words for operations cannot be read.
    #[error("not a table of words: {reason}")]
    NotWords {
        /// What is wrong with the table.
        reason: String,
    },
    /// A store does not fit into the type that stands for a store of any owner.
    #[error("action `{action}` of `{store}`: {reason}")]
    Dispatch {
        /// The store, as the variant of the type.
        store: String,
        /// The action, as the method of the type.
        action: String,
        /// Why it does not fit.
        reason: String,
    },
    /// The generator cannot take operations, each of them even when it is alone.
    #[error("no client can be generated for {}: {reason}", quoted(.operations))]
    Operations {
        /// The operationIds.
        operations: Vec<String>,
        /// What the generator said.
        reason: String,
    },
    /// The generator takes each operation alone, but not all together.
    #[error("no client can be generated for these operations together: {reason}")]
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
            Self::OperationMissing { successor, .. } => match successor {
                Some(name) => format!(
                    "GitHub calls it `{name}` now: rename it wherever openapi/ names it"
                ),
                None => "remove it from openapi/operations.json, from openapi/families.json, and from the code that calls it"
                    .to_owned(),
            },
            Self::OperationTwice { .. }
            | Self::DanglingReference { .. }
            | Self::ForeignReference { .. } => {
                "the description is broken: keep the present one until GitHub has repaired it"
                    .to_owned()
            }
            Self::Action { description, .. } => format!(
                "change the target in openapi/overlay.json to what GitHub calls it now, or remove the action if it is no longer \
                 needed; its description: {description}"
            ),
            Self::Misfit { family, .. } => {
                format!("correct the members of `{family}` in openapi/families.json")
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

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
