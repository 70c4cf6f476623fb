//! The results of a command for several secrets: a row for each, a summary and the exit code.

mod result;
mod subject;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt, io,
};

use github_secrets::{Error, NotTried, Place, RepositoryRef, SecretName};
use serde::Serialize;

use self::result::Status;
pub(crate) use self::{result::ItemResult, subject::Subject};
use crate::{
    console::{Console, printable},
    failure::{Exit, Failure, chain},
};

/// More names than this are counted on a terminal, and not listed.
const MAX_NOT_TRIED_SHOWN: usize = 10;

/// What a row has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The result and the name, or the repository.
    Names,
    /// The result, the place and the name; `width` is that of the longest place.
    Places {
        width: usize,
    },
    Json,
}

impl Form {
    /// Returns the line above rows whose results take so many columns. A pipe gets none.
    pub(crate) fn header(self, columns: usize, name: &str, console: &Console) -> String {
        let result = "RESULT";
        match self {
            _ if !console.is_terminal() => String::new(),
            Self::Names => format!("{result:<columns$}{name}\n"),
            Self::Places { width } => format!("{result:<columns$}{:<width$}  {name}\n", "PLACE"),
            Self::Json => String::new(),
        }
    }
}

/// The results of a command that works on several secrets.
pub(crate) struct Report<'a> {
    console: &'a Console,
    subject: Subject,
    form: Form,
    /// Where each secret comes from: the line of a file, for example.
    origins: HashMap<SecretName, String>,
    /// What to say once if something does not exist.
    advice_on_missing: Option<&'static str>,
    is_missing: bool,
    rows: Vec<Row>,
    /// The places with a failure.
    failed: BTreeSet<Place>,
    /// Whether standard output takes the rows, and how many it took.
    output: io::Result<()>,
    written: usize,
}

struct Row {
    place: Place,
    /// None for a registry that GitHub gave no name.
    name: Option<SecretName>,
    repository: Option<String>,
    status: Status,
    /// Why it is not done.
    error: Option<String>,
    /// Whether a sync has skipped it, for a reason that others share.
    is_skipped: bool,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    place: String,
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<&'a str>,
    result: &'static str,
    error: Option<&'a str>,
}

const OUTPUT_FAILED: &str = "standard output cannot be written";
const NOT_ALL_FOUND: &str = "nothing is changed unless every repository is found";
const ERROR_OF_ALL: &str = "every secret of every place would fail with the same error";

impl<'a> Report<'a> {
    pub(crate) fn new(console: &'a Console, subject: Subject, form: Form) -> Self {
        Self {
            console,
            subject,
            form,
            origins: HashMap::new(),
            advice_on_missing: None,
            is_missing: false,
            rows: Vec::new(),
            failed: BTreeSet::new(),
            output: Ok(()),
            written: 0,
        }
    }

    /// Sets what the message about each secret begins with.
    pub(crate) fn origins(self, origins: HashMap<SecretName, String>) -> Self {
        Self { origins, ..self }
    }

    /// Sets what to say once if something does not exist.
    pub(crate) fn advice_on_missing(self, advice: &'static str) -> Self {
        let advice_on_missing = Some(advice);
        Self {
            advice_on_missing,
            ..self
        }
    }

    /// Adds a result and writes its row. A registry that was not created may have no name.
    pub(crate) async fn add(
        &mut self,
        place: &Place,
        name: impl Into<Option<SecretName>>,
        result: ItemResult,
    ) {
        self.add_row(place, name.into(), None, result).await;
    }

    /// Adds the result for a repository that can use a secret, and writes its row.
    pub(crate) async fn add_repository(
        &mut self,
        place: &Place,
        name: &SecretName,
        repository: &RepositoryRef,
        result: ItemResult,
    ) {
        let (name, repository) = (Some(name.clone()), Some(repository.to_string()));
        self.add_row(place, name, repository, result).await;
    }

    async fn add_row(
        &mut self,
        place: &Place,
        name: Option<SecretName>,
        repository: Option<String>,
        result: ItemResult,
    ) {
        let status = Status::of(&result);
        let is_skipped = matches!(result, ItemResult::Skipped(_));
        let error = match &result {
            ItemResult::Failed(error) => {
                self.is_missing |= matches!(**error, Error::NotFound(_));
                let origin = name.as_ref().and_then(|name| self.origins.get(name));
                let origin = origin.map(|origin| format!("{origin}: "));
                let origin = origin.unwrap_or_default();
                self.console.github_error(&origin, error);
                self.failed.insert(place.clone());
                Some(format!("{origin}{}", printable(&chain(error))))
            }
            ItemResult::NotFound(errors) => {
                for error in errors {
                    self.console.github_error("", error);
                }
                self.failed.insert(place.clone());
                let errors = errors.iter().map(|error| printable(&chain(error)));
                Some(errors.collect::<Vec<_>>().join("; "))
            }
            ItemResult::NotTried(reason) => Some(self.reason(place, *reason)),
            ItemResult::HeldBack => Some(NOT_ALL_FOUND.to_owned()),
            ItemResult::Skipped(skipped) => {
                let text = skipped.to_string();
                // The row has said that much.
                let why = text.split_once(": ").map_or(text.as_str(), |(_, why)| why);
                Some(why.to_owned())
            }
            ItemResult::Unknown => Some("interrupted before GitHub responded".to_owned()),
            _ => None,
        };
        let row = Row {
            place: place.clone(),
            name,
            repository,
            status,
            error,
            is_skipped,
        };
        if self.output.is_ok() && !self.is_left_out(status) {
            let line = self.line(&row);
            let header = if self.rows.is_empty() {
                let columns = self.subject.columns() + 1;
                self.form
                    .header(columns, self.subject.column(), self.console)
            } else {
                String::new()
            };
            self.output = self.console.line(format_args!("{header}{line}")).await;
        }
        if self.output.is_ok() {
            self.written += 1;
        }
        self.rows.push(row);
    }

