//! A batch in progress, and its end when it is told to stop.

use std::{collections::BTreeSet, pin::pin};

use github_secrets::{Batch, SecretName};
use tokio::select;

use crate::{
    console::Console,
    report::{ItemResult, Report},
    session::Session,
};

/// GitHub asks for few requests at once.
const CONCURRENCY: usize = 8;

/// Sends a batch, and stops it when it is interrupted or nobody reads the results any more.
///
/// What is under way then is waited for. Returns whether the batch was interrupted.
pub(crate) async fn deliver(
    batch: Batch,
    names: &[SecretName],
    report: &mut Report<'_>,
    session: &Session<'_>,
    console: &Console,
) -> bool {
    let mut batch = batch.concurrency(CONCURRENCY);
    let interruption = &console.interruption;
    let (mut interrupted, mut stopped) = (false, false);
    console.begin_progress(names.len());
    loop {
        let item = select! {
            biased;
            () = interruption.after(usize::from(interrupted)) => {
                if interrupted {
                    abandon(names, report).await;
                    break;
                }
                (interrupted, stopped) = (true, true);
                batch.stop();
                session.stop();
                continue;
            }
            item = batch.next() => item,
        };
        let Some(item) = item else { break };
        {
            let mut adding = pin!(report.add(item.name, item.result.into()));
            select! {
                biased;
                () = &mut adding => {}
                () = interruption.after(0), if !interrupted => {
                    // The batch must not go on while nobody reads the results.
                    (interrupted, stopped) = (true, true);
                    batch.stop();
                    session.stop();
                    adding.await;
                }
            }
        }
        if !stopped {
            console.progress(report.len(), names.len(), batch.estimate());
        }
        if !report.can_go_on() && !stopped {
            stopped = true;
            batch.stop();
        }
    }
    console.end_progress();
    interrupted
}

/// Reports the secrets that have no result: the first ones were being sent, the rest was not.
async fn abandon(names: &[SecretName], report: &mut Report<'_>) {
    let reported: BTreeSet<SecretName> = report.names().cloned().collect();
    let open = names.iter().filter(|name| !reported.contains(name));
    for (index, name) in open.enumerate() {
        let result = if index < CONCURRENCY {
            ItemResult::Unknown
        } else {
            ItemResult::NotTried
        };
        report.add(name.clone(), result).await;
    }
}
