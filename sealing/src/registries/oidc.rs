//! Authentication without a stored secret: GitHub proves its identity by OpenID Connect.

use github_secrets_client::types::{
    CreatePrivateRegistry, PrivateRegistry as Found, RegistryAuthType, UpdatePrivateRegistry,
};

use crate::RegistryError;

/// The settings for OIDC with a private registry. They are stored as plain text.
///
/// ```
/// use github_secrets::{Oidc, RegistryAuth};
///
/// let auth = RegistryAuth::Oidc(Oidc::Azure {
///     tenant_id: "11111111-2222-3333-4444-555555555555".to_owned(),
///     client_id: "66666666-7777-8888-9999-000000000000".to_owned(),
/// });
/// # let _ = auth;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Oidc {
    /// Microsoft Azure.
    Azure {
        /// The id of the Entra ID tenant.
        tenant_id: String,
        /// The id of the Entra ID application.
        client_id: String,
    },
    /// AWS CodeArtifact.
    Aws {
        /// The AWS region.
        region: String,
        /// The id of the AWS account.
        account_id: String,
        /// The IAM role to assume.
        role_name: String,
        /// The CodeArtifact domain.
        domain: String,
        /// The id of the AWS account that owns the domain.
        domain_owner: String,
        /// The audience of the identity token.
        audience: Option<String>,
    },
    /// JFrog.
    Jfrog {
        /// The name of the OIDC provider.
        provider_name: String,
        /// The audience of the identity token.
        audience: Option<String>,
        /// The name of the identity mapping.
        identity_mapping_name: Option<String>,
    },
    /// Cloudsmith.
    Cloudsmith {
        /// The namespace.
        namespace: String,
        /// The service.
        service_slug: String,
        /// The audience of the identity token.
        audience: String,
        /// The host of the API. Default is `api.cloudsmith.io`.
        api_host: Option<String>,
    },
    /// Google Cloud.
    Gcp {
        /// The workload identity provider.
        workload_identity_provider: String,
        /// The service account to impersonate.
        service_account: Option<String>,
        /// The audience of the identity token.
        audience: Option<String>,
    },
}

/// Writes the settings into a request. The generated types of both requests have these fields in
/// common, and no trait.
macro_rules! write_fields {
    ($oidc:expr, $body:expr) => {{
        let body = $body;
        match $oidc.clone() {
            Oidc::Azure {
                tenant_id,
                client_id,
            } => {
                body.tenant_id = Some(tenant_id);
                body.client_id = Some(client_id);
            }
            Oidc::Aws {
                region,
                account_id,
                role_name,
                domain,
                domain_owner,
                audience,
            } => {
                body.aws_region = Some(region);
                body.account_id = Some(account_id);
                body.role_name = Some(role_name);
                body.domain = Some(domain);
                body.domain_owner = Some(domain_owner);
                body.audience = audience;
            }
            Oidc::Jfrog {
                provider_name,
                audience,
                identity_mapping_name,
            } => {
                body.jfrog_oidc_provider_name = Some(provider_name);
                body.audience = audience;
                body.identity_mapping_name = identity_mapping_name;
            }
            Oidc::Cloudsmith {
                namespace,
                service_slug,
                audience,
                api_host,
            } => {
                body.namespace = Some(namespace);
                body.service_slug = Some(service_slug);
                body.audience = Some(audience);
                body.api_host = api_host;
            }
            Oidc::Gcp {
                workload_identity_provider,
                service_account,
                audience,
            } => {
                body.workload_identity_provider = Some(workload_identity_provider);
                body.service_account = service_account;
                body.audience = audience;
            }
        }
    }};
}

impl Oidc {
    pub(crate) fn write_creation(&self, body: &mut CreatePrivateRegistry) {
        body.auth_type = Some(self.auth_type());
        write_fields!(self, body);
    }

    pub(crate) fn write_update(&self, body: &mut UpdatePrivateRegistry) {
        body.auth_type = Some(self.auth_type());
        write_fields!(self, body);
    }

    pub(crate) fn auth_type(&self) -> RegistryAuthType {
        match self {
            Self::Azure { .. } => RegistryAuthType::OidcAzure,
            Self::Aws { .. } => RegistryAuthType::OidcAws,
            Self::Jfrog { .. } => RegistryAuthType::OidcJfrog,
            Self::Cloudsmith { .. } => RegistryAuthType::OidcCloudsmith,
            Self::Gcp { .. } => RegistryAuthType::OidcGcp,
        }
    }

    /// Reads the settings of a registry; `None` if it has others, or incomplete ones.
    pub(crate) fn read(found: &Found) -> Option<Self> {
        let found = found.clone();
        Some(match found.auth_type.as_deref()? {
            "oidc_azure" => Self::Azure {
                tenant_id: found.tenant_id?,
                client_id: found.client_id?,
            },
            "oidc_aws" => Self::Aws {
                region: found.aws_region?,
                account_id: found.account_id?,
                role_name: found.role_name?,
                domain: found.domain?,
                domain_owner: found.domain_owner?,
                audience: found.audience,
            },
            "oidc_jfrog" => Self::Jfrog {
                provider_name: found.jfrog_oidc_provider_name?,
                audience: found.audience,
                identity_mapping_name: found.identity_mapping_name,
            },
            "oidc_cloudsmith" => Self::Cloudsmith {
                namespace: found.namespace?,
                service_slug: found.service_slug?,
                audience: found.audience?,
                api_host: found.api_host,
            },
            "oidc_gcp" => Self::Gcp {
                workload_identity_provider: found.workload_identity_provider?,
                service_account: found.service_account,
                audience: found.audience,
            },
            _ => return None,
        })
    }

    pub(crate) fn check(&self) -> Result<(), RegistryError> {
        let fields: &[(&'static str, &String)] = match self {
            Self::Azure {
                tenant_id,
                client_id,
            } => &[("tenant id", tenant_id), ("client id", client_id)],
            Self::Aws {
                region,
                account_id,
                role_name,
                domain,
                domain_owner,
                ..
            } => &[
                ("AWS region", region),
                ("account id", account_id),
                ("role name", role_name),
                ("domain", domain),
                ("domain owner", domain_owner),
            ],
            Self::Jfrog { provider_name, .. } => &[("provider name", provider_name)],
            Self::Cloudsmith {
                namespace,
                service_slug,
                audience,
                ..
            } => &[
                ("namespace", namespace),
                ("service", service_slug),
                ("audience", audience),
            ],
            Self::Gcp {
                workload_identity_provider,
                ..
            } => &[("workload identity provider", workload_identity_provider)],
        };
        let empty = fields.iter().find(|(_, value)| value.trim().is_empty());
        empty.map_or(Ok(()), |(name, _)| Err(RegistryError::EmptyField(name)))
    }
}
