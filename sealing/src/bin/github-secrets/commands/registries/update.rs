//! `registries update`.

use clap::Args;
use github_secrets::RegistryUpdate;

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
  github-secrets registries update NPM_REGISTRY_SECRET --org acme --repos website,api
  github-secrets registries update NPM_REGISTRY_SECRET --org acme --value-env NPM_TOKEN
  github-secrets registries update NPM_REGISTRY_SECRET --org acme --new-value <token.txt

",
    json_results!(
        "orgs/acme/private-registries",
        "updated, failed, unknown (it may be done), or not tried."
    )
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Update {
    /// The registry's name, as `registries list` prints it
    name: String,
    #[command(flatten)]
    results: ResultsOptions,
    #[command(flatten)]
    organization: OrganizationOptions,
    /// A new address
    #[arg(long, value_name = "URL", help_heading = "Registry")]
    url: Option<String>,
    /// A new user name
    #[arg(long, value_name = "NAME", help_heading = "Registry")]
    username: Option<String>,
    /// Remove the user name
    #[arg(long, conflicts_with = "username", help_heading = "Registry")]
    no_username: bool,
    /// Whether to use it in place of the public registry of its kind
    #[arg(
        long,
        value_name = "true|false",
        hide_possible_values = true,
        help_heading = "Registry"
    )]
    replaces_base: Option<bool>,
    #[command(flatten)]
    access: AccessOptions,
    /// Change the token or the password to what is typed, or read from standard input
    #[arg(long, help_heading = "Value")]
    new_value: bool,
    #[command(flatten)]
    value: ValueOptions,
    #[command(flatten)]
    oidc: OidcOptions,
}

impl Update {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let name = secret_name(&self.name)?;
        let visibility = self.access.visibility_if_given()?;
        let has_value = self.new_value || self.value.has_source();
        let mut change = RegistryUpdate::new();
        let mut is_empty = !has_value;
        if let Some(visibility) = visibility {
            (change, is_empty) = (change.visibility(visibility), false);
        }
        if let Some(url) = self.url {
            (change, is_empty) = (change.url(url), false);
        }
        if self.username.is_some() || self.no_username {
            (change, is_empty) = (change.username(self.username), false);
        }
        if let Some(replaces_base) = self.replaces_base {
            (change, is_empty) = (change.replaces_base(replaces_base), false);
        }
        if let Some(oidc) = self.oidc.oidc()? {
            (change, is_empty) = (change.oidc(oidc), false);
        }
        if is_empty {
            return Err(Failure::Usage(
                "no option says what to change; see --help".to_owned(),
            ));
        }
        let contents = Contents::none().repositories(self.access.repository_names());
        let place = self.organization.place()?;
        let session = self.organization.open(context, contents).await?;
        if has_value {
            let label = "New token or password of the registry";
            change = change.value(self.value.read(label, console).await?);
        }

        let registries = self.organization.registries(&session)?;
        let update = registries.update(&self.name, change);
        if !self.results.json {
            session.change(update).await?;
            return console.done(format_args!("updated {}", self.name)).await;
        }
        let result = match session.change_one(update).await? {
            Some(Ok(())) => ItemResult::Updated,
            Some(Err(error)) => ItemResult::failed(error),
            None => ItemResult::Unknown,
        };
        report_change(&place, name, result, &session, console).await
    }
}
