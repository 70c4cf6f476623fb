//! From an owner to its secrets.

use std::sync::Arc;

use crate::{
    Environment, Error, InheritingRepository, Organization, Repository, Secrets, Store, User,
    place::OwnerName,
};

impl Organization {
    /// Returns the organization's Actions secrets.
    pub fn actions(&self) -> Secrets<Self> {
        self.secrets(Store::Actions)
    }

    /// Returns the organization's secrets for the Copilot cloud agent.
    pub fn agents(&self) -> Secrets<Self> {
        self.secrets(Store::Agents)
    }

    /// Returns the organization's Codespaces secrets.
    pub fn codespaces(&self) -> Secrets<Self> {
        self.secrets(Store::Codespaces)
    }

    /// Returns the organization's Dependabot secrets.
    pub fn dependabot(&self) -> Secrets<Self> {
        self.secrets(Store::Dependabot)
    }

    /// Returns the organization's secrets in a store that is known at run time only.
    pub fn secrets(&self, store: Store) -> Secrets<Self> {
        Secrets::new(Arc::clone(&self.core), self.name(), store)
    }
}

impl Repository {
    /// Returns the repository's Actions secrets.
    pub fn actions(&self) -> Secrets<InheritingRepository> {
        Secrets::new(Arc::clone(&self.core), self.name(), Store::Actions)
    }

    /// Returns the repository's secrets for the Copilot cloud agent.
    pub fn agents(&self) -> Secrets<InheritingRepository> {
        Secrets::new(Arc::clone(&self.core), self.name(), Store::Agents)
    }

    /// Returns the repository's Codespaces secrets.
    pub fn codespaces(&self) -> Secrets<Self> {
        self.secrets(Store::Codespaces)
    }

    /// Returns the repository's Dependabot secrets.
    pub fn dependabot(&self) -> Secrets<Self> {
        self.secrets(Store::Dependabot)
    }

    /// Returns the repository's secrets in a store that is known at run time only.
    pub fn secrets(&self, store: Store) -> Secrets<Self> {
        Secrets::new(Arc::clone(&self.core), self.name(), store)
    }

    /// Returns the Actions secrets of one of the repository's environments.
    ///
    /// The environment has to exist; it is not created. A name may have spaces and slashes.
    ///
    /// ```no_run
    /// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
    /// let production = github.repo("acme/website")?.environment("production")?;
    /// production.set("DB_PASSWORD", "correct horse").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Owner`] if the text cannot be the name of an environment.
    pub fn environment(&self, name: impl AsRef<str>) -> Result<Secrets<Environment>, Error> {
        let name = self.environment_name(name.as_ref())?;
        Ok(Secrets::new(Arc::clone(&self.core), name, Store::Actions))
    }
}

impl User {
    /// Returns the user's Codespaces secrets.
    pub fn codespaces(&self) -> Secrets<Self> {
        Secrets::new(Arc::clone(&self.core), OwnerName::User, Store::Codespaces)
    }
}
