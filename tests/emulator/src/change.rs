//! Changes by somebody else: what a test does to GitHub behind a client's back.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    json::{placed_secret, repository_description, words},
    place::Place,
    repository::Repository,
    rules::{Rules, Sharing},
    secret::{StoredSecret, Visibility},
    world::World,
};

/// A change that somebody else makes to what the emulator holds.
///
/// [`Emulator::change`](crate::Emulator::change) makes it at once, and
/// [`Fault::changes`](crate::Fault::changes) before or after a certain request. It needs no token
/// and no sealed value, and what GitHub's rules refuse to clients is possible: to archive a
/// repository, say, or to store more secrets than the limit.
///
/// ```
/// use github_secrets_emulator::{Change, Fault, Matcher, Place, Store, StoredSecret};
///
/// // Between the first and the second page of a list, one secret goes and another comes.
/// let place = Place::organization("acme", Store::Actions);
/// let replaced = Fault::changes([
///     Change::delete_secret(place.clone(), "FORMER"),
///     Change::set_secret(place, StoredSecret::new("NEW", "value")),
/// ]);
/// let fault = replaced.on(Matcher::operation("actions/list-org-secrets")).after(1);
/// ```
#[derive(Clone, Debug)]
pub struct Change(pub(crate) Action);

/// Its form in JSON is that of the emulator's own endpoints.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Action {
    SetSecret(#[serde(with = "placed_secret")] (Place, StoredSecret)),
    DeleteSecret {
        #[serde(with = "words::place")]
        place: Place,
        name: String,
    },
    SetAccess {
        #[serde(with = "words::place")]
        place: Place,
        name: String,
        #[serde(with = "words::visibility")]
        visibility: Visibility,
        #[serde(
            rename = "selected_repository_ids",
            default,
            skip_serializing_if = "BTreeSet::is_empty"
        )]
        selected: BTreeSet<u64>,
    },
    RotateKey {
        #[serde(with = "words::place")]
        place: Place,
    },
    CreateRepository {
        organization: String,
        #[serde(with = "repository_description")]
        repository: Repository,
    },
    RenameRepository {
        repository: String,
        name: String,
    },
    TransferRepository {
        repository: String,
        organization: String,
    },
    ArchiveRepository {
        repository: String,
    },
    DeleteRepository {
        repository: String,
    },
    CreateEnvironment {
        repository: String,
        name: String,
    },
    DeleteEnvironment {
        repository: String,
        name: String,
    },
}

/// A repository is named with its owner everywhere: `acme/website`.
impl Change {
    /// Creates a secret, or replaces its value and its access.
    pub fn set_secret(place: Place, secret: StoredSecret) -> Self {
        Self(Action::SetSecret((place, secret)))
    }

    /// Deletes a secret.
    pub fn delete_secret(place: Place, name: impl Into<String>) -> Self {
        let name = name.into();
        Self(Action::DeleteSecret { place, name })
    }

    /// Changes who can use a secret of an organization or a user, and leaves its value as it is.
    pub fn set_access(
        place: Place,
        name: impl Into<String>,
        visibility: Visibility,
        selected_repository_ids: impl IntoIterator<Item = u64>,
    ) -> Self {
        Self(Action::SetAccess {
            place,
            name: name.into(),
            visibility,
            selected: selected_repository_ids.into_iter().collect(),
        })
    }

    /// Replaces the key pair of a place.
    pub fn rotate_key(place: Place) -> Self {
        Self(Action::RotateKey { place })
    }

    /// Creates a repository. It can have a name that another repository had before.
    pub fn create_repository(organization: impl Into<String>, repository: Repository) -> Self {
        Self(Action::CreateRepository {
            organization: organization.into(),
            repository,
        })
    }

    /// Renames a repository. Its former name redirects to it until another repository takes the
    /// name.
    pub fn rename_repository(repository: impl Into<String>, name: impl Into<String>) -> Self {
        Self(Action::RenameRepository {
            repository: repository.into(),
            name: name.into(),
        })
    }

    /// Transfers a repository to another organization of the emulator, with its secrets. The
    /// secrets of its former organization are no longer shared with it.
    pub fn transfer_repository(
        repository: impl Into<String>,
        organization: impl Into<String>,
    ) -> Self {
        Self(Action::TransferRepository {
            repository: repository.into(),
            organization: organization.into(),
        })
    }

    /// Archives a repository.
    pub fn archive_repository(repository: impl Into<String>) -> Self {
        let repository = repository.into();
        Self(Action::ArchiveRepository { repository })
    }

    /// Deletes a repository, its environments and the secrets of both.
    pub fn delete_repository(repository: impl Into<String>) -> Self {
        let repository = repository.into();
        Self(Action::DeleteRepository { repository })
    }

    /// Creates an environment of a repository, by its name before percent-encoding.
    pub fn create_environment(repository: impl Into<String>, name: impl Into<String>) -> Self {
        Self(Action::CreateEnvironment {
            repository: repository.into(),
            name: name.into(),
        })
    }

    /// Deletes an environment of a repository, and its secrets.
    pub fn delete_environment(repository: impl Into<String>, name: impl Into<String>) -> Self {
        Self(Action::DeleteEnvironment {
            repository: repository.into(),
            name: name.into(),
        })
    }

