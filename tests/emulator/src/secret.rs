//! A secret as the emulator holds it: opened.

use std::collections::BTreeSet;
use std::fmt;
use std::time::SystemTime;

/// A secret that the emulator was sent, opened.
///
/// Its `Debug` shows no value, so that a failing assertion prints none by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSecret {
    pub(crate) name: String,
    pub(crate) value: Vec<u8>,
    pub(crate) key_id: String,
    pub(crate) visibility: Visibility,
    pub(crate) selected: BTreeSet<u64>,
    pub(crate) created_at: SystemTime,
    pub(crate) updated_at: SystemTime,
}

impl StoredSecret {
    /// A secret for an organization to [start with](crate::Organization::secret), which all of its
    /// repositories see.
    pub fn new(name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        let now = SystemTime::now();
        Self {
            name: name.into().to_ascii_uppercase(),
            value: value.into(),
            key_id: String::new(),
            visibility: Visibility::All,
            selected: BTreeSet::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Shows it to the private repositories alone.
    pub fn private(mut self) -> Self {
        self.visibility = Visibility::Private;
        self
    }

    /// Shows it to these repositories alone.
    pub fn selected(mut self, repository_ids: impl IntoIterator<Item = u64>) -> Self {
        self.visibility = Visibility::Selected;
        self.selected = repository_ids.into_iter().collect();
        self
    }

    /// Its name, in upper case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes that were in the sealed box.
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// Which of the organization's repositories see it.
    pub fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// The ids of its selected repositories in rising order; empty unless the visibility is
    /// `selected`.
    pub fn selected_repository_ids(&self) -> Vec<u64> {
        self.selected.iter().copied().collect()
    }

    /// The id of the key that its value was sealed to.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// When it was created.
    pub fn created_at(&self) -> SystemTime {
        self.created_at
    }

    /// When its value or its access last changed.
    pub fn updated_at(&self) -> SystemTime {
        self.updated_at
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

/// Which of an organization's repositories see a secret.
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
    /// GitHub's word for it.
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

/// In the form of GitHub's timestamps: UTC, in whole seconds.
pub(crate) fn timestamp(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}
