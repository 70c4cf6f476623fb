//! What happens to a secret: one pure function of what is desired, what is on GitHub, and what the
//! state records.
//!
//! Its rule: a different digest or time can cause a write or a question, but never prevents a write
//! that something else requires. The exception: if changes by others are to be kept, they are kept
//! together with a changed access.

use std::{fmt, time::Duration};

use super::digest::Digest;
use crate::{Access, Secret, Timestamp, VisibilityKind};

/// A kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum StepKind {
    /// The secret is created.
    Create,
    /// The value of an existing secret is written, together with its access.
    Write,
    /// The secret is deleted.
    Delete,
    /// The secret is left alone, although it differs from what is desired.
    Leave,
    /// The secret is already as desired.
    Keep,
}

/// The reason for a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum StepReason {
    /// The secret does not exist.
    New,
    /// The secret no longer exists: somebody else deleted it.
    DeletedElsewhere,
    /// The value is new.
    NewValue,
    /// The value is new, and somebody else has changed the secret in the meantime.
    NewValueAndChanged,
    /// An earlier run wrote the secret, but the write was not confirmed.
    Unconfirmed,
    /// Its access differs from what is desired.
    Access,
    /// Its access differs from what is desired, and somebody else has changed it.
    AccessAndChanged,
    /// Somebody else has changed it.
    ChangedElsewhere,
    /// It exists, this sync did not write it, and [`take_over`](super::Options::take_over) is set.
    TakenOver,
    /// It exists, but this sync did not write it.
    NotOurs,
    /// The place should not have it.
    Unwanted,
    /// It is no longer desired.
    NoLongerWanted,
    /// It is no longer desired, and somebody else has changed it.
    NoLongerWantedAndChanged,
    /// It is no longer desired, and the write of an earlier run was not confirmed, so it may be
    /// somebody else's.
    NoLongerWantedAndUnconfirmed,
    /// It is no longer desired, but its repository is archived, so GitHub refuses to delete it.
    NoLongerWantedAndArchived,
    /// It is as it was written.
    Unchanged,
    /// It exists, but its value was not given, so it is not compared.
    NotCompared,
    /// The place should not have it, and it does not exist.
    Absent,
}

/// How much is known about the write of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// The write was started, and has taken effect by this time if it ever does.
    Begun(Timestamp),
    /// It was written, and this is the time of the response.
    About(Timestamp),
    /// It was written, and this is the time that GitHub shows for it.
    At(Timestamp),
}

/// What the state records of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) digest: Digest,
    pub(super) written: Written,
    /// The visibility that was written, if it is a rule.
    pub(super) visibility: Option<Visibility>,
}

/// A visibility that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visibility {
    All,
    Private,
    Selected,
}

/// A secret on GitHub.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    /// Its visibility, which every list has.
    pub(super) visibility: Option<VisibilityKind>,
    /// Who can use it, as far as that was read.
    pub(super) access: Option<Access>,
}

/// What is desired of a secret.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'a> {
    Present {
        /// The digest of its value, if the value is known.
        digest: Option<Digest>,
        /// Its exact access, if that is a rule.
        access: Option<&'a Access>,
    },
    Absent,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rules {
    pub(super) prune: bool,
    pub(super) take_over: bool,
    pub(super) keep_changed: bool,
}

/// What is to be done with a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Step(StepKind, StepReason),
    /// It is not ours, and not desired.
    Foreign,
    /// It was ours and is gone, and not desired.
    Gone,
}

