//! The secrets of a place at one time, and the steps that result.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    desired::AccessRule,
    digest::Digest,
    judge::{Found, Record, Rules, StepKind, StepReason, Verdict, Visibility, Wanted, judge},
    place_id::PlaceId,
};
use crate::{
    Access, Error, ListedRepository, Secret, SecretName, SecretValue, VisibilityKind, http::Call,
    owner::find_user, secrets::SecretStore,
};

/// What is desired of one secret, after all lookups.
#[derive(Clone, Debug)]
pub(super) enum Intent {
    Present {
        value: Option<SecretValue>,
        digest: Option<Digest>,
        access: Option<Access>,
        /// What the repositories that it selects are called, as far as that is known.
        names: BTreeMap<u64, String>,
        rule: AccessRule,
    },
    Absent,
}

pub(super) type Intents = BTreeMap<SecretName, Intent>;

/// The values that a place is still to be given. Each goes with its write.
pub(super) type Values = BTreeMap<SecretName, SecretValue>;

/// One secret and the step that is planned for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Step {
    /// The secret's name.
    pub name: SecretName,
    /// The kind of the step.
    #[cfg_attr(feature = "serde", serde(rename = "action"))]
    pub kind: StepKind,
    /// The reason for the step.
    pub reason: StepReason,
    /// The time of its last change, if it exists.
    pub updated_at: Option<crate::Timestamp>,
    /// The change of its access, if there is one.
    pub access: Option<AccessChange>,
    /// Whether the secret is created after the deletes of its place, because there is no room
    /// before. Everywhere else, deletes come last.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "std::ops::Not::not"))]
    pub after_deletes: bool,
}

/// A change of the access to a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AccessChange {
    /// The visibility before; `None` for one that this version does not know.
    pub before: Option<VisibilityKind>,
    /// The visibility after.
    pub after: VisibilityKind,
    /// The repositories that are added to the selection, as they were given.
    pub added: Vec<String>,
    /// The repositories that are removed from the selection, as `owner/name`.
    pub removed: Vec<String>,
}

/// The secrets that a place has.
pub(super) struct Survey {
    secrets: BTreeMap<SecretName, Seen>,
    /// Those with names that a secret cannot be given.
    unnamed: Vec<Secret>,
}

struct Seen {
    secret: Secret,
    found: Found,
    selected: Vec<ListedRepository>,
}

/// The steps for a place.
pub(super) struct Judged {
    pub(super) steps: Vec<Step>,
    /// The secrets that are not ours.
    pub(super) unmanaged: Vec<Secret>,
    /// Records that have become more exact, or that are of secrets which are gone.
    pub(super) records: Vec<(SecretName, Option<Record>)>,
}

impl Survey {
    /// Reads which secrets there are, and who can use those whose access is a rule.
    pub(super) async fn read(
        store: &SecretStore,
        call: &Arc<Call>,
        intents: &Intents,
    ) -> Result<Self, Error> {
        let (mut secrets, mut unnamed) = (BTreeMap::new(), Vec::new());
        for secret in store.list().whole(call).await? {
            match SecretName::new(secret.name.as_str()) {
                Ok(name) => {
                    let seen = Seen::read(store, call, &name, secret, intents.get(&name)).await?;
                    secrets.insert(name, seen);
                }
                Err(_) => unnamed.push(secret),
            }
        }
        Ok(Self { secrets, unnamed })
    }

    /// Reads one secret of a place.
    pub(super) async fn read_one(
        store: &SecretStore,
        call: &Arc<Call>,
        name: &SecretName,
        intents: &Intents,
    ) -> Result<Self, Error> {
        let mut secrets = BTreeMap::new();
        if let Some(secret) = store.find(call, name).await? {
            let seen = Seen::read(store, call, name, secret, intents.get(name)).await?;
            secrets.insert(name.clone(), seen);
        }
        let unnamed = Vec::new();
        Ok(Self { secrets, unnamed })
    }

    pub(super) fn has(&self, name: &SecretName) -> bool {
        self.secrets.contains_key(name)
    }

    pub(super) fn len(&self) -> usize {
        self.secrets.len() + self.unnamed.len()
    }

    /// Returns the step for each secret.
    pub(super) fn judge(
        &self,
        intents: &Intents,
        records: &BTreeMap<SecretName, Record>,
        rules: Rules,
    ) -> Judged {
        let names = self.secrets.keys().chain(intents.keys());
        let names = names.chain(records.keys());
        let names: BTreeSet<&SecretName> = names.collect();
        let mut judged = Judged {
            steps: Vec::new(),
            unmanaged: self.unnamed.clone(),
            records: Vec::new(),
        };
        for name in names {
            let (seen, record) = (self.secrets.get(name), records.get(name));
            match self.step(name, intents, records, rules) {
                Some(step) => judged.steps.push(step),
                None => judged
                    .unmanaged
                    .extend(seen.map(|seen| seen.secret.clone())),
            }
            match (record, seen.map(|seen| &seen.found)) {
                (Some(_), None) if !matches!(intents.get(name), Some(Intent::Present { .. })) => {
                    judged.records.push((name.clone(), None));
                }
                (Some(record), Some(found)) if !record.can_be_of(found) => {
                    judged.records.push((name.clone(), None));
                }
                (Some(record), Some(found)) => {
                    let exact = record.exact(found);
                    judged
                        .records
                        .extend(exact.map(|exact| (name.clone(), Some(exact))));
                }
                _ => {}
            }
        }
        judged
    }

