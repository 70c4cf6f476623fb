//! `delete`: delete secrets.

use clap::Args;

use crate::{
    context::Context,
    deletion::delete_all,
    emulator::Contents,
    failure::Failure,
    options::place::{PlaceOptions, secret_names},
    report::{Report, Subject},
    session::Session,
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
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let names = secret_names(&self.names)?;
        let place = self.place.place()?;
        let session = Session::open(context, place, Contents::secrets(&names)).await?;
        let report = Report::new(&context.console, Subject::Secrets);
        let secrets = &session.secrets;
        delete_all(&names, report, &session, async |name| {
            secrets.delete(name).await
        })
        .await
    }
}
