//! The organization that registries belong to.

use std::slice;

use clap::Args;
use github_secrets::{Place, PrivateRegistries, Store};

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
        let place = self.place()?;
        Session::open(context, slice::from_ref(&place), contents).await
    }

    /// Returns the place that stands for the organization. Registries are in no store, and an
    /// organization has the same login in each.
    pub(super) fn place(&self) -> Result<Place, Failure> {
        Ok(Place::organization(&self.org, Store::Actions)?)
    }

    pub(super) fn registries(&self, session: &Session<'_>) -> Result<PrivateRegistries, Failure> {
        Ok(session.github.org(&self.org)?.private_registries())
    }
}
