//! The operations that the emulator answers, and how a path becomes one of them.

use hyper::Method;
use percent_encoding::percent_decode_str;

use crate::{
    api::call::{Call, RegistryCall, id_segment, segment},
    permission::{Access, Need},
    place::{Level, Store},
    rules::Rules,
};

/// What a method and a path ask for.
#[derive(Clone)]
pub(crate) enum Route {
    /// An operation on the secrets of a place.
    Secrets(Owner, &'static Rules, Call),
    /// An operation on the private registries of an organization.
    Registries(OrganizationPath, RegistryCall),
    /// `GET /repos/{owner}/{repo}`
    Repository(RepositoryPath),
}

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

const REGISTRIES: &str =
    "https://docs.github.com/rest/private-registries/organization-configurations";
const REPOSITORY: &str = "https://docs.github.com/rest/repos/repos#get-a-repository";

impl Route {
    /// Returns the route of a request. `HEAD` goes where `GET` goes, and only GitHub's exact paths
    /// are routes.
    pub(crate) fn of(method: &Method, path: &str) -> Option<Self> {
        let segments = decoded_segments(path)?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let method = match method.as_str() {
            "HEAD" => "GET",
            other => other,
        };
        match segments.as_slice() {
            ["orgs", org, rest @ ..] => {
                Self::of_organization(OrganizationPath::Login((*org).to_owned()), method, rest)
            }
            ["organizations", org, rest @ ..] => {
                Self::of_organization(OrganizationPath::LoginOrId((*org).to_owned()), method, rest)
            }
            ["repos", owner, name, rest @ ..] => {
                let (owner, name) = ((*owner).to_owned(), (*name).to_owned());
                Self::of_repository(RepositoryPath::Name { owner, name }, method, rest)
            }
            ["repositories", id, rest @ ..] => {
                Self::of_repository(RepositoryPath::Id(id_segment(id)?), method, rest)
            }
            ["user", "codespaces", "secrets", rest @ ..] => {
                Self::of_secrets(Owner::User, Level::User, Store::Codespaces, method, rest)
            }
            _ => None,
        }
    }

    fn of_organization(path: OrganizationPath, method: &str, segments: &[&str]) -> Option<Self> {
        match segments {
            ["private-registries", rest @ ..] => {
                Some(Self::Registries(path, RegistryCall::of(method, rest)?))
            }
            [store, "secrets", rest @ ..] => {
                let owner = Owner::Organization(path);
                Self::of_secrets(owner, Level::Organization, Store::of(store)?, method, rest)
            }
            _ => None,
        }
    }

    fn of_repository(path: RepositoryPath, method: &str, segments: &[&str]) -> Option<Self> {
        match segments {
            [] if method == "GET" => Some(Self::Repository(path)),
            ["environments", name, "secrets", rest @ ..] => {
                let owner = Owner::Environment(path, segment(name)?);
                Self::of_secrets(owner, Level::Environment, Store::Actions, method, rest)
            }
            [store, "secrets", rest @ ..] => {
                let owner = Owner::Repository(path);
                Self::of_secrets(owner, Level::Repository, Store::of(store)?, method, rest)
            }
            [store, "organization-secrets"] if method == "GET" => {
                let rules = Rules::of(Level::Repository, Store::of(store)?)?;
                let call = Call::ListOrganizationSecrets;
                rules.lists_organization_secrets.then_some(Self::Secrets(
                    Owner::Repository(path),
                    rules,
                    call,
                ))
            }
            _ => None,
        }
    }

    fn of_secrets(
        owner: Owner,
        level: Level,
        store: Store,
        method: &str,
        segments: &[&str],
    ) -> Option<Self> {
        let call = Call::of(method, segments)?;
        let rules = Rules::of(level, store)?;
        call.name(level)?;
        Some(Self::Secrets(owner, rules, call))
    }

    /// Returns its operationId in GitHub's description.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Secrets(_, rules, call) => {
                let name = call.name(rules.level).unwrap_or_default();
                format!("{}/{name}", rules.store)
            }
            Self::Registries(_, call) => format!("private-registries/{}", call.name()),
            Self::Repository(_) => "repos/get".to_owned(),
        }
    }

    /// Returns what it asks of a token.
    pub(crate) fn need(&self) -> Need {
        let access = |writes, reading| if writes { Access::Write } else { reading };
        match self {
            Self::Secrets(_, rules, call) => Need {
                scopes: match rules.level {
                    Level::Organization => &["admin:org"],
                    Level::Repository | Level::Environment => &["repo"],
                    Level::User => &["codespace", "codespace:secrets"],
                },
                permission: rules.permission,
                access: access(call.writes(), rules.reading),
                writes: call.writes(),
                metadata: matches!(call, Call::AddRepository(..) | Call::RemoveRepository(..)),
                user: rules.level == Level::User,
            },
            Self::Registries(_, call) => Need {
                scopes: &["admin:org"],
                permission: "organization_private_registries",
                access: access(call.writes(), Access::Read),
                writes: call.writes(),
                metadata: false,
                user: false,
            },
            Self::Repository(_) => Need::METADATA,
        }
    }

    /// Returns the page that GitHub names in an error's `documentation_url`.
    pub(crate) fn documentation(&self) -> &'static str {
        match self {
            Self::Secrets(_, rules, _) => rules.documentation,
            Self::Registries(..) => REGISTRIES,
            Self::Repository(_) => REPOSITORY,
        }
    }

    /// Returns what GitHub calls the resource in the `errors` of a 422.
    pub(crate) fn resource(&self) -> &'static str {
        match self {
            Self::Secrets(_, rules, _) => match rules.store {
                Store::Actions => "ActionsSecret",
                Store::Agents => "AgentsSecret",
                Store::Codespaces => "CodespacesSecret",
                Store::Dependabot => "DependabotSecret",
            },
            Self::Registries(..) => "PrivateRegistry",
            Self::Repository(_) => "Repository",
        }
    }
}

fn decoded_segments(path: &str) -> Option<Vec<String>> {
    path.strip_prefix('/')?
        .split('/')
        .map(|segment| Some(percent_decode_str(segment).decode_utf8().ok()?.into_owned()))
        .collect()
}
