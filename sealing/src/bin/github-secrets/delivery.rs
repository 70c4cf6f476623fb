//! A batch in progress, and its end when it has to stop.

use std::{collections::HashSet, fmt::Display, pin::pin};

use futures_util::FutureExt;
use github_secrets::{Batch, NotTried, Outcome, Place, SecretName};
use indicatif::HumanDuration;
use tokio::select;

use crate::{
    console::Console,
    failure::Failure,
    report::{ItemResult, Report},
    session::Session,
};

/// Sends a batch of these secrets and reports the results. It stops when it is interrupted or
/// nobody reads the results any more; what is under way then is waited for.
///
/// # Errors
///
/// Returns [`Failure::Reported`] if not everything is done.
pub(crate) async fn deliver<T>(
    mut batch: Batch<T>,
    secrets: &[(Place, SecretName)],
    mut report: Report<'_>,
    session: &Session<'_>,
    console: &Console,
) -> Result<(), Failure>
where
    T: Outcome,
    ItemResult: From<T>,
{
    let interruption = &console.interruption;
    interruption.listen()?;
    let mut stopped = pin!(session.stopped());
    let (mut stop, mut is_read) = (None, true);
    console.begin_progress(secrets.len());
    loop {
        let item = select! {
            biased;
            why = &mut stopped, if stop.is_none() => {
                stop = Some(why);
                batch.stop();
                session.stop();
                continue;
            }
            () = interruption.after(1), if stop.is_some() => {
                abandon(&mut batch, secrets, &mut report).await;
                break;
            }
            item = batch.next() => item,
        };
        let Some(item) = item else { break };
        {
            let mut adding = pin!(report.add(&item.place, item.name, item.result.into()));
            select! {
                biased;
                () = &mut adding => {}
                why = &mut stopped, if stop.is_none() => {
                    // The batch must not go on while nobody reads the results.
                    stop = Some(why);
                    batch.stop();
                    session.stop();
                    adding.await;
                }
            }
        }
        if stop.is_none() && is_read {
            console.progress(report.len(), secrets.len(), batch.estimate());
        }
        if !report.can_go_on() && is_read {
            is_read = false;
            batch.stop();
        }
    }
    console.end_progress();
    let result = report.finish(stop.map(|stop| stop.reason()));
    session.say_opened();
    result?;
    session.check_typed()
}

/// Reports the secrets that have no result: those that were being sent, and those that were not.
async fn abandon<T>(batch: &mut Batch<T>, secrets: &[(Place, SecretName)], report: &mut Report<'_>)
where
    T: Outcome,
    ItemResult: From<T>,
{
    while let Some(Some(item)) = batch.next().now_or_never() {
        report.add(&item.place, item.name, item.result.into()).await;
    }
    let under_way = batch.in_flight();
    let reported: HashSet<(Place, SecretName)> = report.secrets().collect();
    for (place, name) in secrets {
        let secret = (place.clone(), name.clone());
        if reported.contains(&secret) {
            continue;
        }
        let result = if under_way.contains(&secret) {
            ItemResult::Unknown
        } else {
            ItemResult::NotTried(NotTried::Stopped)
        };
        report.add(place, name.clone(), result).await;
    }
}

/// Says what is sent where, and how long it takes if that does not fit into GitHub's limits at
/// once.
pub(crate) fn announce<T: Outcome>(batch: &Batch<T>, what: impl Display, console: &Console) {
    let estimate = batch.estimate();
    if estimate.is_zero() {
        console.note(what);
    } else {
        let estimate = HumanDuration(estimate);
        console.note(format_args!(
            "{what}; within GitHub's rate limits this takes about {estimate}"
        ));
    }
}
