//! `registries`: manage an organization's private registries, a file for each command.

mod create;
mod delete;
mod list;
mod oidc;
mod organization;
mod result;
mod show;
mod shown;
mod update;

use clap::Subcommand;

use crate::{context::Context, failure::Failure};

#[derive(Debug, Subcommand)]
pub(crate) enum Registries {
    /// List the registries
    #[command(visible_alias = "ls")]
    List(list::List),
    /// Show a registry
    Show(show::Show),
    /// Create a registry; GitHub gives it a name
    Create(Box<create::Create>),
    /// Change a registry; settings that you do not pass are kept
    Update(Box<update::Update>),
    /// Delete registries
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(delete::Delete),
}

impl Registries {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::List(list) => list.run(context).await,
            Self::Show(show) => show.run(context).await,
            Self::Create(create) => create.run(context).await,
            Self::Update(update) => update.run(context).await,
            Self::Delete(delete) => delete.run(context).await,
        }
    }
}
