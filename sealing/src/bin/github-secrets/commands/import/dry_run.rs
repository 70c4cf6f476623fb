//! `--dry-run`: what an import would store, and where it would fail.

use std::collections::{BTreeSet, HashMap, HashSet};

use github_secrets::{AnyAccess, Error, NewSecret, OwnerKind, Place, SecretName, Store};
use serde::Serialize;

use super::new_secrets::new_secrets;
use crate::{
    console::{Console, printable},
    failure::{Exit, Failure, chain},
    input::{Entry, Input},
    options::places::NamedPlaces,
    reading::read_each,
    report::{Form, Subject},
    session::Session,
    words::Destinations,
};

/// A secret of the file.
struct Wanted {
    name: SecretName,
    bytes: usize,
}

/// What would happen to a secret.
#[derive(Serialize)]
struct Row<'a> {
    place: Option<String>,
    name: &'a str,
    result: &'static str,
    error: Option<&'a str>,
    bytes: usize,
}

/// Whether each repository is archived, by its full name; none where that was not tried.
type Archived = HashMap<String, Result<bool, Error>>;

const ARCHIVED: &str = "the repository is archived, so GitHub would refuse to change its secrets";

const NOT_TRIED: &str = "not checked, because every place would fail with the same error";

/// Prints what the file holds.
pub(super) async fn of_file(
    input: &Input,
    named: &NamedPlaces,
    access: &AnyAccess,
    form: Form,
    console: &Console,
) -> Result<(), Failure> {
    let mut text = form.header(14, "NAME", console);
    for entry in &input.entries {
        let row = Row {
            place: None,
            name: entry.name.as_str(),
            result: "would set",
            error: None,
            bytes: entry.value.len(),
        };
        text.push_str(&row.line(form, console));
    }
    console.write(text).await?;
    let secrets = Subject::Secrets.counted(input.entries.len());
    let places: Vec<Place> = named.places.iter().cloned().collect();
    let destinations = if named.patterns.is_empty() {
        Destinations(&places, access).to_string()
    } else {
        "the repositories that match".to_owned()
    };
    console.note(format_args!(
        "would import {secrets} into {destinations}; the file alone was checked, and nothing was \
         sent"
    ));
    Ok(())
}

/// Fetches the key of each place, the ids of the repositories that are selected, and the secrets
/// that are there, and prints what an import would do. The repositories of `explicit` are looked
/// up, because nothing else says whether they are archived; a pattern has left out those that are.
///
/// # Errors
///
/// Returns [`Failure::Reported`] if a secret would not be stored.
pub(super) async fn of_places(
    input: Input,
    places: &[Place],
    explicit: &BTreeSet<Place>,
    access: &AnyAccess,
    form: Form,
    session: &Session<'_>,
    console: &Console,
) -> Result<(), Failure> {
    let entries = input.entries.iter();
    let wanted: Vec<Wanted> = entries.map(Wanted::new).collect();
    let new = new_secrets(input.entries, access)?;
    let read = async |place: &Place| look_at(place, &new, session).await;
    let archived = find_archived(explicit, session).await?;
    let readings = read_each(places, session, read, |_| {}).await?;
    let mut failed = HashSet::new();
    console.write(form.header(14, "NAME", console)).await?;
    for (place, reading) in readings {
        let (there, error) = match reading {
            Some(Ok(there)) => match place.full_name().and_then(|name| archived.get(&name)) {
                Some(Ok(true)) => (HashSet::new(), Some(Unstored::found(ARCHIVED.to_owned()))),
                Some(Err(error)) => {
                    console.github_error("", error);
                    let message = printable(&chain(error));
                    (HashSet::new(), Some(Unstored::all(message)))
                }
                _ => {
                    let full = check_room(place, &there, &wanted);
                    (there, full)
                }
            },
            Some(Err(error)) => {
                console.github_error("", &error);
                (
                    HashSet::new(),
                    Some(Unstored::all(printable(&chain(&error)))),
                )
            }
            None => (HashSet::new(), Some(Unstored::found(NOT_TRIED.to_owned()))),
        };
        if let Some(error) = &error {
            failed.insert(place);
            if error.is_said {
                console.error(format_args!("{place:#}: {}", error.message));
            }
        }
        let mut room = error.as_ref().map_or(usize::MAX, |error| error.room);
        let mut text = String::new();
        for Wanted { name, bytes } in &wanted {
            let is_there = there.contains(name);
            let has_room = is_there || room > 0;
            if !is_there {
                room = room.saturating_sub(1);
            }
            let message = error.as_ref().map(|error| error.message.as_str());
            let row = Row {
                place: Some(match &error {
                    None => place.to_string(),
                    Some(_) => format!("{place:#}"),
                }),
                name: name.as_str(),
                result: match (has_room, is_there) {
                    (false, _) => "would fail",
                    (true, true) => "would update",
                    (true, false) => "would create",
                },
                error: message.filter(|_| !has_room),
                bytes: *bytes,
            };
            text.push_str(&row.line(form, console));
        }
        console.write(text).await?;
    }
    session.say_opened();
    let secrets = Subject::Secrets.counted(wanted.len());
    let into = if places.len() > 1 { "each of " } else { "" };
    let destinations = Destinations(places, access);
    if failed.is_empty() {
        console.note(format_args!(
            "would import {secrets} into {into}{destinations}; nothing was changed"
        ));
        return Ok(());
    }
    let failing = match places.len() {
        1 => String::new(),
        all => format!(" in {} of {all}", failed.len()),
    };
    console.error(format_args!(
        "the import of {secrets} into {into}{destinations} would fail{failing}; nothing was changed"
    ));
    Err(Failure::Reported(Exit::Failed))
}

