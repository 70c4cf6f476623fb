//! Reading every list of an organization, one request for each where it has one page.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use github_secrets::{ListedRepository, OwnerKind, Place, Secret, Store, VisibilityKind};
use indicatif::HumanDuration;

use super::unread::Unread;
use crate::{context::Context, failure::Failure, reading::read_each, session::Session};

/// GitHub's limit for what is read, as [`github_secrets::Limits`] has it by default.
const READS_PER_MINUTE: u64 = 900;
const MINUTE: u64 = 60;

/// Everything that was found so far.
pub(super) struct Census<'a> {
    session: &'a Session<'a>,
    context: &'a Context,
    repositories: Vec<ListedRepository>,
    places: BTreeSet<Place>,
    pub(super) held: Held,
    pub(super) unread: Unread,
    begun: Instant,
    /// How many lists were asked for.
    sent: usize,
}

/// The secrets, and what is known about their repositories.
#[derive(Default)]
pub(super) struct Held {
    pub(super) secrets: Vec<(Place, Secret)>,
    /// By their names in lower case.
    pub(super) repositories: Vec<ListedRepository>,
    /// The repositories that are selected for an organization's secrets, as far as they are known.
    pub(super) selections: Vec<(Place, String, Vec<ListedRepository>)>,
}

impl<'a> Census<'a> {
    /// Lists the repositories, and says what is to be read.
    ///
    /// # Errors
    ///
    /// Returns the library's error if they cannot be listed.
    pub(super) async fn begin(
        login: &str,
        stores: &BTreeSet<Store>,
        session: &'a Session<'a>,
        context: &'a Context,
    ) -> Result<Self, Failure> {
        let organization = session.github.org(login)?;
        let begun = Instant::now();
        let repositories = session.read(organization.repositories().all()).await?;
        let mut places = BTreeSet::new();
        for store in stores {
            places.insert(Place::organization(login, *store)?);
            for repository in &repositories {
                let full_name = format!("{login}/{}", repository.name);
                places.insert(Place::repository(full_name, *store)?);
            }
        }
        let census = Self {
            session,
            context,
            unread: Unread::default(),
            held: Held::default(),
            begun,
            sent: match repositories.len() {
                0..100 => 1,
                count => count.div_ceil(100) + 1,
            },
            repositories,
            places,
        };
        let count = census.repositories.len();
        let mut lists = census.places.len();
        let noun = if count == 1 {
            "repository"
        } else {
            "repositories"
        };
        let environments = if stores.contains(&Store::Actions) {
            lists += count;
            ", and one for each environment"
        } else {
            ""
        };
        let time = census.time_for(lists);
        context.console.note(format_args!(
            "{login} has {count} {noun}: {lists} lists to read{environments}{}",
            census.in_words(time, " or more")
        ));
        Ok(census)
    }

    /// Lists the environments of the repositories, unless their secrets are not asked for.
    pub(super) async fn find_environments(&mut self) -> Result<(), Failure> {
        let is_wanted = self
            .places
            .iter()
            .any(|place| place.store() == Store::Actions);
        if !is_wanted {
            return Ok(());
        }
        let login = self.login();
        let names: Vec<String> = self
            .repositories
            .iter()
            .map(|repository| format!("{login}/{}", repository.name))
            .collect();
        let github = &self.session.github;
        let read = async |name: &String| github.repo(name)?.environments().all().await;
        let found = self.read(&names, read).await?;
        let before = self.places.len();
        for (name, environments) in found {
            let what = format!("repos/{name}/environments");
            for environment in self.unread.take(what, environments).into_iter().flatten() {
                match Place::environment(name, &environment.name) {
                    Ok(place) => drop(self.places.insert(place)),
                    Err(error) => {
                        let what = format!("repos/{name}/environments/{}", environment.name);
                        self.unread.take::<()>(what, Some(Err(error.into())));
                    }
                }
            }
        }
        let lists = self.places.len();
        let time = self.time_for(lists);
        let environments = match lists - before {
            1 => "1 environment".to_owned(),
            environments => format!("{environments} environments"),
        };
        self.context.console.note(format_args!(
            "{environments}: {lists} lists left to read{}",
            self.in_words(time, "")
        ));
        Ok(())
    }

    /// Lists the secrets of every place, and keeps those with the names that are wanted.
    pub(super) async fn read_secrets(
        &mut self,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<(), Failure> {
        let places: Vec<Place> = std::mem::take(&mut self.places).into_iter().collect();
        let session = self.session;
        let read = async |place: &Place| {
            let mut secrets = session.secrets(place).list();
            let mut kept = Vec::new();
            while let Some(secret) = secrets.next().await {
                let secret = secret?;
                if is_wanted(&secret.name) {
                    kept.push(secret);
                }
            }
            Ok(kept)
        };
        let found = self.read(&places, read).await?;
        for (place, secrets) in found {
            let secrets = self.unread.take(place.to_string(), secrets);
            let secrets = secrets.into_iter().flatten();
            let held = secrets.map(|secret| (place.clone(), secret));
            self.held.secrets.extend(held);
        }
        self.held.repositories = std::mem::take(&mut self.repositories);
        Ok(())
    }

    /// Lists the repositories that are selected for the organization's secrets.
    pub(super) async fn read_selections(&mut self) -> Result<(), Failure> {
        let secrets = self.held.secrets.iter().filter(|(place, secret)| {
            place.kind() == OwnerKind::Organization
                && secret.visibility == Some(VisibilityKind::Selected)
        });
        let selected: Vec<(Place, String)> = secrets
            .map(|(place, secret)| (place.clone(), secret.name.clone()))
            .collect();
        if selected.is_empty() {
            return Ok(());
        }
        let session = self.session;
        let read = async |(place, name): &(Place, String)| {
            session
                .secrets(place)
                .repositories(name)?
                .list()
                .all()
                .await
        };
        let found = self.read(&selected, read).await?;
        for ((place, name), repositories) in found {
            let what = format!("{place}/{name}/repositories");
            if let Some(repositories) = self.unread.take(what, repositories) {
                let selection = (place.clone(), name.clone(), repositories);
                self.held.selections.push(selection);
            }
        }
        Ok(())
    }

    async fn read<'i, I, T>(
        &mut self,
        items: &'i [I],
        read: impl AsyncFn(&I) -> Result<T, github_secrets::Error>,
    ) -> Result<crate::reading::Readings<'i, I, T>, Failure> {
        let (console, total) = (&self.context.console, items.len());
        console.begin_progress(total);
        let progress = |done| console.progress_of_reading(done, total, self.time_for(total));
        let found = read_each(items, self.session, read, progress).await;
        console.end_progress();
        self.sent += total;
        found
    }

    fn login(&self) -> String {
        let place = self.places.first();
        place
            .and_then(|it| it.login())
            .unwrap_or_default()
            .to_owned()
    }

    /// Returns how long it takes at least until so many more lists are asked for.
    fn time_for(&self, lists: usize) -> Duration {
        if self.context.connection.emulator || lists == 0 {
            return Duration::ZERO;
        }
        let minutes = (self.sent + lists - 1) as u64 / READS_PER_MINUTE;
        Duration::from_secs(minutes * MINUTE).saturating_sub(self.begun.elapsed())
    }

    fn in_words(&self, time: Duration, more: &str) -> String {
        if time.is_zero() {
            return String::new();
        }
        let time = HumanDuration(time);
        format!("; within GitHub's rate limits this takes about {time}{more}")
    }
}
