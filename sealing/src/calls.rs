//! From an owner, a store and an action to the method of the generated client.

mod registries;
mod repositories;

use github_secrets_client::{
    Client, Error as ClientError,
    types::{PublicKey, Secret, SecretPage, SetSecret},
};

use crate::{
    Store::{Actions, Agents, Codespaces, Dependabot},
    http::{PER_PAGE, Sent},
    place::{
        OwnerName::{Environment, Organization, Repository, User},
        Place,
    },
};

pub(crate) use self::{
    registries::{
        create_registry, delete_registry, find_registry, list_registries, registry_public_key,
        update_registry,
    },
    repositories::{add_repository, list_repositories, remove_repository, set_repositories},
};

const SIZE: Option<i64> = Some(PER_PAGE);

/// Lists the secrets.
pub(crate) async fn list(client: Client, place: &Place) -> Sent<SecretPage> {
    match (&place.owner, place.store) {
        (Organization(org), Actions) => {
            client
                .actions_list_org_secrets(org.as_str(), None, SIZE)
                .await
        }
        (Organization(org), Agents) => {
            client
                .agents_list_org_secrets(org.as_str(), None, SIZE)
                .await
        }
        (Organization(org), Codespaces) => {
            client
                .codespaces_list_org_secrets(org.as_str(), None, SIZE)
                .await
        }
        (Organization(org), Dependabot) => {
            client
                .dependabot_list_org_secrets(org.as_str(), None, SIZE)
                .await
        }
        (Repository(repo), Actions) => {
            client
                .actions_list_repo_secrets(repo.owner().as_str(), repo.name(), None, SIZE)
                .await
        }
        (Repository(repo), Agents) => {
            client
                .agents_list_repo_secrets(repo.owner().as_str(), repo.name(), None, SIZE)
                .await
        }
        (Repository(repo), Codespaces) => {
            client
                .codespaces_list_repo_secrets(repo.owner().as_str(), repo.name(), None, SIZE)
                .await
        }
        (Repository(repo), Dependabot) => {
            client
                .dependabot_list_repo_secrets(repo.owner().as_str(), repo.name(), None, SIZE)
                .await
        }
        (Environment(repo, environment), _) => {
            client
                .actions_list_environment_secrets(
                    repo.owner().as_str(),
                    repo.name(),
                    environment.as_str(),
                    None,
                    SIZE,
                )
                .await
        }
        (User, _) => {
            client
                .codespaces_list_secrets_for_authenticated_user(None, SIZE)
                .await
        }
    }
}

/// Fetches the public key.
pub(crate) async fn public_key(client: Client, place: &Place) -> Sent<PublicKey> {
    match (&place.owner, place.store) {
        (Organization(org), Actions) => client.actions_get_org_public_key(org.as_str()).await,
        (Organization(org), Agents) => client.agents_get_org_public_key(org.as_str()).await,
        (Organization(org), Codespaces) => client.codespaces_get_org_public_key(org.as_str()).await,
        (Organization(org), Dependabot) => client.dependabot_get_org_public_key(org.as_str()).await,
        (Repository(repo), Actions) => {
            client
                .actions_get_repo_public_key(repo.owner().as_str(), repo.name())
                .await
        }
        (Repository(repo), Agents) => {
            client
                .agents_get_repo_public_key(repo.owner().as_str(), repo.name())
                .await
        }
        (Repository(repo), Codespaces) => {
            client
                .codespaces_get_repo_public_key(repo.owner().as_str(), repo.name())
                .await
        }
        (Repository(repo), Dependabot) => {
            client
                .dependabot_get_repo_public_key(repo.owner().as_str(), repo.name())
                .await
        }
        (Environment(repo, environment), _) => {
            client
                .actions_get_environment_public_key(
                    repo.owner().as_str(),
                    repo.name(),
                    environment.as_str(),
                )
                .await
        }
        (User, _) => {
            client
                .codespaces_get_public_key_for_authenticated_user()
                .await
        }
    }
}

/// Reads one secret.
pub(crate) async fn find(client: Client, place: &Place, name: &str) -> Sent<Secret> {
    match (&place.owner, place.store) {
        (Organization(org), Actions) => client.actions_get_org_secret(org.as_str(), name).await,
        (Organization(org), Agents) => client.agents_get_org_secret(org.as_str(), name).await,
        (Organization(org), Codespaces) => {
            client.codespaces_get_org_secret(org.as_str(), name).await
        }
        (Organization(org), Dependabot) => {
            client.dependabot_get_org_secret(org.as_str(), name).await
        }
        (Repository(repo), Actions) => {
            client
                .actions_get_repo_secret(repo.owner().as_str(), repo.name(), name)
                .await
        }
        (Repository(repo), Agents) => {
            client
                .agents_get_repo_secret(repo.owner().as_str(), repo.name(), name)
                .await
        }
        (Repository(repo), Codespaces) => {
            client
                .codespaces_get_repo_secret(repo.owner().as_str(), repo.name(), name)
                .await
        }
        (Repository(repo), Dependabot) => {
            client
                .dependabot_get_repo_secret(repo.owner().as_str(), repo.name(), name)
                .await
        }
        (Environment(repo, environment), _) => {
            client
                .actions_get_environment_secret(
                    repo.owner().as_str(),
                    repo.name(),
                    environment.as_str(),
                    name,
                )
                .await
        }
        (User, _) => {
            client
                .codespaces_get_secret_for_authenticated_user(name)
                .await
        }
    }
}

