//! Lists the Actions secrets of an organization, and the repositories selected for each.
//!
//! It starts an emulator and works on that.

use std::error::Error as StdError;

use github_secrets::{GitHub, Visibility, VisibilityKind};
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
        .set("API_KEY", "battery staple", Visibility::All)
        .await?;
    secrets
        .set(
            "DB_PASSWORD",
            "correct horse",
            Visibility::selected(["website"]),
        )
        .await?;

    let mut list = secrets.list();
    while let Some(secret) = list.next().await.transpose()? {
        println!("{:<12} changed {}", secret.name, secret.updated_at);
        if secret.visibility == Some(VisibilityKind::Selected) {
            for repository in secrets.repositories(secret.name)?.list().all().await? {
                println!("{:<12} {}", "", repository.full_name);
            }
        }
    }
    Ok(())
}
