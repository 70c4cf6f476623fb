//! What a test says of the organizations that the emulator holds.

use crate::secret::StoredSecret;

/// An organization with its repositories.
///
/// ```
/// use github_secrets_emulator::{Organization, Repository};
///
/// let acme = Organization::new("acme")
///     .repository(Repository::new(1296269, "Hello-World"))
///     .repository(Repository::new(1296280, "website").public());
/// ```
#[derive(Clone, Debug)]
pub struct Organization {
    pub(crate) login: String,
    pub(crate) id: Option<u64>,
    pub(crate) repositories: Vec<Repository>,
    pub(crate) plan: bool,
    pub(crate) authorization_url: Option<String>,
    pub(crate) hidden: bool,
    pub(crate) secret_limit: usize,
    pub(crate) secrets: Vec<StoredSecret>,
}

impl Organization {
    /// An organization without repositories, on a plan that has Codespaces secrets.
    pub fn new(login: impl Into<String>) -> Self {
        Self {
            login: login.into(),
            id: None,
            repositories: Vec::new(),
            plan: true,
            authorization_url: None,
            hidden: false,
            secret_limit: 100,
            secrets: Vec::new(),
        }
    }

    /// Its login.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// Gives it a numeric id of the test's choice, which `/organizations/{id}/…` then answers to.
    pub fn id(mut self, id: u64) -> Self {
        self.id = Some(id);
        self
    }

    /// Adds a repository.
    pub fn repository(mut self, repository: Repository) -> Self {
        self.repositories.push(repository);
        self
    }

    /// Puts it on the Free plan: every operation on its secrets is answered with 404.
    pub fn without_plan(mut self) -> Self {
        self.plan = false;
        self
    }

    /// Makes it enforce single sign-on: a classic token that was not
    /// [authorized for it](crate::Token::authorized_for) is answered with 403, and with this URL in
    /// `X-GitHub-SSO`.
    pub fn sso(mut self, authorization_url: impl Into<String>) -> Self {
        self.authorization_url = Some(authorization_url.into());
        self
    }

    /// Answers 404 where it would answer 403, as GitHub does for what it will not admit exists.
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    /// Holds at most this many secrets, in place of GitHub's 100.
    pub fn secret_limit(mut self, secrets: usize) -> Self {
        self.secret_limit = secrets;
        self
    }

    /// Holds this secret from the start.
    pub fn secret(mut self, secret: StoredSecret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// Adds the private repositories `Hello-World` (1296269) and `website` (1296280).
    pub fn example_repositories(self) -> Self {
        self.repository(Repository::new(1_296_269, "Hello-World"))
            .repository(Repository::new(1_296_280, "website"))
    }
}

/// A repository of an [`Organization`].
#[derive(Clone, Debug)]
pub struct Repository {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) former_name: Option<String>,
    pub(crate) public: bool,
    pub(crate) archived: bool,
}

impl Repository {
    /// A private repository.
    pub fn new(id: u64, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            former_name: None,
            public: false,
            archived: false,
        }
    }

    /// Makes it public.
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// Makes it archived.
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    /// Answers 301 to this name, with the address that goes by the repository's id.
    pub fn renamed_from(mut self, former_name: impl Into<String>) -> Self {
        self.former_name = Some(former_name.into());
        self
    }
}
