//! Creating and updating a private registry.

use std::sync::Arc;

use futures_util::future::try_join;
use github_secrets_client::{
    private_registries_create_org_private_registry, private_registries_update_org_private_registry,
    types::PrivateRegistry as Found,
};

use super::{
    PrivateRegistries,
    registry::PrivateRegistry,
    settings::{NewRegistry, RegistryUpdate},
    wire,
};
use crate::{
    Access, Error, RegistryAction, RegistryError, SealedValue, SecretName, SecretValue, http::Call,
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
        call: &Arc<Call>,
        registry: &NewRegistry,
    ) -> Result<PrivateRegistry, Error> {
        let access = self.access(call, &registry.visibility);
        let (access, before) = try_join(access, self.all(call)).await?;
        let ids = access.repository_ids().to_vec();
        let selected = matches!(access, Access::Selected(_)).then_some(ids);
        let change = Change::Create {
            registry,
            access: &access,
        };
        let sent = self.seal_and_send(call, &change, registry.auth.value());
        let target = self.target(RegistryAction::Create, None);
        match sent.await {
            // Whatever it says of itself, it is there.
            Ok(found) => {
                let read = self.read(&target, found, selected);
                read.map_err(|error| error.mark_effect_if(true))
            }
            Err(error) if call.may_have_taken_effect() => {
                let body = wire::creation(registry, &access, None)?;
                let after = self.all(call).await.unwrap_or_default();
                let is_new = |found: &&Found| before.iter().all(|old| old.name != found.name);
                let mut created = after
                    .iter()
                    .filter(is_new)
                    .filter(|found| wire::is_of(found, &body));
                match (created.next(), created.next()) {
                    (Some(created), None) => self.read(&target, created.clone(), selected),
                    _ => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn update_in(
        &self,
        call: &Arc<Call>,
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

    /// Sends a change, with its value sealed if it has one.
    async fn seal_and_send(
        &self,
        call: &Arc<Call>,
        change: &Change<'_>,
        value: Option<&SecretValue>,
    ) -> Result<Found, Error> {
        let Some(value) = value else {
            return self.send(call, change, None).await;
        };
        let key = self.core.keys.get(call, self).await?;
        let send = |sealed| self.send(call, change, Some(sealed));
        self.core
            .keys
            .send_sealed(call, self, key, value, send)
            .await
    }

    /// Sends a change, and returns the registry: the new one, or the present one as it was.
    async fn send(
        &self,
        call: &Arc<Call>,
        change: &Change<'_>,
        sealed: Option<SealedValue>,
    ) -> Result<Found, Error> {
        let org = self.login.as_str();
        match change {
            Change::Create { registry, access } => {
                let target = self.target(RegistryAction::Create, None);
                let body = &wire::creation(registry, access, sealed)?;
                let request = private_registries_create_org_private_registry(org, body);
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
                let name = name.as_str();
                let request = private_registries_update_org_private_registry(org, name, body);
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
    let Some(oidc) = &update.oidc else {
        return Ok(());
    };
    if oidc.auth_type().to_string() != auth_type {
        return Err(RegistryError::OtherAuth(found.name.clone()));
    }
    // A setting that is left out stays, and the description has no way to remove one.
    match wire::left_out(found, &wire::change(update, found, None, None)) {
        Some(field) => Err(RegistryError::CannotRemove {
            name: found.name.clone(),
            field,
        }),
        None => Ok(()),
    }
}
