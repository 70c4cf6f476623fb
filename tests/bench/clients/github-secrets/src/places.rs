//! Stores secrets in many repositories by the library.

use anyhow::ensure;
use github_secrets::{Error, GitHub, Limits, NewSecret, Place, Store};
use measured::{TOKEN, Task};

fn main() -> anyhow::Result<()> {
    measured::run(store)
}

async fn store(task: Task) -> anyhow::Result<()> {
    // The measured server has no limits to stay under.
    let github = GitHub::builder()
        .api_url(task.url)
        .token(TOKEN)
        .limits(Limits::none())
        .build()?;
    let secrets = task.secrets.into_iter();
    let secrets = secrets.map(|(name, value)| NewSecret::new(name, value));
    let secrets = secrets.collect::<Result<Vec<_>, Error>>()?;
    let mut pairs = Vec::new();
    for repository in &task.repositories {
        let place = Place::repository(repository, Store::Actions)?;
        pairs.extend(secrets.iter().map(|secret| (place.clone(), secret.clone())));
    }
    let count = pairs.len();
    let report = github.set_all(pairs)?.concurrency(task.at_once);
    let report = report.finish().await?;
    ensure!(report.created() == count, "{report}");
    Ok(())
}
