//! The results of a command for several secrets: a row for each, a summary and the exit code.

use std::{collections::HashMap, fmt, io};

use github_secrets::{Error, SecretName, Stored};

use crate::{
    console::Console,
    failure::{Exit, Failure},
};

/// More names than this are counted on a terminal, and not listed.
const MAX_NOT_TRIED_SHOWN: usize = 10;

/// The result for one secret.
#[derive(Debug)]
pub(crate) enum ItemResult {
    Created,
    Updated,
    CreatedOrUpdated,
    Deleted,
    Failed(Box<Error>),
    /// It was being sent when the program was told to end at once.
    Unknown,
    NotTried,
}

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Secrets,
    Registries,
}

/// The results of a command that works on several secrets.
pub(crate) struct Report<'a> {
    console: &'a Console,
    subject: Subject,
    /// Where each secret comes from: the line of a file, for example.
    origins: HashMap<SecretName, String>,
    rows: Vec<(SecretName, Status)>,
    /// Whether standard output takes the rows, and how many it took.
    output: io::Result<()>,
    written: usize,
}

/// The first column of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Created,
    Updated,
    /// Stored, without knowing whether it existed before: the first response was lost.
    CreatedOrUpdated,
    Deleted,
    Failed,
    /// Failed, and may be done all the same.
    InDoubt,
    NotTried,
}

impl<'a> Report<'a> {
    pub(crate) fn new(console: &'a Console, subject: Subject) -> Self {
        Self {
            console,
            subject,
            origins: HashMap::new(),
            rows: Vec::new(),
            output: Ok(()),
            written: 0,
        }
    }

    /// Sets what the message about each secret begins with.
    pub(crate) fn origins(self, origins: HashMap<SecretName, String>) -> Self {
        Self { origins, ..self }
    }

    /// Adds a result and writes its row.
    pub(crate) async fn add(&mut self, name: SecretName, result: ItemResult) {
        let status = match &result {
            ItemResult::Created => Status::Created,
            ItemResult::Updated => Status::Updated,
            ItemResult::CreatedOrUpdated => Status::CreatedOrUpdated,
            ItemResult::Deleted => Status::Deleted,
            ItemResult::Failed(error) if error.may_have_taken_effect() => Status::InDoubt,
            ItemResult::Failed(_) => Status::Failed,
            ItemResult::Unknown => Status::InDoubt,
            ItemResult::NotTried => Status::NotTried,
        };
        if let ItemResult::Failed(error) = &result {
            let origin = self.origins.get(&name).map(|origin| format!("{origin}: "));
            self.console
                .github_error(&origin.unwrap_or_default(), error);
        }
        if self.output.is_ok() && !self.is_left_out(status) {
            self.output = self.console.line(self.row(status, &name)).await;
        }
        if self.output.is_ok() {
            self.written += 1;
        }
        self.rows.push((name, status));
    }

    /// Returns whether standard output takes the results.
    pub(crate) fn can_go_on(&self) -> bool {
        self.output.is_ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &SecretName> {
        self.rows.iter().map(|(name, _)| name)
    }

    /// Writes the summary.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Reported`] if not everything is done.
    pub(crate) fn finish(self, interrupted: bool) -> Result<(), Failure> {
        if let Err(error) = &self.output {
            self.console
                .error(format_args!("standard output cannot be written: {error}"));
            // Whoever cannot see the rows there has to find them here.
            for (name, status) in self.rows.iter().skip(self.written) {
                self.console.note(self.row(*status, name));
            }
        }
        if interrupted {
            self.console.error("interrupted");
        }
        self.console.note(&self);
        match self.exit() {
            None => Ok(()),
            Some(exit) => Err(Failure::Reported(exit)),
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
            && self.console.is_terminal()
            && self.count(|status| status == Status::NotTried) >= MAX_NOT_TRIED_SHOWN
    }

    fn row(&self, status: Status, name: &SecretName) -> String {
        if self.console.is_terminal() {
            format!("{:<10} {name}", status.as_str())
        } else {
            format!("{}\t{name}", status.as_str())
        }
    }

    fn count(&self, is: impl Fn(Status) -> bool) -> usize {
        self.rows.iter().filter(|(_, status)| is(*status)).count()
    }
}

impl Status {
    const ALL: [Self; 7] = [
        Self::Created,
        Self::Updated,
        Self::CreatedOrUpdated,
        Self::Deleted,
        Self::Failed,
        Self::InDoubt,
        Self::NotTried,
    ];

    fn is_done(self) -> bool {
        matches!(
            self,
            Self::Created | Self::Updated | Self::CreatedOrUpdated | Self::Deleted
        )
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::CreatedOrUpdated => "created or updated",
            Self::Deleted => "deleted",
            Self::Failed => "failed",
            Self::InDoubt => "unknown",
            Self::NotTried => "not tried",
        }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.subject.counted(self.rows.len()))?;
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

impl From<Result<Stored, Error>> for ItemResult {
    fn from(result: Result<Stored, Error>) -> Self {
        match result {
            Ok(Stored::Created) => Self::Created,
            Ok(Stored::Updated) => Self::Updated,
            Ok(_) => Self::CreatedOrUpdated,
            Err(Error::NotTried(_)) => Self::NotTried,
            Err(error) => Self::Failed(Box::new(error)),
        }
    }
}

impl Subject {
    pub(crate) fn counted(self, number: usize) -> String {
        let noun = match (self, number) {
            (Self::Secrets, 1) => "secret",
            (Self::Secrets, _) => "secrets",
            (Self::Registries, 1) => "registry",
            (Self::Registries, _) => "registries",
        };
        format!("{number} {noun}")
    }
}
