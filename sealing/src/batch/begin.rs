//! From secrets to a batch of them.

use std::sync::Arc;

use super::{
    Batch, Deleted, NewSecret,
    new_secret::Check,
    outcome::{Delete, Outcome, Write},
    places::Places,
};
use crate::{
    AnyAccess, BatchError, Error, GitHub, IntoSecretName, Owner, Place, SecretName, Secrets,
    owner::WriteAccess, secrets::SecretStore,
};

impl GitHub {
    /// Creates or updates many secrets in many places, and returns a result for each.
    ///
    /// Each secret comes with its place: a [`Place`], or the [`Secrets`] of one. All of them are
    /// checked here, before anything is sent. The [`Batch`] sends the secrets as you read it: for
    /// each place it fetches the public key and looks up the repositories that are given by name.
    /// It sends no secret to a place for which that fails. As with `set`, each secret gets exactly
    /// the access that is given with it.
    ///
    /// ```no_run
    /// # use github_secrets::GitHub;
    /// # async fn example(github: GitHub) -> Result<(), github_secrets::Error> {
    /// use github_secrets::{NewSecret, Place, Store};
    ///
    /// let new = NewSecret::new("NPM_TOKEN", "correct horse")?;
    /// let mut secrets = Vec::new();
    /// for repository in ["acme/website", "acme/api"] {
    ///     for store in [Store::Actions, Store::Dependabot] {
    ///         // The clones share one value.
    ///         secrets.push((Place::repository(repository, store)?, new.clone()));
    ///     }
    ///     secrets.push((Place::environment(repository, "production")?, new.clone()));
    /// }
    /// let mut batch = github.set_all(secrets)?;
    /// while let Some(item) = batch.next().await {
    ///     match item.result {
    ///         Ok(stored) => println!("{} {}: {stored}", item.place, item.name),
    ///         Err(error) => println!("{} {}: {error}", item.place, item.name),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Batch`] if two names in one place are the same to GitHub, if a value is too
    /// large, or if an access does not fit the place.
    pub fn set_all<P, S>(&self, secrets: impl IntoIterator<Item = (P, S)>) -> Result<Batch, Error>
    where
        P: Into<Place>,
        S: Into<NewSecret<AnyAccess>>,
    {
        let secrets = secrets.into_iter();
        let secrets = secrets.map(|(place, new)| Ok((place, new.into())));
        self.batch(secrets, |check, place, new| check.secret(place, new), write)
    }

    /// Replaces the values of many existing secrets in many places, without changing who can use
    /// them, and returns a result for each.
    ///
    /// Each is rotated as by [`Secrets::rotate`]: nothing is created.
    ///
    /// ```no_run
    /// # use github_secrets::GitHub;
    /// # async fn example(github: GitHub) -> Result<(), github_secrets::Error> {
    /// use github_secrets::{NewSecret, Store};
    ///
    /// let new = NewSecret::new("NPM_TOKEN", "better horse")?;
    /// let (org, repo) = (github.org("acme")?, github.repo("acme/website")?);
    /// let batch = github.rotate_all([
    ///     (org.actions().into(), new.clone()),
    ///     (github_secrets::Place::from(repo.dependabot()), new),
    /// ])?;
    /// println!("{}", batch.finish().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Batch`] if two names in one place are the same to GitHub, or if a value is
    /// too large.
    pub fn rotate_all<P: Into<Place>>(
        &self,
        secrets: impl IntoIterator<Item = (P, NewSecret)>,
    ) -> Result<Batch, Error> {
        let rotation = |NewSecret { name, value, .. }: NewSecret| {
            let access = None;
            (name, Write { value, access })
        };
        self.batch(
            secrets.into_iter().map(Ok),
            |check, place, new| check.value(place, new),
            rotation,
        )
    }

