// Made by `cargo xtask regen` with progenitor from openapi/github.json and openapi/overlay.json. Do not edit it:
// take another operation in openapi/operations.json, or say in openapi/overlay.json what should be different.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(
    missing_docs,
    reason = "a description has no words for a variant, and an operation just taken has none yet"
)]

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    /// A sealed value and who may use it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
    pub struct CodespacesCreateOrUpdateOrgSecretBody {
        /// The sealed box in base64.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub encrypted_value: ::std::option::Option<::std::string::String>,
        /// Names the key that a value is sealed for.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub key_id: ::std::option::Option<::std::string::String>,
        /// The numbers of the repositories: only with visibility `selected`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub selected_repository_ids: ::std::option::Option<::std::vec::Vec<i64>>,
        /// Which repositories: `all`, `private` or `selected`.
        pub visibility: CodespacesCreateOrUpdateOrgSecretBodyVisibility,
    }
    /// Which repositories: `all`, `private` or `selected`.
    #[derive(
        ::serde::Deserialize,
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
    pub enum CodespacesCreateOrUpdateOrgSecretBodyVisibility {
        #[serde(rename = "all")]
        All,
        #[serde(rename = "private")]
        Private,
        #[serde(rename = "selected")]
        Selected,
    }
    impl ::std::fmt::Display for CodespacesCreateOrUpdateOrgSecretBodyVisibility {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::All => f.write_str("all"),
                Self::Private => f.write_str("private"),
                Self::Selected => f.write_str("selected"),
            }
        }
    }
    impl ::std::str::FromStr for CodespacesCreateOrUpdateOrgSecretBodyVisibility {
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
    impl ::std::convert::TryFrom<&str>
    for CodespacesCreateOrUpdateOrgSecretBodyVisibility {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String>
    for CodespacesCreateOrUpdateOrgSecretBodyVisibility {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    /// One page of a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CodespacesListOrgSecretsResponse {
        /// What stands on this page.
        pub secrets: ::std::vec::Vec<CodespacesOrgSecret>,
        /// How many there are on all pages.
        pub total_count: i64,
    }
    /// One page of a list.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CodespacesListSelectedReposForOrgSecretResponse {
        /// What stands on this page.
        pub repositories: ::std::vec::Vec<MinimalRepository>,
        /// How many there are on all pages.
        pub total_count: i64,
    }
    /// A Codespaces secret of an organization, without its value.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CodespacesOrgSecret {
        /// A date and time as GitHub writes it: `2019-08-10T14:59:22Z`.
        pub created_at: ::std::string::String,
        /// The name, as GitHub writes it.
        pub name: ::std::string::String,
        /// An address to follow as it is.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub selected_repositories_url: ::std::option::Option<::std::string::String>,
        /// A date and time as GitHub writes it: `2019-08-10T14:59:22Z`.
        pub updated_at: ::std::string::String,
        /// Of a secret, which repositories may use it; of a repository, who sees it.
        pub visibility: ::std::string::String,
    }
    /// A public key that values are sealed for.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CodespacesPublicKey {
        /// A date and time as GitHub writes it: `2019-08-10T14:59:22Z`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_at: ::std::option::Option<::std::string::String>,
        /// The number that GitHub gave it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<i64>,
        /// The public key: 32 bytes in base64.
        pub key: ::std::string::String,
        /// Names the key that a value is sealed for.
        pub key_id: CodespacesPublicKeyKeyId,
        /// A name for people.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub title: ::std::option::Option<::std::string::String>,
        /// An address to follow as it is.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
    }
    /// Names the key that a value is sealed for.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    #[serde(untagged)]
    pub enum CodespacesPublicKeyKeyId {
        String(::std::string::String),
        Integer(i64),
    }
    impl ::std::fmt::Display for CodespacesPublicKeyKeyId {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match self {
                Self::String(x) => x.fmt(f),
                Self::Integer(x) => x.fmt(f),
            }
        }
    }
    impl ::std::convert::From<i64> for CodespacesPublicKeyKeyId {
        fn from(value: i64) -> Self {
            Self::Integer(value)
        }
    }
    /// The repositories to select.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CodespacesSetSelectedReposForOrgSecretBody {
        /// The numbers of the repositories: only with visibility `selected`.
        pub selected_repository_ids: ::std::vec::Vec<i64>,
    }
    /// A repository, as far as a caller of secrets reads it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct MinimalRepository {
        /// Whether it is archived, and with that read-only.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub archived: ::std::option::Option<bool>,
        /// Owner and name: `octocat/hello-world`.
        pub full_name: ::std::string::String,
        /// An address to follow as it is.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub html_url: ::std::option::Option<::std::string::String>,
        /// The number that GitHub gave it.
        pub id: i64,
        /// The name, as GitHub writes it.
        pub name: ::std::string::String,
        /// Whether it is not public.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub private: ::std::option::Option<bool>,
        /// Of a secret, which repositories may use it; of a repository, who sees it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub visibility: ::std::option::Option<::std::string::String>,
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
    impl ::std::fmt::Debug for CodespacesCreateOrUpdateOrgSecretBody {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("CodespacesCreateOrUpdateOrgSecretBody")
                .finish_non_exhaustive()
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
const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Client: ClientHooks<::std::sync::Arc<dyn crate::Transport>>,
    {}
};
#[allow(clippy::all)]
impl Client {
    /// One page of an organization's Codespaces secrets, without their values
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#list-organization-secrets>
    ///
    /// Sends a `GET` request to `/orgs/{org}/codespaces/secrets`
    ///
    /// Arguments:
    /// - `org`: The organization's login, in any case.
    /// - `page`: Which page, from 1.
    /// - `per_page`: How many to a page: 30 when left out, 100 at most.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the answer is no success.
    pub async fn codespaces_list_org_secrets<'a>(
        &'a self,
        org: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<ResponseValue<types::CodespacesListOrgSecretsResponse>, Error<()>> {
        let url = format!(
            "{}/orgs/{}/codespaces/secrets", self.baseurl, encode_path(& org
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("x-github-api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("page", &page))
            .query(&progenitor_client::QueryParam::new("per_page", &per_page))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "codespaces_list_org_secrets",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// The public key that an organization's Codespaces secrets are sealed for
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#get-an-organization-public-key>
    ///
    /// Sends a `GET` request to `/orgs/{org}/codespaces/secrets/public-key`
    ///
    /// Arguments:
    /// - `org`: The organization's login, in any case.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the answer is no success.
    pub async fn codespaces_get_org_public_key<'a>(
        &'a self,
        org: &'a str,
    ) -> Result<ResponseValue<types::CodespacesPublicKey>, Error<()>> {
        let url = format!(
            "{}/orgs/{}/codespaces/secrets/public-key", self.baseurl, encode_path(& org
            .to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("x-github-api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "codespaces_get_org_public_key",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// One Codespaces secret of an organization, without its value
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#get-an-organization-secret>
    ///
    /// Sends a `GET` request to `/orgs/{org}/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login, in any case.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the answer is no success.
    pub async fn codespaces_get_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<types::CodespacesOrgSecret>, Error<()>> {
        let url = format!(
            "{}/orgs/{}/codespaces/secrets/{}", self.baseurl, encode_path(& org
            .to_string()), encode_path(& secret_name.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("x-github-api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "codespaces_get_org_secret",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Creates a Codespaces secret of an organization (201) or replaces it (204)
    ///
    /// The value is sealed for the organization's public key. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#create-or-update-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login, in any case.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// When there is no answer, or the answer is no success.
    pub async fn codespaces_create_or_update_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::CodespacesCreateOrUpdateOrgSecretBody,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!(
            "{}/orgs/{}/codespaces/secrets/{}", self.baseurl, encode_path(& org
            .to_string()), encode_path(& secret_name.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("x-github-api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.put(url).json(&body).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "codespaces_create_or_update_org_secret",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Deletes a Codespaces secret of an organization
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#delete-an-organization-secret>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/codespaces/secrets/{secret_name}`
    ///
    /// Arguments:
    /// - `org`: The organization's login, in any case.
    /// - `secret_name`: The secret's name.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the answer is no success.
    pub async fn codespaces_delete_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!(
            "{}/orgs/{}/codespaces/secrets/{}", self.baseurl, encode_path(& org
            .to_string()), encode_path(& secret_name.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("x-github-api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.delete(url).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "codespaces_delete_org_secret",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// One page of the repositories that a secret with visibility `selected` is for
    ///
    /// A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#list-selected-repositories-for-an-organization-secret>
    ///
    /// Sends a `GET` request to `/orgs/{org}/codespaces/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `org`: The organization's login, in any case.
    /// - `secret_name`: The secret's name.
    /// - `page`: Which page, from 1.
    /// - `per_page`: How many to a page: 30 when left out, 100 at most.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the answer is no success.
    pub async fn codespaces_list_selected_repos_for_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        page: Option<i64>,
        per_page: Option<i64>,
    ) -> Result<
        ResponseValue<types::CodespacesListSelectedReposForOrgSecretResponse>,
        Error<()>,
    > {
        let url = format!(
            "{}/orgs/{}/codespaces/secrets/{}/repositories", self.baseurl, encode_path(&
            org.to_string()), encode_path(& secret_name.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("x-github-api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("page", &page))
            .query(&progenitor_client::QueryParam::new("per_page", &per_page))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "codespaces_list_selected_repos_for_org_secret",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Replaces the repositories that a secret with visibility `selected` is for
    ///
    /// 409 when the visibility is another. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#set-selected-repositories-for-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/codespaces/secrets/{secret_name}/repositories`
    ///
    /// Arguments:
    /// - `org`: The organization's login, in any case.
    /// - `secret_name`: The secret's name.
    /// - `body`
    ///
    /// # Errors
    ///
    /// When there is no answer, or the answer is no success.
    pub async fn codespaces_set_selected_repos_for_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        body: &'a types::CodespacesSetSelectedReposForOrgSecretBody,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!(
            "{}/orgs/{}/codespaces/secrets/{}/repositories", self.baseurl, encode_path(&
            org.to_string()), encode_path(& secret_name.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("x-github-api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.put(url).json(&body).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "codespaces_set_selected_repos_for_org_secret",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Adds a repository to those that a secret with visibility `selected` is for
    ///
    /// 409 when the visibility is another. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#add-selected-repository-to-an-organization-secret>
    ///
    /// Sends a `PUT` request to `/orgs/{org}/codespaces/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `org`: The organization's login, in any case.
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's number.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the answer is no success.
    pub async fn codespaces_add_selected_repo_to_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!(
            "{}/orgs/{}/codespaces/secrets/{}/repositories/{}", self.baseurl,
            encode_path(& org.to_string()), encode_path(& secret_name.to_string()),
            encode_path(& repository_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("x-github-api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.put(url).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "codespaces_add_selected_repo_to_org_secret",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Takes a repository from those that a secret with visibility `selected` is for
    ///
    /// 409 when the visibility is another. A classic token needs the scope `admin:org`.
    ///
    /// Source: <https://docs.github.com/rest/codespaces/organization-secrets#remove-selected-repository-from-an-organization-secret>
    ///
    /// Sends a `DELETE` request to `/orgs/{org}/codespaces/secrets/{secret_name}/repositories/{repository_id}`
    ///
    /// Arguments:
    /// - `org`: The organization's login, in any case.
    /// - `secret_name`: The secret's name.
    /// - `repository_id`: The repository's number.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the answer is no success.
    pub async fn codespaces_remove_selected_repo_from_org_secret<'a>(
        &'a self,
        org: &'a str,
        secret_name: &'a str,
        repository_id: i64,
    ) -> Result<ResponseValue<()>, Error<()>> {
        let url = format!(
            "{}/orgs/{}/codespaces/secrets/{}/repositories/{}", self.baseurl,
            encode_path(& org.to_string()), encode_path(& secret_name.to_string()),
            encode_path(& repository_id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("x-github-api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.delete(url).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "codespaces_remove_selected_repo_from_org_secret",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            204u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// One repository
    ///
    /// Anyone may read a public one.
    ///
    /// Source: <https://docs.github.com/rest/repos/repos#get-a-repository>
    ///
    /// Sends a `GET` request to `/repos/{owner}/{repo}`
    ///
    /// Arguments:
    /// - `owner`: The login of the account that the repository belongs to, in any case.
    /// - `repo`: The repository's name without `.git`, in any case.
    ///
    /// # Errors
    ///
    /// When there is no answer, or the answer is no success.
    pub async fn repos_get<'a>(
        &'a self,
        owner: &'a str,
        repo: &'a str,
    ) -> Result<ResponseValue<types::MinimalRepository>, Error<()>> {
        let url = format!(
            "{}/repos/{}/{}", self.baseurl, encode_path(& owner.to_string()),
            encode_path(& repo.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("x-github-api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "repos_get",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
