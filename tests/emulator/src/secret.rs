//! A secret as the emulator holds it: decrypted.

use std::{collections::BTreeSet, fmt, time::SystemTime};

/// A secret held by the emulator, decrypted.
///
/// Its `Debug` output leaves out the value, so that a failing assertion does not print it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSecret {
    pub(crate) name: String,
    pub(crate) value: Vec<u8>,
    pub(crate) key_id: String,
    pub(crate) visibility: Option<Visibility>,
    pub(crate) selected: BTreeSet<u64>,
    pub(crate) created_at: SystemTime,
    pub(crate) updated_at: SystemTime,
}

impl StoredSecret {
    /// Creates a secret for a place to start with.
    ///
    /// In an organization all repositories can use it, and of a user none, unless
    /// [`private`](Self::private) or [`selected`](Self::selected) says otherwise.
    pub fn new(name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        let now = SystemTime::now();
        Self {
            name: name.into().to_ascii_uppercase(),
            value: value.into(),
            key_id: String::new(),
            visibility: None,
            selected: BTreeSet::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Limits an organization's secret to private repositories.
    pub fn private(mut self) -> Self {
        self.visibility = Some(Visibility::Private);
        self
    }

    /// Limits an organization's or a user's secret to these repositories.
    pub fn selected(mut self, repository_ids: impl IntoIterator<Item = u64>) -> Self {
        self.visibility = Some(Visibility::Selected);
        self.selected = repository_ids.into_iter().collect();
        self
    }

    /// Returns the name, in upper case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the bytes that were in the sealed box.
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// Returns which repositories can use it, or `None` in a repository or an environment, which
    /// have their secrets for themselves. A user's secret is always [`Visibility::Selected`].
    pub fn visibility(&self) -> Option<Visibility> {
        self.visibility
    }

    /// Returns the ids of its selected repositories in ascending order. It is empty unless the
    /// visibility is [`Visibility::Selected`].
    pub fn selected_repository_ids(&self) -> Vec<u64> {
        self.selected.iter().copied().collect()
    }

    /// Returns the id of the key that its value was sealed to.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Returns when it was created.
    pub fn created_at(&self) -> SystemTime {
        self.created_at
    }

    /// Returns when its value or its access last changed.
    pub fn updated_at(&self) -> SystemTime {
        self.updated_at
    }

    /// Returns about how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        size_of::<Self>()
            + self.name.len()
            + self.value.len()
            + self.selected.len() * size_of::<u64>()
    }
}

impl fmt::Debug for StoredSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSecret")
            .field("name", &self.name)
            .field("visibility", &self.visibility)
            .field("selected_repository_ids", &self.selected)
            .finish_non_exhaustive()
    }
}

/// Which of an organization's repositories can use a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// All of them.
    All,
    /// The private and internal ones.
    Private,
    /// The selected ones.
    Selected,
}

impl Visibility {
    /// Returns GitHub's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Private => "private",
            Self::Selected => "selected",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        [Self::All, Self::Private, Self::Selected]
            .into_iter()
            .find(|it| it.as_str() == word)
    }
}

/// Formats a time like GitHub's timestamps: UTC, in whole seconds.
pub(crate) fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}
