//! The repositories that are selected for one secret.

use std::{marker::PhantomData, sync::Arc};

use github_secrets_client::{
    Request, SecretStore as Requests,
    types::{RepositoryPage, SelectRepositories},
};

use super::store::SecretStore;
use crate::{
    Action, Error, IntoSecretName, ListedRepository, Organization, Owner, Pages, Repositories,
    RepositoryRef, SecretName, Secrets, User,
    http::{Call, List, PER_PAGE, Page},
    repository_ids::resolve,
};

/// The repositories that are selected for one secret of an organization or a user.
///
/// The visibility of an organization's secret has to be `selected`.
#[derive(Debug)]
pub struct SecretRepositories<O: Owner> {
    store: SecretStore,
    name: SecretName,
    owner: PhantomData<fn() -> O>,
}

impl Secrets<Organization> {
    /// Returns the repositories that are selected for a secret.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] if the name breaks GitHub's rules.
    pub fn repositories(
        &self,
        name: impl IntoSecretName,
    ) -> Result<SecretRepositories<Organization>, Error> {
        SecretRepositories::new(&self.store, name)
    }
}

impl Secrets<User> {
    /// Returns the repositories that are selected for a secret.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] if the name breaks GitHub's rules.
    pub fn repositories(
        &self,
        name: impl IntoSecretName,
    ) -> Result<SecretRepositories<User>, Error> {
        SecretRepositories::new(&self.store, name)
    }
}

impl<O: Owner> SecretRepositories<O> {
    pub(super) fn new(store: &SecretStore, name: impl IntoSecretName) -> Result<Self, Error> {
        Ok(Self {
            store: store.clone(),
            name: name.into_secret_name()?,
            owner: PhantomData,
        })
    }

    /// Returns the selected repositories.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// let secrets = github.org("acme")?.actions();
    /// let mut selected = secrets.repositories("DB_PASSWORD")?.list();
    /// while let Some(repository) = selected.next().await {
    ///     println!("{}", repository?.full_name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Pages<ListedRepository> {
        let list = self.store.list_repositories(&self.name);
        list.pages(Arc::clone(&self.store.core.http))
    }

    /// Selects these repositories and no others.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Conflict`] if the visibility of the secret is not `selected`,
    /// [`Error::NotFound`] if the secret does not exist, [`Error::Repository`] if a repository
    /// cannot be selected, and the [errors of any request](Error#errors-of-any-request).
    pub async fn set<R: Into<RepositoryRef>>(
        &self,
        repositories: impl IntoIterator<Item = R>,
    ) -> Result<(), Error> {
        let call = self.store.call();
        let set = async {
            let ids = self
                .ids(&call, Repositories::selected(repositories))
                .await?;
            self.store.set_repositories(&call, &self.name, &ids).await
        };
        let result = set.await;
        call.settle(result)
    }

    /// Selects one more repository. One that is selected already stays selected.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`set`](Self::set).
    pub async fn add(&self, repository: impl Into<RepositoryRef>) -> Result<(), Error> {
        self.change(Action::AddRepository, repository, |store, name, id| {
            store.add_repository(name, id)
        })
        .await
    }

    /// Removes one repository from the selection.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`set`](Self::set). GitHub does not document its response for a
    /// repository that is not selected.
    pub async fn remove(&self, repository: impl Into<RepositoryRef>) -> Result<(), Error> {
        self.change(Action::RemoveRepository, repository, |store, name, id| {
            store.remove_repository(name, id)
        })
        .await
    }

    async fn change(
        &self,
        action: Action,
        repository: impl Into<RepositoryRef>,
        request: impl Fn(Requests<'_>, &str, i64) -> Option<Request<()>>,
    ) -> Result<(), Error> {
        let call = self.store.call();
        let target = self.store.target(action, Some(&self.name));
        let change = async {
            let repositories = Repositories::selected([repository]);
            for id in self.ids(&call, repositories).await? {
                let requests = self.store.requests();
                let request = request(requests, self.name.as_str(), id.cast_signed());
                call.send_possible(&target, request).await?;
            }
            Ok(())
        };
        let result = change.await;
        call.settle(result)
    }

    async fn ids(&self, call: &Arc<Call>, repositories: Repositories) -> Result<Vec<u64>, Error> {
        let ids = resolve(call, &self.store.place.owner, [&repositories].into_iter()).await?;
        Ok(ids.of(&repositories))
    }
}

impl<O: Owner> Clone for SecretRepositories<O> {
    fn clone(&self) -> Self {
        Self {
            store: self.store.clone(),
            name: self.name.clone(),
            owner: PhantomData,
        }
    }
}

impl SecretStore {
    pub(crate) fn list_repositories(
        &self,
        name: &SecretName,
    ) -> List<RepositoryPage, ListedRepository> {
        let requests = self.requests();
        let first = requests.list_repositories(name.as_str(), None, Some(PER_PAGE.into()));
        let target = self.target(Action::ListRepositories, Some(name));
        List::new(target, first, read_page)
    }

    pub(crate) async fn set_repositories(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
        ids: &[u64],
    ) -> Result<(), Error> {
        let target = self.target(Action::SetRepositories, Some(name));
        let ids = ids.iter().map(|id| id.cast_signed());
        let body = &SelectRepositories {
            selected_repository_ids: ids.collect(),
        };
        let request = self.requests().set_repositories(name.as_str(), body);
        call.send_possible(&target, request).await?;
        Ok(())
    }
}

fn read_page(page: RepositoryPage) -> Page<ListedRepository> {
    let repositories = page.repositories.into_iter();
    Page {
        total: Some(page.total_count),
        entries: repositories.map(ListedRepository::new).collect(),
    }
}
