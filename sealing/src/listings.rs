//! The lists of an organization's repositories and of their environments.

use std::sync::Arc;

use github_secrets_client::{
    repos_get, repos_get_all_environments, repos_list_for_org,
    types::{EnvironmentPage, Repository as FoundRepository},
};

use crate::{
    Error, Operation, Organization, Pages, Repository, ResponseProblem,
    error::Target,
    http::{Call, Entry, List, PER_PAGE, Page},
};

/// A repository in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ListedRepository {
    /// The id, which stays the same when the repository is renamed.
    pub id: u64,
    /// The name without that of the owner.
    pub name: String,
    /// The name with that of the owner: `octocat/hello-world`.
    pub full_name: String,
    /// Whether it is private or internal.
    pub private: Option<bool>,
    /// `public`, `private` or `internal`.
    pub visibility: Option<String>,
    /// The address of its page.
    pub html_url: Option<String>,
    /// Whether it is archived and so read-only.
    pub archived: Option<bool>,
}

/// An environment in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ListedEnvironment {
    /// The id, which GitHub has not always sent.
    pub id: Option<u64>,
    /// The name, which can have spaces and slashes.
    pub name: String,
}

impl Organization {
    /// Returns the repositories of the organization that the token may see, in no particular order.
    ///
    /// GitHub does not return a count, so nothing would show that a repository is missing.
    /// Therefore a list of several pages is read from its last page back, and the first page twice:
    /// a repository that is deleted in the meantime hides no other. One that is created in the
    /// meantime, or transferred to the organization, may be missing.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// use github_secrets::{NewSecret, Place, Store};
    ///
    /// let new = NewSecret::new("NPM_TOKEN", "correct horse")?;
    /// let mut secrets = Vec::new();
    /// let mut repositories = github.org("acme")?.repositories();
    /// while let Some(repository) = repositories.next().await {
    ///     let repository = repository?;
    ///     if repository.archived != Some(true) && repository.name.starts_with("svc-") {
    ///         let place = Place::repository(&repository.full_name, Store::Actions)?;
    ///         secrets.push((place, new.clone()));
    ///     }
    /// }
    /// println!("{}", github.set_all(secrets)?.finish().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn repositories(&self) -> Pages<ListedRepository> {
        // The oldest first: one that is created meanwhile moves none from page to page, and one
        // that is deleted moves others to pages that are still to be read.
        let (order, by) = (Some("asc"), Some("created"));
        let first = repos_list_for_org(self.login.as_str(), order, None, Some(PER_PAGE.into()), by);
        let target = Target::new(Operation::REPOSITORIES, self.name(), None);
        List::new(target, first, repositories).pages(Arc::clone(&self.core.http))
    }
}

impl Repository {
    /// Returns the repository with its current name, or `None` if it does not exist or the token
    /// has no access to it.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// if let Some(found) = github.repo("acme/website")?.find().await? {
    ///     println!("{} has the id {}", found.full_name, found.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the [errors of any request](Error#errors-of-any-request).
    pub async fn find(&self) -> Result<Option<ListedRepository>, Error> {
        let (owner, name) = (self.full_name.owner().as_str(), self.full_name.name());
        let target = Target::new(Operation::REPOSITORY, self.name(), None);
        let call = Call::begin(&self.core.http);
        let found = match call.send(&target, repos_get(owner, name)).await {
            Err(Error::NotFound(_)) => return Ok(None),
            found => found?,
        };
        let head = found.answered.head();
        let found = ListedRepository::new(found.value)
            .map_err(|what| Error::unexpected(&target, head, ResponseProblem::Contradiction(what)));
        found.map(Some)
    }

    /// Returns the environments of the repository.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// let repo = github.repo("acme/website")?;
    /// for environment in repo.environments().all().await? {
    ///     let secrets = repo.environment(&environment.name)?.list().all().await?;
    ///     println!("{}: {} secrets", environment.name, secrets.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn environments(&self) -> Pages<ListedEnvironment> {
        let (owner, name) = (self.full_name.owner().as_str(), self.full_name.name());
        let first = repos_get_all_environments(owner, name, None, Some(PER_PAGE.into()));
        let target = Target::new(Operation::ENVIRONMENTS, self.name(), None);
        List::new(target, first, environments).pages(Arc::clone(&self.core.http))
    }
}

fn repositories(found: Vec<FoundRepository>) -> Page<ListedRepository> {
    Page {
        total: None,
        entries: found.into_iter().map(ListedRepository::new).collect(),
    }
}

fn environments(page: EnvironmentPage) -> Page<ListedEnvironment> {
    let entries = page.environments.into_iter().map(|found| {
        let id = found.id.map(u64::try_from).transpose();
        Ok(ListedEnvironment {
            id: id.map_err(|_| "an environment has a negative id")?,
            name: found.name,
        })
    });
    Page {
        total: page.total_count,
        entries: entries.collect(),
    }
}

impl ListedRepository {
    pub(crate) fn new(found: FoundRepository) -> Result<Self, &'static str> {
        let id = u64::try_from(found.id).map_err(|_| "a repository has a negative id")?;
        Ok(Self {
            id,
            name: found.name,
            full_name: found.full_name,
            private: found.private,
            visibility: found.visibility,
            html_url: found.html_url,
            archived: found.archived,
        })
    }
}

impl Entry for ListedRepository {
    fn key(&self) -> String {
        self.id.to_string()
    }
}

impl Entry for ListedEnvironment {
    fn key(&self) -> String {
        self.name.clone()
    }
}
