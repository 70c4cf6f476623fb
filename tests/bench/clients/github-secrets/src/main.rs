//! Stores many secrets by the library.

use anyhow::ensure;
use github_secrets::{Error, GitHub, Limits, NewSecret, Visibility};
use measured::{TOKEN, Task};

fn main() -> anyhow::Result<()> {
    measured::run(store)
}

async fn store(
    Task {
        url,
        secrets,
        at_once,
        ..
    }: Task,
) -> anyhow::Result<()> {
    let count = secrets.len();
    // The measured server has no limits to stay under.
    let github = GitHub::builder()
        .api_url(url)
        .token(TOKEN)
        .limits(Limits::none())
        .build()?;
    let secrets = secrets.into_iter();
    let secrets = secrets.map(|(name, value)| {
        let secret = NewSecret::new(name, value)?;
        Ok(secret.visibility(Visibility::Private))
    });
    let secrets = secrets.collect::<Result<Vec<_>, Error>>()?;
    let batch = github.org("acme")?.codespaces().set_all(secrets).await?;
    let report = batch.concurrency(at_once).finish().await?;
    ensure!(report.created() == count, "{report}");
    Ok(())
}