/// Creates or updates a secret.
pub(crate) async fn set(client: Client, place: &Place, name: &str, body: &SetSecret) -> Sent<()> {
    match (&place.owner, place.store) {
        (Organization(org), Actions) => {
            client
                .actions_create_or_update_org_secret(org.as_str(), name, body)
                .await
        }
        (Organization(org), Agents) => {
            client
                .agents_create_or_update_org_secret(org.as_str(), name, body)
                .await
        }
        (Organization(org), Codespaces) => {
            client
                .codespaces_create_or_update_org_secret(org.as_str(), name, body)
                .await
        }
        (Organization(org), Dependabot) => {
            client
                .dependabot_create_or_update_org_secret(org.as_str(), name, body)
                .await
        }
        (Repository(repo), Actions) => {
            client
                .actions_create_or_update_repo_secret(
                    repo.owner().as_str(),
                    repo.name(),
                    name,
                    body,
                )
                .await
        }
        (Repository(repo), Agents) => {
            client
                .agents_create_or_update_repo_secret(repo.owner().as_str(), repo.name(), name, body)
                .await
        }
        (Repository(repo), Codespaces) => {
            client
                .codespaces_create_or_update_repo_secret(
                    repo.owner().as_str(),
                    repo.name(),
                    name,
                    body,
                )
                .await
        }
        (Repository(repo), Dependabot) => {
            client
                .dependabot_create_or_update_repo_secret(
                    repo.owner().as_str(),
                    repo.name(),
                    name,
                    body,
                )
                .await
        }
        (Environment(repo, environment), _) => {
            client
                .actions_create_or_update_environment_secret(
                    repo.owner().as_str(),
                    repo.name(),
                    environment.as_str(),
                    name,
                    body,
                )
                .await
        }
        (User, _) => {
            client
                .codespaces_create_or_update_secret_for_authenticated_user(name, body)
                .await
        }
    }
}

/// Deletes a secret.
pub(crate) async fn delete(client: Client, place: &Place, name: &str) -> Sent<()> {
    match (&place.owner, place.store) {
        (Organization(org), Actions) => client.actions_delete_org_secret(org.as_str(), name).await,
        (Organization(org), Agents) => client.agents_delete_org_secret(org.as_str(), name).await,
        (Organization(org), Codespaces) => {
            client
                .codespaces_delete_org_secret(org.as_str(), name)
                .await
        }
        (Organization(org), Dependabot) => {
            client
                .dependabot_delete_org_secret(org.as_str(), name)
                .await
        }
        (Repository(repo), Actions) => {
            client
                .actions_delete_repo_secret(repo.owner().as_str(), repo.name(), name)
                .await
        }
        (Repository(repo), Agents) => {
            client
                .agents_delete_repo_secret(repo.owner().as_str(), repo.name(), name)
                .await
        }
        (Repository(repo), Codespaces) => {
            client
                .codespaces_delete_repo_secret(repo.owner().as_str(), repo.name(), name)
                .await
        }
        (Repository(repo), Dependabot) => {
            client
                .dependabot_delete_repo_secret(repo.owner().as_str(), repo.name(), name)
                .await
        }
        (Environment(repo, environment), _) => {
            client
                .actions_delete_environment_secret(
                    repo.owner().as_str(),
                    repo.name(),
                    environment.as_str(),
                    name,
                )
                .await
        }
        (User, _) => {
            client
                .codespaces_delete_secret_for_authenticated_user(name)
                .await
        }
    }
}

/// Lists the secrets that an organization shares with a repository.
pub(crate) async fn list_organization_secrets(client: Client, place: &Place) -> Sent<SecretPage> {
    match (&place.owner, place.store) {
        (Repository(repo), Actions) => {
            client
                .actions_list_repo_organization_secrets(
                    repo.owner().as_str(),
                    repo.name(),
                    None,
                    SIZE,
                )
                .await
        }
        (Repository(repo), Agents) => {
            client
                .agents_list_repo_organization_secrets(
                    repo.owner().as_str(),
                    repo.name(),
                    None,
                    SIZE,
                )
                .await
        }
        _ => Err(ClientError::InvalidRequest(
            "this store has no organization secrets".to_owned(),
        )),
    }
}
