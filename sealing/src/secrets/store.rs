//! One store of one owner, whatever the owner: the requests that its secrets take.

use std::sync::Arc;

use futures_util::future::try_join;
use github_secrets_client::{
    Client,
    types::{RepositoryId, Secret as FoundSecret, SetSecret, SetSecretVisibility},
};
use tokio::time::Instant;

use super::created;
use crate::{
    Access, Action, Error, Operation, OwnerKind, PublicKey, ResponseHead, ResponseProblem,
    SealedValue, SecretName, SecretValue, Store, Stored, VisibilityKind, calls,
    error::Target,
    http::{Call, Response},
    key_cache::{FetchedKey, KeyScope},
    owner::Core,
    place::Place,
};

#[derive(Clone, Debug)]
pub(crate) struct SecretStore {
    pub(crate) core: Arc<Core>,
    pub(crate) place: Arc<Place>,
}

/// The JSON type in which the ids of repositories are sent.
#[derive(Clone, Copy, PartialEq)]
enum IdType {
    Integer,
    String,
}

impl IdType {
    fn other(self) -> Self {
        match self {
            Self::Integer => Self::String,
            Self::String => Self::Integer,
        }
    }
}

impl SecretStore {
    pub(crate) fn call(&self) -> Call<'_> {
        self.core.http.call()
    }

    pub(crate) fn kind(&self) -> OwnerKind {
        self.place.owner.kind()
    }

    /// Returns whether its secrets are for some repositories, which a write has to name.
    pub(crate) fn has_access(&self) -> bool {
        matches!(self.kind(), OwnerKind::Organization | OwnerKind::User)
    }

    pub(crate) fn target(&self, action: Action, name: Option<&SecretName>) -> Target {
        let operation = Operation::of(self.kind(), self.place.store, action);
        let name = name.map(SecretName::as_str);
        Target::new(operation, self.place.owner.clone(), name)
    }

    /// Returns the key at hand, or fetches it for this write and the next ones.
    pub(crate) async fn key(&self, call: &Call<'_>) -> Result<Arc<PublicKey>, Error> {
        self.key_other_than(None, call).await
    }

    async fn key_other_than(
        &self,
        refused: Option<&Arc<PublicKey>>,
        call: &Call<'_>,
    ) -> Result<Arc<PublicKey>, Error> {
        let target = self.target(Action::PublicKey, None);
        let store = self.clone();
        let id = call.id();
        let fetch = move || async move {
            let call = store.call().part_of(id);
            let key = store.fetch_key(&call).await?;
            Ok(FetchedKey::new(key, &call))
        };
        let keys = &self.core.keys;
        keys.key(call, &target, self.key_scope(), refused, fetch)
            .await
    }

    pub(crate) async fn fetch_key(&self, call: &Call<'_>) -> Result<PublicKey, Error> {
        let target = self.target(Action::PublicKey, None);
        let request = |client: Client| calls::public_key(client, &self.place);
        let found = call.send(&target, request).await?.value;
        Ok(PublicKey::new(found.key_id.to_string(), &found.key)?)
    }

    pub(crate) fn key_scope(&self) -> KeyScope {
        let of_user = self.kind() == OwnerKind::User;
        KeyScope {
            owner: self.place.folded.clone(),
            store: Some(self.place.store),
            token: of_user.then(|| self.core.http.token_generation()),
        }
    }

    /// Reads what GitHub tells of a secret.
    pub(crate) async fn look_up(
        &self,
        call: &Call<'_>,
        name: &SecretName,
    ) -> Result<Response<FoundSecret>, Error> {
        let target = self.target(Action::Find, Some(name));
        let request = |client: Client| calls::find(client, &self.place, name.as_str());
        call.send(&target, request).await
    }

    /// Seals the value and sends it, once more with a fresh key if the first may be stale.
    pub(crate) async fn seal_and_set(
        &self,
        call: &Call<'_>,
        name: &SecretName,
        value: &SecretValue,
        access: Option<&Access>,
    ) -> Result<Stored, Error> {
        let key = self.key(call).await?;
        let begun = Instant::now();
        let response = match self.set(call, name, Some(key.seal(value)?), access).await {
            Err(Error::Rejected(response)) if response.can_mean_stale_key() => {
                tracing::info!(secret = %name, "rejected, perhaps for a stale key: sealing anew");
                let key = self.key_other_than(Some(&key), call).await?;
                self.set(call, name, Some(key.seal(value)?), access).await?
            }
            result => result?,
        };
        if response.head.status() == 201 {
            Ok(Stored::Created)
        } else if !call.in_doubt() {
            Ok(Stored::Updated)
        } else {
            let found = self.look_up(call, name).await;
            let found = found.map(|found| found.value);
            Ok(match found {
                Ok(found) if created::before_call(&found, begun.elapsed()) => Stored::Updated,
                _ => Stored::CreatedOrUpdated,
            })
        }
    }

    /// Creates or updates a secret. Without a sealed value it changes only who can use it.
    ///
    /// Dependabot's organization secrets take the ids of repositories as strings in the API version
    /// that we send ([cli/cli#6934]), and as integers in the next one. GitHub's description allows
    /// both, so a rejection that names their type is answered with the other one.
    ///
    /// [cli/cli#6934]: https://github.com/cli/cli/issues/6934
    pub(crate) async fn set(
        &self,
        call: &Call<'_>,
        name: &SecretName,
        sealed: Option<SealedValue>,
        access: Option<&Access>,
    ) -> Result<Response<()>, Error> {
        let action = match sealed {
            Some(_) => Action::Set,
            None => Action::SetAccess,
        };
        let target = self.target(action, Some(name));
        let id_type = match (self.kind(), self.place.store) {
            (OwnerKind::Organization, Store::Dependabot) => IdType::String,
            _ => IdType::Integer,
        };
        let mut body = self.body(sealed, access, id_type);
        let send = async |body: &SetSecret| {
            let request = |client| calls::set(client, &self.place, name.as_str(), body);
            call.send(&target, request).await
        };
        match send(&body).await {
            Err(Error::Rejected(response))
                if body.selected_repository_ids.is_some() && response.names_id_type() =>
            {
                body.selected_repository_ids = ids(access, id_type.other());
                send(&body).await
            }
            result => result,
        }
    }

    fn body(
        &self,
        sealed: Option<SealedValue>,
        access: Option<&Access>,
        id_type: IdType,
    ) -> SetSecret {
        let (key_id, encrypted_value) = sealed.map(SealedValue::into_parts).unzip();
        let visibility = access.map(|access| match access {
            Access::All => SetSecretVisibility::All,
            Access::Private => SetSecretVisibility::Private,
            Access::Selected(_) => SetSecretVisibility::Selected,
        });
        SetSecret {
            encrypted_value,
            key_id,
            selected_repository_ids: ids(access, id_type),
            // The secrets of a user are always for selected repositories.
            visibility: visibility.filter(|_| self.kind() == OwnerKind::Organization),
        }
    }

    /// Reads who can use a secret; `None` where that is not a choice.
    ///
    /// The secret and its selected repositories are read side by side. The selection of a secret
    /// that turns out to have another visibility is left aside.
    pub(crate) async fn access(
        &self,
        call: &Call<'_>,
        name: &SecretName,
    ) -> Result<Option<Access>, Error> {
        if !self.has_access() {
            return self.look_up(call, name).await.map(|_| None);
        }
        let selection = self.selected_ids(call, name);
        let (found, selection) = match self.kind() {
            OwnerKind::User => {
                let both = try_join(self.look_up(call, name), selection).await?;
                return Ok(Some(Access::Selected(both.1)));
            }
            _ => futures_util::future::join(self.look_up(call, name), selection).await,
        };
        let found = found?;
        match found.value.visibility.map(VisibilityKind::new) {
            Some(VisibilityKind::All) => Ok(Some(Access::All)),
            Some(VisibilityKind::Private) => Ok(Some(Access::Private)),
            Some(VisibilityKind::Selected) => selection.map(|ids| Some(Access::Selected(ids))),
            Some(VisibilityKind::Other(_)) | None => {
                let target = self.target(Action::Find, Some(name));
                let problem = "this version of the library does not know the secret's visibility";
                let problem = ResponseProblem::Contradiction(problem);
                Err(Error::unexpected(&target, found.head, problem))
            }
        }
    }

    /// Reads the ids of the repositories selected for a secret, in rising order.
    async fn selected_ids(&self, call: &Call<'_>, name: &SecretName) -> Result<Vec<u64>, Error> {
        let repositories = self.list_repositories(name).all(call).await?;
        let mut ids: Vec<_> = repositories
            .iter()
            .map(|repository| repository.id)
            .collect();
        let found = ids.len();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() == found {
            return Ok(ids);
        }
        // An id that came twice hides another one: the list changed while it was read.
        let target = self.target(Action::ListRepositories, Some(name));
        let (expected, found) = (found as u64, ids.len() as u64);
        let problem = ResponseProblem::Count { expected, found };
        Err(Error::unexpected(&target, ResponseHead::default(), problem))
    }
}

/// Turns the error for an absent secret into `None`.
pub(crate) fn present<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound(response)) if !response.names_a_lack() => Ok(None),
        Err(error) => Err(error),
    }
}

fn ids(access: Option<&Access>, id_type: IdType) -> Option<Vec<RepositoryId>> {
    let Some(Access::Selected(ids)) = access else {
        return None;
    };
    let ids = ids.iter().map(|id| match id_type {
        IdType::Integer => RepositoryId::Integer(id.cast_signed()),
        IdType::String => RepositoryId::String(id.to_string()),
    });
    Some(ids.collect())
}
