//! Who can use a secret: as a caller gives it, and in GitHub's ids.

use std::{convert::Infallible, fmt, str::FromStr, sync::Arc};

use crate::OwnerKind;

/// The repositories of an organization that can use a secret.
///
/// An empty selection is valid: the secret is kept, and no repository can use it.
///
/// ```
/// use github_secrets::Visibility;
///
/// let by_id = Visibility::selected([1296269, 1296280]);
/// let by_name = Visibility::selected(["website", "acme/api"]);
/// let parsed: Visibility = "selected:website,1296280".parse()?;
/// assert_eq!(parsed.to_string(), "selected:website,1296280");
/// # let _ = (by_id, by_name);
/// # Ok::<(), github_secrets::ParseVisibilityError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Visibility {
    /// Every repository of the organization.
    All,
    /// Every private and internal repository of the organization.
    Private,
    /// These repositories and no others.
    Selected(Repositories),
}

impl Visibility {
    /// Selects these repositories and no others, by id or by name.
    pub fn selected<R: Into<RepositoryRef>>(repositories: impl IntoIterator<Item = R>) -> Self {
        Self::Selected(Repositories::selected(repositories))
    }

    /// Selects no repository at all.
    pub fn selected_none() -> Self {
        Self::Selected(Repositories::none())
    }
}

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Private => f.write_str("private"),
            Self::Selected(repositories) => write!(f, "selected:{repositories}"),
        }
    }
}

impl FromStr for Visibility {
    type Err = ParseVisibilityError;

    /// Parses `all`, `private` or `selected:` followed by names or ids, separated by commas.
    ///
    /// `selected:` alone selects no repository; `selected` without the colon is refused, so that
    /// a forgotten list does not take a secret away from everyone.
    ///
    /// # Errors
    ///
    /// Returns [`ParseVisibilityError`] for any other text.
    fn from_str(text: &str) -> Result<Self, ParseVisibilityError> {
        match text {
            "all" => Ok(Self::All),
            "private" => Ok(Self::Private),
            "selected" => Err(ParseVisibilityError::NoRepositories),
            _ => match text.strip_prefix("selected:") {
                Some(list) => list
                    .parse()
                    .map(Self::Selected)
                    .map_err(|never: Infallible| match never {}),
                None => Err(ParseVisibilityError::Unknown),
            },
        }
    }
}

/// An error from parsing a [`Visibility`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseVisibilityError {
    /// The text is not a visibility.
    #[error("not a visibility; use all, private or selected:NAME,NAME")]
    Unknown,
    /// The repositories of a selection are missing.
    #[error("no repositories are given; use selected:NAME,NAME, or selected: to select none")]
    NoRepositories,
}

/// A list of repositories, each by its id or by its name.
///
/// ```
/// use github_secrets::Repositories;
///
/// let some = Repositories::selected(["octocat/hello-world", "acme/website"]);
/// let none = Repositories::none();
/// # let _ = (some, none);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repositories(Vec<RepositoryRef>);

impl Repositories {
    /// Creates a list of these repositories.
    pub fn selected<R: Into<RepositoryRef>>(repositories: impl IntoIterator<Item = R>) -> Self {
        Self(repositories.into_iter().map(Into::into).collect())
    }

    /// Creates a list of no repositories.
    pub fn none() -> Self {
        Self::default()
    }

    /// Returns the repositories in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = &RepositoryRef> {
        self.0.iter()
    }
}

impl<R: Into<RepositoryRef>> FromIterator<R> for Repositories {
    fn from_iter<I: IntoIterator<Item = R>>(repositories: I) -> Self {
        Self::selected(repositories)
    }
}

impl fmt::Display for Repositories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, repository) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{repository}")?;
        }
        Ok(())
    }
}

impl FromStr for Repositories {
    type Err = Infallible;

    /// Parses names and ids that are separated by commas; an empty text is an empty list.
    ///
    /// A number is an id. A repository whose name is a number has to be given as `owner/name`.
    ///
    /// # Errors
    ///
    /// Never fails: names are checked when they are used.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let parsed = parts.map(|part| match part.parse() {
            Ok(id) => RepositoryRef::Id(id),
            Err(_) => RepositoryRef::Name(part.to_owned()),
        });
        Ok(parsed.collect())
    }
}

/// A repository, by its id or by its name.
///
/// A name has the form `name` or `owner/name`, and takes one request to find the id that GitHub
/// requires. An id stays the same when the repository is renamed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RepositoryRef {
    /// The repository with this id.
    Id(u64),
    /// The repository with this name, or with this owner and name.
    Name(String),
}

