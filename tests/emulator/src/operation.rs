//! The operations of GitHub's API that the emulator has, and which of them a request is for.
//!
//! Faults are matched by operation too, so this knows nothing of what the emulator holds.

pub(crate) mod path;
pub(crate) mod registry_call;
pub(crate) mod secret_call;

use hyper::Method;

use crate::{
    permission::{Access, Need},
    place::{Level, Store},
    rules::{Rules, TABLE},
};
use path::{OrganizationPath, Owner, RepositoryPath, decoded_segments, id_segment, segment};
use registry_call::RegistryCall;
use secret_call::SecretCall;

/// An operation with its path parameters.
#[derive(Clone)]
pub(crate) enum Operation {
    /// An operation on the secrets of a place.
    Secrets(Owner, &'static Rules, SecretCall),
    /// An operation on the private registries of an organization.
    Registries(OrganizationPath, RegistryCall),
    /// `GET /orgs/{org}`
    Organization(OrganizationPath),
    /// `GET /orgs/{org}/repos`
    Repositories(OrganizationPath),
    /// `GET /repos/{owner}/{repo}`
    Repository(RepositoryPath),
    /// `GET /repos/{owner}/{repo}/environments`
    Environments(RepositoryPath),
    /// `GET /repos/{owner}/{repo}/environments/{environment_name}`
    Environment(RepositoryPath, String),
    /// `GET /`
    Root,
    /// `GET /user`
    User,
    /// `POST /graphql`
    GraphQl,
}

impl Operation {
    /// Returns the operation that a request is for. `HEAD` counts as `GET`, and only GitHub's
    /// exact paths name an operation.
    pub(crate) fn of(method: &Method, path: &str) -> Option<Self> {
        let decoded = decoded_segments(path)?;
        let segments: Vec<&str> = decoded.iter().map(String::as_str).collect();
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
            [""] if method == "GET" => Some(Self::Root),
            ["user"] if method == "GET" => Some(Self::User),
            ["graphql"] if method == "POST" => Some(Self::GraphQl),
            _ => None,
        }
    }

    fn of_organization(path: OrganizationPath, method: &str, segments: &[&str]) -> Option<Self> {
        match segments {
            [] if method == "GET" => Some(Self::Organization(path)),
            ["repos"] if method == "GET" => Some(Self::Repositories(path)),
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
            ["environments"] if method == "GET" => Some(Self::Environments(path)),
            ["environments", name] if method == "GET" => {
                Some(Self::Environment(path, segment(name)?))
            }
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
                let call = SecretCall::ListOrganizationSecrets;
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
        let call = SecretCall::of(method, segments)?;
        let rules = Rules::of(level, store)?;
        call.name(level)?;
        Some(Self::Secrets(owner, rules, call))
    }

    /// Returns its operationId in GitHub's description, which has none for GraphQL.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Secrets(_, rules, call) => {
                let name = call.name(rules.level).unwrap_or_default();
                format!("{}/{name}", rules.store)
            }
            Self::Registries(_, call) => format!("private-registries/{}", call.name()),
            Self::Organization(_) => "orgs/get".to_owned(),
            Self::Repositories(_) => "repos/list-for-org".to_owned(),
            Self::Repository(_) => "repos/get".to_owned(),
            Self::Environments(_) => "repos/get-all-environments".to_owned(),
            Self::Environment(..) => "repos/get-environment".to_owned(),
            Self::Root => "meta/root".to_owned(),
            Self::User => "users/get-authenticated".to_owned(),
            Self::GraphQl => "graphql".to_owned(),
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
                metadata: matches!(
                    call,
                    SecretCall::AddRepository(..) | SecretCall::RemoveRepository(..)
                ),
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
            Self::Environments(_) | Self::Environment(..) => Need {
                permission: "actions",
                ..Need::METADATA
            },
            Self::User => Need {
                user: true,
                ..Need::NONE
            },
            Self::Organization(_) | Self::Repositories(_) | Self::Root | Self::GraphQl => {
                Need::NONE
            }
        }
    }

    /// Returns the page that GitHub names in an error's `documentation_url`.
    pub(crate) fn documentation(&self) -> &'static str {
        match self {
            Self::Secrets(_, rules, _) => rules.documentation,
            Self::Registries(..) => {
                "https://docs.github.com/rest/private-registries/organization-configurations"
            }
            Self::Organization(_) => "https://docs.github.com/rest/orgs/orgs#get-an-organization",
            Self::Repositories(_) => {
                "https://docs.github.com/rest/repos/repos#list-organization-repositories"
            }
            Self::Repository(_) => "https://docs.github.com/rest/repos/repos#get-a-repository",
            Self::Environments(_) | Self::Environment(..) => {
                "https://docs.github.com/rest/deployments/environments"
            }
            Self::Root => "https://docs.github.com/rest/meta/meta#github-api-root",
            Self::User => "https://docs.github.com/rest/users/users#get-the-authenticated-user",
            Self::GraphQl => "https://docs.github.com/graphql",
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
            Self::Organization(_) => "Organization",
            Self::Repositories(_) | Self::Repository(_) => "Repository",
            Self::Environments(_) | Self::Environment(..) => "Environment",
            Self::Root => "Root",
            Self::User => "User",
            Self::GraphQl => "Query",
        }
    }
}

/// Returns whether the emulator has an operation with this operationId.
pub(crate) fn is_known(id: &str) -> bool {
    const OTHERS: [&str; 8] = [
        "graphql",
        "meta/root",
        "orgs/get",
        "repos/get",
        "repos/get-all-environments",
        "repos/get-environment",
        "repos/list-for-org",
        "users/get-authenticated",
    ];
    if OTHERS.contains(&id) {
        return true;
    }
    let Some((product, name)) = id.split_once('/') else {
        return false;
    };
    match product {
        "private-registries" => RegistryCall::ALL.iter().any(|call| call.name() == name),
        _ => TABLE
            .iter()
            .filter(|rules| rules.store.as_str() == product)
            .any(|rules| SecretCall::all(rules).any(|call| call.name(rules.level) == Some(name))),
    }
}
