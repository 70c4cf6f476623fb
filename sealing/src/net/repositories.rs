use github_secrets_client::{
    Client,
    types::{CodespacesSetSelectedReposForOrgSecretBody as Body, MinimalRepository},
};

use super::pages::{PER_PAGE, pages};
use crate::{CodespacesSecrets, Error, Operation, Pages, RepositoryRef, SecretName};

/// The repositories selected for one secret, whose visibility has to be `selected`.
#[derive(Clone, Debug)]
pub struct SecretRepositories {
    secrets: CodespacesSecrets,
    name: SecretName,
}

/// A repository that is selected for a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repository {
    /// The id, which stays when the repository is renamed.
    pub id: u64,
    /// The name without the owner's.
    pub name: String,
    /// The owner's name and the repository's: `octocat/hello-world`.
    pub full_name: String,
    /// Whether it is private or internal.
    pub private: Option<bool>,
    /// `public`, `private` or `internal`.
    pub visibility: Option<String>,
    /// The address of its page.
    pub html_url: Option<String>,
    /// Whether it is archived, and so read-only.
    pub archived: Option<bool>,
}

impl SecretRepositories {
    pub(crate) fn new(secrets: CodespacesSecrets, name: SecretName) -> Self {
        Self { secrets, name }
    }

    /// The selected repositories, 100 a request.
    ///
    /// ```no_run
    /// # async fn example(secrets: github_secrets::CodespacesSecrets) -> Result<(), github_secrets::Error> {
    /// let mut selected = secrets.repositories("DB_PASSWORD")?.list();
    /// while let Some(repository) = selected.next().await {
    ///     println!("{}", repository?.full_name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Pages<Repository> {
        let target = self
            .secrets
            .target(Operation::ListRepositories, Some(&self.name));
        let Self { secrets, name } = self.clone();
        let first = async move {
            let target = secrets.target(Operation::ListRepositories, Some(&name))?;
            let (org, secret) = (target.owner.as_str(), name.as_str());
            secrets
                .core
                .call(&target, move |client: Client| async move {
                    client
                        .codespaces_list_selected_repos_for_org_secret(
                            org,
                            secret,
                            None,
                            Some(PER_PAGE),
                        )
                        .await
                })
                .await
        };
        pages(self.secrets.core.clone(), target, first, |page| {
            page.repositories
                .into_iter()
                .map(Repository::try_from)
                .collect()
        })
    }

    /// Selects these repositories and no other.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] where the secret's visibility is not `selected`, [`Error::NotFound`]
    /// where there is no such secret, [`Error::Repository`] for repositories that cannot be
    /// selected, and the errors of any call.
    pub async fn set(
        &self,
        repositories: impl IntoIterator<Item = impl Into<RepositoryRef>>,
    ) -> Result<(), Error> {
        let repositories: Vec<_> = repositories.into_iter().map(Into::into).collect();
        let ids = self.secrets.ids(&repositories).await?.select(&repositories);
        self.secrets.put_repositories(&self.name, &ids).await
    }

    /// Selects one more repository; it is no error when it is selected already.
    ///
    /// # Errors
    ///
    /// As for [`set`](Self::set).
    pub async fn add(&self, repository: impl Into<RepositoryRef>) -> Result<(), Error> {
        let repository = [repository.into()];
        let target = self
            .secrets
            .target(Operation::AddRepository, Some(&self.name))?;
        let (org, name) = (target.owner.as_str(), self.name.as_str());
        for id in self.secrets.ids(&repository).await?.select(&repository) {
            self.secrets
                .core
                .call(&target, move |client: Client| async move {
                    client
                        .codespaces_add_selected_repo_to_org_secret(org, name, id)
                        .await
                })
                .await?;
        }
        Ok(())
    }

    /// Selects one repository less.
    ///
    /// # Errors
    ///
    /// As for [`set`](Self::set); GitHub does not document what it answers for a repository that
    /// is not selected.
    pub async fn remove(&self, repository: impl Into<RepositoryRef>) -> Result<(), Error> {
        let repository = [repository.into()];
        let target = self
            .secrets
            .target(Operation::RemoveRepository, Some(&self.name))?;
        let (org, name) = (target.owner.as_str(), self.name.as_str());
        for id in self.secrets.ids(&repository).await?.select(&repository) {
            self.secrets
                .core
                .call(&target, move |client: Client| async move {
                    client
                        .codespaces_remove_selected_repo_from_org_secret(org, name, id)
                        .await
                })
                .await?;
        }
        Ok(())
    }
}

impl CodespacesSecrets {
    pub(crate) async fn put_repositories(
        &self,
        name: &SecretName,
        ids: &[i64],
    ) -> Result<(), Error> {
        let target = self.target(Operation::SetRepositories, Some(name))?;
        let org = target.owner.as_str();
        let body = &Body {
            selected_repository_ids: ids.to_vec(),
        };
        self.core
            .call(&target, move |client: Client| async move {
                client
                    .codespaces_set_selected_repos_for_org_secret(org, name.as_str(), body)
                    .await
            })
            .await
            .map(|_| ())
    }
}

impl TryFrom<MinimalRepository> for Repository {
    type Error = &'static str;

    fn try_from(found: MinimalRepository) -> Result<Self, Self::Error> {
        let MinimalRepository {
            id,
            name,
            full_name,
            private,
            visibility,
            html_url,
            archived,
            ..
        } = found;
        let id = u64::try_from(id).map_err(|_| "a repository has a negative id")?;
        Ok(Self {
            id,
            name,
            full_name,
            private,
            visibility,
            html_url,
            archived,
        })
    }
}
