//! All that the emulator holds.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use crate::answer::Refusal;
use crate::fault::Fault;
use crate::keys::KeyPair;
use crate::limits::Meter;
use crate::operation::OrganizationPath;
use crate::organization::{Organization, Repository};
use crate::recorded::RecordedRequest;
use crate::secret::StoredSecret;
use crate::token::Token;

const KEPT_REQUESTS: usize = 100_000;

pub(crate) struct World {
    pub(crate) organizations: Vec<OrganizationState>,
    /// Empty: every token is accepted.
    pub(crate) tokens: Vec<Token>,
    pub(crate) revoked: HashSet<String>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) meter: Meter,
    pub(crate) requests: VecDeque<RecordedRequest>,
}

pub(crate) struct OrganizationState {
    pub(crate) id: u64,
    pub(crate) settings: Organization,
    pub(crate) keys: KeyPair,
    pub(crate) secrets: BTreeMap<String, StoredSecret>,
}

impl World {
    /// Keeps a request; of many, the last.
    pub(crate) fn record(&mut self, request: RecordedRequest) {
        if self.requests.len() == KEPT_REQUESTS {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn token(&self, secret: &str) -> Option<Token> {
        if self.revoked.contains(secret) {
            return None;
        }
        if self.tokens.is_empty() {
            return Some(Token::unrestricted(secret));
        }
        self.tokens
            .iter()
            .find(|token| token.secret == secret)
            .cloned()
    }

    pub(crate) fn organization(&self, login: &str) -> Option<&OrganizationState> {
        self.organizations.iter().find(|it| it.is(login))
    }

    pub(crate) fn organization_mut(&mut self, login: &str) -> Option<&mut OrganizationState> {
        self.organizations.iter_mut().find(|it| it.is(login))
    }

    pub(crate) fn organization_at(
        &mut self,
        path: &OrganizationPath,
    ) -> Option<&mut OrganizationState> {
        self.organizations.iter_mut().find(|it| match path {
            OrganizationPath::Login(login) => it.is(login),
            OrganizationPath::LoginOrId(name) => it.is(name) || name.parse() == Ok(it.id),
        })
    }
}

impl OrganizationState {
    pub(crate) fn new(id: u64, mut settings: Organization) -> Self {
        let keys = KeyPair::generate();
        let sealed = |secret| StoredSecret {
            key_id: keys.id().to_owned(),
            ..secret
        };
        let secrets = settings.secrets.drain(..).map(sealed);
        let secrets = secrets
            .map(|secret| (secret.name.clone(), secret))
            .collect();
        Self {
            id,
            settings,
            keys,
            secrets,
        }
    }

    pub(crate) fn rotate_key(&mut self) {
        self.keys = KeyPair::generate();
    }

    /// The ids, if each of them is a repository of this organization.
    pub(crate) fn known_repositories(&self, ids: &BTreeSet<Option<u64>>) -> Option<BTreeSet<u64>> {
        ids.iter()
            .map(|id| self.repository((*id)?).map(|repository| repository.id))
            .collect()
    }

    pub(crate) fn repository(&self, id: u64) -> Option<&Repository> {
        self.settings
            .repositories
            .iter()
            .find(|repository| repository.id == id)
    }

    /// A secret by its name in any case.
    pub(crate) fn secret(&self, name: &str) -> Result<&StoredSecret, Refusal> {
        self.secrets
            .get(&name.to_ascii_uppercase())
            .ok_or_else(Refusal::not_found)
    }

    pub(crate) fn secret_mut(&mut self, name: &str) -> Result<&mut StoredSecret, Refusal> {
        self.secrets
            .get_mut(&name.to_ascii_uppercase())
            .ok_or_else(Refusal::not_found)
    }

    fn is(&self, login: &str) -> bool {
        self.settings.login.eq_ignore_ascii_case(login)
    }
}
