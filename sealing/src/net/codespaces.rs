use std::{fmt, sync::Arc};

use github_secrets_client::{Client, types::CodespacesOrgSecret};

use super::{
    call::Core,
    exchange::Answered,
    operation::Target,
    owner::Owner,
    pages::{PER_PAGE, pages},
};
use crate::{
    Error, Operation, OwnerError, Pages, PublicKey, SecretName, SecretRepositories, SecretValue,
    Visibility, VisibilityKind,
};

/// The Codespaces secrets of one organization.
///
/// GitHub calls the endpoints behind this a preview
/// ([documentation](https://docs.github.com/en/rest/codespaces/organization-secrets)).
#[derive(Clone)]
pub struct CodespacesSecrets {
    pub(crate) core: Arc<Core>,
    owner: Result<Owner, OwnerError>,
}

/// What became of a secret that was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stored {
    /// There was no secret of that name, and now there is.
    Created,
    /// The secret has a new value.
    Updated,
    /// The value is stored, and it cannot be told whether the secret is new: the answer to a first
    /// attempt was lost, and the second found the secret there.
    CreatedOrUpdated,
}

/// What GitHub tells of a secret: all but its value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Secret {
    /// The name, as GitHub spells it.
    pub name: String,
    /// Which repositories can use it.
    pub visibility: VisibilityKind,
    /// When it was created, as GitHub writes it: `2019-08-10T14:59:22Z`.
    pub created_at: String,
    /// When it was last changed, as GitHub writes it.
    pub updated_at: String,
}

impl CodespacesSecrets {
    pub(crate) fn new(core: Arc<Core>, owner: Result<Owner, OwnerError>) -> Self {
        Self { core, owner }
    }

    /// The public key that GitHub wants values sealed to now, fetched anew.
    ///
    /// [`set`](Self::set) and its like fetch the key by themselves.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] for a key that nothing must be sealed to, [`Error::NotFound`] where the
    /// organization, its plan or the token does not allow it, and the errors of any call.
    pub async fn public_key(&self) -> Result<PublicKey, Error> {
        let key = self.fetch_key().await?;
        self.core.keys.keep(&self.key_scope()?, key.clone()).await;
        Ok(key)
    }

    /// Stores a value under a name, and says whether the secret is new.
    ///
    /// Fetches the public key (or takes the one fetched in the last minutes), seals the value and
    /// sends it. **It replaces who can use the secret as well**: an existing secret gets exactly
    /// this visibility and these repositories. To change the value alone use
    /// [`rotate`](Self::rotate), to change access alone [`set_access`](Self::set_access).
    ///
    /// When GitHub says that the value is sealed to another key than its own, the key is fetched
    /// once more and the value sealed and sent once more. Attempts whose answer was lost are
    /// repeated, which can turn "created" into "updated" on the way: then GitHub is asked when the
    /// secret was created, and where that does not settle it the result is
    /// [`Stored::CreatedOrUpdated`].
    ///
    /// ```no_run
    /// # async fn example(secrets: github_secrets::CodespacesSecrets) -> Result<(), github_secrets::Error> {
    /// use github_secrets::Visibility;
    ///
    /// secrets.set("DB_PASSWORD", "correct horse", Visibility::selected([1296269])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Before anything is sent: [`Error::Name`], [`Error::Value`], [`Error::Owner`],
    /// [`Error::Repository`]; before the value is: [`Error::Key`]. Otherwise the errors of any call;
    /// after [`Error::Connection`] and [`Error::Unavailable`] the value may be stored all the same.
    pub async fn set<N>(
        &self,
        name: N,
        value: impl Into<SecretValue>,
        visibility: Visibility,
    ) -> Result<Stored, Error>
    where
        N: TryInto<SecretName>,
        Error: From<N::Error>,
    {
        // The value comes first, so that it is wiped when the name is refused.
        let (value, name) = (value.into(), name.try_into()?);
        value.check()?;
        let selection = self.resolve(&visibility).await?;
        self.store(&name, &value, &selection).await
    }

