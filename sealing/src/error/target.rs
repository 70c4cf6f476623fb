//! What a request is about, in the words of messages.

use std::fmt;

use crate::{Action, Operation, RegistryAction, Store, place::OwnerName};

/// What a request is about: said in errors and traces.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) operation: Operation,
    pub(crate) owner: OwnerName,
    /// The secret or the registry.
    pub(crate) name: Option<String>,
    /// Whether the call may have taken effect although it failed.
    pub(crate) may_have_taken_effect: bool,
}

impl Target {
    pub(crate) fn new(operation: Operation, owner: OwnerName, name: Option<&str>) -> Self {
        let name = name.map(str::to_owned);
        Self {
            operation,
            owner,
            name,
            may_have_taken_effect: false,
        }
    }

    /// Returns the end of a message about the call.
    pub(crate) fn effect(&self) -> &'static str {
        if !self.may_have_taken_effect {
            ""
        } else if self.operation.is_repeatable() {
            "; the change may have taken effect, and repeating it is safe"
        } else {
            "; it may have taken effect, so check before you repeat it"
        }
    }

    /// Returns what the request was to do, as in "could not …".
    fn verb(&self) -> &'static str {
        use Action as A;
        use RegistryAction as R;
        match (self.operation.action(), self.operation.registry_action()) {
            (Some(A::List), _) | (_, Some(R::List)) => "list",
            (Some(A::PublicKey), _) | (_, Some(R::PublicKey)) => "fetch the public key for",
            (Some(A::Find), _) | (_, Some(R::Find)) => "read",
            (Some(A::Set), _) => "create or update",
            (Some(A::SetAccess), _) => "change who can use",
            (Some(A::Delete), _) | (_, Some(R::Delete)) => "delete",
            (Some(A::ListRepositories), _) => "list the repositories selected for",
            (Some(A::SetRepositories), _) => "set the repositories selected for",
            (Some(A::AddRepository), _) => "select a repository for",
            (Some(A::RemoveRepository), _) => "deselect a repository for",
            (Some(A::ListOrganizationSecrets), _) => "list the organization's secrets shared with",
            (_, Some(R::Create)) => "create",
            (_, Some(R::Update)) => "update",
            (None, None) if self.operation == Operation::REPOSITORIES => "list the repositories of",
            (None, None) if self.operation == Operation::ENVIRONMENTS => "list the environments of",
            (None, None) if self.operation == Operation::USER => "look up",
            (None, None) => "look up the repository",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            owner,
            name,
            ..
        } = self;
        f.write_str(self.verb())?;
        match (operation.registry_action(), name) {
            (Some(_), Some(name)) => return write!(f, " the private registry {name} of {owner}"),
            (Some(RegistryAction::Create), None) => {
                return write!(f, " a private registry of {owner}");
            }
            (Some(_), None) => return write!(f, " the private registries of {owner}"),
            (None, _) => {}
        }
        let of_repository = operation.action() == Some(Action::ListOrganizationSecrets);
        let store = operation
            .store()
            .filter(|_| !of_repository)
            .map(Store::title);
        match (store, name) {
            (Some(store), Some(name)) => write!(f, " the {store} secret {name} of {owner}"),
            (Some(store), None) => write!(f, " the {store} secrets of {owner}"),
            (None, _) => write!(f, " {owner}"),
        }
    }
}
