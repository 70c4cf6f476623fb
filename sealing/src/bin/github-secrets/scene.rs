use github_secrets::SecretName;

use crate::{access::AccessOptions, place::Place};

/// What a command expects to find on GitHub, so that an emulator can have it.
#[derive(Default)]
pub(crate) struct Scene<'a> {
    pub(crate) place: Option<&'a Place>,
    /// Repositories that a secret is selected for.
    pub(crate) repositories: Vec<&'a str>,
    /// Secrets that are there already.
    pub(crate) secrets: Vec<&'a str>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(place: &'a Place) -> Self {
        Self {
            place: Some(place),
            ..Self::default()
        }
    }

    pub(crate) fn with_repositories(self, access: &'a AccessOptions) -> Self {
        let repositories = access.repository_names().collect();
        Self {
            repositories,
            ..self
        }
    }

    pub(crate) fn with_secrets(self, names: impl IntoIterator<Item = &'a SecretName>) -> Self {
        let secrets = names.into_iter().map(SecretName::as_str).collect();
        Self { secrets, ..self }
    }

    /// Adds secrets for a command that names none.
    pub(crate) fn with_examples(self) -> Self {
        let secrets = vec!["API_KEY", "DB_PASSWORD"];
        Self { secrets, ..self }
    }
}