    /// Returns whether standard output takes the results.
    pub(crate) fn can_go_on(&self) -> bool {
        self.output.is_ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn secrets(&self) -> impl Iterator<Item = (Place, SecretName)> {
        let rows = self.rows.iter();
        rows.filter_map(|row| Some((row.place.clone(), row.name.clone()?)))
    }

    /// Writes the summary; `stop` says why it was stopped, if it was.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Reported`] if not everything is done.
    pub(crate) fn finish(self, stop: Option<&str>) -> Result<(), Failure> {
        if let Err(error) = &self.output {
            self.console
                .error(format_args!("standard output cannot be written: {error}"));
            // Whoever cannot see the rows there has to find them here.
            for row in self.rows.iter().skip(self.written) {
                self.console.note(self.line(row));
            }
        }
        self.explain_not_tried();
        if let Some(advice) = self.advice_on_missing.filter(|_| self.is_missing) {
            self.console.note(advice);
        }
        if let Some(stop) = stop {
            self.console.error(stop);
        }
        self.console.note(&self);
        match self.exit() {
            None => Ok(()),
            Some(exit) => Err(Failure::Reported(exit)),
        }
    }

    fn reason(&self, place: &Place, reason: NotTried) -> String {
        match reason {
            NotTried::EarlierError if self.failed.contains(place) => {
                self.subject.error_of_place().to_owned()
            }
            NotTried::EarlierError => ERROR_OF_ALL.to_owned(),
            NotTried::Stopped if self.output.is_err() => OUTPUT_FAILED.to_owned(),
            NotTried::Stopped => "interrupted".to_owned(),
            other => other.to_string(),
        }
    }

    /// Says once for each place, or once for all, why secrets were not tried. A stop is said by
    /// whoever caused it.
    fn explain_not_tried(&self) {
        let count = |is: &dyn Fn(&&Row) -> bool| self.rows.iter().filter(is).count();
        let is_because = |row: &Row, why: &str| row.error.as_deref() == Some(why);
        let reason = self.subject.error_of_place();
        for place in &self.failed {
            let here = count(&|row| row.place == *place && is_because(row, reason));
            if here > 0 {
                let place = self.subject.place(place, false);
                let secrets = self.subject.counted(here);
                self.console
                    .error(format_args!("{place}: {secrets} not tried: {reason}"));
            }
        }
        let mut skipped: BTreeMap<&str, usize> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.is_skipped) {
            *skipped
                .entry(row.error.as_deref().unwrap_or_default())
                .or_default() += 1;
        }
        for (why, number) in skipped {
            let secrets = self.subject.counted(number);
            self.console
                .error(format_args!("{secrets} not tried: {why}"));
        }
        for why in [NOT_ALL_FOUND, ERROR_OF_ALL] {
            let number = count(&|row| is_because(row, why));
            if number > 0 {
                let rows = self.subject.counted(number);
                self.console.error(format_args!("{rows} not tried: {why}"));
            }
        }
    }

    fn exit(&self) -> Option<Exit> {
        let undone = self.count(|status| !status.is_done());
        let perhaps_done = self.count(|status| status.is_done() || status == Status::InDoubt);
        match (undone, perhaps_done) {
            (0, _) if self.lost_output() => Some(Exit::Partly),
            (0, _) => None,
            (_, 0) => Some(Exit::Failed),
            (..) => Some(Exit::Partly),
        }
    }

    /// Returns whether rows are missing that somebody would have read.
    fn lost_output(&self) -> bool {
        let output = self.output.as_ref();
        output.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe)
    }

    fn is_left_out(&self, status: Status) -> bool {
        status == Status::NotTried
            && self.form != Form::Json
            && self.console.is_terminal()
            && self.count(|status| status == Status::NotTried) >= MAX_NOT_TRIED_SHOWN
    }

    fn line(&self, row: &Row) -> String {
        let status = row.status.as_str();
        let place = self.subject.place(&row.place, row.status.is_done());
        let name = row.name.as_ref().map(SecretName::as_str);
        let repository = row.repository.as_deref();
        let shown = repository.or(name).unwrap_or_default();
        let is_terminal = self.console.is_terminal();
        let columns = self.subject.columns();
        match self.form {
            Form::Names if is_terminal => format!("{status:<columns$} {shown}"),
            Form::Names => format!("{status}\t{shown}"),
            Form::Places { width } if is_terminal => {
                format!("{status:<columns$} {place:<width$}  {shown}")
            }
            Form::Places { .. } => format!("{status}\t{place}\t{shown}"),
            Form::Json => {
                let row = JsonRow {
                    place,
                    name,
                    repository,
                    result: status,
                    error: row.error.as_deref(),
                };
                serde_json::to_string(&row).unwrap_or_default()
            }
        }
    }

    fn count(&self, is: impl Fn(Status) -> bool) -> usize {
        self.rows.iter().filter(|row| is(row.status)).count()
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.subject.counted(self.rows.len()))?;
        let places: BTreeSet<&Place> = self.rows.iter().map(|row| &row.place).collect();
        if places.len() > 1 {
            write!(f, " in {} places", places.len())?;
        }
        let mut separator = ": ";
        for status in Status::ALL {
            let count = self.count(|it| it == status);
            if count > 0 {
                write!(f, "{separator}{count} {}", status.as_str())?;
                separator = ", ";
            }
        }
        Ok(())
    }
}
