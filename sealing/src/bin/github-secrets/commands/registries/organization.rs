//! The organization that registries belong to.

use clap::Args;
use github_secrets::{Place, Store};

use crate::{context::Context, emulator::Contents, failure::Failure, session::Session};

#[derive(Debug, Args)]
#[command(next_help_heading = "Place")]
pub(super) struct OrganizationOptions {
    /// The organization
    #[arg(short, long, value_name = "LOGIN")]
    org: String,
}

impl OrganizationOptions {
    /// Opens the organization. Nothing is sent yet.
    pub(super) async fn open<'a>(
        &self,
        context: &'a Context,
        contents: Contents<'_>,
    ) -> Result<Session<'a>, Failure> {
        // Registries are in no store; an organization has the same login in each.
        let place = Place::organization(&self.org, Store::Actions)?;
        Session::open(context, place, contents).await
    }
}