pub(super) fn judge(
    wanted: Option<Wanted<'_>>,
    found: Option<&Found>,
    record: Option<&Record>,
    rules: Rules,
) -> Verdict {
    let (kind, reason) = match (wanted, found) {
        (Some(Wanted::Present { digest, access }), Some(found)) => {
            present(digest, access, found, record, rules)
        }
        (Some(Wanted::Present { .. }), None) => match record {
            // Of one that was only begun, nobody knows whether it has ever been there.
            Some(record) if !record.is_begun() => (StepKind::Create, StepReason::DeletedElsewhere),
            _ => (StepKind::Create, StepReason::New),
        },
        (Some(Wanted::Absent), Some(_)) => (StepKind::Delete, StepReason::Unwanted),
        (Some(Wanted::Absent), None) => (StepKind::Keep, StepReason::Absent),
        (None, Some(found)) => match record.filter(|record| record.can_be_of(found)) {
            None => return Verdict::Foreign,
            Some(record) if record.is_begun() => {
                (StepKind::Leave, StepReason::NoLongerWantedAndUnconfirmed)
            }
            Some(record) if !record.is_of(found) || record.has_other_visibility(found) => {
                (StepKind::Leave, StepReason::NoLongerWantedAndChanged)
            }
            Some(_) if rules.prune => (StepKind::Delete, StepReason::NoLongerWanted),
            Some(_) => (StepKind::Leave, StepReason::NoLongerWanted),
        },
        (None, None) => return Verdict::Gone,
    };
    Verdict::Step(kind, reason)
}

fn present(
    digest: Option<Digest>,
    access: Option<&Access>,
    found: &Found,
    record: Option<&Record>,
    rules: Rules,
) -> (StepKind, StepReason) {
    let other_access = access.is_some() && access != found.access.as_ref();
    let Some(digest) = digest else {
        return match other_access {
            true => (StepKind::Write, StepReason::Access),
            false => (StepKind::Keep, StepReason::NotCompared),
        };
    };
    let reason = match record.filter(|record| record.can_be_of(found)) {
        None if rules.take_over => StepReason::TakenOver,
        None => return (StepKind::Leave, StepReason::NotOurs),
        Some(record) if record.is_unconfirmed(found, rules) => StepReason::Unconfirmed,
        Some(record) if record.digest != digest => match record.is_of(found) {
            true => StepReason::NewValue,
            false => StepReason::NewValueAndChanged,
        },
        Some(record) if record.is_of(found) => match other_access {
            true => StepReason::Access,
            false => return (StepKind::Keep, StepReason::Unchanged),
        },
        Some(_) if rules.keep_changed => return (StepKind::Leave, StepReason::ChangedElsewhere),
        Some(_) if other_access => StepReason::AccessAndChanged,
        Some(_) => StepReason::ChangedElsewhere,
    };
    (StepKind::Write, reason)
}

impl Found {
    pub(super) fn new(secret: &Secret, access: Option<Access>) -> Self {
        Self {
            created_at: secret.created_at,
            updated_at: secret.updated_at,
            visibility: secret.visibility.clone(),
            access,
        }
    }
}

impl Record {
    /// How much earlier than its response a write can be dated. A response that was long on its way
    /// is not dated later.
    const EARLIER: Duration = Duration::from_secs(60);
    /// How much later than its response a write can be dated.
    const LATER: Duration = Duration::from_secs(1);
    /// The same where it was read so soon that hardly anybody else can have changed it: so GitHub's
    /// clocks can differ by more.
    const LATER_IF_READ_SOON: Duration = Duration::from_secs(5);
    const SOON: Duration = Duration::from_secs(3);

    pub(super) fn is_begun(&self) -> bool {
        matches!(self.written, Written::Begun(_))
    }

    /// Returns the record with the time that GitHub shows, in place of one that was about right.
    pub(super) fn exact(self, found: &Found) -> Option<Self> {
        match self.written {
            Written::About(_) if self.is_of(found) => Some(self.at(found)),
            _ => None,
        }
    }

    /// Returns the same for a secret that was read so soon `after` it was written.
    pub(super) fn read_back(self, found: &Found, after: Duration) -> Option<Self> {
        self.can_be_just_written(found, after)
            .then(|| self.at(found))
    }

