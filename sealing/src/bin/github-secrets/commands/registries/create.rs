//! `registries create`.

use clap::Args;
use github_secrets::{NewRegistry, ParseRegistryTypeError, RegistryAuth, RegistryType};

use super::{oidc::OidcOptions, organization::OrganizationOptions, result::report_change};
use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::{
        place::secret_name,
        results::{ResultsOptions, json_results},
        value::ValueOptions,
        visibility::AccessOptions,
    },
    report::ItemResult,
};

const EXAMPLES: &str = concat!(
    "\
Examples:
  github-secrets registries create --org acme --type npm_registry --url https://npm.acme.example \\
      --visibility private --value-env NPM_TOKEN
  github-secrets registries create --org acme --type maven_repository --url https://mvn.acme.example \\
      --username deploy --repos website,api <password.txt
  github-secrets registries create --org acme --type python_index --url https://pypi.acme.example \\
      --visibility all --oidc azure --tenant-id ID --client-id ID

The token or the password is asked for on a terminal, and read from standard input otherwise. With
--username it is a password.

",
    json_results!(
        "orgs/acme/private-registries",
        "\
created, failed, unknown (it may be done), or not tried. The name is the one that GitHub
assigned, or null if nothing was created."
    )
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Create {
    #[command(flatten)]
    results: ResultsOptions,
    #[command(flatten)]
    organization: OrganizationOptions,
    /// The kind of registry: npm_registry, for example
    #[arg(long = "type", value_name = "TYPE", value_parser = registry_type, help_heading = "Registry")]
    registry_type: RegistryType,
    /// The registry's address
    #[arg(long, value_name = "URL", help_heading = "Registry")]
    url: String,
    /// The user name that goes with the password
    #[arg(long, value_name = "NAME", help_heading = "Registry")]
    username: Option<String>,
    /// Use it in place of the public registry of its kind
    #[arg(long, help_heading = "Registry")]
    replaces_base: bool,
    #[command(flatten)]
    access: AccessOptions,
    #[command(flatten)]
    value: ValueOptions,
    #[command(flatten)]
    oidc: OidcOptions,
}

impl Create {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let visibility = self.access.visibility(
            "a private registry needs --visibility all or private, --repos or --no-repos-selected",
        )?;
        let oidc = self.oidc.oidc()?;
        let contents = Contents::none().repositories(self.access.repository_names());
        let place = self.organization.place()?;
        let session = self.organization.open(context, contents).await?;
        let auth = match (oidc, self.username) {
            (Some(oidc), _) => RegistryAuth::Oidc(oidc),
            (None, Some(username)) => {
                let password = self.value.read("Password of the registry", console).await?;
                RegistryAuth::username_password(username, password)
            }
            (None, None) => {
                let token = self.value.read("Token of the registry", console).await?;
                RegistryAuth::token(token)
            }
        };
        let registry = NewRegistry::new(self.registry_type, self.url, auth, visibility)?
            .replaces_base(self.replaces_base);

        let registries = self.organization.registries(&session)?;
        if !self.results.json {
            let created = session.change(registries.create(registry)).await?;
            return console.done(format_args!("created {}", created.name)).await;
        }
        let (name, result) = match session.change_one(registries.create(registry)).await? {
            Some(Ok(created)) => (Some(secret_name(&created.name)?), ItemResult::Created),
            Some(Err(error)) => (None, ItemResult::failed(error)),
            None => (None, ItemResult::Unknown),
        };
        report_change(&place, name, result, &session, console).await
    }
}

pub(super) fn registry_type(name: &str) -> Result<RegistryType, ParseRegistryTypeError> {
    name.to_ascii_lowercase().parse()
}
