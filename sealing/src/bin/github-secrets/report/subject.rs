//! What a report is about, in words: all that differs between secrets, repositories and registries.

use github_secrets::Place;

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Secrets,
    /// Repositories that can use a secret.
    Repositories,
    Registries,
}

/// Why secrets were not tried that nobody stopped.
const ERROR_OF_PLACE: &str = "every other secret of this place would fail with the same error";
/// Why repositories or registries were not tried.
const ERROR_OF_OTHERS: &str = "all others would fail with the same error";

impl Subject {
    pub(crate) fn counted(self, number: usize) -> String {
        let noun = match (self, number) {
            (Self::Secrets, 1) => "secret",
            (Self::Secrets, _) => "secrets",
            (Self::Repositories, 1) => "repository",
            (Self::Repositories, _) => "repositories",
            (Self::Registries, 1) => "registry",
            (Self::Registries, _) => "registries",
        };
        format!("{number} {noun}")
    }

    /// Returns the header of the column with what a row is about.
    pub(super) fn column(self) -> &'static str {
        match self {
            Self::Secrets | Self::Registries => "NAME",
            Self::Repositories => "REPOSITORY",
        }
    }

    /// Returns how wide the column with the results is on a terminal.
    pub(super) fn columns(self) -> usize {
        match self {
            Self::Secrets | Self::Registries => 10,
            Self::Repositories => 13,
        }
    }

    pub(super) fn error_of_place(self) -> &'static str {
        match self {
            Self::Secrets => ERROR_OF_PLACE,
            Self::Repositories | Self::Registries => ERROR_OF_OTHERS,
        }
    }

    /// Returns the place as a row has it. An organization's registries are in none of its stores.
    /// An environment that GitHub does not know may have a value for its name.
    pub(crate) fn place(self, place: &Place, is_known: bool) -> String {
        match (self, place.login()) {
            (Self::Registries, Some(login)) => format!("orgs/{login}/private-registries"),
            _ if is_known => place.to_string(),
            _ => format!("{place:#}"),
        }
    }
}
