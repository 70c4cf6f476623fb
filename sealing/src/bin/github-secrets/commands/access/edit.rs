//! Repositories that are added to a selection or removed from it, one by one.

use std::io;

use github_secrets::{Error, Place, Repositories, RepositoryRef, SecretName};

use crate::{
    console::Console,
    failure::{Exit, Failure},
    session::Session,
};

/// A repository, and what happens to it.
pub(super) struct Change {
    repository: RepositoryRef,
    is_removal: bool,
}

/// How changes ended, by their number.
#[derive(Default)]
struct Counts {
    added: usize,
    removed: usize,
    failed: usize,
    unknown: usize,
    not_tried: usize,
}

pub(super) fn changes(added: &Repositories, removed: &Repositories) -> Vec<Change> {
    let change = |is_removal| {
        move |repository: &RepositoryRef| Change {
            repository: repository.clone(),
            is_removal,
        }
    };
    // First those that get it, so that nobody is without it in between.
    let added = added.iter().map(change(false));
    added.chain(removed.iter().map(change(true))).collect()
}

/// Makes the changes, and prints a row for each.
///
/// # Errors
///
/// Returns [`Failure::Reported`] if not all of them are made.
pub(super) async fn apply(
    name: &SecretName,
    place: &Place,
    changes: &[Change],
    session: &Session<'_>,
    console: &Console,
) -> Result<(), Failure> {
    let selected = session.secrets(place).repositories(name)?;
    let (mut counts, mut ended) = (Counts::default(), false);
    let mut output = io::Result::Ok(());
    for change in changes {
        let repository = change.repository.clone();
        let result = if ended || session.is_interrupted() {
            None
        } else if change.is_removal {
            Some(session.change_one(selected.remove(repository)).await?)
        } else {
            Some(session.change_one(selected.add(repository)).await?)
        };
        let word = match result {
            Some(Some(Ok(()))) if change.is_removal => counts.removed(),
            Some(Some(Ok(()))) => counts.added(),
            None | Some(Some(Err(Error::NotTried(_)))) => counts.not_tried(),
            Some(Some(Err(error))) => {
                // A repository that is not there says nothing about the others.
                ended = !matches!(error, Error::Repository(_) | Error::NotFound(_));
                console.github_error("", &error);
                counts.failed(error.may_have_taken_effect())
            }
            Some(None) => counts.unknown(),
        };
        let repository = &change.repository;
        let row = if console.is_terminal() {
            format!("{word:<10} {repository}")
        } else {
            format!("{word}\t{repository}")
        };
        match output {
            Ok(()) => output = console.line(row).await,
            Err(_) => console.note(row),
        }
    }
    if let Err(error) = &output {
        console.error(format_args!("standard output cannot be written: {error}"));
    }
    if session.is_interrupted() {
        console.error("interrupted");
    }
    counts.finish(console)
}

impl Counts {
    fn added(&mut self) -> &'static str {
        self.added += 1;
        "added"
    }

    fn removed(&mut self) -> &'static str {
        self.removed += 1;
        "removed"
    }

    fn failed(&mut self, is_in_doubt: bool) -> &'static str {
        if is_in_doubt {
            return self.unknown();
        }
        self.failed += 1;
        "failed"
    }

    fn unknown(&mut self) -> &'static str {
        self.unknown += 1;
        "unknown"
    }

    fn not_tried(&mut self) -> &'static str {
        self.not_tried += 1;
        "not tried"
    }

    fn finish(&self, console: &Console) -> Result<(), Failure> {
        let all = [
            (self.added, "added"),
            (self.removed, "removed"),
            (self.failed, "failed"),
            (self.unknown, "unknown"),
            (self.not_tried, "not tried"),
        ];
        let total: usize = all.iter().map(|(count, _)| count).sum();
        let counted = all.iter().filter(|(count, _)| *count > 0);
        let counted: Vec<_> = counted
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let noun = if total == 1 {
            "repository"
        } else {
            "repositories"
        };
        console.note(format_args!("{total} {noun}: {}", counted.join(", ")));
        let done = self.added + self.removed;
        match total - done {
            0 => Ok(()),
            _ if done + self.unknown == 0 => Err(Failure::Reported(Exit::Failed)),
            _ => Err(Failure::Reported(Exit::Partly)),
        }
    }
}
