//! Changing a value without its access, and access without the value.

use std::{error::Error as StdError, fmt};

use super::{exchange::unexpected, resolve::Selection};
use crate::{
    AnswerProblem, CodespacesSecrets, Error, Operation, SecretName, SecretValue, Stored,
    Visibility, VisibilityKind,
};

impl CodespacesSecrets {
    /// Gives an existing secret a new value and leaves who can use it as it is.
    ///
    /// GitHub takes a value only together with the visibility and the whole list of selected
    /// repositories, so this reads them, and writes them back with the value. They are read again
    /// right before the write, and again after it: a change by somebody else is reported as
    /// [`Error::AccessChanged`] and not overwritten. GitHub has no conditional write, so a change
    /// that falls between the second reading and the write, a round trip later, cannot be seen; of
    /// more than 100 selected repositories each page is a reading of its own.
    ///
    /// ```no_run
    /// # async fn example(secrets: github_secrets::CodespacesSecrets) -> Result<(), github_secrets::Error> {
    /// secrets.rotate("DB_PASSWORD", "better horse").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is no such secret: nothing is created. After
    /// [`Error::Unverified`] the new value is stored, and [`Error::AccessChanged`] says whether it
    /// is. Otherwise as for [`set`](Self::set).
    pub async fn rotate<N>(&self, name: N, value: impl Into<SecretValue>) -> Result<(), Error>
    where
        N: TryInto<SecretName>,
        Error: From<N::Error>,
    {
        // The value comes first, so that it is wiped when the name is refused.
        let (value, name) = (value.into(), name.try_into()?);
        value.check()?;
        let before = self.access(&name).await?;
        // The key is fetched before the second reading, to keep that one close to the write.
        self.key().await?;
        let again = present(self.access(&name).await)?;
        if again.as_ref() != Some(&before) {
            return Err(changed(name, false, before, again));
        }
        let stored = self.store(&name, &value, &before.selection()).await?;
        let after = self.look_again(&name, true).await?;
        // A secret that was deleted meanwhile was created anew, perhaps by somebody else's leave.
        match after.as_ref() == Some(&before) && stored != Stored::Created {
            true => Ok(()),
            false => Err(changed(name, true, before, after)),
        }
    }

    /// Changes who can use an existing secret and leaves its value as it is.
    ///
    /// From one selection of repositories to another it replaces the selection. Otherwise it sends
    /// the update without a value that GitHub's description allows; GitHub does not document its
    /// effect, so the secret is read back, and it is an error when access is not what was asked for.
    ///
    /// ```no_run
    /// # async fn example(secrets: github_secrets::CodespacesSecrets) -> Result<(), github_secrets::Error> {
    /// use github_secrets::Visibility;
    ///
    /// secrets.set_access("DB_PASSWORD", Visibility::selected(["website", "api"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is no such secret, [`Error::Refused`] where GitHub wants the
    /// value as well and [`Error::AccessNotChanged`] where it takes the change and does not make it
    /// (then [`set`](Self::set) both), [`Error::AccessChanged`] where access is not what was written,
    /// [`Error::Unverified`] where it cannot be read back, [`Error::Repository`], and the errors of
    /// any call.
    pub async fn set_access<N>(&self, name: N, visibility: Visibility) -> Result<(), Error>
    where
        N: TryInto<SecretName>,
        Error: From<N::Error>,
    {
        let name = name.try_into()?;
        let wanted = self.resolve(&visibility).await?;
        let before = self.access(&name).await?;
        let created = match &wanted {
            Selection::Selected(ids) if before.visibility == VisibilityKind::Selected => {
                self.put_repositories(&name, ids).await?;
                false
            }
            _ => {
                let ended = self.put(&name, None, &wanted).await?;
                ended.result?.answer.status() == 201
            }
        };
        let expected = Access::from(&wanted);
        let after = self.look_again(&name, false).await?;
        match &after {
            Some(after) if *after == expected && !created => Ok(()),
            Some(after) if *after == before => Err(Error::AccessNotChanged(name)),
            _ => Err(changed(name, false, expected, after)),
        }
    }

    /// Who can use the secret now.
    async fn access(&self, name: &SecretName) -> Result<Access, Error> {
        let found = self.look_up(name).await?;
        let visibility = VisibilityKind::from(found.value.visibility);
        let mut selected_repository_ids = Vec::new();
        match visibility {
            VisibilityKind::All | VisibilityKind::Private => {}
            VisibilityKind::Selected => {
                let mut selected = self.repositories(name)?.list();
                while let Some(repository) = selected.next().await.transpose()? {
                    selected_repository_ids.push(repository.id);
                }
                // An id that came twice stays: the list changed while it was read.
                selected_repository_ids.sort_unstable();
            }
            VisibilityKind::Other(_) => {
                let target = self.target(Operation::Find, Some(name))?;
                let problem = "this version of the library does not know the secret's visibility";
                let problem = AnswerProblem::Contradiction(problem);
                return Err(unexpected(&target, found.answer, problem));
            }
        }
        Ok(Access {
            visibility,
            selected_repository_ids,
        })
    }

