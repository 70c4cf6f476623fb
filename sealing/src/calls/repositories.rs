//! The selected repositories of a secret: of an organization in any store, or of a user.

use github_secrets_client::{
    Client, Error as ClientError,
    types::{RepositoryPage, SelectRepositories},
};

use super::SIZE;
use crate::{
    Store::{Actions, Agents, Codespaces, Dependabot},
    http::Sent,
    place::{
        OwnerName::{Environment, Organization, Repository, User},
        Place,
    },
};

/// Lists the repositories selected for a secret.
pub(crate) async fn list_repositories(
    client: Client,
    place: &Place,
    name: &str,
) -> Sent<RepositoryPage> {
    match (&place.owner, place.store) {
        (Organization(org), Actions) => {
            client
                .actions_list_selected_repos_for_org_secret(org.as_str(), name, None, SIZE)
                .await
        }
        (Organization(org), Agents) => {
            client
                .agents_list_selected_repos_for_org_secret(org.as_str(), name, None, SIZE)
                .await
        }
        (Organization(org), Codespaces) => {
            client
                .codespaces_list_selected_repos_for_org_secret(org.as_str(), name, None, SIZE)
                .await
        }
        (Organization(org), Dependabot) => {
            client
                .dependabot_list_selected_repos_for_org_secret(org.as_str(), name, None, SIZE)
                .await
        }
        (User, _) => {
            client
                .codespaces_list_repositories_for_secret_for_authenticated_user(name)
                .await
        }
        (Repository(_) | Environment(..), _) => Err(without_selection()),
    }
}

/// Replaces the repositories selected for a secret.
pub(crate) async fn set_repositories(
    client: Client,
    place: &Place,
    name: &str,
    body: &SelectRepositories,
) -> Sent<()> {
    match (&place.owner, place.store) {
        (Organization(org), Actions) => {
            client
                .actions_set_selected_repos_for_org_secret(org.as_str(), name, body)
                .await
        }
        (Organization(org), Agents) => {
            client
                .agents_set_selected_repos_for_org_secret(org.as_str(), name, body)
                .await
        }
        (Organization(org), Codespaces) => {
            client
                .codespaces_set_selected_repos_for_org_secret(org.as_str(), name, body)
                .await
        }
        (Organization(org), Dependabot) => {
            client
                .dependabot_set_selected_repos_for_org_secret(org.as_str(), name, body)
                .await
        }
        (User, _) => {
            client
                .codespaces_set_repositories_for_secret_for_authenticated_user(name, body)
                .await
        }
        (Repository(_) | Environment(..), _) => Err(without_selection()),
    }
}

/// Selects one more repository for a secret.
pub(crate) async fn add_repository(client: Client, place: &Place, name: &str, id: i64) -> Sent<()> {
    match (&place.owner, place.store) {
        (Organization(org), Actions) => {
            client
                .actions_add_selected_repo_to_org_secret(org.as_str(), name, id)
                .await
        }
        (Organization(org), Agents) => {
            client
                .agents_add_selected_repo_to_org_secret(org.as_str(), name, id)
                .await
        }
        (Organization(org), Codespaces) => {
            client
                .codespaces_add_selected_repo_to_org_secret(org.as_str(), name, id)
                .await
        }
        (Organization(org), Dependabot) => {
            client
                .dependabot_add_selected_repo_to_org_secret(org.as_str(), name, id)
                .await
        }
        (User, _) => {
            client
                .codespaces_add_repository_for_secret_for_authenticated_user(name, id)
                .await
        }
        (Repository(_) | Environment(..), _) => Err(without_selection()),
    }
}

/// Removes one repository from the selection of a secret.
pub(crate) async fn remove_repository(
    client: Client,
    place: &Place,
    name: &str,
    id: i64,
) -> Sent<()> {
    match (&place.owner, place.store) {
        (Organization(org), Actions) => {
            client
                .actions_remove_selected_repo_from_org_secret(org.as_str(), name, id)
                .await
        }
        (Organization(org), Agents) => {
            client
                .agents_remove_selected_repo_from_org_secret(org.as_str(), name, id)
                .await
        }
        (Organization(org), Codespaces) => {
            client
                .codespaces_remove_selected_repo_from_org_secret(org.as_str(), name, id)
                .await
        }
        (Organization(org), Dependabot) => {
            client
                .dependabot_remove_selected_repo_from_org_secret(org.as_str(), name, id)
                .await
        }
        (User, _) => {
            client
                .codespaces_remove_repository_for_secret_for_authenticated_user(name, id)
                .await
        }
        (Repository(_) | Environment(..), _) => Err(without_selection()),
    }
}

/// The types let nobody select repositories where there is no selection.
fn without_selection() -> ClientError {
    ClientError::InvalidRequest("this store has no selected repositories".to_owned())
}