    /// Makes the change.
    pub(crate) fn apply(self, world: &mut World) -> Result<(), Error> {
        match self.0 {
            Action::SetSecret((place, secret)) => set_secret(world, place, secret),
            Action::DeleteSecret { place, name } => delete_secret(world, place, name),
            Action::SetAccess {
                place,
                name,
                visibility,
                selected,
            } => set_access(world, place, name, visibility, selected),
            Action::RotateKey { place } => {
                let (place, _) = existing(world, place)?;
                world.vault_mut(&place).rotate_key();
                Ok(())
            }
            Action::CreateRepository {
                organization,
                repository,
            } => create_repository(world, &organization, repository),
            Action::RenameRepository { repository, name } => {
                world.rename_repository(&repository, &name)
            }
            Action::TransferRepository {
                repository,
                organization,
            } => world.transfer_repository(&repository, &organization),
            Action::ArchiveRepository { repository } => {
                world.repository_mut(&repository)?.archived = true;
                Ok(())
            }
            Action::DeleteRepository { repository } => world.delete_repository(&repository),
            Action::CreateEnvironment { repository, name } => {
                world.repository_mut(&repository)?.add_environment(name);
                Ok(())
            }
            Action::DeleteEnvironment { repository, name } => {
                delete_environment(world, &repository, &name)
            }
        }
    }

    /// Returns about how many bytes it takes besides its own size.
    pub(crate) fn heap_size(&self) -> usize {
        match &self.0 {
            Action::SetSecret((_, secret)) => secret.size(),
            Action::SetAccess { selected, .. } => selected.len() * size_of::<u64>(),
            Action::CreateRepository { repository, .. } => repository.size(),
            _ => 0,
        }
    }
}

/// Creates or replaces a secret, as if its value had been sealed to the present key.
pub(crate) fn set_secret(
    world: &mut World,
    place: Place,
    mut secret: StoredSecret,
) -> Result<(), Error> {
    let (place, sharing) = existing(world, place)?;
    let access = (secret.visibility, &secret.selected);
    secret.visibility = visibility(world, &place, &secret.name, sharing, access)?;
    (secret.created_at, secret.updated_at) = (world.now(), world.now());
    let vault = world.vault_mut(&place);
    if let Some(former) = vault.secret(&secret.name) {
        secret.created_at = former.created_at;
    }
    vault.insert(secret);
    Ok(())
}

fn delete_secret(world: &mut World, place: Place, name: String) -> Result<(), Error> {
    let (place, _) = existing(world, place)?;
    let secrets = &mut world.vault_mut(&place).secrets;
    match secrets.remove(&name.to_ascii_uppercase()) {
        Some(_) => Ok(()),
        None => Err(Error::UnknownSecret { place, name }),
    }
}

fn set_access(
    world: &mut World,
    place: Place,
    name: String,
    asked: Visibility,
    selected: BTreeSet<u64>,
) -> Result<(), Error> {
    let (place, sharing) = existing(world, place)?;
    let visibility = visibility(world, &place, &name, sharing, (Some(asked), &selected))?;
    let now = world.now();
    let Some(secret) = world.vault_mut(&place).secret_mut(&name) else {
        return Err(Error::UnknownSecret { place, name });
    };
    (secret.visibility, secret.selected) = (visibility, selected);
    secret.updated_at = now;
    Ok(())
}

fn create_repository(
    world: &mut World,
    organization: &str,
    mut repository: Repository,
) -> Result<(), Error> {
    let secrets = repository.take_secrets(organization);
    world.add_repository(organization, repository)?;
    for (place, secret) in secrets {
        set_secret(world, place, secret)?;
    }
    Ok(())
}

fn delete_environment(world: &mut World, repository: &str, name: &str) -> Result<(), Error> {
    let (place, _) = existing(world, Place::environment(repository, name))?;
    world.repository_mut(repository)?.remove_environment(name);
    world.remove_vault(&place);
    Ok(())
}

/// Returns the place as the emulator spells it, and what its secrets can be shared with.
fn existing(world: &World, place: Place) -> Result<(Place, Sharing), Error> {
    let rules = Rules::of(place.level(), place.store());
    match world.existing(&place).zip(rules) {
        Some((place, rules)) => Ok((place, rules.sharing)),
        None => Err(Error::UnknownPlace { place }),
    }
}

/// Returns the visibility that a secret gets for this access.
fn visibility(
    world: &World,
    place: &Place,
    name: &str,
    sharing: Sharing,
    (asked, selected): (Option<Visibility>, &BTreeSet<u64>),
) -> Result<Option<Visibility>, Error> {
    let invalid = |reason| {
        Err(Error::InvalidSecret {
            place: place.clone(),
            name: name.to_owned(),
            reason,
        })
    };
    let visibility = match (sharing, asked) {
        (Sharing::None, None) => None,
        (Sharing::None, Some(_)) => return invalid("only its own place can use it"),
        (Sharing::Visibility, asked) => Some(asked.unwrap_or(Visibility::All)),
        (Sharing::Repositories, None | Some(Visibility::Selected)) => Some(Visibility::Selected),
        (Sharing::Repositories, Some(_)) => {
            return invalid("only selected repositories can use it");
        }
    };
    if visibility != Some(Visibility::Selected) && !selected.is_empty() {
        return invalid("repositories are selected, but its visibility is another");
    }
    if !selected.iter().all(|id| world.is_selectable(place, *id)) {
        return invalid("a selected repository does not exist");
    }
    Ok(visibility)
}
