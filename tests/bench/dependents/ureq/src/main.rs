//! Stores one secret by ureq and crypto_box.

use std::{env, error::Error};

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{PublicKey, aead::OsRng};
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

fn main() -> Result<(), Box<dyn Error>> {
    let secrets = format!("{}/orgs/acme/actions/secrets", env::var("GITHUB_API_URL")?);
    let token = format!("Bearer {}", env::var("GITHUB_TOKEN")?);
    let key = ureq::get(format!("{secrets}/public-key"));
    let mut key = key.header("authorization", &token).call()?;
    let Key { key_id, key } = key.body_mut().read_json()?;
    let public = PublicKey::from_slice(&STANDARD.decode(key)?)?;
    let value = env::var("SECRET_VALUE")?;
    let sealed = public.seal(&mut OsRng, value.as_bytes());
    let secret = Secret {
        encrypted_value: STANDARD.encode(sealed.map_err(|_| "the value is not sealed")?),
        key_id,
        visibility: "private",
    };
    let put = ureq::put(format!("{secrets}/DB_PASSWORD")).header("authorization", &token);
    println!("{}", put.send_json(&secret)?.status());
    Ok(())
}
