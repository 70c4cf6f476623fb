//! The private registries of an organization.

use github_secrets_client::{
    Client,
    types::{
        CreatePrivateRegistry, PrivateRegistry, PrivateRegistryPage, PublicKey,
        UpdatePrivateRegistry,
    },
};

use super::SIZE;
use crate::http::Sent;

/// Lists the private registries of an organization.
pub(crate) async fn list_registries(client: Client, org: &str) -> Sent<PrivateRegistryPage> {
    client
        .private_registries_list_org_private_registries(org, None, SIZE)
        .await
}

/// Fetches the public key for the private registries of an organization.
pub(crate) async fn registry_public_key(client: Client, org: &str) -> Sent<PublicKey> {
    client.private_registries_get_org_public_key(org).await
}

/// Reads one private registry.
pub(crate) async fn find_registry(client: Client, org: &str, name: &str) -> Sent<PrivateRegistry> {
    client
        .private_registries_get_org_private_registry(org, name)
        .await
}

/// Creates a private registry.
pub(crate) async fn create_registry(
    client: Client,
    org: &str,
    body: &CreatePrivateRegistry,
) -> Sent<PrivateRegistry> {
    client
        .private_registries_create_org_private_registry(org, body)
        .await
}

/// Updates a private registry.
pub(crate) async fn update_registry(
    client: Client,
    org: &str,
    name: &str,
    body: &UpdatePrivateRegistry,
) -> Sent<()> {
    client
        .private_registries_update_org_private_registry(org, name, body)
        .await
}

/// Deletes a private registry.
pub(crate) async fn delete_registry(client: Client, org: &str, name: &str) -> Sent<()> {
    client
        .private_registries_delete_org_private_registry(org, name)
        .await
}
