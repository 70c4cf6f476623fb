//! `registries delete`.

use clap::Args;
use github_secrets::SecretName;

use super::organization::OrganizationOptions;
use crate::{
    context::Context,
    deletion::delete_all,
    emulator::Contents,
    failure::Failure,
    options::place::secret_names,
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
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        // GitHub makes the names, in the form that the names of secrets have.
        let names = secret_names(&self.names)?;
        let session = self.organization.open(context, Contents::none()).await?;
        let registries = session.registries()?;
        let report = Report::new(&context.console, Subject::Registries);
        let delete = async |name: &SecretName| registries.delete(name.as_str()).await;
        delete_all(&names, report, &session, delete).await
    }
}
