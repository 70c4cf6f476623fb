//! `registries list`.

use clap::Args;

use super::{
    organization::OrganizationOptions,
    shown::{Shown, json_registry},
};
use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    table::{Table, print_json},
};

const EXAMPLES: &str = concat!(
    "\
Examples:
  github-secrets registries list --org acme
  github-secrets registries list --org acme --json | jq -r '.[].name'

",
    json_registry!()
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct List {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    organization: OrganizationOptions,
}

impl List {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let place = self.organization.place()?;
        let session = self.organization.open(context, Contents::none()).await?;
        let found = session
            .read(self.organization.registries(&session)?.list().all())
            .await?;
        let shown: Vec<Shown> = found
            .into_iter()
            .map(|registry| Shown::new(registry, &place))
            .collect();
        if self.json {
            return Ok(print_json(console, &shown).await?);
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
                registry.updated_at.to_string(),
            ]);
        }
        Ok(table.print(console).await?)
    }
}
