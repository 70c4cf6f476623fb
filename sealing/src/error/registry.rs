//! The error of settings that are not valid for a private registry.

/// An error from the settings of a private registry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The name is not valid for a registry.
    #[error(
        "the registry's name is not one that GitHub gives: use the name that `create` or `list` \
         returned, such as MAVEN_REPOSITORY_SECRET"
    )]
    Name,
    /// The kind of registry is one that this version of the library cannot create.
    #[error(
        "registries of the type {0:?} cannot be created by this version of the library; use a \
         newer version"
    )]
    UnknownType(String),
    /// The address is not a plain `https` or `http` URL: it has a user name, for example.
    #[error(
        "the registry's address is not a URL of the form https://HOST/PATH, without a user name or \
         a password"
    )]
    Url,
    /// A field is empty.
    #[error("the registry's {0} is empty; set it")]
    EmptyField(&'static str),
    /// A registry that authenticates by OIDC has no secret value.
    #[error("the registry {0} authenticates by OIDC, so it has no secret value to change")]
    NoValue(String),
    /// The way in which a registry authenticates cannot be changed.
    #[error(
        "the registry {0} authenticates in a different way, which GitHub cannot change; delete it \
         and create it again"
    )]
    OtherAuth(String),
    /// An OIDC setting cannot be removed.
    #[error(
        "the registry {name} has the setting {field}, which GitHub cannot remove; set it to a new \
         value, or delete the registry and create it again"
    )]
    CannotRemove {
        /// The name of the registry.
        name: String,
        /// GitHub's name of the setting.
        field: &'static str,
    },
}
