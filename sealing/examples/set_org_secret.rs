//! Sets a secret of an organization twice, and prints the value that arrives.
//!
//! It starts an emulator, so that nothing leaves this machine. For GitHub itself, use
//! `GitHub::new(token)?` instead of the builder.

use std::error::Error as StdError;

use github_secrets::{GitHub, Visibility};
use github_secrets_emulator::{Emulator, Place, Store};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn StdError>> {
    let emulator = Emulator::start().await?;
    let github = GitHub::builder()
        .api_url(emulator.url())
        .token("any-token-will-do")
        .build()?;
    let secrets = github.org("acme")?.actions();
    let place = Place::organization("acme", Store::Actions);

    let selected = Visibility::selected(["website"]);
    for (value, visibility) in [
        ("correct horse battery staple", Visibility::Private),
        ("a better horse", selected),
    ] {
        let stored = secrets.set("DB_PASSWORD", value, visibility).await?;
        println!("{stored:<7} DB_PASSWORD");
        let secret = emulator.secret(&place, "DB_PASSWORD").ok_or("no secret")?;
        println!("opened  {:?}", String::from_utf8_lossy(secret.value()));
    }
    Ok(())
}
