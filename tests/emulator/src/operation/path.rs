//! What a path names: an owner, an organization or a repository, and its segments.

use percent_encoding::percent_decode_str;

/// Whose secrets a path names.
#[derive(Clone)]
pub(crate) enum Owner {
    Organization(OrganizationPath),
    Repository(RepositoryPath),
    Environment(RepositoryPath, String),
    User,
}

/// The organization that a path names.
#[derive(Clone)]
pub(crate) enum OrganizationPath {
    /// `/orgs/{org}`: a login.
    Login(String),
    /// `/organizations/{org}`: the numeric id, and the login too, for clients of GitHub's
    /// description of late 2022.
    LoginOrId(String),
}

/// The repository that a path names.
#[derive(Clone)]
pub(crate) enum RepositoryPath {
    /// `/repos/{owner}/{repo}`
    Name { owner: String, name: String },
    /// `/repositories/{repository_id}`
    Id(u64),
}

pub(crate) fn decoded_segments(path: &str) -> Option<Vec<String>> {
    path.strip_prefix('/')?
        .split('/')
        .map(|segment| Some(percent_decode_str(segment).decode_utf8().ok()?.into_owned()))
        .collect()
}

/// Copies a path segment that is not empty: GitHub responds to a trailing slash with 404.
pub(crate) fn segment(segment: &str) -> Option<String> {
    (!segment.is_empty()).then(|| segment.to_owned())
}

pub(crate) fn id_segment(segment: &str) -> Option<u64> {
    segment
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| segment.parse().ok())?
}
