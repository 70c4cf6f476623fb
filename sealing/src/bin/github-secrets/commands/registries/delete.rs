use std::collections::BTreeSet;

use clap::Args;
use github_secrets::SecretName;

use super::OrganizationOptions;
use crate::{
    connection::ConnectionOptions,
    console::Console,
    deletion::delete_all,
    failure::Failure,
    place::secret_name,
    report::{Report, Subject},
};

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  github-secrets registries delete NPM_REGISTRY_SECRET --org acme"
)]
pub(crate) struct Delete {
    /// The registries' names, as `registries list` prints them
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    organization: OrganizationOptions,
}

impl Delete {
    pub(super) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        // GitHub makes the names, in the form that the names of secrets have.
        let names = self.names.iter().map(|name| secret_name(name));
        let names: BTreeSet<SecretName> = names.collect::<Result<_, _>>()?;
        let none = std::iter::empty();
        let opened = self.organization.open(none, connection, console).await?;
        let report = Report::new(console, Subject::Registries);
        let delete = async |name: &SecretName| opened.registries.delete(name.as_str()).await;
        delete_all(names, report, console, delete).await
    }
}
