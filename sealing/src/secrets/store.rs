//! One store of one owner, whatever the owner: the requests that its secrets take.
//!
//! Those of one topic are in `secret.rs`, `repositories.rs`, `rotate.rs` and `set_access.rs`.

use std::{sync::Arc, time::SystemTime};

use futures_util::future::{join, try_join};
use github_secrets_client::{
    Request, SecretStore as Requests,
    types::{PublicKey as FoundKey, Secret as FoundSecret, SetSecret},
};
use http::StatusCode;
use tokio::time::Instant;

use super::{
    created,
    wire::{IdType, selected_ids, set_secret},
};
use crate::{
    Access, Action, Deleted, Error, Operation, OwnerKind, PublicKey, Repositories, ResponseProblem,
    SealedValue, SecretName, SecretValue, Store, Stored, VisibilityKind,
    core::Core,
    error::Target,
    http::{Call, Response},
    keys::{KeyHold, KeyOwner, KeyScope},
    place::{OwnerName, Place},
    repository_ids::{RepositoryIds, resolve},
};

#[derive(Clone, Debug)]
pub(crate) struct SecretStore {
    pub(crate) core: Arc<Core>,
    pub(crate) place: Arc<Place>,
}

/// A value that was stored.
#[derive(Clone, Copy)]
pub(crate) struct Delivered {
    pub(crate) stored: Stored,
    /// GitHub's clock in the response.
    #[cfg_attr(
        not(feature = "sync"),
        expect(dead_code, reason = "only a sync keeps it")
    )]
    pub(crate) date: Option<SystemTime>,
    /// When the response came.
    #[cfg_attr(
        not(feature = "sync"),
        expect(dead_code, reason = "only a sync asks for it")
    )]
    pub(crate) at: Instant,
}

impl SecretStore {
    pub(crate) fn call(&self) -> Arc<Call> {
        Call::begin(&self.core.http)
    }

    pub(crate) fn kind(&self) -> OwnerKind {
        self.place.owner.kind()
    }

    /// Returns the requests of this store.
    pub(crate) fn requests(&self) -> Requests<'_> {
        match (&self.place.owner, self.place.store) {
            (OwnerName::Organization(login), store) => {
                let org = login.as_str();
                match store {
                    Store::Actions => Requests::OrganizationActions { org },
                    Store::Agents => Requests::OrganizationAgents { org },
                    Store::Codespaces => Requests::OrganizationCodespaces { org },
                    Store::Dependabot => Requests::OrganizationDependabot { org },
                }
            }
            (OwnerName::Repository(name), store) => {
                let (owner, repo) = (name.owner().as_str(), name.name());
                match store {
                    Store::Actions => Requests::RepositoryActions { owner, repo },
                    Store::Agents => Requests::RepositoryAgents { owner, repo },
                    Store::Codespaces => Requests::RepositoryCodespaces { owner, repo },
                    Store::Dependabot => Requests::RepositoryDependabot { owner, repo },
                }
            }
            (OwnerName::Environment(repository, name), _) => Requests::Environment {
                owner: repository.owner().as_str(),
                repo: repository.name(),
                environment_name: name.as_str(),
            },
            (OwnerName::User, _) => Requests::User,
        }
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
    pub(crate) async fn key(&self, call: &Arc<Call>) -> Result<Arc<PublicKey>, Error> {
        self.core.keys.get(call, self).await
    }

    /// Keeps the key at hand for a batch.
    pub(crate) fn hold_key(&self) -> KeyHold {
        self.core.keys.hold(self)
    }

