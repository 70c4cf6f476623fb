// Made by `cargo xtask regen` with progenitor from openapi/github.json and openapi/overlay.json. Do not edit it:
// take another operation in openapi/operations.json, or say in openapi/overlay.json what should be different.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(
    missing_docs,
    reason = "a description has no words for a variant, and an operation just taken has none yet"
)]

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    /// A private registry to create.
    #[derive(::serde::Serialize, Clone)]
    pub struct CreatePrivateRegistry {
        /// The AWS account id. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub account_id: ::std::option::Option<::std::string::String>,
        /// The Cloudsmith API host. For `oidc_cloudsmith`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub api_host: ::std::option::Option<::std::string::String>,
        /// The OIDC audience. For `oidc_aws`, `oidc_jfrog`, `oidc_cloudsmith` and `oidc_gcp`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub audience: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub auth_type: ::std::option::Option<RegistryAuthType>,
        /// The AWS region. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub aws_region: ::std::option::Option<::std::string::String>,
        /// The client id of the Entra ID application. For `oidc_azure`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub client_id: ::std::option::Option<::std::string::String>,
        /// The CodeArtifact domain. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub domain: ::std::option::Option<::std::string::String>,
        /// The AWS account id that owns the CodeArtifact domain. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub domain_owner: ::std::option::Option<::std::string::String>,
        /// The value as a sealed box, in padded base64.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub encrypted_value: ::std::option::Option<::std::string::String>,
        /// The JFrog identity mapping. For `oidc_jfrog`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub identity_mapping_name: ::std::option::Option<::std::string::String>,
        /// The JFrog OIDC provider. For `oidc_jfrog`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub jfrog_oidc_provider_name: ::std::option::Option<::std::string::String>,
        /// The id of the public key that the value is sealed with.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub key_id: ::std::option::Option<::std::string::String>,
        /// The Cloudsmith namespace. For `oidc_cloudsmith`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub namespace: ::std::option::Option<::std::string::String>,
        pub registry_type: RegistryType,
        /// Whether the registry replaces the public one of its kind.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub replaces_base: ::std::option::Option<bool>,
        /// The AWS IAM role to assume. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role_name: ::std::option::Option<::std::string::String>,
        /// The ids of the repositories that are selected.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub selected_repository_ids: ::std::option::Option<::std::vec::Vec<i64>>,
        /// The Google Cloud service account to impersonate. For `oidc_gcp`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub service_account: ::std::option::Option<::std::string::String>,
        /// The Cloudsmith service. For `oidc_cloudsmith`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub service_slug: ::std::option::Option<::std::string::String>,
        /// The Entra ID tenant. For `oidc_azure`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub tenant_id: ::std::option::Option<::std::string::String>,
        /// The URL.
        pub url: ::std::string::String,
        /// The user name. For `username_password`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub username: ::std::option::Option<::std::string::String>,
        pub visibility: RegistryVisibility,
        /// The Google Cloud workload identity provider. For `oidc_gcp`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub workload_identity_provider: ::std::option::Option<::std::string::String>,
    }
    /// A private registry, without its credentials.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PrivateRegistry {
        /// The AWS account id. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub account_id: ::std::option::Option<::std::string::String>,
        /// The Cloudsmith API host. For `oidc_cloudsmith`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub api_host: ::std::option::Option<::std::string::String>,
        /// The OIDC audience. For `oidc_aws`, `oidc_jfrog`, `oidc_cloudsmith` and `oidc_gcp`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub audience: ::std::option::Option<::std::string::String>,
        /// How GitHub authenticates with the registry.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub auth_type: ::std::option::Option<::std::string::String>,
        /// The AWS region. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub aws_region: ::std::option::Option<::std::string::String>,
        /// The client id of the Entra ID application. For `oidc_azure`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub client_id: ::std::option::Option<::std::string::String>,
        /// The time of creation, as in `2019-08-10T14:59:22Z`.
        pub created_at: ::std::string::String,
        /// The CodeArtifact domain. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub domain: ::std::option::Option<::std::string::String>,
        /// The AWS account id that owns the CodeArtifact domain. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub domain_owner: ::std::option::Option<::std::string::String>,
        /// The JFrog identity mapping. For `oidc_jfrog`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub identity_mapping_name: ::std::option::Option<::std::string::String>,
        /// The JFrog OIDC provider. For `oidc_jfrog`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub jfrog_oidc_provider_name: ::std::option::Option<::std::string::String>,
        /// The name.
        pub name: ::std::string::String,
        /// The Cloudsmith namespace. For `oidc_cloudsmith`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub namespace: ::std::option::Option<::std::string::String>,
        /// The kind of registry.
        pub registry_type: ::std::string::String,
        /// Whether the registry replaces the public one of its kind.
        #[serde(default)]
        pub replaces_base: bool,
        /// The AWS IAM role to assume. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role_name: ::std::option::Option<::std::string::String>,
        /// The ids of the repositories that are selected.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub selected_repository_ids: ::std::option::Option<::std::vec::Vec<i64>>,
        /// The Google Cloud service account to impersonate. For `oidc_gcp`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub service_account: ::std::option::Option<::std::string::String>,
        /// The Cloudsmith service. For `oidc_cloudsmith`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub service_slug: ::std::option::Option<::std::string::String>,
        /// The Entra ID tenant. For `oidc_azure`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub tenant_id: ::std::option::Option<::std::string::String>,
        /// The time of the last update, as in `2019-08-10T14:59:22Z`.
        pub updated_at: ::std::string::String,
        /// The URL.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
        /// The user name. For `username_password`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub username: ::std::option::Option<::std::string::String>,
        /// Which repositories can use it: `all`, `private` or `selected`.
        pub visibility: ::std::string::String,
        /// The Google Cloud workload identity provider. For `oidc_gcp`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub workload_identity_provider: ::std::option::Option<::std::string::String>,
    }
    /// A page of private registries.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PrivateRegistryPage {
        /// The private registries on this page.
        pub configurations: ::std::vec::Vec<PrivateRegistry>,
        /// The number of results on all pages.
        pub total_count: i64,
    }
    /// A public key to seal values with.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PublicKey {
        /// The time of creation.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_at: ::std::option::Option<::std::string::String>,
        /// The number of the key.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<i64>,
        /// The public key: 32 bytes in base64.
        pub key: ::std::string::String,
        /// The id to send with a value that is sealed with this key.
        pub key_id: PublicKeyKeyId,
        /// The title.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub title: ::std::option::Option<::std::string::String>,
        /// The URL.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
    }
    /// The id to send with a value that is sealed with this key.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum PublicKeyKeyId {
        Integer(i64),
        String(::std::string::String),
    }
    impl ::std::fmt::Display for PublicKeyKeyId {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Integer(x) => x.fmt(f),
                Self::String(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<i64> for PublicKeyKeyId {
        fn from(value: i64) -> Self {
            Self::Integer(value)
        }
    }
    /// How GitHub authenticates with a private registry.
    #[derive(
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum RegistryAuthType {
        #[serde(rename = "token")]
        Token,
        #[serde(rename = "username_password")]
        UsernamePassword,
        #[serde(rename = "oidc_azure")]
        OidcAzure,
        #[serde(rename = "oidc_aws")]
        OidcAws,
        #[serde(rename = "oidc_jfrog")]
        OidcJfrog,
        #[serde(rename = "oidc_cloudsmith")]
        OidcCloudsmith,
        #[serde(rename = "oidc_gcp")]
        OidcGcp,
    }
    impl ::std::fmt::Display for RegistryAuthType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Token => f.write_str("token"),
                Self::UsernamePassword => f.write_str("username_password"),
                Self::OidcAzure => f.write_str("oidc_azure"),
                Self::OidcAws => f.write_str("oidc_aws"),
                Self::OidcJfrog => f.write_str("oidc_jfrog"),
                Self::OidcCloudsmith => f.write_str("oidc_cloudsmith"),
                Self::OidcGcp => f.write_str("oidc_gcp"),
            }
        }
    }
    impl ::std::str::FromStr for RegistryAuthType {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "token" => Ok(Self::Token),
                "username_password" => Ok(Self::UsernamePassword),
                "oidc_azure" => Ok(Self::OidcAzure),
                "oidc_aws" => Ok(Self::OidcAws),
                "oidc_jfrog" => Ok(Self::OidcJfrog),
                "oidc_cloudsmith" => Ok(Self::OidcCloudsmith),
                "oidc_gcp" => Ok(Self::OidcGcp),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for RegistryAuthType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for RegistryAuthType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    /// The kind of a private registry.
    #[derive(
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum RegistryType {
        #[serde(rename = "maven_repository")]
        MavenRepository,
        #[serde(rename = "nuget_feed")]
        NugetFeed,
        #[serde(rename = "goproxy_server")]
        GoproxyServer,
        #[serde(rename = "npm_registry")]
        NpmRegistry,
        #[serde(rename = "rubygems_server")]
        RubygemsServer,
        #[serde(rename = "cargo_registry")]
        CargoRegistry,
        #[serde(rename = "composer_repository")]
        ComposerRepository,
        #[serde(rename = "docker_registry")]
        DockerRegistry,
        #[serde(rename = "git_source")]
        GitSource,
        #[serde(rename = "helm_registry")]
        HelmRegistry,
        #[serde(rename = "hex_organization")]
        HexOrganization,
        #[serde(rename = "hex_repository")]
        HexRepository,
        #[serde(rename = "pub_repository")]
        PubRepository,
        #[serde(rename = "python_index")]
        PythonIndex,
        #[serde(rename = "terraform_registry")]
        TerraformRegistry,
    }
    impl ::std::fmt::Display for RegistryType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::MavenRepository => f.write_str("maven_repository"),
                Self::NugetFeed => f.write_str("nuget_feed"),
                Self::GoproxyServer => f.write_str("goproxy_server"),
                Self::NpmRegistry => f.write_str("npm_registry"),
                Self::RubygemsServer => f.write_str("rubygems_server"),
                Self::CargoRegistry => f.write_str("cargo_registry"),
                Self::ComposerRepository => f.write_str("composer_repository"),
                Self::DockerRegistry => f.write_str("docker_registry"),
                Self::GitSource => f.write_str("git_source"),
                Self::HelmRegistry => f.write_str("helm_registry"),
                Self::HexOrganization => f.write_str("hex_organization"),
                Self::HexRepository => f.write_str("hex_repository"),
                Self::PubRepository => f.write_str("pub_repository"),
                Self::PythonIndex => f.write_str("python_index"),
                Self::TerraformRegistry => f.write_str("terraform_registry"),
            }
        }
    }
    impl ::std::str::FromStr for RegistryType {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "maven_repository" => Ok(Self::MavenRepository),
                "nuget_feed" => Ok(Self::NugetFeed),
                "goproxy_server" => Ok(Self::GoproxyServer),
                "npm_registry" => Ok(Self::NpmRegistry),
                "rubygems_server" => Ok(Self::RubygemsServer),
                "cargo_registry" => Ok(Self::CargoRegistry),
                "composer_repository" => Ok(Self::ComposerRepository),
                "docker_registry" => Ok(Self::DockerRegistry),
                "git_source" => Ok(Self::GitSource),
                "helm_registry" => Ok(Self::HelmRegistry),
                "hex_organization" => Ok(Self::HexOrganization),
                "hex_repository" => Ok(Self::HexRepository),
                "pub_repository" => Ok(Self::PubRepository),
                "python_index" => Ok(Self::PythonIndex),
                "terraform_registry" => Ok(Self::TerraformRegistry),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for RegistryType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for RegistryType {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    /// Which of an organization's repositories can use a private registry.
    #[derive(
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum RegistryVisibility {
        #[serde(rename = "all")]
        All,
        #[serde(rename = "private")]
        Private,
        #[serde(rename = "selected")]
        Selected,
    }
    impl ::std::fmt::Display for RegistryVisibility {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::All => f.write_str("all"),
                Self::Private => f.write_str("private"),
                Self::Selected => f.write_str("selected"),
            }
        }
    }
    impl ::std::str::FromStr for RegistryVisibility {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "all" => Ok(Self::All),
                "private" => Ok(Self::Private),
                "selected" => Ok(Self::Selected),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for RegistryVisibility {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for RegistryVisibility {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    /// A repository, with the fields that matter for secrets.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Repository {
        /// Whether the repository is archived, and so read-only.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub archived: ::std::option::Option<bool>,
        /// The owner and the name, as in `octocat/hello-world`.
        pub full_name: ::std::string::String,
        /// The URL of the repository's page.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub html_url: ::std::option::Option<::std::string::String>,
        /// The id.
        pub id: i64,
        /// The name.
        pub name: ::std::string::String,
        /// Whether the repository is not public.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub private: ::std::option::Option<bool>,
        /// Who can see the repository: `public`, `private` or `internal`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub visibility: ::std::option::Option<::std::string::String>,
    }
    /// A repository's id. Dependabot's organization secrets want it as a string, all others take an integer.
    #[derive(::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum RepositoryId {
        Integer(i64),
        String(::std::string::String),
    }
    impl ::std::fmt::Display for RepositoryId {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::Integer(x) => x.fmt(f),
                Self::String(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<i64> for RepositoryId {
        fn from(value: i64) -> Self {
            Self::Integer(value)
        }
    }
    /// A page of repositories.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct RepositoryPage {
        /// The repositories on this page.
        pub repositories: ::std::vec::Vec<Repository>,
        /// The number of results on all pages.
        pub total_count: i64,
    }
    /// A secret, without its value.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct Secret {
        /// The time of creation, as in `2019-08-10T14:59:22Z`.
        pub created_at: ::std::string::String,
        /// The name.
        pub name: ::std::string::String,
        /// The URL that lists the selected repositories.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub selected_repositories_url: ::std::option::Option<::std::string::String>,
        /// The time of the last update, as in `2019-08-10T14:59:22Z`.
        pub updated_at: ::std::string::String,
        /// Which repositories can use it: `all`, `private` or `selected`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub visibility: ::std::option::Option<::std::string::String>,
    }
    /// A page of secrets.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SecretPage {
        /// The secrets on this page.
        pub secrets: ::std::vec::Vec<Secret>,
        /// The number of results on all pages.
        pub total_count: i64,
    }
    /// The repositories that can use a secret.
    #[derive(::serde::Serialize, Clone, Debug)]
    pub struct SelectRepositories {
        /// The ids of the repositories that are selected.
        pub selected_repository_ids: ::std::vec::Vec<i64>,
    }
    /// A sealed value, and which repositories can use it. Each operation takes some of the fields.
    #[derive(::serde::Serialize, Clone, Default)]
    pub struct SetSecret {
        /// The value as a sealed box, in padded base64.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub encrypted_value: ::std::option::Option<::std::string::String>,
        /// The id of the public key that the value is sealed with.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub key_id: ::std::option::Option<::std::string::String>,
        /// The ids of the repositories that are selected.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub selected_repository_ids: ::std::option::Option<
            ::std::vec::Vec<RepositoryId>,
        >,
        /// Which repositories can use it: `all`, `private` or `selected`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub visibility: ::std::option::Option<SetSecretVisibility>,
    }
    /// Which repositories can use it: `all`, `private` or `selected`.
    #[derive(
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum SetSecretVisibility {
        #[serde(rename = "all")]
        All,
        #[serde(rename = "private")]
        Private,
        #[serde(rename = "selected")]
        Selected,
    }
    impl ::std::fmt::Display for SetSecretVisibility {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::All => f.write_str("all"),
                Self::Private => f.write_str("private"),
                Self::Selected => f.write_str("selected"),
            }
        }
    }
    impl ::std::str::FromStr for SetSecretVisibility {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "all" => Ok(Self::All),
                "private" => Ok(Self::Private),
                "selected" => Ok(Self::Selected),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for SetSecretVisibility {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for SetSecretVisibility {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    /// The changes to a private registry.
    #[derive(::serde::Serialize, Clone, Default)]
    pub struct UpdatePrivateRegistry {
        /// The AWS account id. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub account_id: ::std::option::Option<::std::string::String>,
        /// The Cloudsmith API host. For `oidc_cloudsmith`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub api_host: ::std::option::Option<::std::string::String>,
        /// The OIDC audience. For `oidc_aws`, `oidc_jfrog`, `oidc_cloudsmith` and `oidc_gcp`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub audience: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub auth_type: ::std::option::Option<RegistryAuthType>,
        /// The AWS region. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub aws_region: ::std::option::Option<::std::string::String>,
        /// The client id of the Entra ID application. For `oidc_azure`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub client_id: ::std::option::Option<::std::string::String>,
        /// The CodeArtifact domain. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub domain: ::std::option::Option<::std::string::String>,
        /// The AWS account id that owns the CodeArtifact domain. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub domain_owner: ::std::option::Option<::std::string::String>,
        /// The value as a sealed box, in padded base64.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub encrypted_value: ::std::option::Option<::std::string::String>,
        /// The JFrog identity mapping. For `oidc_jfrog`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub identity_mapping_name: ::std::option::Option<::std::string::String>,
        /// The JFrog OIDC provider. For `oidc_jfrog`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub jfrog_oidc_provider_name: ::std::option::Option<::std::string::String>,
        /// The id of the public key that the value is sealed with.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub key_id: ::std::option::Option<::std::string::String>,
        /// The Cloudsmith namespace. For `oidc_cloudsmith`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub namespace: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub registry_type: ::std::option::Option<RegistryType>,
        /// Whether the registry replaces the public one of its kind.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub replaces_base: ::std::option::Option<bool>,
        /// The AWS IAM role to assume. For `oidc_aws`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role_name: ::std::option::Option<::std::string::String>,
        /// The ids of the repositories that are selected.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub selected_repository_ids: ::std::option::Option<::std::vec::Vec<i64>>,
        /// The Google Cloud service account to impersonate. For `oidc_gcp`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub service_account: ::std::option::Option<::std::string::String>,
        /// The Cloudsmith service. For `oidc_cloudsmith`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub service_slug: ::std::option::Option<::std::string::String>,
        /// The Entra ID tenant. For `oidc_azure`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub tenant_id: ::std::option::Option<::std::string::String>,
        /// The URL.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
        /// The user name; `Some(None)` sends `null`. For `username_password`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub username: ::std::option::Option<
            ::std::option::Option<::std::string::String>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub visibility: ::std::option::Option<RegistryVisibility>,
        /// The Google Cloud workload identity provider. For `oidc_gcp`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub workload_identity_provider: ::std::option::Option<::std::string::String>,
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
    impl ::std::fmt::Debug for CreatePrivateRegistry {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("CreatePrivateRegistry").finish_non_exhaustive()
        }
    }
    impl ::std::fmt::Debug for SetSecret {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("SetSecret").finish_non_exhaustive()
        }
    }
    impl ::std::fmt::Debug for UpdatePrivateRegistry {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("UpdatePrivateRegistry").finish_non_exhaustive()
        }
    }
}
#[derive(Clone, Debug)]
/// Client for the operations of GitHub's REST API that github-secrets takes
///
/// Version: 2022-11-28
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: ::std::sync::Arc<dyn crate::Transport>,
}
impl Client {
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: ::std::sync::Arc<dyn crate::Transport>,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}
impl ClientInfo<::std::sync::Arc<dyn crate::Transport>> for Client {
    fn api_version() -> &'static str {
        "2022-11-28"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &::std::sync::Arc<dyn crate::Transport> {
        &self.inner
    }
}
#[allow(clippy::all)]
impl Client {
    /// Lists an organization's Actions secrets, without their values
    ///
    /// A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#list-organization-secrets>
    ///
    /// Sends a `GET` request to `/orgs/{org}/actions/secrets`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_list_org_secrets<'a>(
        &'a self,
        org: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["orgs", org, "actions", "secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal an organization's Actions secrets with
    ///
    /// A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#get-an-organization-public-key>
    ///
    /// Sends a `GET` request to `/orgs/{org}/actions/secrets/public-key`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_get_org_public_key<'a>(
        &'a self,
        org: &'a str,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self.url(&["orgs", org, "actions", "secrets", "public-key"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns an organization's Actions secret, without its value
    ///
    /// A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#get-an-organization-secret>
    ///
    /// Sends a `GET` request to `/orgs/{org}/actions/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_get_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::Secret>, Error<()>> {
        let url = self.url(&["orgs", org, "actions", "secrets", secret_name])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates or updates an organization's Actions secret
    ///
    /// The response is 201 for a new secret and 204 for an updated one. A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#create-or-update-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/actions/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_create_or_update_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::SetSecret,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["orgs", org, "actions", "secrets", secret_name])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes an organization's Actions secret
    ///
    /// A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#delete-an-organization-secret>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/actions/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_delete_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["orgs", org, "actions", "secrets", secret_name])?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists the repositories that can use an organization's Actions secret whose visibility is `selected`
    ///
    /// A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#list-selected-repositories-for-an-organization-secret>
    ///
    /// Sends a `GET` request to `/orgs/{org}/actions/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_list_selected_repos_for_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::RepositoryPage>, Error<()>> {
        let url = self
            .url(&["orgs", org, "actions", "secrets", secret_name, "repositories"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Replaces the repositories that can use an organization's Actions secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#set-selected-repositories-for-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/actions/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_set_selected_repos_for_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::SelectRepositories,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(&["orgs", org, "actions", "secrets", secret_name, "repositories"])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Adds a repository to those that can use an organization's Actions secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#add-selected-repository-to-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/actions/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's id.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_add_selected_repo_to_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "orgs",
                    org,
                    "actions",
                    "secrets",
                    secret_name,
                    "repositories",
                    &repository_id.to_string(),
                ],
            )?;
        let response = self.send(self.client.put(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Removes a repository from those that can use an organization's Actions secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#remove-selected-repository-from-an-organization-secret>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/actions/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's id.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_remove_selected_repo_from_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "orgs",
                    org,
                    "actions",
                    "secrets",
                    secret_name,
                    "repositories",
                    &repository_id.to_string(),
                ],
            )?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists an organization's Agents secrets, without their values
    ///
    /// A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#list-organization-secrets>
    ///
    /// Sends a `GET` request to `/orgs/{org}/agents/secrets`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_list_org_secrets<'a>(
        &'a self,
        org: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["orgs", org, "agents", "secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal an organization's Agents secrets with
    ///
    /// A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#get-an-organization-public-key>
    ///
    /// Sends a `GET` request to `/orgs/{org}/agents/secrets/public-key`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_get_org_public_key<'a>(
        &'a self,
        org: &'a str,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self.url(&["orgs", org, "agents", "secrets", "public-key"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns an organization's Agents secret, without its value
    ///
    /// A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#get-an-organization-secret>
    ///
    /// Sends a `GET` request to `/orgs/{org}/agents/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_get_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::Secret>, Error<()>> {
        let url = self.url(&["orgs", org, "agents", "secrets", secret_name])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates or updates an organization's Agents secret
    ///
    /// The response is 201 for a new secret and 204 for an updated one. A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#create-or-update-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/agents/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_create_or_update_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::SetSecret,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["orgs", org, "agents", "secrets", secret_name])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes an organization's Agents secret
    ///
    /// A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#delete-an-organization-secret>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/agents/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_delete_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["orgs", org, "agents", "secrets", secret_name])?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists the repositories that can use an organization's Agents secret whose visibility is `selected`
    ///
    /// A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#list-selected-repositories-for-an-organization-secret>
    ///
    /// Sends a `GET` request to `/orgs/{org}/agents/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_list_selected_repos_for_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::RepositoryPage>, Error<()>> {
        let url = self
            .url(&["orgs", org, "agents", "secrets", secret_name, "repositories"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Replaces the repositories that can use an organization's Agents secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#set-selected-repositories-for-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/agents/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_set_selected_repos_for_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::SelectRepositories,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(&["orgs", org, "agents", "secrets", secret_name, "repositories"])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Adds a repository to those that can use an organization's Agents secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#add-selected-repository-to-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/agents/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's id.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_add_selected_repo_to_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "orgs",
                    org,
                    "agents",
                    "secrets",
                    secret_name,
                    "repositories",
                    &repository_id.to_string(),
                ],
            )?;
        let response = self.send(self.client.put(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Removes a repository from those that can use an organization's Agents secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`, and `repo` for a private repository.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#remove-selected-repository-from-an-organization-secret>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/agents/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's id.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_remove_selected_repo_from_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "orgs",
                    org,
                    "agents",
                    "secrets",
                    secret_name,
                    "repositories",
                    &repository_id.to_string(),
                ],
            )?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists an organization's Codespaces secrets, without their values
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#list-organization-secrets>
    ///
    /// Sends a `GET` request to `/orgs/{org}/codespaces/secrets`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_list_org_secrets<'a>(
        &'a self,
        org: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["orgs", org, "codespaces", "secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal an organization's Codespaces secrets with
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#get-an-organization-public-key>
    ///
    /// Sends a `GET` request to `/orgs/{org}/codespaces/secrets/public-key`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_get_org_public_key<'a>(
        &'a self,
        org: &'a str,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self.url(&["orgs", org, "codespaces", "secrets", "public-key"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns an organization's Codespaces secret, without its value
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#get-an-organization-secret>
    ///
    /// Sends a `GET` request to `/orgs/{org}/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_get_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::Secret>, Error<()>> {
        let url = self.url(&["orgs", org, "codespaces", "secrets", secret_name])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates or updates an organization's Codespaces secret
    ///
    /// The response is 201 for a new secret and 204 for an updated one. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#create-or-update-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_create_or_update_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::SetSecret,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["orgs", org, "codespaces", "secrets", secret_name])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes an organization's Codespaces secret
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#delete-an-organization-secret>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_delete_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["orgs", org, "codespaces", "secrets", secret_name])?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists the repositories that can use an organization's Codespaces secret whose visibility is `selected`
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#list-selected-repositories-for-an-organization-secret>
    ///
    /// Sends a `GET` request to `/orgs/{org}/codespaces/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_list_selected_repos_for_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::RepositoryPage>, Error<()>> {
        let url = self
            .url(&["orgs", org, "codespaces", "secrets", secret_name, "repositories"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Replaces the repositories that can use an organization's Codespaces secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#set-selected-repositories-for-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/codespaces/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_set_selected_repos_for_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::SelectRepositories,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(&["orgs", org, "codespaces", "secrets", secret_name, "repositories"])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Adds a repository to those that can use an organization's Codespaces secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#add-selected-repository-to-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/codespaces/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's id.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_add_selected_repo_to_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "orgs",
                    org,
                    "codespaces",
                    "secrets",
                    secret_name,
                    "repositories",
                    &repository_id.to_string(),
                ],
            )?;
        let response = self.send(self.client.put(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Removes a repository from those that can use an organization's Codespaces secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#remove-selected-repository-from-an-organization-secret>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/codespaces/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's id.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_remove_selected_repo_from_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "orgs",
                    org,
                    "codespaces",
                    "secrets",
                    secret_name,
                    "repositories",
                    &repository_id.to_string(),
                ],
            )?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists an organization's Dependabot secrets, without their values
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#list-organization-secrets>
    ///
    /// Sends a `GET` request to `/orgs/{org}/dependabot/secrets`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_list_org_secrets<'a>(
        &'a self,
        org: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["orgs", org, "dependabot", "secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal an organization's Dependabot secrets with
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#get-an-organization-public-key>
    ///
    /// Sends a `GET` request to `/orgs/{org}/dependabot/secrets/public-key`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_get_org_public_key<'a>(
        &'a self,
        org: &'a str,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self.url(&["orgs", org, "dependabot", "secrets", "public-key"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns an organization's Dependabot secret, without its value
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#get-an-organization-secret>
    ///
    /// Sends a `GET` request to `/orgs/{org}/dependabot/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_get_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::Secret>, Error<()>> {
        let url = self.url(&["orgs", org, "dependabot", "secrets", secret_name])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates or updates an organization's Dependabot secret
    ///
    /// The response is 201 for a new secret and 204 for an updated one. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#create-or-update-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/dependabot/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_create_or_update_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::SetSecret,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["orgs", org, "dependabot", "secrets", secret_name])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes an organization's Dependabot secret
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#delete-an-organization-secret>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/dependabot/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_delete_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["orgs", org, "dependabot", "secrets", secret_name])?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists the repositories that can use an organization's Dependabot secret whose visibility is `selected`
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#list-selected-repositories-for-an-organization-secret>
    ///
    /// Sends a `GET` request to `/orgs/{org}/dependabot/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_list_selected_repos_for_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::RepositoryPage>, Error<()>> {
        let url = self
            .url(&["orgs", org, "dependabot", "secrets", secret_name, "repositories"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Replaces the repositories that can use an organization's Dependabot secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#set-selected-repositories-for-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/dependabot/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_set_selected_repos_for_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::SelectRepositories,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(&["orgs", org, "dependabot", "secrets", secret_name, "repositories"])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Adds a repository to those that can use an organization's Dependabot secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#add-selected-repository-to-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/dependabot/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's id.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_add_selected_repo_to_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "orgs",
                    org,
                    "dependabot",
                    "secrets",
                    secret_name,
                    "repositories",
                    &repository_id.to_string(),
                ],
            )?;
        let response = self.send(self.client.put(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Removes a repository from those that can use an organization's Dependabot secret whose visibility is `selected`
    ///
    /// The response is 409 if the secret has another visibility. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#remove-selected-repository-from-an-organization-secret>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/dependabot/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's id.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_remove_selected_repo_from_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "orgs",
                    org,
                    "dependabot",
                    "secrets",
                    secret_name,
                    "repositories",
                    &repository_id.to_string(),
                ],
            )?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists an organization's private registries, without their credentials and selected repositories
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/private-registries/organization-configurations#list-private-registries-for-an-organization>
    ///
    /// Sends a `GET` request to `/orgs/{org}/private-registries`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn private_registries_list_org_private_registries<'a>(
        &'a self,
        org: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::PrivateRegistryPage>, Error<()>> {
        let url = self.url(&["orgs", org, "private-registries"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates a private registry for an organization
    ///
    /// GitHub chooses the name and returns it with the registry. Sending the request again creates another registry. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/private-registries/organization-configurations#create-a-private-registry-for-an-organization>
    ///
    /// Sends a `POST` request to `/orgs/{org}/private-registries`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn private_registries_create_org_private_registry<'a>(
        &'a self,
        org: &'a str,
        body: &'a types::CreatePrivateRegistry,
    ) -> Result<ResponseValue<types::PrivateRegistry>, Error<()>> {
        let url = self.url(&["orgs", org, "private-registries"])?;
        let response = self.send(self.client.post(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal the credentials of an organization's private registries with
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/private-registries/organization-configurations#get-private-registries-public-key-for-an-organization>
    ///
    /// Sends a `GET` request to `/orgs/{org}/private-registries/public-key`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn private_registries_get_org_public_key<'a>(
        &'a self,
        org: &'a str,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self.url(&["orgs", org, "private-registries", "public-key"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns an organization's private registry, without its credentials and selected repositories
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/private-registries/organization-configurations#get-a-private-registry-for-an-organization>
    ///
    /// Sends a `GET` request to `/orgs/{org}/private-registries/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn private_registries_get_org_private_registry<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::PrivateRegistry>, Error<()>> {
        let url = self.url(&["orgs", org, "private-registries", secret_name])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes an organization's private registry
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/private-registries/organization-configurations#delete-a-private-registry-for-an-organization>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/private-registries/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn private_registries_delete_org_private_registry<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["orgs", org, "private-registries", secret_name])?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Updates an organization's private registry
    ///
    /// A field that is left out keeps its value. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/private-registries/organization-configurations#update-a-private-registry-for-an-organization>
    ///
    /// Sends a `PATCH` request to `/orgs/{org}/private-registries/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn private_registries_update_org_private_registry<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::UpdatePrivateRegistry,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["orgs", org, "private-registries", secret_name])?;
        let response = self.send(self.client.patch(url).json(&body)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns a repository
    ///
    /// A public repository needs no scope; for a private one, a classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/repos/repos#get-a-repository>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn repos_get<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
    ) -> Result<ResponseValue<types::Repository>, Error<()>> {
        let url = self.url(&["repos", owner, repo])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists the organization's Actions secrets that a repository can use, without their values
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#list-repository-organization-secrets>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/actions/organization-secrets`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_list_repo_organization_secrets<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "actions", "organization-secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists a repository's Actions secrets, without their values
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#list-repository-secrets>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/actions/secrets`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_list_repo_secrets<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "actions", "secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal a repository's Actions secrets with
    ///
    /// A classic token needs the scope `repo` if the repository is private.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#get-a-repository-public-key>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/actions/secrets/public-key`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_get_repo_public_key<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "actions", "secrets", "public-key"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns a repository's Actions secret, without its value
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#get-a-repository-secret>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/actions/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_get_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::Secret>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "actions", "secrets", secret_name])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates or updates a repository's Actions secret
    ///
    /// The response is 201 for a new secret and 204 for an updated one. A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#create-or-update-a-repository-secret>
    ///
    /// Sends a `PUT` request to `/repos/{owner}/{repo}/actions/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_create_or_update_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
        body: &'a types::SetSecret,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "actions", "secrets", secret_name])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes a repository's Actions secret
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#delete-a-repository-secret>
    ///
    /// Sends a `DELETE` request to `/repos/{owner}/{repo}/actions/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_delete_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "actions", "secrets", secret_name])?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists the organization's Agents secrets that a repository can use, without their values
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#list-repository-organization-secrets>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/agents/organization-secrets`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_list_repo_organization_secrets<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "agents", "organization-secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists a repository's Agents secrets, without their values
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#list-repository-secrets>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/agents/secrets`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_list_repo_secrets<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "agents", "secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal a repository's Agents secrets with
    ///
    /// A classic token needs the scope `repo` if the repository is private.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#get-a-repository-public-key>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/agents/secrets/public-key`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_get_repo_public_key<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "agents", "secrets", "public-key"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns a repository's Agents secret, without its value
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#get-a-repository-secret>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/agents/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_get_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::Secret>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "agents", "secrets", secret_name])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates or updates a repository's Agents secret
    ///
    /// The response is 201 for a new secret and 204 for an updated one. A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#create-or-update-a-repository-secret>
    ///
    /// Sends a `PUT` request to `/repos/{owner}/{repo}/agents/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_create_or_update_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
        body: &'a types::SetSecret,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "agents", "secrets", secret_name])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes a repository's Agents secret
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/agents/secrets#delete-a-repository-secret>
    ///
    /// Sends a `DELETE` request to `/repos/{owner}/{repo}/agents/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn agents_delete_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "agents", "secrets", secret_name])?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists a repository's Codespaces secrets, without their values
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/repository-secrets#list-repository-secrets>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/codespaces/secrets`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_list_repo_secrets<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "codespaces", "secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal a repository's Codespaces secrets with
    ///
    /// A classic token needs the scope `repo` if the repository is private.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/repository-secrets#get-a-repository-public-key>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/codespaces/secrets/public-key`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_get_repo_public_key<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self
            .url(&["repos", owner, repo, "codespaces", "secrets", "public-key"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns a repository's Codespaces secret, without its value
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/repository-secrets#get-a-repository-secret>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_get_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::Secret>, Error<()>> {
        let url = self
            .url(&["repos", owner, repo, "codespaces", "secrets", secret_name])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates or updates a repository's Codespaces secret
    ///
    /// The response is 201 for a new secret and 204 for an updated one. A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/repository-secrets#create-or-update-a-repository-secret>
    ///
    /// Sends a `PUT` request to `/repos/{owner}/{repo}/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_create_or_update_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
        body: &'a types::SetSecret,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(&["repos", owner, repo, "codespaces", "secrets", secret_name])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes a repository's Codespaces secret
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/repository-secrets#delete-a-repository-secret>
    ///
    /// Sends a `DELETE` request to `/repos/{owner}/{repo}/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_delete_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(&["repos", owner, repo, "codespaces", "secrets", secret_name])?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists a repository's Dependabot secrets, without their values
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#list-repository-secrets>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/dependabot/secrets`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_list_repo_secrets<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["repos", owner, repo, "dependabot", "secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal a repository's Dependabot secrets with
    ///
    /// A classic token needs the scope `repo` if the repository is private.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#get-a-repository-public-key>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/dependabot/secrets/public-key`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_get_repo_public_key<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self
            .url(&["repos", owner, repo, "dependabot", "secrets", "public-key"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns a repository's Dependabot secret, without its value
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#get-a-repository-secret>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/dependabot/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_get_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::Secret>, Error<()>> {
        let url = self
            .url(&["repos", owner, repo, "dependabot", "secrets", secret_name])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates or updates a repository's Dependabot secret
    ///
    /// The response is 201 for a new secret and 204 for an updated one. A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#create-or-update-a-repository-secret>
    ///
    /// Sends a `PUT` request to `/repos/{owner}/{repo}/dependabot/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_create_or_update_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
        body: &'a types::SetSecret,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(&["repos", owner, repo, "dependabot", "secrets", secret_name])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes a repository's Dependabot secret
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/dependabot/secrets#delete-a-repository-secret>
    ///
    /// Sends a `DELETE` request to `/repos/{owner}/{repo}/dependabot/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn dependabot_delete_repo_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(&["repos", owner, repo, "dependabot", "secrets", secret_name])?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists an environment's Actions secrets, without their values
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#list-environment-secrets>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/environments/{environment_name}/secrets`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `environment_name`: The environment's name. It is percent-encoded here.
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_list_environment_secrets<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        environment_name: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self
            .url(&["repos", owner, repo, "environments", environment_name, "secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal an environment's Actions secrets with
    ///
    /// A classic token needs the scope `repo` if the repository is private.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#get-an-environment-public-key>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/environments/{environment_name}/secrets/public-key`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `environment_name`: The environment's name. It is percent-encoded here.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_get_environment_public_key<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        environment_name: &'a str,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self
            .url(
                &[
                    "repos",
                    owner,
                    repo,
                    "environments",
                    environment_name,
                    "secrets",
                    "public-key",
                ],
            )?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns an environment's Actions secret, without its value
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#get-an-environment-secret>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `environment_name`: The environment's name. It is percent-encoded here.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_get_environment_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        environment_name: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::Secret>, Error<()>> {
        let url = self
            .url(
                &[
                    "repos",
                    owner,
                    repo,
                    "environments",
                    environment_name,
                    "secrets",
                    secret_name,
                ],
            )?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates or updates an environment's Actions secret
    ///
    /// The response is 201 for a new secret and 204 for an updated one. A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#create-or-update-an-environment-secret>
    ///
    /// Sends a `PUT` request to `/repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `environment_name`: The environment's name. It is percent-encoded here.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_create_or_update_environment_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        environment_name: &'a str,
        secret_name: &'a str,
        body: &'a types::SetSecret,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "repos",
                    owner,
                    repo,
                    "environments",
                    environment_name,
                    "secrets",
                    secret_name,
                ],
            )?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes an environment's Actions secret
    ///
    /// A classic token needs the scope `repo`.
    ///
    /// Source: <https://docs.github.com/rest/actions/secrets#delete-an-environment-secret>
    ///
    /// Sends a `DELETE` request to `/repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that owns the repository. Case does not matter.
    /// - `repo`: The repository's name, without `.git`. Case does not matter.
    /// - `environment_name`: The environment's name. It is percent-encoded here.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn actions_delete_environment_secret<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
        environment_name: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "repos",
                    owner,
                    repo,
                    "environments",
                    environment_name,
                    "secrets",
                    secret_name,
                ],
            )?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists the authenticated user's Codespaces secrets, without their values
    ///
    /// A classic token needs the scope `codespace` or `codespace:secrets`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/secrets#list-secrets-for-the-authenticated-user>
    ///
    /// Sends a `GET` request to `/user/codespaces/secrets`
    ///
    /// Arguments:
    /// - `page`: The number of the page, from 1, which is the default.
    /// - `per_page`: The number of results on a page, at most 100. The default is 30.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_list_secrets_for_authenticated_user<'a>(
        &'a self,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::SecretPage>, Error<()>> {
        let url = self.url(&["user", "codespaces", "secrets"])?;
        let response = self
            .send(
                self
                    .client
                    .get(url)
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(&progenitor_client::QueryParam::new("per_page", &per_page)),
            )
            .await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the public key to seal the authenticated user's Codespaces secrets with
    ///
    /// A classic token needs the scope `codespace` or `codespace:secrets`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/secrets#get-public-key-for-the-authenticated-user>
    ///
    /// Sends a `GET` request to `/user/codespaces/secrets/public-key`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_get_public_key_for_authenticated_user<'a>(
        &'a self,
    ) -> Result<ResponseValue<types::PublicKey>, Error<()>> {
        let url = self.url(&["user", "codespaces", "secrets", "public-key"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Returns the authenticated user's Codespaces secret, without its value
    ///
    /// A classic token needs the scope `codespace` or `codespace:secrets`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/secrets#get-a-secret-for-the-authenticated-user>
    ///
    /// Sends a `GET` request to `/user/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_get_secret_for_authenticated_user<'a>(
        &'a self,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::Secret>, Error<()>> {
        let url = self.url(&["user", "codespaces", "secrets", secret_name])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates or updates the authenticated user's Codespaces secret
    ///
    /// The response is 201 for a new secret and 204 for an updated one. A classic token needs the scope `codespace` or `codespace:secrets`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/secrets#create-or-update-a-secret-for-the-authenticated-user>
    ///
    /// Sends a `PUT` request to `/user/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_create_or_update_secret_for_authenticated_user<'a>(
        &'a self,
        secret_name: &'a str,
        body: &'a types::SetSecret,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["user", "codespaces", "secrets", secret_name])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes the authenticated user's Codespaces secret
    ///
    /// A classic token needs the scope `codespace` or `codespace:secrets`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/secrets#delete-a-secret-for-the-authenticated-user>
    ///
    /// Sends a `DELETE` request to `/user/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_delete_secret_for_authenticated_user<'a>(
        &'a self,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self.url(&["user", "codespaces", "secrets", secret_name])?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Lists the repositories that can use the authenticated user's Codespaces secret
    ///
    /// A classic token needs the scope `codespace` or `codespace:secrets`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/secrets#list-selected-repositories-for-a-user-secret>
    ///
    /// Sends a `GET` request to `/user/codespaces/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_list_repositories_for_secret_for_authenticated_user<'a>(
        &'a self,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::RepositoryPage>, Error<()>> {
        let url = self
            .url(&["user", "codespaces", "secrets", secret_name, "repositories"])?;
        let response = self.send(self.client.get(url)).await?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Replaces the repositories that can use the authenticated user's Codespaces secret
    ///
    /// A classic token needs the scope `codespace` or `codespace:secrets`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/secrets#set-selected-repositories-for-a-user-secret>
    ///
    /// Sends a `PUT` request to `/user/codespaces/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_set_repositories_for_secret_for_authenticated_user<'a>(
        &'a self,
        secret_name: &'a str,
        body: &'a types::SelectRepositories,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(&["user", "codespaces", "secrets", secret_name, "repositories"])?;
        let response = self.send(self.client.put(url).json(&body)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Adds a repository to those that can use the authenticated user's Codespaces secret
    ///
    /// A classic token needs the scope `codespace` or `codespace:secrets`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/secrets#add-a-selected-repository-to-a-user-secret>
    ///
    /// Sends a `PUT` request to `/user/codespaces/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's id.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_add_repository_for_secret_for_authenticated_user<'a>(
        &'a self,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "user",
                    "codespaces",
                    "secrets",
                    secret_name,
                    "repositories",
                    &repository_id.to_string(),
                ],
            )?;
        let response = self.send(self.client.put(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Removes a repository from those that can use the authenticated user's Codespaces secret
    ///
    /// A classic token needs the scope `codespace` or `codespace:secrets`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/secrets#remove-a-selected-repository-from-a-user-secret>
    ///
    /// Sends a `DELETE` request to `/user/codespaces/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's id.
    ///
    /// # Errors
    ///
    /// Returns an error if the request fails, or if the response is not a success.
    pub async fn codespaces_remove_repository_for_secret_for_authenticated_user<'a>(
        &'a self,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = self
            .url(
                &[
                    "user",
                    "codespaces",
                    "secrets",
                    secret_name,
                    "repositories",
                    &repository_id.to_string(),
                ],
            )?;
        let response = self.send(self.client.delete(url)).await?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
