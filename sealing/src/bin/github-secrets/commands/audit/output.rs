//! What an audit found, in columns or as JSON.

use std::io;

use github_secrets::{OwnerKind, Timestamp, VisibilityKind};
use serde::Serialize;

use super::finding::Finding;
use crate::{
    console::Console,
    table::{Table, print_json},
};

const DAY: u64 = 24 * 60 * 60;

/// More selected repositories than this are counted on a terminal.
const MOST_SHOWN: usize = 3;

/// A secret as it is printed.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    place: String,
    name: &'a str,
    created_at: String,
    updated_at: String,
    age_days: u64,
    access: String,
    repositories: Option<&'a [String]>,
    hides: Vec<String>,
    hidden_by: Vec<String>,
}

impl<'a> Shown<'a> {
    pub(super) fn new(finding: &'a Finding, now: Timestamp) -> Self {
        let Finding {
            place,
            secret,
            repositories,
            hides,
            hidden_by,
        } = finding;
        Self {
            place: place.to_string(),
            name: &secret.name,
            created_at: secret.created_at.to_string(),
            updated_at: secret.updated_at.to_string(),
            age_days: now.duration_since(secret.updated_at).as_secs() / DAY,
            access: match (&secret.visibility, repositories, place.kind()) {
                (Some(VisibilityKind::Selected), Some(names), _) => {
                    format!("selected:{}", names.join(","))
                }
                (Some(visibility), ..) => visibility.to_string(),
                (None, _, OwnerKind::Environment) => "environment".to_owned(),
                (None, ..) => "repository".to_owned(),
            },
            repositories: repositories.as_deref(),
            hides: hides.iter().map(ToString::to_string).collect(),
            hidden_by: hidden_by.iter().map(ToString::to_string).collect(),
        }
    }

    fn note(&self) -> String {
        let hides = self.hides.join(", ");
        let by = self.hidden_by.join(", ");
        match (self.hides.is_empty(), self.hidden_by.len()) {
            (true, 0) => String::new(),
            (true, count) if count > MOST_SHOWN => format!("hidden in {count} places"),
            (true, _) => format!("hidden by {by}"),
            (false, 0) => format!("hides {hides}"),
            (false, _) => format!("hides {hides}, hidden by {by}"),
        }
    }

    fn short_access(&self) -> String {
        match self.repositories {
            Some(names) if names.len() > MOST_SHOWN => {
                let first = names.iter().take(MOST_SHOWN).cloned().collect::<Vec<_>>();
                let more = names.len() - MOST_SHOWN;
                format!("selected:{} and {more} more", first.join(","))
            }
            _ => self.access.clone(),
        }
    }
}

pub(super) async fn print(shown: &[Shown<'_>], json: bool, console: &Console) -> io::Result<()> {
    if json {
        return print_json(console, &shown).await;
    }
    let is_terminal = console.is_terminal();
    let has_notes = shown.iter().any(|secret| !secret.note().is_empty());
    let note = if has_notes { "NOTE" } else { "" };
    let mut table = Table::new(&if is_terminal {
        vec!["PLACE", "NAME", "AGE", "ACCESS", note]
    } else {
        vec!["place", "name", "updated", "age", "access", "note"]
    });
    for secret in shown {
        let days = secret.age_days.to_string();
        let (place, name) = (secret.place.clone(), secret.name.to_owned());
        table.row(if is_terminal {
            let access = secret.short_access();
            vec![place, name, format!("{days} d"), access, secret.note()]
        } else {
            let (updated, access) = (secret.updated_at.clone(), secret.access.clone());
            vec![place, name, updated, days, access, secret.note()]
        });
    }
    table.print(console).await
}