/// Returns the names of the secrets that are in a place, once everything was fetched that a write
/// needs.
async fn look_at(
    place: &Place,
    new: &[NewSecret<AnyAccess>],
    session: &Session<'_>,
) -> Result<HashSet<SecretName>, Error> {
    let secrets = session.secrets(place);
    // A batch that is not read sends nothing more.
    drop(secrets.set_all(new.iter().cloned()).await?);
    let listed = secrets.list().all().await?.into_iter();
    let names = listed.filter_map(|secret| SecretName::new(secret.name).ok());
    Ok(names.collect())
}

/// Looks up the repositories of these places, each once.
async fn find_archived(
    places: &BTreeSet<Place>,
    session: &Session<'_>,
) -> Result<Archived, Failure> {
    let names: BTreeSet<String> = places.iter().filter_map(Place::full_name).collect();
    let names: Vec<String> = names.into_iter().collect();
    let read = async |name: &String| {
        let found = session.github.repo(name)?.find().await?;
        // What is wrong with one that does not exist is said when its key is fetched.
        Ok(found.is_some_and(|found| found.archived == Some(true)))
    };
    let found = read_each(&names, session, read, |_| {}).await?;
    let found = found.into_iter();
    Ok(found
        .filter_map(|(name, archived)| Some((name.clone(), archived?)))
        .collect())
}

/// Why secrets would not be stored in a place.
struct Unstored {
    message: String,
    /// How many new ones would be stored all the same.
    room: usize,
    /// Whether the message has to be printed.
    is_said: bool,
}

impl Unstored {
    /// None of them would be stored, and the message was printed.
    fn all(message: String) -> Self {
        Self {
            message,
            room: 0,
            is_said: false,
        }
    }

    /// None of them would be stored, and the message is to be printed.
    fn found(message: String) -> Self {
        Self {
            is_said: true,
            ..Self::all(message)
        }
    }
}

/// Checks that the place has room for the secrets that are new there.
fn check_room(place: &Place, there: &HashSet<SecretName>, wanted: &[Wanted]) -> Option<Unstored> {
    let maximum = most_secrets(place)?;
    let new = wanted.iter().filter(|it| !there.contains(&it.name)).count();
    let room = maximum.saturating_sub(there.len());
    (new > room).then(|| Unstored {
        message: format!(
            "it holds {} secrets, and GitHub keeps {maximum} there at most: of {new} new ones, \
             {} would not be stored",
            there.len(),
            new - room
        ),
        room,
        is_said: true,
    })
}

/// Returns how many secrets a place holds, where GitHub documents that. See
/// <https://docs.github.com/en/actions/reference/security/secrets> and
/// <https://docs.github.com/en/codespaces/managing-codespaces-for-your-organization/managing-development-environment-secrets-for-your-repository-or-organization>.
fn most_secrets(place: &Place) -> Option<usize> {
    match (place.store(), place.kind()) {
        (Store::Actions, OwnerKind::Organization) => Some(1_000),
        (Store::Actions | Store::Codespaces, _) => Some(100),
        _ => None,
    }
}

impl Wanted {
    fn new(entry: &Entry) -> Self {
        Self {
            name: entry.name.clone(),
            bytes: entry.value.len(),
        }
    }
}

impl Row<'_> {
    fn line(&self, form: Form, console: &Console) -> String {
        let Self {
            name,
            result,
            bytes,
            ..
        } = self;
        let noun = if *bytes == 1 { "byte" } else { "bytes" };
        let place = self.place.as_deref().unwrap_or_default();
        match form {
            Form::Json => format!("{}\n", serde_json::to_string(self).unwrap_or_default()),
            Form::Names if console.is_terminal() => {
                format!("{result:<12}  {name} ({bytes} {noun})\n")
            }
            Form::Names => format!("{result}\t{name}\t{bytes} {noun}\n"),
            Form::Places { width } if console.is_terminal() => {
                format!("{result:<12}  {place:<width$}  {name} ({bytes} {noun})\n")
            }
            Form::Places { .. } => format!("{result}\t{place}\t{name}\t{bytes} {noun}\n"),
        }
    }
}