    /// Returns the ids of these repositories, and fetches the key for the write that follows.
    pub(crate) async fn prepare<'r>(
        &self,
        call: &Arc<Call>,
        repositories: impl Iterator<Item = &'r Repositories>,
    ) -> Result<(RepositoryIds, Arc<PublicKey>), Error> {
        let ids = resolve(call, &self.place.owner, repositories);
        try_join(ids, self.key(call)).await
    }

    /// Reads the metadata of a secret.
    pub(crate) async fn look_up(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
    ) -> Result<Response<FoundSecret>, Error> {
        let target = self.target(Action::Find, Some(name));
        call.send(&target, self.requests().get(name.as_str())).await
    }

    /// Seals the value and sends it, once more with a fresh key if this one may be stale.
    pub(crate) async fn seal_and_set(
        &self,
        call: &Arc<Call>,
        key: Arc<PublicKey>,
        name: &SecretName,
        value: &SecretValue,
        access: Option<&Access>,
    ) -> Result<Delivered, Error> {
        let begun = Instant::now();
        let set = |sealed| self.set(call, name, Some(sealed), access);
        let sent = self.core.keys.send_sealed(call, self, key, value, set);
        let sent = sent.await?;
        let at = Instant::now();
        let stored = if sent.status() == StatusCode::CREATED {
            Stored::Created
        } else if !call.may_have_taken_effect() {
            Stored::Updated
        } else {
            match self.look_up(call, name).await {
                Ok(found) if created::before_call(&found.value, begun.elapsed()) => Stored::Updated,
                _ => Stored::CreatedOrUpdated,
            }
        };
        let date = sent.answered.headers().date();
        Ok(Delivered { stored, date, at })
    }

    /// Creates or updates a secret. Without a sealed value it changes only who can use it.
    pub(crate) async fn set(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
        sealed: Option<SealedValue>,
        access: Option<&Access>,
    ) -> Result<Response<()>, Error> {
        let action = match sealed {
            Some(_) => Action::Set,
            None => Action::SetAccess,
        };
        let target = self.target(action, Some(name));
        let id_type = IdType::of(self.kind(), self.place.store);
        let mut body = set_secret(self.kind(), sealed, access, id_type);
        let request = |body: &SetSecret| self.requests().set(name.as_str(), body);
        match call.send(&target, request(&body)).await {
            Err(Error::Rejected(response))
                if body.selected_repository_ids.is_some() && response.names_id_type() =>
            {
                body.selected_repository_ids = selected_ids(access, id_type.other());
                let again = call.send(&target, request(&body)).await;
                again.map_err(|error| error.or_of_sent(|| Error::Rejected(response)))
            }
            result => result,
        }
    }

    /// Deletes a secret.
    pub(crate) async fn delete(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
    ) -> Result<Deleted, Error> {
        Deleted::of(self.send_delete(call, name).await, call)
    }

    /// Sends a deletion, and sends it again where that is worth it.
    pub(crate) async fn send_delete(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
    ) -> Result<Response<()>, Error> {
        let target = self.target(Action::Delete, Some(name));
        let request = self.requests().delete(name.as_str());
        call.send(&target, request).await
    }

    /// Reads who can use a secret; `None` where that is not a choice.
    ///
    /// The secret and its selected repositories are read side by side. The selection of a secret
    /// that turns out to have another visibility is left aside.
    pub(crate) async fn access(
        &self,
        call: &Arc<Call>,
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
            _ => join(self.look_up(call, name), selection).await,
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
                Err(Error::unexpected(&target, found.answered.head(), problem))
            }
        }
    }

    /// Reads the ids of the repositories selected for a secret, in rising order.
    async fn selected_ids(&self, call: &Arc<Call>, name: &SecretName) -> Result<Vec<u64>, Error> {
        let repositories = self.list_repositories(name).whole(call).await?;
        let mut ids: Vec<_> = repositories.iter().map(|one| one.id).collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

impl KeyOwner for SecretStore {
    fn key_scope(&self) -> KeyScope {
        let of_user = self.kind() == OwnerKind::User;
        KeyScope {
            owner: OwnerName::clone(&self.place.folded),
            store: Some(self.place.store),
            token: of_user.then(|| self.core.http.token_generation()),
        }
    }

    fn key_target(&self) -> Target {
        self.target(Action::PublicKey, None)
    }

    fn key_request(&self) -> Request<FoundKey> {
        self.requests().public_key()
    }
}
