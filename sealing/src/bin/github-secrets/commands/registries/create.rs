use clap::Args;
use github_secrets::{NewRegistry, RegistryAuth, RegistryType, UnknownRegistryType};

use super::{OrganizationOptions, oidc::OidcOptions, shown::Shown};
use crate::{
    access::AccessOptions, connection::ConnectionOptions, console::Console, failure::Failure,
    interruption::Interruption, table::print_json, value::ValueOptions,
};

const EXAMPLES: &str = "\
Examples:
  github-secrets registries create --org acme --type npm_registry --url https://npm.acme.example \\
      --visibility private --value-env NPM_TOKEN
  github-secrets registries create --org acme --type maven_repository --url https://mvn.acme.example \\
      --username deploy --repos website,api <password.txt
  github-secrets registries create --org acme --type python_index --url https://pypi.acme.example \\
      --visibility all --oidc azure --tenant-id ID --client-id ID

The token or the password is asked for on a terminal, and read from standard input otherwise. With
--username it is a password.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Create {
    /// Print JSON
    #[arg(long)]
    json: bool,
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
    pub(super) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        let visibility = self.access.visibility()?;
        let oidc = self.oidc.oidc()?;
        let repositories = self.access.repository_names();
        let opened = self
            .organization
            .open(repositories, connection, console)
            .await?;
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

        let mut interruption = Interruption::listen()?;
        let work = opened.registries.create(registry);
        let created = Shown::new(interruption.finish(console, work).await?);
        let line = format!("created {}", created.name);
        if self.json {
            return console.after_change(print_json(console, &created), line);
        }
        console.done(line)
    }
}

pub(super) fn registry_type(name: &str) -> Result<RegistryType, UnknownRegistryType> {
    name.parse()
}
