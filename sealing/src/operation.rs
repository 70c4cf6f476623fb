//! GitHub's operations: a product of owner, store and action, with the facts of each factor.

mod permissions;

pub use permissions::Permissions;
use permissions::permission;

use crate::{OwnerKind, Store};

/// An action on the secrets of one owner in one store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Action {
    /// Lists the secrets.
    List,
    /// Fetches the public key.
    PublicKey,
    /// Reads the metadata of one secret.
    Find,
    /// Creates or updates a secret.
    Set,
    /// Changes who can use a secret, by an update without a value.
    SetAccess,
    /// Deletes a secret.
    Delete,
    /// Lists the repositories selected for a secret.
    ListRepositories,
    /// Replaces the repositories selected for a secret.
    SetRepositories,
    /// Selects one more repository for a secret.
    AddRepository,
    /// Removes one repository from the selection of a secret.
    RemoveRepository,
    /// Lists the secrets that an organization shares with a repository.
    ListOrganizationSecrets,
}

impl Action {
    const ALL: [Self; 11] = [
        Self::List,
        Self::PublicKey,
        Self::Find,
        Self::Set,
        Self::SetAccess,
        Self::Delete,
        Self::ListRepositories,
        Self::SetRepositories,
        Self::AddRepository,
        Self::RemoveRepository,
        Self::ListOrganizationSecrets,
    ];
}

/// An action on the private registries of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum RegistryAction {
    /// Lists the registries.
    List,
    /// Fetches the public key.
    PublicKey,
    /// Reads one registry.
    Find,
    /// Creates a registry.
    Create,
    /// Updates a registry.
    Update,
    /// Deletes a registry.
    Delete,
}

impl RegistryAction {
    const ALL: [Self; 6] = [
        Self::List,
        Self::PublicKey,
        Self::Find,
        Self::Create,
        Self::Update,
        Self::Delete,
    ];
}

/// An operation of GitHub's REST API that this library uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Secrets(OwnerKind, Store, Action),
    Registries(RegistryAction),
    Repository,
    Repositories,
    Environments,
    User,
}

impl Operation {
    /// Returns every operation that this library uses.
    ///
    /// ```
    /// use github_secrets::Operation;
    ///
    /// for operation in Operation::all() {
    ///     println!("{}: {}", operation.id(), operation.permissions());
    /// }
    /// ```
    pub fn all() -> impl Iterator<Item = Self> {
        const OWNERS: [OwnerKind; 4] = [
            OwnerKind::Organization,
            OwnerKind::Repository,
            OwnerKind::Environment,
            OwnerKind::User,
        ];
        let secrets = OWNERS.into_iter().flat_map(|owner| {
            Store::ALL.into_iter().flat_map(move |store| {
                let actions = Action::ALL.into_iter();
                actions.filter_map(move |action| Self::new(owner, store, action))
            })
        });
        let registries = RegistryAction::ALL.into_iter().map(Self::registry);
        let listings = [
            Self::REPOSITORY,
            Self::REPOSITORIES,
            Self::ENVIRONMENTS,
            Self::USER,
        ];
        secrets.chain(registries).chain(listings)
    }

    /// Returns the operation of this action, or `None` if the store of this owner does not have it.
    ///
    /// ```
    /// use github_secrets::{Action, Operation, OwnerKind, Store};
    ///
    /// let set = Operation::new(OwnerKind::Environment, Store::Actions, Action::Set);
    /// let id = set.map(|operation| operation.id());
    /// assert_eq!(id.as_deref(), Some("actions/create-or-update-environment-secret"));
    /// assert!(Operation::new(OwnerKind::User, Store::Dependabot, Action::Set).is_none());
    /// ```
    pub fn new(owner: OwnerKind, store: Store, action: Action) -> Option<Self> {
        use Action as A;
        use OwnerKind as O;
        let has_store = match owner {
            O::Organization | O::Repository => true,
            O::Environment => store == Store::Actions,
            O::User => store == Store::Codespaces,
        };
        let has_action = match action {
            A::List | A::PublicKey | A::Find | A::Set | A::Delete => true,
            A::SetAccess => owner == O::Organization && store != Store::Agents,
            A::ListRepositories | A::SetRepositories | A::AddRepository | A::RemoveRepository => {
                matches!(owner, O::Organization | O::User)
            }
            A::ListOrganizationSecrets => {
                owner == O::Repository && matches!(store, Store::Actions | Store::Agents)
            }
        };
        (has_store && has_action).then_some(Self(Kind::Secrets(owner, store, action)))
    }

