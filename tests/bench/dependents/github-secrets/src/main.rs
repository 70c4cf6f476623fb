//! Stores one secret by github-secrets: `GITHUB_API_URL= GITHUB_TOKEN= SECRET_VALUE=`.

use std::{env, error::Error};

use github_secrets::{GitHub, Visibility};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let github = GitHub::builder()
        .api_url(env::var("GITHUB_API_URL")?)
        .token(env::var("GITHUB_TOKEN")?)
        .build()?;
    let secrets = github.org("acme")?.actions();
    let value = env::var("SECRET_VALUE")?;
    let stored = secrets
        .set("DB_PASSWORD", value, Visibility::Private)
        .await?;
    println!("{stored}");
    Ok(())
}
