//! Stores one secret by github-secrets, with an HTTP client of its own on ring.

use std::{env, error::Error};

use github_secrets::{GitHub, Visibility};
use reqwest::{Client, redirect::Policy};
use rustls::crypto::ring;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let installed = ring::default_provider().install_default();
    installed.map_err(|_| "there is another TLS provider")?;
    let client = Client::builder().redirect(Policy::none()).build()?;
    let github = GitHub::builder()
        .http_client(client)
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
