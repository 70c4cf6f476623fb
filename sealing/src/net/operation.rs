use std::fmt;

/// A call to GitHub, named as GitHub's own description names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Fetch the organization's public key.
    PublicKey,
    /// Create a secret or update it.
    Set,
    /// Change who can use a secret by an update without a value.
    SetAccess,
    /// List the organization's secrets.
    List,
    /// Read what GitHub tells of one secret.
    Find,
    /// Delete a secret.
    Delete,
    /// List the repositories selected for a secret.
    ListRepositories,
    /// Replace the repositories selected for a secret.
    SetRepositories,
    /// Select one more repository for a secret.
    AddRepository,
    /// Select one repository less for a secret.
    RemoveRepository,
    /// Look a repository up by its name.
    Repository,
}

impl Operation {
    /// The `operationId` in GitHub's description.
    pub fn id(self) -> &'static str {
        self.facts().id
    }

    /// What a token needs for this call.
    ///
    /// Sources: GitHub's description (classic scopes) and its list of
    /// [permissions for fine-grained tokens](https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens).
    ///
    /// ```
    /// use github_secrets::Operation;
    ///
    /// let needs = Operation::Set.permissions();
    /// assert_eq!(needs.classic_scope, "admin:org");
    /// assert_eq!(needs.fine_grained, "organization_codespaces_secrets=write");
    /// ```
    pub fn permissions(self) -> Permissions {
        let Facts {
            scope, permission, ..
        } = self.facts();
        Permissions {
            classic_scope: scope,
            fine_grained: permission,
        }
    }

    pub(crate) fn method(self) -> &'static str {
        self.facts().method
    }

    pub(crate) fn route(self) -> &'static str {
        self.facts().route
    }

    /// Whether GitHub may count it as creating content, and at five points instead of one.
    pub(crate) fn is_write(self) -> bool {
        self.method() != "GET"
    }

    pub(crate) fn verb(self) -> &'static str {
        self.facts().verb
    }

    fn facts(self) -> Facts {
        const READ: &str = "organization_codespaces_secrets=read";
        const WRITE: &str = "organization_codespaces_secrets=write";
        const SELECT: &str = "organization_codespaces_secrets=write and metadata=read";
        const ORG: &str = "admin:org";
        const SECRETS: &str = "/orgs/{org}/codespaces/secrets";
        const SECRET: &str = "/orgs/{org}/codespaces/secrets/{secret_name}";
        const REPOSITORIES: &str = "/orgs/{org}/codespaces/secrets/{secret_name}/repositories";
        const REPOSITORY: &str =
            "/orgs/{org}/codespaces/secrets/{secret_name}/repositories/{repository_id}";
        let (id, method, route, scope, permission, verb) = match self {
            Self::PublicKey => (
                "codespaces/get-org-public-key",
                "GET",
                "/orgs/{org}/codespaces/secrets/public-key",
                ORG,
                READ,
                "fetch the public key",
            ),
            Self::Set => (
                "codespaces/create-or-update-org-secret",
                "PUT",
                SECRET,
                ORG,
                WRITE,
                "create or update",
            ),
            Self::SetAccess => (
                "codespaces/create-or-update-org-secret",
                "PUT",
                SECRET,
                ORG,
                WRITE,
                "change who can use",
            ),
            Self::List => (
                "codespaces/list-org-secrets",
                "GET",
                SECRETS,
                ORG,
                READ,
                "list the secrets",
            ),
            Self::Find => (
                "codespaces/get-org-secret",
                "GET",
                SECRET,
                ORG,
                READ,
                "read",
            ),
            Self::Delete => (
                "codespaces/delete-org-secret",
                "DELETE",
                SECRET,
                ORG,
                WRITE,
                "delete",
            ),
            Self::ListRepositories => (
                "codespaces/list-selected-repos-for-org-secret",
                "GET",
                REPOSITORIES,
                ORG,
                READ,
                "list the selected repositories",
            ),
            Self::SetRepositories => (
                "codespaces/set-selected-repos-for-org-secret",
                "PUT",
                REPOSITORIES,
                ORG,
                WRITE,
                "set the selected repositories",
            ),
            Self::AddRepository => (
                "codespaces/add-selected-repo-to-org-secret",
                "PUT",
                REPOSITORY,
                ORG,
                SELECT,
                "select a repository",
            ),
            Self::RemoveRepository => (
                "codespaces/remove-selected-repo-from-org-secret",
                "DELETE",
                REPOSITORY,
                ORG,
                SELECT,
                "deselect a repository",
            ),
            Self::Repository => (
                "repos/get",
                "GET",
                "/repos/{owner}/{repo}",
                "repo",
                "metadata=read",
                "look up the repository",
            ),
        };
        Facts {
            id,
            method,
            route,
            scope,
            permission,
            verb,
        }
    }
}

struct Facts {
    id: &'static str,
    method: &'static str,
    route: &'static str,
    scope: &'static str,
    permission: &'static str,
    verb: &'static str,
}

/// What a token needs for one call, by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Permissions {
    /// The scope of a classic personal access token or of an OAuth app's token.
    pub classic_scope: &'static str,
    /// The permission of a fine-grained personal access token or of a GitHub App's token, in the
    /// form that GitHub gives it in `X-Accepted-GitHub-Permissions`.
    pub fine_grained: &'static str,
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            classic_scope,
            fine_grained,
        } = self;
        write!(
            f,
            "the scope {classic_scope} (classic token) \
             or the permission {fine_grained} (fine-grained or App token)"
        )
    }
}

/// What a call was about: said in errors and traces.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) operation: Operation,
    /// The organization, or the owner of the repository that is looked up.
    pub(crate) owner: String,
    /// The secret, or the repository that is looked up.
    pub(crate) name: Option<String>,
    /// Whether the call may have taken effect though it failed.
    pub(crate) in_doubt: bool,
}

impl Target {
    /// The end of a message about the call.
    pub(crate) fn doubt(&self) -> &'static str {
        match self.in_doubt && self.operation.is_write() {
            true => "; the change may have taken effect, and doing it again is safe",
            false => "",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            owner,
            name,
            ..
        } = self;
        f.write_str(operation.verb())?;
        match (operation, name) {
            (Operation::Repository, Some(name)) => write!(f, " {owner}/{name}"),
            (
                Operation::Set | Operation::SetAccess | Operation::Find | Operation::Delete,
                Some(name),
            ) => {
                write!(f, " the secret {name} of {owner}")
            }
            (_, Some(name)) => write!(f, " for the secret {name} of {owner}"),
            (_, None) => write!(f, " of {owner}"),
        }
    }
}
