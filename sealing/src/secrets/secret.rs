//! The metadata of a secret, and how it is read.

use std::sync::Arc;

use github_secrets_client::types::{Secret as FoundSecret, SecretPage};

use super::store::SecretStore;
use crate::{
    Action, Error, ResponseProblem, SecretName, Timestamp, VisibilityKind,
    error::present,
    http::{Call, Entry, List, PER_PAGE, Page},
};

/// The metadata of a secret. GitHub does not return values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Secret {
    /// The name, as GitHub spells it.
    pub name: String,
    /// The repositories that can use it; `None` for the secrets of repositories and environments.
    pub visibility: Option<VisibilityKind>,
    /// The time of creation.
    pub created_at: Timestamp,
    /// The time of the last change. A change of access alone counts as well, so this does not prove
    /// that the value is new
    /// ([terraform-provider-github#1924](https://github.com/integrations/terraform-provider-github/pull/1924)).
    pub updated_at: Timestamp,
}

impl SecretStore {
    pub(crate) fn list(&self) -> List<SecretPage, Secret> {
        let first = self.requests().list(None, Some(PER_PAGE.into()));
        let target = self.target(Action::List, None);
        List::new(target, first, read_page)
    }

    /// Reads the metadata of a secret; `None` if there is no such secret.
    pub(crate) async fn find(
        &self,
        call: &Arc<Call>,
        name: &SecretName,
    ) -> Result<Option<Secret>, Error> {
        let Some(found) = present(self.look_up(call, name).await)? else {
            return Ok(None);
        };
        let (head, secret) = (found.answered.head(), Secret::new(found.value));
        let target = self.target(Action::Find, Some(name));
        let problem = |what| Error::unexpected(&target, head, ResponseProblem::Contradiction(what));
        secret.map(Some).map_err(problem)
    }
}

pub(super) fn read_page(page: SecretPage) -> Page<Secret> {
    let secrets = page.secrets.into_iter();
    Page {
        total: Some(page.total_count),
        entries: secrets.map(Secret::new).collect(),
    }
}

impl Secret {
    fn new(secret: FoundSecret) -> Result<Self, &'static str> {
        let time = |text: &str| text.parse().map_err(|_| "a secret has an invalid time");
        Ok(Self {
            visibility: secret.visibility.map(VisibilityKind::new),
            created_at: time(&secret.created_at)?,
            updated_at: time(&secret.updated_at)?,
            name: secret.name,
        })
    }
}

impl Entry for Secret {
    fn key(&self) -> String {
        self.name.clone()
    }
}
