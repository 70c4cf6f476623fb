//! Why repositories cannot be selected.

/// An error from selecting repositories.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// Names that do not have the form `name` or `owner/name`.
    #[error("{} not valid; give `name`, `owner/name` or the id", are(.0))]
    Malformed(Vec<String>),
    /// Names without an owner, where no owner can be assumed.
    #[error("{} given without an owner; give `owner/name` or the id", are(.0))]
    NoOwner(Vec<String>),
    /// Repositories that do not belong to the organization.
    #[error(
        "{} owned by somebody else; an organization's secret reaches only its own repositories",
        are(.0)
    )]
    OtherOwner(Vec<String>),
    /// Names that GitHub does not know, or that the token has no access to.
    #[error(
        "{} unknown to GitHub or hidden from this token, which needs the permission metadata=read \
         (classic: the scope repo) for private repositories",
        are(.0)
    )]
    Unknown(Vec<String>),
    /// An id that is 0 or outside the range of GitHub's ids.
    #[error("{0} is not a repository's id; ids range from 1 to {max}", max = i64::MAX)]
    Id(u64),
}

fn are(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("{name:?}")).collect();
    match quoted.as_slice() {
        [one] => format!("the repository {one} is"),
        many => format!("the repositories {} are", many.join(", ")),
    }
}
