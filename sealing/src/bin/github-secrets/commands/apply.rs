//! `apply`: make the changes that `plan` shows.

use std::{
    pin::pin,
    time::{Duration, Instant},
};

use clap::Args;
use futures_util::FutureExt;
use github_secrets::{
    NotTried,
    sync::{self, Applied, Skipped, StepError},
};
use tokio::select;

use crate::{
    console::Console,
    context::Context,
    failure::{Exit, Failure},
    options::{
        connection::time,
        results::{ResultsOptions, json_results},
        sync::SyncOptions,
    },
    plan_view::{View, append_markdown, text},
    planning::{Planned, Purpose, plan},
    report::{ItemResult, Report, Subject},
    session::Session,
};

const EXAMPLES: &str = concat!(
    "\
Examples:
  github-secrets apply platform.toml
  github-secrets apply platform.toml --time-limit 50m
  github-secrets apply platform.toml --emulator

Makes the changes that `plan` shows and no others: each place is read again right before a write.
The state is saved before and after each place, so a run that was stopped anywhere can be run again.
The key of the state is in the variable SECRETS_STATE_KEY. The plan is written to standard error.

",
    json_results!(
        "\
created, updated, created or updated, deleted, failed, unknown (it may be done), or not tried."
    )
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Apply {
    #[command(flatten)]
    options: SyncOptions,
    #[command(flatten)]
    results: ResultsOptions,
    /// Stop cleanly after this time, for example 50m; the next run continues
    #[arg(long, value_name = "TIME", value_parser = time)]
    time_limit: Option<Duration>,
}

impl Apply {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let begun = Instant::now();
        let console = &context.console;
        let planned = plan(&self.options, Purpose::Apply, context).await?;
        let view = View::new(&planned, self.options.all, true);
        console.try_note(text(&view).trim_end()).map_err(|error| {
            Failure::Failed(format!(
                "the plan cannot be shown, so nothing was written: {error}"
            ))
        })?;
        append_markdown(self.options.markdown.as_deref(), &view)?;
        let Planned {
            session,
            plan,
            state,
            lock,
            ..
        } = planned;
        let (is_empty, is_complete) = (plan.is_empty(), plan.is_complete());
        let places: Vec<_> = plan.places().iter().map(|one| one.place.clone()).collect();
        let mut apply = plan.apply(move |bytes| match &state {
            Some(state) => state.write(bytes),
            None => Ok(()),
        });
        if let Some(limit) = self.time_limit {
            apply = apply.deadline(limit.saturating_sub(begun.elapsed()));
        }
        let report = Report::new(console, Subject::Secrets, self.results.form(&places));
        let result = carry_out(apply, report, &session, console).await;
        drop(lock);
        result?;
        if is_empty && is_complete {
            console.note("nothing had to be changed");
        }
        if !is_complete {
            return Err(Failure::Reported(Exit::Partly));
        }
        Ok(())
    }
}

/// Carries a plan out and reports the results. It ends in order when it is interrupted.
async fn carry_out(
    mut apply: sync::Apply,
    mut report: Report<'_>,
    session: &Session<'_>,
    console: &Console,
) -> Result<(), Failure> {
    let interruption = &console.interruption;
    interruption.listen()?;
    let steps = apply.left();
    let mut stop = None;
    let mut stopped = pin!(session.stopped());
    console.begin_progress(steps);
    loop {
        let next = select! {
            biased;
            why = &mut stopped, if stop.is_none() => {
                stop = Some(why);
                apply.stop();
                session.stop();
                continue;
            }
            () = interruption.after(1), if stop.is_some() => {
                while let Some(Some(applied)) = apply.next().now_or_never() {
                    add(&mut report, applied).await;
                }
                break;
            }
            next = apply.next() => next,
        };
        let Some(applied) = next else { break };
        add(&mut report, applied).await;
        if stop.is_none() {
            console.progress(report.len(), steps, apply.estimate());
        }
        if !report.can_go_on() {
            apply.stop();
        }
    }
    console.end_progress();
    if let Some(error) = apply.state_error() {
        console.error(format_args!(
            "the state could not be saved: {error}; nothing was written after that, and the next \
             run rewrites what the state does not record"
        ));
    }
    let left = apply.left();
    if left > 0 {
        console.note(format_args!(
            "{left} steps were abandoned; the next run checks what was done"
        ));
    }
    let result = match steps {
        0 => Ok(()),
        _ => report.finish(stop.map(|stop| stop.reason())),
    };
    session.say_opened();
    match (result, apply.state_error()) {
        (Ok(()), Some(_)) => Err(Failure::Reported(Exit::Partly)),
        (Ok(()), None) if left > 0 => Err(Failure::Reported(Exit::Partly)),
        (result, _) => result,
    }
}

async fn add(report: &mut Report<'_>, applied: Applied) {
    let result = match applied.result {
        Ok(done) => ItemResult::from(done),
        Err(StepError::Failed(error)) => ItemResult::failed(error),
        Err(StepError::Skipped(Skipped::Stopped)) => ItemResult::NotTried(NotTried::Stopped),
        Err(StepError::Skipped(skipped)) => ItemResult::Skipped(skipped),
        Err(_) => ItemResult::Unknown,
    };
    report.add(&applied.place, applied.name, result).await;
}
