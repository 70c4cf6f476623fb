//! `registries show`.

use clap::Args;

use super::{
    organization::OrganizationOptions,
    shown::{Shown, json_registry},
};
use crate::{context::Context, emulator::Contents, failure::Failure, table::print_json};

const EXAMPLES: &str = concat!(
    "\
Examples:
  github-secrets registries show NPM_REGISTRY_SECRET --org acme
  github-secrets registries show NPM_REGISTRY_SECRET --org acme --json | jq -r '.url'

",
    json_registry!()
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Show {
    /// The registry's name, as `list` prints it
    name: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    organization: OrganizationOptions,
}

impl Show {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let place = self.organization.place()?;
        let session = self.organization.open(context, Contents::none()).await?;
        let registries = self.organization.registries(&session)?;
        let Some(found) = session.read(registries.find(&self.name)).await? else {
            return Err(Failure::Failed(
                "there is no private registry of this name, or the token has no access to it"
                    .to_owned(),
            ));
        };
        let shown = Shown::new(found, &place);
        if self.json {
            return Ok(print_json(console, &shown).await?);
        }
        Ok(shown.print(console).await?)
    }
}
