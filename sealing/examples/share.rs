//! Changes the repositories that can use a secret, without its value.
//!
//! It starts an emulator and works on that.

use std::error::Error as StdError;

use github_secrets::{GitHub, Visibility};
use github_secrets_emulator::Emulator;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn StdError>> {
    let emulator = Emulator::start().await?;
    let github = GitHub::builder()
        .api_url(emulator.url())
        .token("any-token-will-do")
        .build()?;
    let secrets = github.org("acme")?.actions();
    secrets
        .set("DB_PASSWORD", "correct horse", Visibility::Private)
        .await?;

    secrets
        .set_access("DB_PASSWORD", Visibility::selected(["website"]))
        .await?;
    let repositories = secrets.repositories("DB_PASSWORD")?;
    println!("narrowed to {}", names(&repositories.list().all().await?));

    repositories.add("acme/Hello-World").await?;
    println!("widened to  {}", names(&repositories.list().all().await?));

    repositories.remove("website").await?;
    println!("now only    {}", names(&repositories.list().all().await?));

    if let Err(error) = repositories.set(["website", "web-site", "wiki"]).await {
        println!("refused:    {error}");
    }
    Ok(())
}

fn names(repositories: &[github_secrets::ListedRepository]) -> String {
    let names: Vec<_> = repositories
        .iter()
        .map(|one| one.full_name.as_str())
        .collect();
    names.join(", ")
}
