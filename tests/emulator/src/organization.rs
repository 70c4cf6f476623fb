//! The organizations that an emulator holds.

use crate::{
    place::{Place, Store},
    repository::Repository,
    secret::StoredSecret,
};

/// An organization with its repositories.
///
/// ```
/// use github_secrets_emulator::{Organization, Repository, Store, StoredSecret};
///
/// let acme = Organization::new("acme")
///     .repository(Repository::new(1296269, "Hello-World").environment("production"))
///     .repository(Repository::new(1296280, "website").public())
///     .secret(Store::Actions, StoredSecret::new("TOKEN", "value").selected([1296269]));
/// ```
#[derive(Clone, Debug)]
pub struct Organization {
    pub(crate) login: String,
    pub(crate) id: Option<u64>,
    pub(crate) repositories: Vec<Repository>,
    pub(crate) plan: bool,
    pub(crate) authorization_url: Option<String>,
    pub(crate) hidden: bool,
    pub(crate) secret_limit: Option<usize>,
    secrets: Vec<(Store, StoredSecret)>,
}

impl Organization {
    /// Creates an organization without repositories, on a plan that has organization secrets.
    pub fn new(login: impl Into<String>) -> Self {
        Self {
            login: login.into(),
            id: None,
            repositories: Vec::new(),
            plan: true,
            authorization_url: None,
            hidden: false,
            secret_limit: None,
            secrets: Vec::new(),
        }
    }

    /// Returns its login.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// Sets its numeric id, by which `/organizations/{id}/…` finds it.
    pub fn id(mut self, id: u64) -> Self {
        self.id = Some(id);
        self
    }

    /// Adds a repository.
    pub fn repository(mut self, repository: Repository) -> Self {
        self.repositories.push(repository);
        self
    }

    /// Puts it on the Free plan: every operation on organization secrets and private registries
    /// gets 404, as in [go-github#3000](https://github.com/google/go-github/issues/3000).
    pub fn without_plan(mut self) -> Self {
        self.plan = false;
        self
    }

    /// Makes it enforce single sign-on: a classic token that was not
    /// [authorized for it](crate::Token::authorized_for) gets 403, with this URL in
    /// `X-GitHub-SSO`.
    pub fn sso(mut self, authorization_url: impl Into<String>) -> Self {
        self.authorization_url = Some(authorization_url.into());
        self
    }

    /// Responds with 404 instead of 403, as GitHub does for what a token must not know about.
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Sets how many secrets each store of the organization, of its repositories and of their
    /// environments holds. Default is GitHub's limit: 1,000 for Actions secrets of an
    /// organization, 100 for all others.
    pub fn secret_limit(mut self, secrets: usize) -> Self {
        self.secret_limit = Some(secrets);
        self
    }

    /// Adds a secret of the organization. Secrets that the organization starts with do not count
    /// against the limit.
    pub fn secret(mut self, store: Store, secret: StoredSecret) -> Self {
        self.secrets.push((store, secret));
        self
    }

    /// Adds the private repositories `Hello-World` (1296269) and `website` (1296280), each with an
    /// environment `production`.
    pub fn example_repositories(self) -> Self {
        let repository = |id, name| Repository::new(id, name).environment("production");
        self.repository(repository(1_296_269, "Hello-World"))
            .repository(repository(1_296_280, "website"))
    }

    /// Removes the secrets to start with from it and its repositories, each with its place.
    pub(crate) fn take_secrets(&mut self) -> Vec<(Place, StoredSecret)> {
        let login = &self.login;
        let own = self
            .secrets
            .drain(..)
            .map(|(store, secret)| (Place::organization(login, store), secret));
        let repositories = self.repositories.iter_mut();
        own.chain(repositories.flat_map(|it| it.take_secrets(login)))
            .collect()
    }
}
