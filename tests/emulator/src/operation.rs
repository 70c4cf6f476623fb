//! The operations that the emulator answers, and how a path becomes one of them.

use hyper::Method;
use percent_encoding::percent_decode_str;

/// An operation of GitHub's description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// `GET /orgs/{org}/codespaces/secrets`
    ListSecrets,
    /// `GET /orgs/{org}/codespaces/secrets/public-key`
    PublicKey,
    /// `GET /orgs/{org}/codespaces/secrets/{secret_name}`
    Secret,
    /// `PUT /orgs/{org}/codespaces/secrets/{secret_name}`
    SetSecret,
    /// `DELETE /orgs/{org}/codespaces/secrets/{secret_name}`
    DeleteSecret,
    /// `GET /orgs/{org}/codespaces/secrets/{secret_name}/repositories`
    SelectedRepositories,
    /// `PUT /orgs/{org}/codespaces/secrets/{secret_name}/repositories`
    SetSelectedRepositories,
    /// `PUT /orgs/{org}/codespaces/secrets/{secret_name}/repositories/{repository_id}`
    AddSelectedRepository,
    /// `DELETE /orgs/{org}/codespaces/secrets/{secret_name}/repositories/{repository_id}`
    RemoveSelectedRepository,
    /// `GET /repos/{owner}/{repo}`
    Repository,
}

impl Operation {
    pub(crate) const ALL: [Self; 10] = [
        Self::ListSecrets,
        Self::PublicKey,
        Self::Secret,
        Self::SetSecret,
        Self::DeleteSecret,
        Self::SelectedRepositories,
        Self::SetSelectedRepositories,
        Self::AddSelectedRepository,
        Self::RemoveSelectedRepository,
        Self::Repository,
    ];

    /// Its operationId in GitHub's description.
    pub fn id(self) -> &'static str {
        match self {
            Self::ListSecrets => "codespaces/list-org-secrets",
            Self::PublicKey => "codespaces/get-org-public-key",
            Self::Secret => "codespaces/get-org-secret",
            Self::SetSecret => "codespaces/create-or-update-org-secret",
            Self::DeleteSecret => "codespaces/delete-org-secret",
            Self::SelectedRepositories => "codespaces/list-selected-repos-for-org-secret",
            Self::SetSelectedRepositories => "codespaces/set-selected-repos-for-org-secret",
            Self::AddSelectedRepository => "codespaces/add-selected-repo-to-org-secret",
            Self::RemoveSelectedRepository => "codespaces/remove-selected-repo-from-org-secret",
            Self::Repository => "repos/get",
        }
    }

    /// The page that GitHub names in an error's `documentation_url`.
    pub(crate) fn documentation_url(self) -> &'static str {
        match self {
            Self::Repository => "https://docs.github.com/rest/repos/repos#get-a-repository",
            _ => "https://docs.github.com/rest/codespaces/organization-secrets",
        }
    }
}

/// What a method and a path ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Secrets(OrganizationPath, Call),
    Repository { owner: String, name: String },
    RepositoryById(u64),
}

/// The organization that a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OrganizationPath {
    /// `/orgs/{org}`: a login.
    Login(String),
    /// `/organizations/{org}`: the numeric id, and the login too, for clients of GitHub's
    /// description of late 2022.
    LoginOrId(String),
}

/// An operation on an organization's secrets, with its other path parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    ListSecrets,
    PublicKey,
    Secret(String),
    SetSecret(String),
    DeleteSecret(String),
    SelectedRepositories(String),
    SetSelectedRepositories(String),
    AddSelectedRepository(String, u64),
    RemoveSelectedRepository(String, u64),
}

impl Route {
    /// The route of a request; `HEAD` goes where `GET` does, and nothing else than GitHub's exact
    /// paths is one.
    pub(crate) fn of(method: &Method, path: &str) -> Option<Self> {
        let segments = decoded_segments(path)?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        match segments.as_slice() {
            ["orgs", org, "codespaces", "secrets", rest @ ..] => {
                let organization = OrganizationPath::Login((*org).to_owned());
                Some(Self::Secrets(organization, Call::of(method, rest)?))
            }
            ["organizations", org, "codespaces", "secrets", rest @ ..] => {
                let organization = OrganizationPath::LoginOrId((*org).to_owned());
                Some(Self::Secrets(organization, Call::of(method, rest)?))
            }
            ["repos", owner, name] if method == Method::GET => Some(Self::Repository {
                owner: (*owner).to_owned(),
                name: (*name).to_owned(),
            }),
            ["repositories", id] if method == Method::GET => {
                id.parse().ok().map(Self::RepositoryById)
            }
            _ => None,
        }
    }

    pub(crate) fn operation(&self) -> Operation {
        match self {
            Self::Secrets(_, call) => call.operation(),
            Self::Repository { .. } | Self::RepositoryById(_) => Operation::Repository,
        }
    }
}

impl Call {
    fn of(method: &Method, segments: &[&str]) -> Option<Self> {
        Some(match (method.as_str(), segments) {
            ("GET", []) => Self::ListSecrets,
            ("GET", ["public-key"]) => Self::PublicKey,
            ("GET", [name]) => Self::Secret(owned(name)?),
            ("PUT", [name]) => Self::SetSecret(owned(name)?),
            ("DELETE", [name]) => Self::DeleteSecret(owned(name)?),
            ("GET", [name, "repositories"]) => Self::SelectedRepositories(owned(name)?),
            ("PUT", [name, "repositories"]) => Self::SetSelectedRepositories(owned(name)?),
            ("PUT", [name, "repositories", id]) => {
                Self::AddSelectedRepository(owned(name)?, id.parse().ok()?)
            }
            ("DELETE", [name, "repositories", id]) => {
                Self::RemoveSelectedRepository(owned(name)?, id.parse().ok()?)
            }
            _ => return None,
        })
    }

    fn operation(&self) -> Operation {
        match self {
            Self::ListSecrets => Operation::ListSecrets,
            Self::PublicKey => Operation::PublicKey,
            Self::Secret(_) => Operation::Secret,
            Self::SetSecret(_) => Operation::SetSecret,
            Self::DeleteSecret(_) => Operation::DeleteSecret,
            Self::SelectedRepositories(_) => Operation::SelectedRepositories,
            Self::SetSelectedRepositories(_) => Operation::SetSelectedRepositories,
            Self::AddSelectedRepository(..) => Operation::AddSelectedRepository,
            Self::RemoveSelectedRepository(..) => Operation::RemoveSelectedRepository,
        }
    }
}

/// A path segment that is not empty: GitHub answers a trailing slash with 404.
fn owned(segment: &str) -> Option<String> {
    (!segment.is_empty()).then(|| segment.to_owned())
}

fn decoded_segments(path: &str) -> Option<Vec<String>> {
    path.strip_prefix('/')?
        .split('/')
        .map(|segment| Some(percent_decode_str(segment).decode_utf8().ok()?.into_owned()))
        .collect()
}
