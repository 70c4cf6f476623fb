//! Secrets that hide others of the same name.

use std::collections::{BTreeMap, HashMap, HashSet};

use github_secrets::{OwnerKind, Place, Secret, Store, VisibilityKind};

use super::census::Held;

/// A secret, with what it hides.
pub(super) struct Finding {
    pub(super) place: Place,
    pub(super) secret: Secret,
    /// The names of the repositories that are selected, if they are and if they could be read.
    pub(super) repositories: Option<Vec<String>>,
    /// The nearest first.
    pub(super) hides: Vec<Place>,
    pub(super) hidden_by: Vec<Place>,
}

/// A secret of an organization, as far as it says who can use it.
struct Shared {
    visibility: Option<VisibilityKind>,
    /// The ids of the selected repositories, if they are known.
    selected: Option<HashSet<u64>>,
}

type Key = (Place, String);

/// Compares the secrets with each other: one of an environment hides one of its repository, and
/// both hide one of the organization.
pub(super) fn compare(held: Held) -> Vec<Finding> {
    let mut selections: HashMap<Key, _> = HashMap::new();
    for (place, name, repositories) in held.selections {
        selections.insert(key(&place, &name), repositories);
    }
    let repositories: HashMap<String, _> = held
        .repositories
        .iter()
        .map(|it| (it.name.to_ascii_lowercase(), it))
        .collect();
    let mut shared: HashMap<Key, Shared> = HashMap::new();
    let mut of_repositories: HashSet<Key> = HashSet::new();
    for (place, secret) in &held.secrets {
        let key = key(place, &secret.name);
        match place.kind() {
            OwnerKind::Organization => {
                let selected = selections
                    .get(&key)
                    .map(|all| all.iter().map(|it| it.id).collect());
                let visibility = secret.visibility.clone();
                shared.insert(
                    key,
                    Shared {
                        visibility,
                        selected,
                    },
                );
            }
            OwnerKind::Repository => {
                of_repositories.insert(key);
            }
            _ => {}
        }
    }
    let of_repository = |place: &Place, name: &str| -> Option<Place> {
        if place.kind() != OwnerKind::Environment {
            return None;
        }
        let repository = Place::repository(place.full_name()?, Store::Actions).ok()?;
        let is_hidden = of_repositories.contains(&key(&repository, name));
        is_hidden.then_some(repository)
    };
    let of_organization = |place: &Place, name: &str| -> Option<Place> {
        let full_name = place.full_name()?;
        let organization = Place::organization(place.login()?, place.store()).ok()?;
        let shared = shared.get(&key(&organization, name))?;
        let (_, name) = full_name.split_once('/')?;
        let repository = repositories.get(&name.to_ascii_lowercase());
        let reaches = repository.is_none_or(|it| shared.reaches(it.id, it.private));
        reaches.then_some(organization)
    };
    let mut hidden: BTreeMap<Place, HashMap<String, Vec<Place>>> = BTreeMap::new();
    let hides: Vec<Vec<Place>> = held
        .secrets
        .iter()
        .map(|(place, secret)| {
            let repository = of_repository(place, &secret.name);
            let organization = of_organization(place, &secret.name);
            let hides: Vec<Place> = repository.into_iter().chain(organization).collect();
            for one in &hides {
                let names = hidden.entry(one.clone()).or_default();
                let by = names.entry(secret.name.to_ascii_uppercase()).or_default();
                by.push(place.clone());
            }
            hides
        })
        .collect();
    let secrets = held.secrets.into_iter().zip(hides);
    let findings = secrets.map(|((place, secret), hides)| {
        let names = hidden.get_mut(&place);
        let hidden_by = names.and_then(|names| names.remove(&secret.name.to_ascii_uppercase()));
        let selection = selections.remove(&key(&place, &secret.name));
        let names = selection.map(|all| all.into_iter().map(|it| it.name).collect());
        Finding {
            repositories: names,
            hides,
            hidden_by: hidden_by.unwrap_or_default(),
            place,
            secret,
        }
    });
    findings.collect()
}

fn key(place: &Place, name: &str) -> Key {
    (place.clone(), name.to_ascii_uppercase())
}

impl Shared {
    /// Returns whether a repository can use the secret, or may be able to.
    fn reaches(&self, id: u64, is_private: Option<bool>) -> bool {
        match &self.visibility {
            Some(VisibilityKind::Private) => is_private != Some(false),
            Some(VisibilityKind::Selected) => {
                self.selected.as_ref().is_none_or(|ids| ids.contains(&id))
            }
            _ => true,
        }
    }
}