impl From<u64> for RepositoryRef {
    fn from(id: u64) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for RepositoryRef {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<String> for RepositoryRef {
    fn from(name: String) -> Self {
        Self::Name(name)
    }
}

impl fmt::Display for RepositoryRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

/// Who can use a secret of an owner that is known at run time only.
///
/// It is made from `()`, a [`Visibility`] or [`Repositories`], and has to fit the owner: an
/// organization takes a visibility, a user repositories, a repository or an environment nothing.
///
/// ```
/// use github_secrets::{AnyAccess, Repositories, Visibility};
///
/// let of_a_repository = AnyAccess::from(());
/// let of_an_organization = AnyAccess::from(Visibility::Private);
/// let of_a_user = AnyAccess::from(Repositories::none());
/// # let _ = (of_a_repository, of_an_organization, of_a_user);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyAccess {
    /// No access, for a repository or an environment.
    #[default]
    None,
    /// For an organization.
    Visibility(Visibility),
    /// For a user.
    Repositories(Repositories),
}

impl AnyAccess {
    /// Checks that the access fits a kind of owner.
    pub(crate) fn check(&self, owner: OwnerKind) -> Result<(), AccessError> {
        match (owner, self) {
            (OwnerKind::Organization, Self::Visibility(_))
            | (OwnerKind::User, Self::Repositories(_))
            | (OwnerKind::Repository | OwnerKind::Environment, Self::None) => Ok(()),
            (OwnerKind::Organization, _) => Err(AccessError::VisibilityRequired),
            (OwnerKind::User, _) => Err(AccessError::RepositoriesRequired),
            (OwnerKind::Repository | OwnerKind::Environment, _) => Err(AccessError::NoAccess),
        }
    }
}

impl From<()> for AnyAccess {
    fn from((): ()) -> Self {
        Self::None
    }
}

impl From<Visibility> for AnyAccess {
    fn from(visibility: Visibility) -> Self {
        Self::Visibility(visibility)
    }
}

impl From<Repositories> for AnyAccess {
    fn from(repositories: Repositories) -> Self {
        Self::Repositories(repositories)
    }
}

/// An error from calling a method of [`AnySecrets`](crate::AnySecrets) that their owner does not
/// support.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// The secrets of an organization take a visibility.
    #[error("an organization's secret takes a visibility: all, private or selected repositories")]
    VisibilityRequired,
    /// The secrets of a user take repositories.
    #[error("a user's secret takes the repositories that can use it")]
    RepositoriesRequired,
    /// The secrets of a repository or an environment take no access.
    #[error(
        "the secret of a repository or an environment takes neither a visibility nor repositories"
    )]
    NoAccess,
    /// Only the Actions and Agents secrets of a repository list those of its organization.
    #[error("only a repository's Actions and Agents secrets list those of its organization")]
    NoOrganizationSecrets,
}

/// Who can use a secret, in GitHub's terms: repositories by their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Every repository of the organization.
    All,
    /// Every private and internal repository of the organization.
    Private,
    /// The repositories with these ids, in rising order, and no others.
    Selected(Vec<u64>),
}

impl Access {
    /// Returns the ids of the selected repositories; empty unless access is a selection.
    pub fn repository_ids(&self) -> &[u64] {
        match self {
            Self::Selected(ids) => ids,
            Self::All | Self::Private => &[],
        }
    }

    /// Returns access to these repositories; an id that comes twice counts once.
    pub(crate) fn selected(mut ids: Vec<u64>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        Self::Selected(ids)
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Private => f.write_str("private"),
            Self::Selected(ids) if ids.len() == 1 => f.write_str("selected with 1 repository"),
            Self::Selected(ids) => write!(f, "selected with {} repositories", ids.len()),
        }
    }
}

/// The visibility that GitHub reports for a secret, without its repositories.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VisibilityKind {
    /// Every repository of the organization.
    All,
    /// Every private and internal repository of the organization.
    Private,
    /// The selected repositories and no others.
    Selected,
    /// A visibility that this version of the library does not know.
    Other(Arc<str>),
}

impl VisibilityKind {
    pub(crate) fn new(visibility: String) -> Self {
        match visibility.as_str() {
            "all" => Self::All,
            "private" => Self::Private,
            "selected" => Self::Selected,
            _ => Self::Other(visibility.into()),
        }
    }
}

impl fmt::Display for VisibilityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::All => "all",
            Self::Private => "private",
            Self::Selected => "selected",
            Self::Other(other) => other,
        })
    }
}
