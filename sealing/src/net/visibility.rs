use std::fmt;

/// Which of the organization's repositories can use a secret.
///
/// Repositories can be named only where they mean something. The empty selection is one: the
/// secret is kept and no repository can use it.
///
/// ```
/// use github_secrets::Visibility;
///
/// let by_id = Visibility::selected([1296269, 1296280]);
/// let by_name = Visibility::selected(["website", "acme/api"]);
/// let nobody = Visibility::selected_none();
/// # let _ = (by_id, by_name, nobody);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Every repository of the organization.
    All,
    /// Every private and internal repository of the organization.
    Private,
    /// These repositories and no other.
    Selected(Vec<RepositoryRef>),
}

impl Visibility {
    /// The visibility for these repositories and no other, by id or by name.
    pub fn selected(repositories: impl IntoIterator<Item = impl Into<RepositoryRef>>) -> Self {
        Self::Selected(repositories.into_iter().map(Into::into).collect())
    }

    /// The visibility for no repository at all.
    pub fn selected_none() -> Self {
        Self::Selected(Vec::new())
    }

    pub(crate) fn repositories(&self) -> &[RepositoryRef] {
        match self {
            Self::Selected(repositories) => repositories,
            _ => &[],
        }
    }
}

/// Which of the organization's repositories can use a secret, as GitHub tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VisibilityKind {
    /// Every repository of the organization.
    All,
    /// Every private and internal repository of the organization.
    Private,
    /// The selected repositories and no other.
    Selected,
    /// Something that GitHub added after this version was made.
    Other(String),
}

impl From<String> for VisibilityKind {
    fn from(visibility: String) -> Self {
        match visibility.as_str() {
            "all" => Self::All,
            "private" => Self::Private,
            "selected" => Self::Selected,
            _ => Self::Other(visibility),
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

/// A repository of the organization, by its id or by its name.
///
/// A name is `name` or `owner/name`, and costs one request to find the id that GitHub wants. Ids do
/// not change when a repository is renamed.
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

/// Why repositories cannot be selected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// Names that are not `name` or `owner/name`.
    #[error("{} no repository's name; give `name`, `owner/name` or the id", are(.0))]
    Malformed(Vec<String>),
    /// Names with another owner than the organization.
    #[error(
        "{} of another owner; an organization's secret reaches only its own repositories",
        are(.0)
    )]
    OtherOwner(Vec<String>),
    /// Names that GitHub does not know, or that the token may not know of.
    #[error(
        "{} not known to GitHub, or not to this token, which needs the permission metadata=read \
         (classic: the scope repo) for private ones",
        are(.0)
    )]
    Unknown(Vec<String>),
    /// An id that is 0 or beyond the range of GitHub's ids.
    #[error("{0} is no repository's id; ids go from 1 to {max}", max = i64::MAX)]
    Id(u64),
}

fn are(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
    match quoted.as_slice() {
        [one] => format!("the repository {one} is"),
        many => format!("the repositories {} are", many.join(", ")),
    }
}
