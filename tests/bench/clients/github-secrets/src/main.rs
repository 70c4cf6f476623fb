//! Stores many secrets by the library.

use anyhow::ensure;
use github_secrets::{GitHub, Limits, NewSecret, Visibility};
use measured::{TOKEN, Task};

fn main() -> anyhow::Result<()> {
    measured::run(store)
}

async fn store(Task { url, secrets, at_once }: Task) -> anyhow::Result<()> {
    let count = secrets.len();
    let github = GitHub::builder().api_url(url).token(TOKEN).limits(Limits::none()).build()?;
    let secrets = secrets.into_iter();
    let secrets = secrets.map(|(name, value)| NewSecret::new(name, value, Visibility::Private));
    let secrets = secrets.collect::<Result<Vec<_>, _>>()?;
    let delivery = github.org("acme").codespaces().set_all(secrets).await?;
    let report = delivery.at_once(at_once).finish().await?;
    ensure!(report.created() == count, "{report}");
    Ok(())
}
