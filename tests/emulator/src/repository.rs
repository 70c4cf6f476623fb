//! The repositories of an organization.

use std::mem;

use crate::{
    place::{Place, Store},
    secret::StoredSecret,
};

/// A repository of an [`Organization`](crate::Organization).
///
/// ```
/// use github_secrets_emulator::{Repository, Store, StoredSecret};
///
/// let website = Repository::new(1296280, "website")
///     .renamed_from("www")
///     .environment("production")
///     .secret(Store::Actions, StoredSecret::new("TOKEN", "value"))
///     .environment_secret("production", StoredSecret::new("TOKEN", "another value"));
/// ```
#[derive(Clone, Debug)]
pub struct Repository {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) public: bool,
    pub(crate) archived: bool,
    pub(crate) environments: Vec<Environment>,
    /// How many environments it has had.
    environments_created: u64,
    pub(crate) former_names: Vec<FormerName>,
    secrets: Vec<(Site, StoredSecret)>,
}

/// An environment of a repository.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) id: u64,
    pub(crate) name: String,
}

#[derive(Clone, Debug)]
pub(crate) enum FormerName {
    /// Under the same owner.
    Renamed(String),
    /// With its owner.
    Transferred(String),
}

/// Where in a repository a secret is.
#[derive(Clone, Debug)]
enum Site {
    Store(Store),
    Environment(String),
}

impl Repository {
    /// Creates a private repository.
    pub fn new(id: u64, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            public: false,
            archived: false,
            environments: Vec::new(),
            environments_created: 0,
            former_names: Vec::new(),
            secrets: Vec::new(),
        }
    }

    /// Makes it public.
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// Archives it: writes to its secrets and those of its environments get 403, as in
    /// [cli#7176](https://github.com/cli/cli/issues/7176).
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    /// Redirects from a former name to the path with the repository's id: 301 for `GET`, 307 for
    /// other methods.
    ///
    /// It can be called several times. A repository that has the name today is found before.
    pub fn renamed_from(mut self, former_name: impl Into<String>) -> Self {
        self.former_names
            .push(FormerName::Renamed(former_name.into()));
        self
    }

    /// Redirects from a former owner and name, `old-owner/old-name`, to the path with the
    /// repository's id: 301 for `GET`, 307 for other methods.
    ///
    /// The former owner need not exist in the emulator. A client that follows such a redirect with
    /// a write hands the value to another owner.
    pub fn transferred_from(mut self, former_full_name: impl Into<String>) -> Self {
        self.former_names
            .push(FormerName::Transferred(former_full_name.into()));
        self
    }

    /// Adds an environment, by its name before percent-encoding.
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.add_environment(name.into());
        self
    }

    /// Adds a secret of the repository.
    pub fn secret(mut self, store: Store, secret: StoredSecret) -> Self {
        self.secrets.push((Site::Store(store), secret));
        self
    }

    /// Adds a secret of an environment, and the environment if it is not there.
    pub fn environment_secret(self, name: impl Into<String>, secret: StoredSecret) -> Self {
        let name = name.into();
        let mut repository = self.environment(&name);
        repository.secrets.push((Site::Environment(name), secret));
        repository
    }

    /// Returns an environment. Case does not matter, as GitHub refuses a second environment that
    /// differs in case alone.
    pub(crate) fn environment_named(&self, name: &str) -> Option<&Environment> {
        let folded = name.to_lowercase();
        let mut environments = self.environments.iter();
        environments.find(|it| it.name.to_lowercase() == folded)
    }

    pub(crate) fn add_environment(&mut self, name: String) {
        if self.environment_named(&name).is_some() {
            return;
        }
        self.environments_created += 1;
        self.environments.push(Environment {
            id: self
                .id
                .wrapping_mul(1_000)
                .wrapping_add(self.environments_created),
            name,
        });
    }

    pub(crate) fn remove_environment(&mut self, name: &str) {
        let folded = name.to_lowercase();
        self.environments
            .retain(|it| it.name.to_lowercase() != folded);
    }

    /// Gives it another name under the same owner, and keeps the former one.
    pub(crate) fn rename(&mut self, name: &str) {
        let former = mem::replace(&mut self.name, name.to_owned());
        self.former_names.push(FormerName::Renamed(former));
    }

    /// Makes all names that it had under this owner those of another owner's repository.
    pub(crate) fn leave(&mut self, owner: &str) {
        for former in &mut self.former_names {
            if let FormerName::Renamed(name) = former {
                *former = FormerName::Transferred(format!("{owner}/{name}"));
            }
        }
        let full_name = format!("{owner}/{}", self.name);
        self.former_names.push(FormerName::Transferred(full_name));
    }

    /// Returns about how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        let secrets: usize = self.secrets.iter().map(|(_, secret)| secret.size()).sum();
        size_of::<Self>() + self.name.len() + secrets
    }

    /// Returns whether it had this owner and name before, `login` being its owner today.
    pub(crate) fn was_named(&self, login: &str, owner: &str, name: &str) -> bool {
        self.former_names.iter().any(|former| match former {
            FormerName::Renamed(former) => {
                owner.eq_ignore_ascii_case(login) && name.eq_ignore_ascii_case(former)
            }
            FormerName::Transferred(former) => former.split_once('/').is_some_and(|it| {
                owner.eq_ignore_ascii_case(it.0) && name.eq_ignore_ascii_case(it.1)
            }),
        })
    }

    /// Removes the secrets to start with, each with its place.
    pub(crate) fn take_secrets(&mut self, login: &str) -> Vec<(Place, StoredSecret)> {
        let full_name = format!("{login}/{}", self.name);
        self.secrets
            .drain(..)
            .map(|(site, secret)| match site {
                Site::Store(store) => (Place::repository(&full_name, store), secret),
                Site::Environment(name) => (Place::environment(&full_name, name), secret),
            })
            .collect()
    }
}
