//! The settings for OIDC. They are not secret, so they are options of the command line.

use clap::{Args, ValueEnum};
use github_secrets::Oidc;

use crate::failure::Failure;

#[derive(Debug, Args)]
#[command(next_help_heading = "OIDC instead of a token or a password")]
pub(super) struct OidcOptions {
    /// aws, azure, cloudsmith, gcp or jfrog; no secret is stored then
    #[arg(
        long,
        value_enum,
        ignore_case = true,
        value_name = "PROVIDER",
        hide_possible_values = true,
        conflicts_with_all = ["value_file", "value_env", "username"]
    )]
    oidc: Option<Provider>,
    /// azure: the id of the Entra ID tenant
    #[arg(long, requires = "oidc", value_name = "ID")]
    tenant_id: Option<String>,
    /// azure: the id of the Entra ID application
    #[arg(long, requires = "oidc", value_name = "ID")]
    client_id: Option<String>,
    /// aws: the region
    #[arg(long, requires = "oidc", value_name = "REGION")]
    aws_region: Option<String>,
    /// aws: the id of the account
    #[arg(long, requires = "oidc", value_name = "ID")]
    account_id: Option<String>,
    /// aws: the IAM role to assume
    #[arg(long, requires = "oidc", value_name = "NAME")]
    role_name: Option<String>,
    /// aws: the CodeArtifact domain
    #[arg(long, requires = "oidc", value_name = "NAME")]
    domain: Option<String>,
    /// aws: the id of the account that owns the domain
    #[arg(long, requires = "oidc", value_name = "ID")]
    domain_owner: Option<String>,
    /// jfrog: the name of the OIDC provider
    #[arg(long, requires = "oidc", value_name = "NAME")]
    provider_name: Option<String>,
    /// jfrog, optional: the name of the identity mapping
    #[arg(long, requires = "oidc", value_name = "NAME")]
    identity_mapping_name: Option<String>,
    /// cloudsmith: the namespace
    #[arg(long, requires = "oidc", value_name = "NAME")]
    namespace: Option<String>,
    /// cloudsmith: the service
    #[arg(long, requires = "oidc", value_name = "SLUG")]
    service_slug: Option<String>,
    /// cloudsmith, optional: the API's host [default: api.cloudsmith.io]
    #[arg(long, requires = "oidc", value_name = "HOST")]
    api_host: Option<String>,
    /// gcp: the workload identity provider
    #[arg(long, requires = "oidc", value_name = "NAME")]
    workload_identity_provider: Option<String>,
    /// gcp, optional: the service account to impersonate
    #[arg(long, requires = "oidc", value_name = "EMAIL")]
    service_account: Option<String>,
    /// cloudsmith, optional for aws, gcp and jfrog: the audience of the token
    #[arg(long, requires = "oidc", value_name = "AUDIENCE")]
    audience: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Provider {
    Aws,
    Azure,
    Cloudsmith,
    Gcp,
    Jfrog,
}

impl OidcOptions {
    /// Returns the settings, or `None` if no OIDC is asked for.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if an option is missing, or belongs to another provider.
    pub(super) fn oidc(mut self) -> Result<Option<Oidc>, Failure> {
        let Some(provider) = self.oidc.take() else {
            return Ok(None);
        };
        let oidc = match provider {
            Provider::Azure => Oidc::Azure {
                tenant_id: required(&mut self.tenant_id, "--tenant-id")?,
                client_id: required(&mut self.client_id, "--client-id")?,
            },
            Provider::Aws => Oidc::Aws {
                region: required(&mut self.aws_region, "--aws-region")?,
                account_id: required(&mut self.account_id, "--account-id")?,
                role_name: required(&mut self.role_name, "--role-name")?,
                domain: required(&mut self.domain, "--domain")?,
                domain_owner: required(&mut self.domain_owner, "--domain-owner")?,
                audience: self.audience.take(),
            },
            Provider::Jfrog => Oidc::Jfrog {
                provider_name: required(&mut self.provider_name, "--provider-name")?,
                audience: self.audience.take(),
                identity_mapping_name: self.identity_mapping_name.take(),
            },
            Provider::Cloudsmith => Oidc::Cloudsmith {
                namespace: required(&mut self.namespace, "--namespace")?,
                service_slug: required(&mut self.service_slug, "--service-slug")?,
                audience: required(&mut self.audience, "--audience")?,
                api_host: self.api_host.take(),
            },
            Provider::Gcp => Oidc::Gcp {
                workload_identity_provider: required(
                    &mut self.workload_identity_provider,
                    "--workload-identity-provider",
                )?,
                service_account: self.service_account.take(),
                audience: self.audience.take(),
            },
        };
        match self.left() {
            None => Ok(Some(oidc)),
            Some(option) => Err(Failure::Usage(format!(
                "{option} is not a setting of this OIDC provider; see --help"
            ))),
        }
    }

    /// Returns an option that the provider did not take.
    fn left(&self) -> Option<&'static str> {
        let options = [
            ("--tenant-id", &self.tenant_id),
            ("--client-id", &self.client_id),
            ("--aws-region", &self.aws_region),
            ("--account-id", &self.account_id),
            ("--role-name", &self.role_name),
            ("--domain", &self.domain),
            ("--domain-owner", &self.domain_owner),
            ("--provider-name", &self.provider_name),
            ("--identity-mapping-name", &self.identity_mapping_name),
            ("--namespace", &self.namespace),
            ("--service-slug", &self.service_slug),
            ("--api-host", &self.api_host),
            (
                "--workload-identity-provider",
                &self.workload_identity_provider,
            ),
            ("--service-account", &self.service_account),
            ("--audience", &self.audience),
        ];
        let mut left = options.into_iter().filter(|(_, value)| value.is_some());
        left.next().map(|(option, _)| option)
    }
}

fn required(value: &mut Option<String>, option: &str) -> Result<String, Failure> {
    value
        .take()
        .ok_or_else(|| Failure::Usage(format!("this OIDC provider needs {option}")))
}
