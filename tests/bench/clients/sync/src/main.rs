//! Does what the first `github-secrets apply` does, by the library: without the limits that the
//! program keeps to.

use std::{
    env,
    fs::{self, File},
    io::Write,
};

use anyhow::{anyhow, ensure};
use github_secrets::{
    GitHub, Limits, NewSecret, Place, Store,
    sync::{Desired, Options, State, StateKey},
};
use measured::{TOKEN, Task};

fn main() -> anyhow::Result<()> {
    measured::run(apply)
}

async fn apply(task: Task) -> anyhow::Result<()> {
    let path = env::var("STATE_FILE")?;
    let key = StateKey::new(&env::var("SECRETS_STATE_KEY")?)?;
    let github = GitHub::builder()
        .api_url(task.url)
        .token(TOKEN)
        .limits(Limits::none())
        .build()?;
    let repositories = github.org("acme")?.repositories().all().await?;
    let mut desired = Desired::new();
    for repository in &repositories {
        let place = Place::repository(&repository.full_name, Store::Actions)?;
        for (name, value) in &task.secrets {
            desired.set(place.clone(), NewSecret::new(&**name, &**value)?)?;
        }
    }
    let count = desired.len();
    desired.add_known_repositories(repositories);
    let plan = github.plan(desired, State::new(key), Options::default());
    let temporary = format!("{path}.tmp");
    let apply = plan.await?.apply(move |bytes| {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, &path)
    });
    let report = apply.finish().await;
    let report = report.map_err(|report| anyhow!("{report:?}"))?;
    let complete = report.is_complete() && report.applied.len() == count;
    ensure!(complete, "{report:?}");
    Ok(())
}
