//! Changing a value without its access, and access without the value.

use std::{error::Error as StdError, fmt};

use super::{
    answer::Answer,
    exchange::{Answered, unexpected},
    resolve::Selection,
};
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
    /// that falls within the one round trip between the second reading and the write cannot be
    /// seen.
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
    /// [`Error::NotFound`] where there is no such secret: nothing is created.
    /// [`Error::AccessChanged`] says whether the new value is stored. Otherwise as for
    /// [`set`](Self::set).
    pub async fn rotate<N>(&self, name: N, value: impl Into<SecretValue>) -> Result<(), Error>
    where
        N: TryInto<SecretName>,
        Error: From<N::Error>,
    {
        // The value comes first, so that it is wiped when the name is refused.
        let (value, name) = (value.into(), name.try_into()?);
        value.check()?;
        let (before, selection) = self.access(&name).await?;
        // The key is fetched before the second reading, to keep that one close to the write.
        self.key().await?;
        let again = present(self.access(&name).await)?;
        if again.as_ref().map(|(access, _)| access) != Some(&before) {
            return Err(changed(name, false, before, again));
        }
        // A secret that was deleted meanwhile is created by the write: the read-back cannot tell.
        let stored = self.store(&name, &value, &selection).await?;
        let after = present(self.access(&name).await)?;
        let kept = after.as_ref().is_some_and(|(access, _)| *access == before);
        match kept && stored != Stored::Created {
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
    /// value as well (then [`set`](Self::set) both), [`Error::AccessChanged`] where access is not
    /// what was written, [`Error::Repository`], and the errors of any call.
    pub async fn set_access<N>(&self, name: N, visibility: Visibility) -> Result<(), Error>
    where
        N: TryInto<SecretName>,
        Error: From<N::Error>,
    {
        let name = name.try_into()?;
        let wanted = self.resolve(&visibility).await?;
        let found = self.look_up(&name).await?;
        let now = VisibilityKind::from(found.value.visibility);
        let created = match &wanted {
            Selection::Selected(ids) if now == VisibilityKind::Selected => {
                self.put_repositories(&name, ids).await?;
                false
            }
            _ => {
                let ended = self.put(&name, None, &wanted).await?;
                ended.result?.answer.status() == 201
            }
        };
        let expected = Access::from(&wanted);
        let after = present(self.access(&name).await)?;
        let found = after.as_ref().map(|(access, _)| access);
        match found == Some(&expected) && !created {
            true => Ok(()),
            false => Err(changed(name, false, expected, after)),
        }
    }

    /// Who can use the secret now, as it is told and as it would be written.
    async fn access(&self, name: &SecretName) -> Result<(Access, Selection), Error> {
        let found = self.look_up(name).await?;
        let selection = match VisibilityKind::from(found.value.visibility.clone()) {
            VisibilityKind::All => Selection::All,
            VisibilityKind::Private => Selection::Private,
            VisibilityKind::Selected => {
                let selected = self.repositories(name)?.list().all().await?;
                let mut ids = selected
                    .iter()
                    .map(|found| found.id.cast_signed())
                    .collect::<Vec<_>>();
                ids.sort_unstable();
                ids.dedup();
                Selection::Selected(ids)
            }
            VisibilityKind::Other(_) => {
                let Answered { answer, .. } = found;
                return Err(self.unknown_visibility(name, answer)?);
            }
        };
        Ok((Access::from(&selection), selection))
    }

    fn unknown_visibility(&self, name: &SecretName, answer: Answer) -> Result<Error, Error> {
        let target = self.target(Operation::Find, Some(name))?;
        let problem = "the secret has a visibility that this version of the library does not know";
        Ok(unexpected(
            &target,
            answer,
            AnswerProblem::Contradiction(problem),
        ))
    }
}

/// An absent secret as `None`.
fn present<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn changed(
    name: SecretName,
    value_stored: bool,
    expected: Access,
    found: Option<(Access, Selection)>,
) -> Error {
    let found = found.map(|(access, _)| access);
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
            Some(found) => write!(f, "found {found}")?,
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
