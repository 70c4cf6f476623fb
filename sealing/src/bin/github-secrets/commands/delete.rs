use std::collections::BTreeSet;

use clap::Args;
use github_secrets::SecretName;

use crate::{
    connection::ConnectionOptions,
    console::Console,
    deletion::delete_all,
    failure::Failure,
    place::{PlaceOptions, secret_name},
    report::{Report, Subject},
    scene::Scene,
    secrets::Secrets,
};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  github-secrets delete OLD_TOKEN OLDER_TOKEN --org acme")]
pub(crate) struct Delete {
    /// The secrets' names
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    place: PlaceOptions,
}

impl Delete {
    pub(crate) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        let names = self.names.iter().map(|name| secret_name(name));
        let names: BTreeSet<SecretName> = names.collect::<Result<_, _>>()?;
        let place = self.place.place()?;
        let scene = Scene::new(&place).with_secrets(&names);
        let session = connection.open(scene, console).await?;
        let secrets = Secrets::new(&session.github, &place)?;

        let report = Report::new(console, Subject::Secrets);
        delete_all(names, report, console, async |name| {
            secrets.delete(name).await
        })
        .await
    }
}
