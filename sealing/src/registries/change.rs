//! Creating and updating a private registry.

use futures_util::future::try_join;
use github_secrets_client::{Client, types::PrivateRegistry as Found};

use super::{NewRegistry, PrivateRegistries, PrivateRegistry, RegistryUpdate, wire};
use crate::{
    Access, Error, RegistryAction, RegistryError, SealedValue, SecretName, SecretValue, calls,
    http::Call,
};

/// A change of the registries of an organization.
enum Change<'a> {
    Create {
        registry: &'a NewRegistry,
        access: &'a Access,
    },
    Update {
        name: &'a SecretName,
        update: &'a RegistryUpdate,
        found: &'a Found,
        access: Option<&'a Access>,
    },
}

impl PrivateRegistries {
    pub(super) async fn create_in(
        &self,
        call: &Call<'_>,
        registry: &NewRegistry,
    ) -> Result<PrivateRegistry, Error> {
        let access = self.access(call, &registry.visibility);
        let (access, before) = try_join(access, self.names(call, registry)).await?;
        let ids = access.repository_ids().to_vec();
        let selected = matches!(access, Access::Selected(_)).then_some(ids);
        let change = Change::Create {
            registry,
            access: &access,
        };
        let sent = self.seal_and_send(call, &change, registry.auth.value());
        match sent.await {
            Ok(found) => Ok(wire::read(found, selected)),
            Err(error) if call.in_doubt() => {
                let mut found = self.matching(call, registry).await.unwrap_or_default();
                found.retain(|found| !before.contains(&found.name));
                match (found.pop(), found.is_empty()) {
                    (Some(created), true) => Ok(PrivateRegistry {
                        selected_repository_ids: selected,
                        ..created
                    }),
                    _ => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn update_in(
        &self,
        call: &Call<'_>,
        name: &SecretName,
        update: &RegistryUpdate,
    ) -> Result<(), Error> {
        let access = async {
            match &update.visibility {
                Some(visibility) => self.access(call, visibility).await.map(Some),
                None => Ok(None),
            }
        };
        let (access, found) = try_join(access, self.look_up(call, name)).await?;
        check_update(&found, update)?;
        let change = Change::Update {
            name,
            update,
            found: &found,
            access: access.as_ref(),
        };
        let sent = self.seal_and_send(call, &change, update.value.as_ref());
        sent.await.map(|_| ())
    }

    /// Sends a change with a sealed value, once more with a fresh key if the first may be stale.
    async fn seal_and_send(
        &self,
        call: &Call<'_>,
        change: &Change<'_>,
        value: Option<&SecretValue>,
    ) -> Result<Found, Error> {
        let Some(value) = value else {
            return self.send(call, change, None).await;
        };
        let key = self.key_other_than(None, call).await?;
        match self.send(call, change, Some(key.seal(value)?)).await {
            Err(Error::Rejected(response)) if response.can_mean_stale_key() => {
                let key = self.key_other_than(Some(&key), call).await?;
                self.send(call, change, Some(key.seal(value)?)).await
            }
            result => result,
        }
    }

    /// Sends a change, and returns the registry: the new one, or the present one as it was.
    async fn send(
        &self,
        call: &Call<'_>,
        change: &Change<'_>,
        sealed: Option<SealedValue>,
    ) -> Result<Found, Error> {
        let org = self.login.as_str();
        match change {
            Change::Create { registry, access } => {
                let target = self.target(RegistryAction::Create, None);
                let body = &wire::creation(registry, access, sealed)?;
                let request = |client: Client| calls::create_registry(client, org, body);
                Ok(call.send(&target, request).await?.value)
            }
            Change::Update {
                name,
                update,
                found,
                access,
            } => {
                let target = self.target(RegistryAction::Update, Some(name));
                let body = &wire::change(update, found, *access, sealed);
                let request = |client| calls::update_registry(client, org, name.as_str(), body);
                call.send(&target, request).await?;
                Ok(Found::clone(found))
            }
        }
    }
}

fn check_update(found: &Found, update: &RegistryUpdate) -> Result<(), RegistryError> {
    let auth_type = found.auth_type.as_deref().unwrap_or_default();
    if update.value.is_some() && auth_type.starts_with("oidc") {
        return Err(RegistryError::NoValue(found.name.clone()));
    }
    match &update.oidc {
        Some(oidc) if oidc.auth_type().to_string() != auth_type => {
            Err(RegistryError::OtherAuth(found.name.clone()))
        }
        _ => Ok(()),
    }
}
