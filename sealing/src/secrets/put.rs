//! The write itself: seal, send, and say what became of it.

use std::{sync::Arc, time::SystemTime};

use github_secrets_client::{
    Client,
    types::{
        CodespacesCreateOrUpdateOrgSecretBody as Body,
        CodespacesCreateOrUpdateOrgSecretBodyVisibility as BodyVisibility, CodespacesPublicKey,
    },
};

use super::{call::Ended, keys::KeyScope, moment, resolve::Selection};
use crate::{
    CodespacesSecrets, Error, Operation, PublicKey, SealedValue, SecretName, SecretValue, Stored,
};

impl CodespacesSecrets {
    /// Seals the value and sends it, with a fresh key once more where the first may be stale.
    pub(crate) async fn store(
        &self,
        name: &SecretName,
        value: &SecretValue,
        selection: &Selection,
    ) -> Result<Stored, Error> {
        let key = self.key().await?;
        let begun = self.core.gate.github_time();
        let first = self.put(name, Some(key.seal(value)?), selection).await?;
        let last = match &first.result {
            Err(Error::Refused(refusal)) if refusal.can_mean_stale_key() => {
                tracing::info!(secret = %name, "refused, perhaps for a stale key: sealing anew");
                let key = self.fresh_key(&key).await?;
                let second = self.put(name, Some(key.seal(value)?), selection).await?;
                Ended {
                    repeated: first.repeated || second.repeated,
                    ..second
                }
            }
            _ => first,
        };
        let answered = last
            .result
            .map_err(|error| error.in_doubt_if(last.repeated))?;
        match (answered.answer.status(), last.repeated) {
            (201, _) => Ok(Stored::Created),
            (_, false) => Ok(Stored::Updated),
            (_, true) => Ok(self.created_since(name, begun).await),
        }
    }

    /// Creates or updates a secret; without a sealed value it says only who can use it.
    pub(crate) async fn put(
        &self,
        name: &SecretName,
        sealed: Option<SealedValue>,
        selection: &Selection,
    ) -> Result<Ended<()>, Error> {
        let operation = match sealed {
            Some(_) => Operation::Set,
            None => Operation::SetAccess,
        };
        let target = self.target(operation, Some(name))?;
        let (org, secret) = (self.owner()?.as_str(), name.as_str());
        let (key_id, encrypted_value) = sealed.map(SealedValue::into_parts).unzip();
        let (visibility, selected_repository_ids) = match selection {
            Selection::All => (BodyVisibility::All, None),
            Selection::Private => (BodyVisibility::Private, None),
            Selection::Selected(ids) => (BodyVisibility::Selected, Some(ids.clone())),
        };
        let body = &Body {
            encrypted_value,
            key_id,
            selected_repository_ids,
            visibility,
        };
        let send = move |client: Client| async move {
            client
                .codespaces_create_or_update_org_secret(org, secret, body)
                .await
        };
        Ok(self.core.call_telling(&target, send).await)
    }

    /// The key at hand; what is fetched is kept for the next write.
    pub(crate) async fn key(&self) -> Result<Arc<PublicKey>, Error> {
        self.core
            .keys
            .key(&self.key_scope()?, None, self.fetch_key())
            .await
    }

    async fn fresh_key(&self, refused: &Arc<PublicKey>) -> Result<Arc<PublicKey>, Error> {
        self.core
            .keys
            .key(&self.key_scope()?, Some(refused), self.fetch_key())
            .await
    }

    pub(crate) async fn fetch_key(&self) -> Result<PublicKey, Error> {
        let target = self.target(Operation::PublicKey, None)?;
        let org = self.owner()?.as_str();
        let fetch =
            move |client: Client| async move { client.codespaces_get_org_public_key(org).await };
        let CodespacesPublicKey { key, key_id, .. } = self.core.call(&target, fetch).await?.value;
        Ok(PublicKey::new(key_id.to_string(), &key)?)
    }

    pub(crate) fn key_scope(&self) -> Result<KeyScope, Error> {
        Ok(KeyScope {
            store: "codespaces",
            owner: self.owner()?.folded(),
        })
    }

    /// What a write became whose first attempt may have created the secret.
    async fn created_since(&self, name: &SecretName, begun: Option<SystemTime>) -> Stored {
        match (self.look_up(name).await, begun) {
            (Ok(found), Some(begun)) => moment::stored_since(&found.value.created_at, begun),
            _ => Stored::CreatedOrUpdated,
        }
    }
}
