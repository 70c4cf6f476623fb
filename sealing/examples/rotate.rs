//! Replaces the value of a secret without changing who can use it.
//!
//! It starts an emulator and works on that.

use std::error::Error as StdError;

use github_secrets::{Error, GitHub, Visibility};
use github_secrets_emulator::{Emulator, Place, Store};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn StdError>> {
    let emulator = Emulator::start().await?;
    let github = GitHub::builder()
        .api_url(emulator.url())
        .token("any-token-will-do")
        .build()?;
    let secrets = github.org("acme")?.actions();
    secrets
        .set(
            "DB_PASSWORD",
            "correct horse",
            Visibility::selected([1296269, 1296280]),
        )
        .await?;
    show(&emulator, "set")?;

    secrets.rotate("DB_PASSWORD", "a better horse").await?;
    show(&emulator, "rotated")?;

    match secrets.rotate("DB_PASWORD", "a horse astray").await {
        Err(Error::NotFound(response)) => println!("refused  {response}"),
        other => println!("unexpected: {other:?}"),
    }
    Ok(())
}

fn show(emulator: &Emulator, step: &str) -> Result<(), Box<dyn StdError>> {
    let stored = emulator
        .secret(&Place::organization("acme", Store::Actions), "DB_PASSWORD")
        .ok_or("the emulator lost the secret")?;
    let value = String::from_utf8_lossy(stored.value());
    println!(
        "{step:<8} {value:?} for the repositories {:?}",
        stored.selected_repository_ids()
    );
    Ok(())
}
