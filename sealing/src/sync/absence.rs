//! What it means that GitHub does not find the secrets of a place: a 404 has several meanings.

use std::sync::Arc;

use crate::{
    Action, Error, ErrorResponse, Organization, Place, Repository, core::Core, http::Call,
    place::OwnerName,
};

/// The reason why the secrets of a place are not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absence {
    /// The owner does not exist, or the token has no access to it.
    Gone,
    /// The owner exists.
    Hidden,
    Unknown,
}

impl Absence {
    /// Finds the reason for an error, which takes one more request if it is a 404.
    pub(super) async fn find(core: &Arc<Core>, place: &Place, error: &Error) -> Self {
        match error {
            Error::NotFound(response) if is_of_list(response) => {
                Self::of_owner(core, &place.owner).await
            }
            _ => Self::Unknown,
        }
    }

    async fn of_owner(core: &Arc<Core>, owner: &OwnerName) -> Self {
        let core = Arc::clone(core);
        let found = match owner {
            OwnerName::Repository(name) => {
                let call = Call::begin(&core.http);
                call.find_repository(name).await.map(|_| true)
            }
            OwnerName::Environment(repository, name) => {
                let full_name = repository.clone();
                let environments = Repository { core, full_name }.environments();
                let is_it = |found: &str| found.eq_ignore_ascii_case(name.as_str());
                let found = environments.all().await;
                found.map(|all| all.iter().any(|found| is_it(&found.name)))
            }
            OwnerName::Organization(login) => {
                let login = login.clone();
                let mut repositories = Organization { core, login }.repositories();
                repositories.next().await.transpose().map(|_| true)
            }
            OwnerName::User => return Self::Unknown,
        };
        match found {
            Ok(true) => Self::Hidden,
            Ok(false) => Self::Gone,
            Err(error) if is_gone(&error) => Self::Gone,
            Err(_) => Self::Unknown,
        }
    }
}

/// Returns whether an error says that something does not exist, or that the token has no access to
/// it.
pub(super) fn is_gone(error: &Error) -> bool {
    matches!(error, Error::NotFound(response) if !response.names_what_is_missing())
}

fn is_of_list(response: &ErrorResponse) -> bool {
    response.target().operation.action() == Some(Action::List) && !response.names_what_is_missing()
}