    /// Who can use the secret after a change that was made.
    async fn look_again(
        &self,
        name: &SecretName,
        value_stored: bool,
    ) -> Result<Option<Access>, Error> {
        present(self.access(name).await).map_err(|source| {
            let name = name.clone();
            Error::Unverified(Box::new(Unverified {
                name,
                value_stored,
                source,
            }))
        })
    }
}

/// An absent secret as `None`.
fn present<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound(refusal)) if !refusal.names_a_lack() => Ok(None),
        Err(error) => Err(error),
    }
}

fn changed(name: SecretName, value_stored: bool, expected: Access, found: Option<Access>) -> Error {
    Error::AccessChanged(Box::new(AccessChanged {
        name,
        value_stored,
        expected,
        found,
    }))
}

/// Who can use a secret, as GitHub tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// Which repositories can use it.
    pub visibility: VisibilityKind,
    /// The ids of the selected repositories, sorted; empty where the visibility is another.
    pub selected_repository_ids: Vec<u64>,
}

impl Access {
    /// The same as it would be written.
    fn selection(&self) -> Selection {
        match self.visibility {
            VisibilityKind::All => Selection::All,
            VisibilityKind::Private => Selection::Private,
            _ => {
                let ids = self.selected_repository_ids.iter();
                let mut ids: Vec<_> = ids.map(|id| id.cast_signed()).collect();
                ids.dedup();
                Selection::Selected(ids)
            }
        }
    }

    /// The ids that are not in `other`.
    fn without<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = u64> + 'a {
        let ids = self.selected_repository_ids.iter().copied();
        ids.filter(|id| other.selected_repository_ids.binary_search(id).is_err())
    }
}

impl From<&Selection> for Access {
    fn from(selection: &Selection) -> Self {
        let (visibility, ids) = match selection {
            Selection::All => (VisibilityKind::All, &[][..]),
            Selection::Private => (VisibilityKind::Private, &[][..]),
            Selection::Selected(ids) => (VisibilityKind::Selected, ids.as_slice()),
        };
        let selected_repository_ids = ids.iter().map(|id| id.cast_unsigned()).collect();
        Self {
            visibility,
            selected_repository_ids,
        }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.visibility, self.selected_repository_ids.len()) {
            (VisibilityKind::Selected, 1) => f.write_str("selected with 1 repository"),
            (VisibilityKind::Selected, count) => write!(f, "selected with {count} repositories"),
            (visibility, _) => visibility.fmt(f),
        }
    }
}

/// Who can use a secret is not what was read or written a moment before.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AccessChanged {
    /// The secret.
    pub name: SecretName,
    /// Whether a new value is stored.
    pub value_stored: bool,
    /// What was read first, or what was written.
    pub expected: Access,
    /// What it is now; `None` where the secret is gone.
    pub found: Option<Access>,
}

impl fmt::Display for AccessChanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            value_stored,
            expected,
            found,
        } = self;
        write!(
            f,
            "who can use the secret {name} is not what it should be: expected {expected}, "
        )?;
        match found {
            Some(found) if found == expected => f.write_str("and it was created anew")?,
            Some(found) => {
                write!(f, "found {found}")?;
                differ(f, "without", expected.without(found).collect())?;
                differ(f, "also with", found.without(expected).collect())?;
            }
            None => f.write_str("found no secret")?,
        }
        f.write_str("; somebody else changed it at the same time, ")?;
        f.write_str(match value_stored {
            true => "and the new value is stored: check who can use it",
            false => "and no new value is stored: check who can use it, and do it again",
        })
    }
}

impl StdError for AccessChanged {}

fn differ(f: &mut fmt::Formatter<'_>, word: &str, ids: Vec<u64>) -> fmt::Result {
    match ids.as_slice() {
        [] => Ok(()),
        [id] => write!(f, ", {word} {id}"),
        [id, more @ ..] => write!(f, ", {word} {id} and {} more", more.len()),
    }
}

/// A change that was made, and could not be looked at afterwards: the source says why.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unverified {
    /// The secret.
    pub name: SecretName,
    /// Whether a new value is stored; otherwise who can use the secret was changed.
    pub value_stored: bool,
    /// Why it could not be looked at.
    pub source: Error,
}

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name, value_stored, ..
        } = self;
        let change = match value_stored {
            true => "the new value is stored",
            false => "the change of who can use it was sent",
        };
        write!(
            f,
            "{change} for the secret {name}, but who can use it could not be checked"
        )
    }
}

impl StdError for Unverified {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}