    /// Returns the operation of this action on private registries.
    pub fn registry(action: RegistryAction) -> Self {
        Self(Kind::Registries(action))
    }

    /// The lookup of a repository by its name.
    pub(crate) const REPOSITORY: Self = Self(Kind::Repository);

    /// The list of an organization's repositories.
    pub(crate) const REPOSITORIES: Self = Self(Kind::Repositories);

    /// The list of a repository's environments.
    pub(crate) const ENVIRONMENTS: Self = Self(Kind::Environments);

    /// The lookup of the user that the token belongs to.
    pub(crate) const USER: Self = Self(Kind::User);

    /// Returns the operation of an action that the caller knows its owner and store to have.
    pub(crate) fn of(owner: OwnerKind, store: Store, action: Action) -> Self {
        Self(Kind::Secrets(owner, store, action))
    }

    /// Returns the kind of the owner, or `None` for an operation on anything other than secrets and
    /// registries.
    pub fn owner(self) -> Option<OwnerKind> {
        match self.0 {
            Kind::Secrets(owner, ..) => Some(owner),
            Kind::Registries(_) => Some(OwnerKind::Organization),
            Kind::Repository | Kind::Repositories | Kind::Environments | Kind::User => None,
        }
    }

    /// Returns the store, or `None` for an operation on anything other than secrets.
    pub fn store(self) -> Option<Store> {
        match self.0 {
            Kind::Secrets(_, store, _) => Some(store),
            _ => None,
        }
    }

    /// Returns the action on secrets, or `None` for any other operation.
    pub fn action(self) -> Option<Action> {
        match self.0 {
            Kind::Secrets(_, _, action) => Some(action),
            _ => None,
        }
    }

    /// Returns the action on private registries, or `None` for any other operation.
    pub fn registry_action(self) -> Option<RegistryAction> {
        match self.0 {
            Kind::Registries(action) => Some(action),
            _ => None,
        }
    }

    /// Returns the `operationId` in GitHub's description.
    pub fn id(self) -> String {
        match self.0 {
            Kind::Secrets(owner, store, action) => {
                format!("{store}/{}", secrets_id(owner, action))
            }
            Kind::Registries(action) => format!("private-registries/{}", registries_id(action)),
            Kind::Repository => "repos/get".to_owned(),
            Kind::Repositories => "repos/list-for-org".to_owned(),
            Kind::Environments => "repos/get-all-environments".to_owned(),
            Kind::User => "users/get-authenticated".to_owned(),
        }
    }

