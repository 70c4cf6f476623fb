//! The settings of a private registry, as a caller gives them.

use std::{fmt, str::FromStr};

use url::Url;

use super::oidc::Oidc;
use crate::{Error, RegistryError, SecretValue, Visibility};

/// A kind of private registry.
///
/// ```
/// use github_secrets::RegistryType;
///
/// let npm: RegistryType = "npm_registry".parse()?;
/// assert_eq!(npm, RegistryType::NpmRegistry);
/// # Ok::<(), github_secrets::ParseRegistryTypeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RegistryType {
    /// A Maven repository.
    MavenRepository,
    /// A NuGet feed.
    NugetFeed,
    /// A Go module proxy.
    GoproxyServer,
    /// An npm registry.
    NpmRegistry,
    /// A RubyGems server.
    RubygemsServer,
    /// A Cargo registry.
    CargoRegistry,
    /// A Composer repository.
    ComposerRepository,
    /// A Docker registry.
    DockerRegistry,
    /// A Git server.
    GitSource,
    /// A Helm registry.
    HelmRegistry,
    /// An organization on Hex.
    HexOrganization,
    /// A Hex repository.
    HexRepository,
    /// A Pub repository.
    PubRepository,
    /// A Python package index.
    PythonIndex,
    /// A Terraform registry.
    TerraformRegistry,
    /// A kind that this version of the library does not know. It can be read, but not created.
    Other(String),
}

const TYPES: [(RegistryType, &str); 15] = [
    (RegistryType::MavenRepository, "maven_repository"),
    (RegistryType::NugetFeed, "nuget_feed"),
    (RegistryType::GoproxyServer, "goproxy_server"),
    (RegistryType::NpmRegistry, "npm_registry"),
    (RegistryType::RubygemsServer, "rubygems_server"),
    (RegistryType::CargoRegistry, "cargo_registry"),
    (RegistryType::ComposerRepository, "composer_repository"),
    (RegistryType::DockerRegistry, "docker_registry"),
    (RegistryType::GitSource, "git_source"),
    (RegistryType::HelmRegistry, "helm_registry"),
    (RegistryType::HexOrganization, "hex_organization"),
    (RegistryType::HexRepository, "hex_repository"),
    (RegistryType::PubRepository, "pub_repository"),
    (RegistryType::PythonIndex, "python_index"),
    (RegistryType::TerraformRegistry, "terraform_registry"),
];

impl RegistryType {
    /// Returns GitHub's name for the kind: `npm_registry`, for example.
    pub fn as_str(&self) -> &str {
        if let Self::Other(name) = self {
            return name;
        }
        let mut types = TYPES.iter();
        let found = types.find(|(registry_type, _)| registry_type == self);
        found.map_or("", |(_, name)| name)
    }

    pub(crate) fn read(name: String) -> Self {
        name.parse().unwrap_or(Self::Other(name))
    }
}

impl fmt::Display for RegistryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for RegistryType {
    type Err = ParseRegistryTypeError;

    /// Parses GitHub's name of a type, such as `npm_registry`.
    ///
    /// # Errors
    ///
    /// Returns [`ParseRegistryTypeError`] for any other text.
    fn from_str(name: &str) -> Result<Self, ParseRegistryTypeError> {
        let mut types = TYPES.into_iter();
        types
            .find(|(_, known)| *known == name)
            .map(|(registry_type, _)| registry_type)
            .ok_or(ParseRegistryTypeError)
    }
}

/// An error from parsing a [`RegistryType`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a kind of registry; use maven_repository, nuget_feed, goproxy_server, npm_registry, \
     rubygems_server, cargo_registry, composer_repository, docker_registry, git_source, \
     helm_registry, hex_organization, hex_repository, pub_repository, python_index or \
     terraform_registry"
)]
pub struct ParseRegistryTypeError;

/// The way in which GitHub authenticates with a private registry.
///
/// Wrong combinations, such as OIDC with a secret value, cannot be expressed.
#[derive(Debug)]
#[non_exhaustive]
pub enum RegistryAuth {
    /// With a token.
    Token(SecretValue),
    /// With a user name and a password.
    UsernamePassword {
        /// The user name, which is stored as plain text.
        username: String,
        /// The password.
        password: SecretValue,
    },
    /// With OIDC: GitHub proves its identity, and no secret is stored.
    Oidc(Oidc),
}

impl RegistryAuth {
    /// Authenticates with a token.
    pub fn token(token: impl Into<SecretValue>) -> Self {
        Self::Token(token.into())
    }

    /// Authenticates with a user name and a password.
    pub fn username_password(
        username: impl Into<String>,
        password: impl Into<SecretValue>,
    ) -> Self {
        Self::UsernamePassword {
            username: username.into(),
            password: password.into(),
        }
    }

    pub(crate) fn value(&self) -> Option<&SecretValue> {
        match self {
            Self::Token(value) => Some(value),
            Self::UsernamePassword { password, .. } => Some(password),
            Self::Oidc(_) => None,
        }
    }
}

