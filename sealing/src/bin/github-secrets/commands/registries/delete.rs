//! `registries delete`.

use std::slice;

use clap::Args;
use github_secrets::{Error, NotTried};

use super::organization::OrganizationOptions;
use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::{
        place::secret_names,
        results::{ResultsOptions, json_results},
    },
    report::{ItemResult, Report, Subject},
};

/// A server that could not be reached so many times in a row is not there, as for a batch.
const MOST_UNREACHABLE: usize = 2;

const EXAMPLES: &str = concat!(
    "\
Examples:
  github-secrets registries delete NPM_REGISTRY_SECRET --org acme

",
    json_results!(
        "orgs/acme/private-registries",
        "deleted, deleted or did not exist, failed, unknown (it may be done), or not tried."
    )
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Delete {
    /// The registries' names, as `registries list` prints them
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    results: ResultsOptions,
    #[command(flatten)]
    organization: OrganizationOptions,
}

impl Delete {
    pub(super) async fn run(self, context: &Context) -> Result<(), Failure> {
        // GitHub makes the names, in the form that the names of secrets have.
        let names = secret_names(&self.names)?;
        let place = self.organization.place()?;
        let session = self.organization.open(context, Contents::none()).await?;
        let registries = self.organization.registries(&session)?;
        let form = self.results.form(slice::from_ref(&place));
        let mut report = Report::new(&context.console, Subject::Registries, form);
        let mut unreachable = 0;
        let mut ended = None;
        for name in names {
            if session.is_interrupted() || !report.can_go_on() {
                ended = Some(NotTried::Stopped);
            }
            let result = match ended {
                Some(reason) => ItemResult::NotTried(reason),
                None => match session.change_one(registries.delete(name.as_str())).await? {
                    Some(Ok(deleted)) => deleted.into(),
                    Some(Err(error)) => {
                        unreachable = match error {
                            Error::Connection(_) => unreachable + 1,
                            _ => 0,
                        };
                        if concerns_all(&error) || unreachable == MOST_UNREACHABLE {
                            ended = Some(NotTried::EarlierError);
                        }
                        ItemResult::failed(error)
                    }
                    None => ItemResult::Unknown,
                },
            };
            report.add(&place, name, result).await;
        }
        report.finish(session.is_interrupted().then_some("interrupted"))
    }
}

/// Returns whether every other deletion would meet the same error. An absent registry says nothing
/// about the others.
fn concerns_all(error: &Error) -> bool {
    matches!(
        error,
        Error::NotAuthorized(_)
            | Error::RateLimited(_)
            | Error::Token { .. }
            | Error::Configuration(_)
    )
}