    fn at(self, found: &Found) -> Self {
        Self {
            written: Written::At(found.updated_at),
            ..self
        }
    }

    /// Returns whether it is not known what was written last. A change that is later than the write
    /// can be is somebody else's, which matters where such changes are kept.
    fn is_unconfirmed(&self, found: &Found, rules: Rules) -> bool {
        match self.written {
            Written::Begun(until) => !rules.keep_changed || found.updated_at <= until,
            Written::About(_) | Written::At(_) => false,
        }
    }

    /// Returns whether a secret on GitHub can be one that was written, whoever has changed it
    /// since. What was created after an unconfirmed write can no longer have arrived is not.
    pub(super) fn can_be_of(&self, found: &Found) -> bool {
        match self.written {
            Written::Begun(until) => found.created_at <= until,
            Written::About(_) | Written::At(_) => true,
        }
    }

    /// Returns whether a secret on GitHub is the one that was written, unchanged since.
    fn is_of(&self, found: &Found) -> bool {
        self.is_dated(found.updated_at, Self::LATER)
    }

    /// Returns whether somebody else has changed the visibility. GitHub does not document that this
    /// changes the time.
    fn has_other_visibility(&self, found: &Found) -> bool {
        let written = self.visibility.map(Visibility::kind);
        let both = written.as_ref().zip(found.visibility.as_ref());
        both.is_some_and(|(written, found)| written != found)
    }

    /// Returns the same for one that was read so soon after it was written.
    fn can_be_just_written(&self, found: &Found, after: Duration) -> bool {
        let later = match after <= Self::SOON {
            true => Self::LATER_IF_READ_SOON,
            false => Self::LATER,
        };
        self.is_dated(found.updated_at, later)
    }

    fn is_dated(&self, updated_at: Timestamp, later: Duration) -> bool {
        match self.written {
            Written::Begun(_) => false,
            Written::About(at) if updated_at < at => at.duration_since(updated_at) <= Self::EARLIER,
            Written::About(at) => updated_at.duration_since(at) <= later,
            Written::At(at) => at == updated_at,
        }
    }
}

impl From<&Access> for Visibility {
    fn from(access: &Access) -> Self {
        match access {
            Access::All => Self::All,
            Access::Private => Self::Private,
            Access::Selected(_) => Self::Selected,
        }
    }
}

impl Visibility {
    pub(super) fn kind(self) -> VisibilityKind {
        match self {
            Self::All => VisibilityKind::All,
            Self::Private => VisibilityKind::Private,
            Self::Selected => VisibilityKind::Selected,
        }
    }
}

impl fmt::Display for StepKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Create => "create",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Leave => "left alone",
            Self::Keep => "keep",
        })
    }
}

impl fmt::Display for StepReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::New => "new",
            Self::DeletedElsewhere => "deleted by somebody else",
            Self::NewValue => "new value",
            Self::NewValueAndChanged => "new value; changed by somebody else in the meantime",
            Self::Unconfirmed => "a write of an earlier run was not confirmed",
            Self::Access => "access",
            Self::AccessAndChanged => "access; changed by somebody else",
            Self::ChangedElsewhere => "changed by somebody else",
            Self::TakenOver => "taken over; this sync did not write it",
            Self::NotOurs => "exists, and this sync did not write it",
            Self::Unwanted => "should not exist",
            Self::NoLongerWanted => "no longer wanted",
            Self::NoLongerWantedAndChanged => "no longer wanted, and changed by somebody else",
            Self::NoLongerWantedAndUnconfirmed => {
                "no longer wanted, and a write of an earlier run was not confirmed"
            }
            Self::NoLongerWantedAndArchived => {
                "no longer wanted; the repository is archived, so GitHub refuses writes"
            }
            Self::Unchanged => "unchanged",
            Self::NotCompared => "exists; its value was not compared",
            Self::Absent => "does not exist, as desired",
        })
    }
}

#[cfg(test)]
mod tests;