    /// Deletes many secrets in many places, and returns a result for each.
    ///
    /// ```no_run
    /// # use github_secrets::GitHub;
    /// # async fn example(github: GitHub) -> Result<(), github_secrets::Error> {
    /// let repo = github.repo("acme/website")?;
    /// let batch = github.delete_all([
    ///     (repo.environment("staging")?, "DB_PASSWORD"),
    ///     (repo.environment("production")?, "DB_PASSWORD"),
    /// ])?;
    /// println!("{}", batch.allow_missing().finish().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Name`] if a name breaks GitHub's rules, and [`Error::Batch`] if two names
    /// in one place are the same to GitHub.
    pub fn delete_all<P, N>(
        &self,
        secrets: impl IntoIterator<Item = (P, N)>,
    ) -> Result<Batch<Deleted>, Error>
    where
        P: Into<Place>,
        N: IntoSecretName,
    {
        let secrets = secrets
            .into_iter()
            .map(|(place, name)| Ok((place, name.into_secret_name()?)));
        let deletion = |name| {
            let allow_missing = false;
            (name, Delete { allow_missing })
        };
        self.batch(
            secrets,
            |check, place, name| check.name(place, name),
            deletion,
        )
    }

    /// Checks all secrets, and lets them wait in their places.
    fn batch<T: Outcome, P: Into<Place>, S>(
        &self,
        secrets: impl Iterator<Item = Result<(P, S), Error>>,
        check: impl for<'n> Fn(&mut Check<'n>, &'n Place, &'n S) -> Result<(), BatchError>,
        job: impl Fn(S) -> (SecretName, T::Job),
    ) -> Result<Batch<T>, Error> {
        let secrets = secrets.map(|secret| {
            let (place, secret) = secret?;
            Ok((self.secrets(&place.into()).store, secret))
        });
        let secrets: Vec<(SecretStore, S)> = secrets.collect::<Result<_, Error>>()?;
        let mut checked = Check::of(secrets.len());
        for (store, secret) in &secrets {
            check(&mut checked, &store.place, secret)?;
        }
        let mut places = Places::new();
        for (store, secret) in secrets {
            let (name, job) = job(secret);
            places.add(&store, name, job);
        }
        Ok(Batch::new(self.core(), places))
    }
}

/// Returns what is to be stored, with the access that is given with it.
fn write<A: Into<AnyAccess>>(new: NewSecret<A>) -> (SecretName, Write) {
    let NewSecret {
        name,
        value,
        access,
    } = new;
    let access = Some(Arc::new(access.into()));
    (name, Write { value, access })
}

impl<O: Owner> Secrets<O> {
    /// Creates or updates many secrets, and returns a result for each.
    ///
    /// Before the first secret is sent, all of them are checked, all repositories that are given by
    /// name are looked up, and the public key is fetched once. The [`Batch`] sends the secrets as
    /// you read it: with [`next`](Batch::next), one by one as they finish, or with
    /// [`finish`](Batch::finish), to the end. As with `set`, each secret gets exactly the access
    /// that is given with it. For more than one place see [`GitHub::set_all`].
    ///
    /// ```no_run
    /// # use github_secrets::GitHub;
    /// # async fn example(github: GitHub) -> Result<(), Box<dyn std::error::Error>> {
    /// use github_secrets::NewSecret;
    ///
    /// let secrets = github.repo("acme/website")?.actions();
    /// let batch = secrets
    ///     .set_all([
    ///         NewSecret::new("DB_PASSWORD", "correct horse")?,
    ///         NewSecret::new("API_KEY", "battery staple")?,
    ///     ])
    ///     .await?;
    /// println!("{}", batch.finish().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::Batch`] if two names are the same to GitHub or a value is too large,
    /// [`Error::Repository`] if repositories cannot be selected, [`Error::Key`] if the key is
    /// unsafe to seal to, and the [errors of any request](Error#errors-of-any-request). No secret
    /// is sent then.
    pub async fn set_all(
        &self,
        secrets: impl IntoIterator<Item = NewSecret<O::Access>>,
    ) -> Result<Batch, Error> {
        let new: Vec<NewSecret<O::Access>> = secrets.into_iter().collect();
        let mut check = Check::of(new.len());
        for new in &new {
            check.secret(self.place(), new)?;
        }
        let mut places = Places::new();
        if !new.is_empty() {
            let call = self.store.call();
            let repositories = new.iter().filter_map(|secret| secret.access.repositories());
            let (ids, _) = self.store.prepare(&call, repositories).await?;
            places.open(&self.store, ids);
        }
        for (name, job) in new.into_iter().map(write) {
            places.add(&self.store, name, job);
        }
        Ok(Batch::new(&self.store.core, places))
    }
}
