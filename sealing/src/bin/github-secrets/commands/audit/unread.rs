//! Reports the lists that could not be read, once for each kind of error.

use std::collections::BTreeMap;

use github_secrets::Error;

use crate::{
    console::Console,
    failure::{Exit, Failure},
};

/// The lists that could not be read, and how many could.
#[derive(Default)]
pub(super) struct Unread {
    read: usize,
    errors: BTreeMap<Kind, (Error, Vec<String>)>,
    not_tried: Vec<String>,
}

/// Errors that agree in all of this are reported once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    list: String,
    status: Option<u16>,
    reason: Option<String>,
    /// What is wrong with the response: how many entries are missing, for example.
    problem: Option<String>,
    variant: String,
}

impl Unread {
    /// Returns the entries of a list, or records that it could not be read.
    pub(super) fn take<T>(&mut self, list: String, reading: Option<Result<T, Error>>) -> Option<T> {
        match reading {
            Some(Ok(read)) => {
                self.read += 1;
                Some(read)
            }
            Some(Err(error)) => {
                let kind = Kind::of(&list, &error);
                let (_, lists) = self
                    .errors
                    .entry(kind)
                    .or_insert_with(|| (error, Vec::new()));
                lists.push(list);
                None
            }
            None => {
                self.not_tried.push(list);
                None
            }
        }
    }

    /// Reports the lists that could not be read, and prints a summary.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Reported`] if a list could not be read.
    pub(super) fn finish(self, secrets: usize, console: &Console) -> Result<(), Failure> {
        let mut unread = self.not_tried.len();
        for (error, lists) in self.errors.values() {
            unread += lists.len();
            console.github_error("", error);
            if lists.len() > 1 {
                console.note(format_args!(
                    "{} lists failed with this error: {}",
                    lists.len(),
                    lists.join(", ")
                ));
            }
        }
        if !self.not_tried.is_empty() {
            console.error(format_args!(
                "not read, because they would fail with the same error: {}",
                self.not_tried.join(", ")
            ));
        }
        let secrets = match secrets {
            1 => "1 secret".to_owned(),
            secrets => format!("{secrets} secrets"),
        };
        let total = self.read + unread;
        if unread == 0 {
            console.note(format_args!("{secrets} in {total} lists"));
            return Ok(());
        }
        console.error(format_args!(
            "{secrets} found; {unread} of {total} lists could not be read"
        ));
        Err(Failure::Reported(if self.read == 0 {
            Exit::Failed
        } else {
            Exit::Partly
        }))
    }
}

impl Kind {
    fn of(list: &str, error: &Error) -> Self {
        let (owner, last) = list.split_once('/').unwrap_or((list, ""));
        let store = last.rsplit('/').next().unwrap_or_default();
        let debug = format!("{error:?}");
        Self {
            list: if list.contains("/environments/") {
                "environments".to_owned()
            } else {
                format!("{owner}/{store}")
            },
            status: error.response().map(|response| response.status()),
            reason: error.reason().map(|reason| format!("{reason:?}")),
            problem: match error {
                Error::UnexpectedResponse(unexpected) => Some(format!("{:?}", unexpected.problem)),
                _ => None,
            },
            variant: debug
                .split([' ', '(', '{'])
                .next()
                .unwrap_or_default()
                .to_owned(),
        }
    }
}
