//! `plan`: show what a file of secrets would change.

use std::io;

use clap::Args;

use crate::{
    context::Context,
    failure::{Exit, Failure},
    options::sync::SyncOptions,
    plan_view::{View, append_markdown, json, text},
    planning::{Purpose, plan},
    table::print_json,
};

const EXAMPLES: &str = "\
Examples:
  github-secrets plan platform.toml
  github-secrets plan platform.toml --no-values --markdown \"$GITHUB_STEP_SUMMARY\"
  github-secrets plan platform.toml --check
  github-secrets plan platform.toml --emulator

Nothing is written, to GitHub or to the state. The signs mean: + create, ~ update, ! overwrite what
somebody else has written or changed, - delete, ? left alone, x problem. The key of the state is in
the variable SECRETS_STATE_KEY; --no-values needs neither it nor the values.

Exit codes: 0 if the plan is made, 1 if it cannot be made, 2 if the command line or the environment
is wrong, 3 if a place has a problem or a secret that the file names is left alone, and 4 with
--check if there is something to do.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Plan {
    #[command(flatten)]
    options: SyncOptions,
    /// Plan without values and state, for people who may not see them; existing secrets are not
    /// compared
    #[arg(long, conflicts_with = "take_over")]
    no_values: bool,
    /// Exit with 4 if there is something to do
    #[arg(long)]
    check: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Plan {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let purpose = match self.no_values {
            true => Purpose::ShowWithoutValues,
            false => Purpose::Show,
        };
        let planned = plan(&self.options, purpose, context).await?;
        let has_values = !self.no_values;
        let view = View::new(&planned, self.options.all, has_values);
        if self.json {
            let json = json(&planned, has_values).map_err(io::Error::from)?;
            print_json(console, &json).await?;
        } else {
            console.write(text(&view)).await?;
        }
        append_markdown(self.options.markdown.as_deref(), &view)?;
        if !planned.plan.is_complete() {
            return Err(Failure::Reported(Exit::Partly));
        }
        if self.check && !planned.plan.is_empty() {
            return Err(Failure::Reported(Exit::Changes));
        }
        Ok(())
    }
}
