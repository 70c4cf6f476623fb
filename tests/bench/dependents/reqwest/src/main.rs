//! Stores one secret by reqwest and crypto_box.

use std::{env, error::Error};

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{PublicKey, aead::OsRng};
use reqwest::Client;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Key {
    key_id: String,
    key: String,
}

#[derive(Serialize)]
struct Secret {
    encrypted_value: String,
    key_id: String,
    visibility: &'static str,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secrets = format!("{}/orgs/acme/actions/secrets", env::var("GITHUB_API_URL")?);
    let token = env::var("GITHUB_TOKEN")?;
    // GitHub refuses a request without a user agent.
    let client = Client::builder().user_agent("with-reqwest").build()?;
    let key = client.get(format!("{secrets}/public-key")).bearer_auth(&token);
    let Key { key_id, key } = key.send().await?.json().await?;
    let public = PublicKey::from_slice(&STANDARD.decode(key)?)?;
    let value = env::var("SECRET_VALUE")?;
    let sealed = public.seal(&mut OsRng, value.as_bytes());
    let secret = Secret {
        encrypted_value: STANDARD.encode(sealed.map_err(|_| "the value is not sealed")?),
        key_id,
        visibility: "private",
    };
    let put = client.put(format!("{secrets}/DB_PASSWORD")).bearer_auth(&token);
    println!("{}", put.json(&secret).send().await?.status());
    Ok(())
}