    /// Returns the HTTP method.
    pub fn method(self) -> &'static str {
        use Action as A;
        use RegistryAction as R;
        match self.0 {
            Kind::Secrets(_, _, A::Set | A::SetAccess | A::SetRepositories | A::AddRepository) => {
                "PUT"
            }
            Kind::Secrets(_, _, A::Delete | A::RemoveRepository) | Kind::Registries(R::Delete) => {
                "DELETE"
            }
            Kind::Registries(R::Create) => "POST",
            Kind::Registries(R::Update) => "PATCH",
            _ => "GET",
        }
    }

    /// Returns the path, with its parameters in braces as in GitHub's description.
    pub fn path(self) -> String {
        use Action as A;
        use RegistryAction as R;
        match self.0 {
            Kind::Secrets(owner, store, action) => {
                let place = match owner {
                    OwnerKind::Organization => format!("/orgs/{{org}}/{store}"),
                    OwnerKind::Repository => format!("/repos/{{owner}}/{{repo}}/{store}"),
                    OwnerKind::Environment => {
                        "/repos/{owner}/{repo}/environments/{environment_name}".to_owned()
                    }
                    OwnerKind::User => format!("/user/{store}"),
                };
                let tail = match action {
                    A::List => "secrets",
                    A::PublicKey => "secrets/public-key",
                    A::Find | A::Set | A::SetAccess | A::Delete => "secrets/{secret_name}",
                    A::ListRepositories | A::SetRepositories => {
                        "secrets/{secret_name}/repositories"
                    }
                    A::AddRepository | A::RemoveRepository => {
                        "secrets/{secret_name}/repositories/{repository_id}"
                    }
                    A::ListOrganizationSecrets => "organization-secrets",
                };
                format!("{place}/{tail}")
            }
            Kind::Registries(action) => {
                let tail = match action {
                    R::List | R::Create => "",
                    R::PublicKey => "/public-key",
                    R::Find | R::Update | R::Delete => "/{secret_name}",
                };
                format!("/orgs/{{org}}/private-registries{tail}")
            }
            Kind::Repository => "/repos/{owner}/{repo}".to_owned(),
            Kind::Repositories => "/orgs/{org}/repos".to_owned(),
            Kind::Environments => "/repos/{owner}/{repo}/environments".to_owned(),
            Kind::User => "/user".to_owned(),
        }
    }

    /// Returns whether the operation changes anything.
    pub fn is_write(self) -> bool {
        self.method() != "GET"
    }

    /// Returns whether sending the request twice has the effect of sending it once.
    pub(crate) fn is_repeatable(self) -> bool {
        self.0 != Kind::Registries(RegistryAction::Create)
    }

    /// Returns what a token needs for this operation.
    ///
    /// Sources: GitHub's OpenAPI description for classic scopes, and its list of [permissions for
    /// fine-grained tokens][permissions].
    ///
    /// [permissions]: https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
    ///
    /// ```
    /// use github_secrets::{Action, Operation, OwnerKind, Store};
    ///
    /// let find = Operation::new(OwnerKind::Repository, Store::Codespaces, Action::Find);
    /// let needs = find.map(|operation| operation.permissions().to_string());
    /// assert!(needs.is_some_and(|needs| needs.contains("codespaces_secrets=write")));
    /// ```
    pub fn permissions(self) -> Permissions {
        let (permission, classic_scope) = match self.0 {
            Kind::Secrets(owner, store, _) => permission(owner, store),
            Kind::Registries(_) => ("organization_private_registries", "admin:org"),
            Kind::Repository | Kind::Repositories => ("metadata", "repo"),
            Kind::Environments => ("actions", "repo"),
            // Any token of a user will do; this is what the user's secrets need.
            Kind::User => permission(OwnerKind::User, Store::Codespaces),
        };
        // GitHub asks for write even to read the Codespaces secrets of a repository.
        let strict = matches!(
            self.0,
            Kind::Secrets(OwnerKind::Repository, Store::Codespaces, _)
        );
        let selects = matches!(
            self.0,
            Kind::Secrets(_, _, Action::AddRepository | Action::RemoveRepository)
        );
        Permissions {
            classic_scope,
            permission,
            write: strict || self.is_write(),
            metadata: selects,
        }
    }
}

/// Returns the part of an operationId that follows the store.
fn secrets_id(owner: OwnerKind, action: Action) -> String {
    use Action as A;
    let noun = match owner {
        OwnerKind::Organization => "org",
        OwnerKind::Repository => "repo",
        OwnerKind::Environment => "environment",
        OwnerKind::User => return user_secrets_id(action).to_owned(),
    };
    match action {
        A::List => format!("list-{noun}-secrets"),
        A::PublicKey => format!("get-{noun}-public-key"),
        A::Find => format!("get-{noun}-secret"),
        A::Set | A::SetAccess => format!("create-or-update-{noun}-secret"),
        A::Delete => format!("delete-{noun}-secret"),
        A::ListRepositories => format!("list-selected-repos-for-{noun}-secret"),
        A::SetRepositories => format!("set-selected-repos-for-{noun}-secret"),
        A::AddRepository => format!("add-selected-repo-to-{noun}-secret"),
        A::RemoveRepository => format!("remove-selected-repo-from-{noun}-secret"),
        A::ListOrganizationSecrets => format!("list-{noun}-organization-secrets"),
    }
}

fn user_secrets_id(action: Action) -> &'static str {
    use Action as A;
    match action {
        A::List | A::ListOrganizationSecrets => "list-secrets-for-authenticated-user",
        A::PublicKey => "get-public-key-for-authenticated-user",
        A::Find => "get-secret-for-authenticated-user",
        A::Set | A::SetAccess => "create-or-update-secret-for-authenticated-user",
        A::Delete => "delete-secret-for-authenticated-user",
        A::ListRepositories => "list-repositories-for-secret-for-authenticated-user",
        A::SetRepositories => "set-repositories-for-secret-for-authenticated-user",
        A::AddRepository => "add-repository-for-secret-for-authenticated-user",
        A::RemoveRepository => "remove-repository-for-secret-for-authenticated-user",
    }
}

fn registries_id(action: RegistryAction) -> &'static str {
    use RegistryAction as R;
    match action {
        R::List => "list-org-private-registries",
        R::PublicKey => "get-org-public-key",
        R::Find => "get-org-private-registry",
        R::Create => "create-org-private-registry",
        R::Update => "update-org-private-registry",
        R::Delete => "delete-org-private-registry",
    }
}