    /// Returns the step for one secret; `None` if it is not ours, or gone, and nothing is desired
    /// of it.
    pub(super) fn step(
        &self,
        name: &SecretName,
        intents: &Intents,
        records: &BTreeMap<SecretName, Record>,
        rules: Rules,
    ) -> Option<Step> {
        let (intent, seen) = (intents.get(name), self.secrets.get(name));
        let (wanted, found) = (intent.map(Intent::wanted), seen.map(|seen| &seen.found));
        let Verdict::Step(kind, reason) = judge(wanted, found, records.get(name), rules) else {
            return None;
        };
        Some(Step {
            name: name.clone(),
            kind,
            reason,
            updated_at: found.map(|found| found.updated_at),
            access: seen
                .filter(|_| kind == StepKind::Write)
                .and_then(|seen| seen.access_change(intent?)),
            after_deletes: false,
        })
    }
}

impl Step {
    /// Returns whether the step changes something on GitHub.
    pub fn is_change(&self) -> bool {
        matches!(
            self.kind,
            StepKind::Create | StepKind::Write | StepKind::Delete
        )
    }

    /// Returns whether the secret is left alone although it differs from what is desired.
    pub fn is_unresolved(&self) -> bool {
        self.kind == StepKind::Leave
            && matches!(
                self.reason,
                StepReason::NotOurs | StepReason::ChangedElsewhere
            )
    }
}

impl Seen {
    async fn read(
        store: &SecretStore,
        call: &Arc<Call>,
        name: &SecretName,
        secret: Secret,
        intent: Option<&Intent>,
    ) -> Result<Self, Error> {
        let (mut access, mut selected) = (None, Vec::new());
        if let Some(wanted) = intent.and_then(Intent::exact_access) {
            // Without a visibility it is a user's secret, which is always for a selection.
            access = match &secret.visibility {
                Some(VisibilityKind::All) => Some(Access::All),
                Some(VisibilityKind::Private) => Some(Access::Private),
                Some(VisibilityKind::Other(_)) => None,
                Some(VisibilityKind::Selected) | None => match wanted {
                    Access::Selected(_) => {
                        selected = store.list_repositories(name).whole(call).await?;
                        let ids = selected.iter().map(|one| one.id);
                        Some(Access::selected(ids.collect()))
                    }
                    // Whatever is selected, it is another access than the one that is wanted.
                    Access::All | Access::Private => Some(Access::Selected(Vec::new())),
                },
            };
        }
        let found = Found::new(&secret, access);
        Ok(Self {
            secret,
            found,
            selected,
        })
    }

    fn access_change(&self, intent: &Intent) -> Option<AccessChange> {
        let wanted = intent.exact_access()?;
        if self.found.access.as_ref() == Some(wanted) {
            return None;
        }
        let before = self
            .found
            .access
            .as_ref()
            .map_or(&[][..], Access::repository_ids);
        let after = wanted.repository_ids();
        let added = after.iter().filter(|id| !before.contains(id));
        let removed = self.selected.iter().filter(|one| !after.contains(&one.id));
        Some(AccessChange {
            before: self.found.access.as_ref().map(kind_of),
            after: kind_of(wanted),
            added: added.map(|id| intent.name_of(*id)).collect(),
            removed: removed.map(|one| one.full_name.clone()).collect(),
        })
    }
}

fn kind_of(access: &Access) -> VisibilityKind {
    Visibility::from(access).kind()
}

impl Intent {
    pub(super) fn digest(&self) -> Option<Digest> {
        match self {
            Self::Present { digest, .. } => *digest,
            Self::Absent => None,
        }
    }

    /// Takes the value away.
    pub(super) fn take_value(&mut self) -> Option<SecretValue> {
        match self {
            Self::Present { value, .. } => value.take(),
            Self::Absent => None,
        }
    }

    fn wanted(&self) -> Wanted<'_> {
        match self {
            Self::Present { digest, .. } => Wanted::Present {
                digest: *digest,
                access: self.exact_access(),
            },
            Self::Absent => Wanted::Absent,
        }
    }

    /// Returns the name of a repository, or its id.
    fn name_of(&self, id: u64) -> String {
        let name = match self {
            Self::Present { names, .. } => names.get(&id),
            Self::Absent => None,
        };
        name.map_or_else(|| id.to_string(), String::clone)
    }

    /// Returns who exactly shall be able to use the secret, if that is a rule.
    fn exact_access(&self) -> Option<&Access> {
        match self {
            Self::Present {
                access,
                rule: AccessRule::Exact,
                ..
            } => access.as_ref(),
            _ => None,
        }
    }
}

/// Checks that a place is still that of the repository with this id, whose name can have passed to
/// another one, or of the user with this id: the token can be another one's by now.
pub(super) async fn is_still(
    call: &Arc<Call>,
    store: &SecretStore,
    id: &PlaceId,
) -> Result<bool, Error> {
    if let Some(name) = store.place.owner.repository() {
        let found = call.find_repository(name).await?;
        return Ok(id.repository() == Some(found.id));
    }
    match id.user() {
        Some(id) => Ok(find_user(call).await? == id),
        None => Ok(true),
    }
}
