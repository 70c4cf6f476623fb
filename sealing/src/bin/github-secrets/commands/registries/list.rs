use clap::Args;

use super::{OrganizationOptions, shown::Shown};
use crate::{
    connection::ConnectionOptions,
    console::Console,
    failure::Failure,
    table::{Table, print_json},
};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  github-secrets registries list --org acme")]
pub(crate) struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    organization: OrganizationOptions,
}

impl List {
    pub(super) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        let none = std::iter::empty();
        let opened = self.organization.open(none, connection, console).await?;
        let found = opened.registries.list().all().await?;
        let shown: Vec<Shown> = found.into_iter().map(Shown::new).collect();
        if self.json {
            return Ok(print_json(console, &shown)?);
        }
        if shown.is_empty() && console.is_terminal() {
            console.note("the organization has no private registries");
        }
        let mut table = Table::new(&["NAME", "TYPE", "URL", "VISIBILITY", "UPDATED"]);
        for registry in shown {
            table.row(vec![
                registry.name,
                registry.registry_type,
                registry.url.unwrap_or_default(),
                registry.visibility,
                registry.updated_at,
            ]);
        }
        Ok(table.print(console)?)
    }
}
