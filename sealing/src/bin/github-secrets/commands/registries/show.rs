use clap::Args;

use super::{OrganizationOptions, shown::Shown};
use crate::{connection::ConnectionOptions, console::Console, failure::Failure, table::print_json};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  github-secrets registries show NPM_REGISTRY_SECRET --org acme")]
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
    pub(super) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        let none = std::iter::empty();
        let opened = self.organization.open(none, connection, console).await?;
        let Some(found) = opened.registries.find(&self.name).await? else {
            return Err(Failure::Failed(
                "there is no private registry of this name, or the token may not see it".to_owned(),
            ));
        };
        let shown = Shown::new(found);
        if self.json {
            return Ok(print_json(console, &shown)?);
        }
        Ok(shown.print(console)?)
    }
}
