//! A change: how grave it is, which operations it concerns, and how it is worded.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write},
};

use crate::escape::{Escaping, code};

/// A difference between two descriptions, with every operation that it concerns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    severity: Severity,
    operations: BTreeSet<String>,
    place: String,
    what: String,
}

/// What a change means for a caller that follows the earlier description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    Breaking,
    Compatible,
}

/// Which way the values of a schema go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Flow {
    Request,
    Response,
}

/// What a change does to the set of values that are valid.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Shift {
    /// A value that was valid is not any more: a request can be refused.
    Narrower,
    /// A value is valid that was not before: a response can be unreadable.
    Wider,
    /// Neither a request nor a response that was fine becomes a problem.
    Harmless,
    /// Both can become a problem.
    Other,
}

impl Change {
    /// Returns whether a caller that follows the earlier description can fail.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.severity == Severity::Breaking
    }
}

impl fmt::Display for Change {
    /// Writes one line, whatever the descriptions hold.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut Escaping(f);
        let severity = if self.is_breaking() {
            "breaking"
        } else {
            "compatible"
        };
        write!(f, "{severity}: ")?;
        let ids: Vec<String> = self.operations.iter().map(|id| code(id)).collect();
        let place = (!self.place.is_empty()).then(|| self.place.clone());
        let parts = [(!ids.is_empty()).then(|| ids.join(", ")), place];
        for part in parts.into_iter().flatten() {
            write!(f, "{part}: ")?;
        }
        f.write_str(&self.what)
    }
}

impl Flow {
    pub(crate) fn severity(self, shift: Shift) -> Severity {
        match (self, shift) {
            (_, Shift::Harmless) => Severity::Compatible,
            (Self::Request, Shift::Wider) | (Self::Response, Shift::Narrower) => {
                Severity::Compatible
            }
            _ => Severity::Breaking,
        }
    }
}

/// A change at a place, before it is known which operations it concerns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) flow: Flow,
    pub(crate) severity: Severity,
    pub(crate) place: String,
    pub(crate) what: String,
}

impl Finding {
    pub(crate) fn new(flow: Flow, shift: Shift, place: &str, what: impl Into<String>) -> Self {
        Self {
            flow,
            severity: flow.severity(shift),
            place: place.to_owned(),
            what: what.into(),
        }
    }
}

impl Finding {
    /// Returns the same where the client does not look: a response that it does not read cannot be
    /// unreadable.
    fn unread(&self) -> Self {
        let severity = match self.flow {
            Flow::Request => self.severity,
            Flow::Response => Severity::Compatible,
        };
        Self {
            severity,
            ..self.clone()
        }
    }
}

/// The operations for each finding.
#[derive(Default)]
pub(crate) struct Findings(BTreeMap<Finding, BTreeSet<String>>);

impl Findings {
    pub(crate) fn add(&mut self, operation: Option<&str>, finding: Finding) {
        let operations = self.0.entry(finding).or_default();
        operations.extend(operation.map(str::to_owned));
    }

    /// Splits these findings into those that `client` has too, and those in parts that the client
    /// leaves out.
    ///
    /// `client` can have a change in other words: what an overlay takes from a schema is not in
    /// them.
    pub(crate) fn split(self, client: &Self) -> (Self, Self) {
        let (own, clients) = (self.flat(), client.flat());
        let reworded = clients.difference(&own);
        let reworded: BTreeSet<_> = reworded.map(|(id, place, _)| (*id, *place)).collect();
        let (mut in_client, mut left_out) = (Self::default(), Self::default());
        for (finding, ids) in &self.0 {
            let (place, what) = (finding.place.as_str(), finding.what.as_str());
            let (inside, outside): (BTreeSet<String>, _) = ids.iter().cloned().partition(|id| {
                let id = id.as_str();
                clients.contains(&(id, place, what)) || reworded.contains(&(id, place))
            });
            if !inside.is_empty() || ids.is_empty() {
                in_client.0.insert(finding.clone(), inside);
            }
            if !outside.is_empty() {
                left_out.0.insert(finding.unread(), outside);
            }
        }
        (in_client, left_out)
    }

    /// Operation, place and words of each finding.
    fn flat(&self) -> BTreeSet<(&str, &str, &str)> {
        let findings = self.0.iter().flat_map(|(finding, ids)| {
            ids.iter()
                .map(|id| (id.as_str(), finding.place.as_str(), finding.what.as_str()))
        });
        findings.collect()
    }

    /// Returns the changes, breaking ones first.
    pub(crate) fn into_changes(self) -> Vec<Change> {
        let changes = self.0.into_iter().map(|(finding, operations)| Change {
            severity: finding.severity,
            operations,
            place: finding.place,
            what: finding.what,
        });
        let mut changes: Vec<Change> = changes.collect();
        changes.sort();
        changes
    }
}