    /// All secrets of the organization, without their values, 100 a request.
    ///
    /// ```no_run
    /// # async fn example(secrets: github_secrets::CodespacesSecrets) -> Result<(), github_secrets::Error> {
    /// for secret in secrets.list().all().await? {
    ///     println!("{}: {}", secret.name, secret.visibility);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Pages<Secret> {
        let target = self.target(Operation::List, None);
        let (core, first_target) = (Arc::clone(&self.core), self.target(Operation::List, None));
        let first = async move {
            let target = first_target?;
            let org = target.owner.as_str();
            core.call(&target, move |client: Client| async move {
                client
                    .codespaces_list_org_secrets(org, None, Some(PER_PAGE))
                    .await
            })
            .await
        };
        pages(Arc::clone(&self.core), target, first, |page| {
            page.secrets
                .into_iter()
                .map(|secret| Ok(secret.into()))
                .collect()
        })
    }

    /// What GitHub tells of the secret with this name, or `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Name`], [`Error::Owner`], and the errors of any call. GitHub answers alike for a
    /// secret that does not exist and for a token that may not know of it; [`public_key`] tells
    /// them apart.
    ///
    /// [`public_key`]: Self::public_key
    pub async fn find<N>(&self, name: N) -> Result<Option<Secret>, Error>
    where
        N: TryInto<SecretName>,
        Error: From<N::Error>,
    {
        match self.look_up(&name.try_into()?).await {
            Ok(found) => Ok(Some(found.value.into())),
            Err(Error::NotFound(refusal)) if !refusal.names_a_lack() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes the secret with this name.
    ///
    /// Where the answer to a first attempt was lost and a second finds no secret, the first has
    /// deleted it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is no such secret, [`Error::Name`], [`Error::Owner`], and the
    /// errors of any call.
    pub async fn delete<N>(&self, name: N) -> Result<(), Error>
    where
        N: TryInto<SecretName>,
        Error: From<N::Error>,
    {
        let name = name.try_into()?;
        let target = self.target(Operation::Delete, Some(&name))?;
        let (org, secret) = (self.owner()?.as_str(), name.as_str());
        let ended = self
            .core
            .call_telling(&target, move |client: Client| async move {
                client.codespaces_delete_org_secret(org, secret).await
            })
            .await;
        match ended.result {
            Err(Error::NotFound(_)) if ended.repeated => Ok(()),
            result => result.map(|_| ()),
        }
    }

    /// The repositories that are selected for the secret with this name.
    ///
    /// # Errors
    ///
    /// [`Error::Name`] and [`Error::Owner`].
    pub fn repositories<N>(&self, name: N) -> Result<SecretRepositories, Error>
    where
        N: TryInto<SecretName>,
        Error: From<N::Error>,
    {
        self.owner()?;
        Ok(SecretRepositories::new(self.clone(), name.try_into()?))
    }

    pub(crate) fn owner(&self) -> Result<&Owner, Error> {
        self.owner.as_ref().map_err(|error| error.clone().into())
    }

    pub(crate) fn target(
        &self,
        operation: Operation,
        name: Option<&SecretName>,
    ) -> Result<Target, Error> {
        let owner = self.owner()?.as_str().to_owned();
        Ok(Target {
            operation,
            owner,
            name: name.map(|name| name.as_str().to_owned()),
            in_doubt: false,
        })
    }

    pub(crate) async fn look_up(
        &self,
        name: &SecretName,
    ) -> Result<Answered<CodespacesOrgSecret>, Error> {
        let target = self.target(Operation::Find, Some(name))?;
        let org = self.owner()?.as_str();
        self.core
            .call(&target, move |client: Client| async move {
                client.codespaces_get_org_secret(org, name.as_str()).await
            })
            .await
    }
}

impl fmt::Debug for CodespacesSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CodespacesSecrets")
            .field(&self.owner)
            .finish()
    }
}

impl From<CodespacesOrgSecret> for Secret {
    fn from(secret: CodespacesOrgSecret) -> Self {
        let CodespacesOrgSecret {
            name,
            visibility,
            created_at,
            updated_at,
            ..
        } = secret;
        Self {
            name,
            visibility: visibility.into(),
            created_at,
            updated_at,
        }
    }
}