/// The settings for [`PrivateRegistries::create`].
///
/// [`PrivateRegistries::create`]: crate::PrivateRegistries::create
///
/// ```
/// use github_secrets::{NewRegistry, RegistryAuth, RegistryType, Visibility};
///
/// let registry = NewRegistry::new(
///     RegistryType::NpmRegistry,
///     "https://npm.acme.example",
///     RegistryAuth::token("correct horse"),
///     Visibility::Private,
/// )?
/// .replaces_base(true);
/// # let _ = registry;
/// # Ok::<(), github_secrets::Error>(())
/// ```
#[derive(Debug)]
pub struct NewRegistry {
    pub(crate) registry_type: RegistryType,
    pub(crate) url: String,
    pub(crate) auth: RegistryAuth,
    pub(crate) visibility: Visibility,
    pub(crate) replaces_base: bool,
}

impl NewRegistry {
    /// Creates the settings of a registry.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Registry`] if the address is not a URL or a field is empty, and
    /// [`Error::Value`] if the secret value cannot be stored.
    pub fn new(
        registry_type: RegistryType,
        url: impl Into<String>,
        auth: RegistryAuth,
        visibility: Visibility,
    ) -> Result<Self, Error> {
        let url = url.into();
        check_url(&url)?;
        if let RegistryType::Other(name) = registry_type {
            return Err(RegistryError::UnknownType(name).into());
        }
        match &auth {
            RegistryAuth::Oidc(oidc) => oidc.check()?,
            RegistryAuth::UsernamePassword { username, .. } if username.is_empty() => {
                return Err(RegistryError::EmptyField("user name").into());
            }
            RegistryAuth::UsernamePassword { .. } | RegistryAuth::Token(_) => {}
        }
        if let Some(value) = auth.value() {
            value.check()?;
        }
        Ok(Self {
            registry_type,
            url,
            auth,
            visibility,
            replaces_base: false,
        })
    }

    /// Sets whether the registry replaces the public one of its kind.
    ///
    /// Default is `false`.
    #[must_use]
    pub fn replaces_base(self, replaces_base: bool) -> Self {
        Self {
            replaces_base,
            ..self
        }
    }
}

/// The changes for [`PrivateRegistries::update`]. Settings that are not given are kept.
///
/// GitHub does not return which repositories are selected for a registry. To change them, set the
/// whole [`visibility`](Self::visibility).
///
/// [`PrivateRegistries::update`]: crate::PrivateRegistries::update
///
/// ```
/// use github_secrets::{RegistryUpdate, Visibility};
///
/// let update = RegistryUpdate::new()
///     .value("better horse")
///     .visibility(Visibility::selected(["website"]));
/// # let _ = update;
/// ```
#[derive(Debug, Default)]
pub struct RegistryUpdate {
    pub(crate) value: Option<SecretValue>,
    pub(crate) url: Option<String>,
    pub(crate) username: Option<Option<String>>,
    pub(crate) replaces_base: Option<bool>,
    pub(crate) visibility: Option<Visibility>,
    pub(crate) oidc: Option<Oidc>,
}

impl RegistryUpdate {
    /// Creates an update without changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a new secret value: the token or the password.
    #[must_use]
    pub fn value(self, value: impl Into<SecretValue>) -> Self {
        let value = Some(value.into());
        Self { value, ..self }
    }

    /// Sets a new address.
    #[must_use]
    pub fn url(self, url: impl Into<String>) -> Self {
        let url = Some(url.into());
        Self { url, ..self }
    }

    /// Sets a new user name; `None` removes it.
    #[must_use]
    pub fn username(self, username: Option<String>) -> Self {
        let username = Some(username);
        Self { username, ..self }
    }

    /// Sets whether the registry replaces the public one of its kind.
    #[must_use]
    pub fn replaces_base(self, replaces_base: bool) -> Self {
        let replaces_base = Some(replaces_base);
        Self {
            replaces_base,
            ..self
        }
    }

    /// Sets a new visibility.
    #[must_use]
    pub fn visibility(self, visibility: Visibility) -> Self {
        let visibility = Some(visibility);
        Self { visibility, ..self }
    }

    /// Sets new settings for OIDC, of the kind that the registry has.
    #[must_use]
    pub fn oidc(self, oidc: Oidc) -> Self {
        let oidc = Some(oidc);
        Self { oidc, ..self }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        if let Some(url) = &self.url {
            check_url(url)?;
        }
        if let Some(oidc) = &self.oidc {
            oidc.check()?;
        }
        match &self.value {
            Some(value) => Ok(value.check()?),
            None => Ok(()),
        }
    }
}

/// Checks that an address is one that people can be shown: a URL parser removes line breaks, and a
/// password in it would be readable for everyone who sees the registry.
fn check_url(url: &str) -> Result<(), RegistryError> {
    let is_plain = !url.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\');
    match Url::parse(url) {
        Ok(parsed)
            if is_plain
                && parsed.has_host()
                && matches!(parsed.scheme(), "https" | "http")
                && parsed.username().is_empty()
                && parsed.password().is_none() =>
        {
            Ok(())
        }
        _ => Err(RegistryError::Url),
    }
}
