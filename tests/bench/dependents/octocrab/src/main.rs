//! Stores one secret by octocrab and crypto_box.

use std::{env, error::Error};

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{PublicKey, aead::OsRng};
use octocrab::{Octocrab, models::orgs::secrets::{CreateOrganizationSecret, Visibility}};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let octocrab = Octocrab::builder()
        .base_uri(env::var("GITHUB_API_URL")?)?
        .personal_token(env::var("GITHUB_TOKEN")?)
        .build()?;
    let organization = octocrab.orgs("acme");
    let secrets = organization.secrets();
    let key = secrets.get_public_key().await?;
    let public = PublicKey::from_slice(&STANDARD.decode(key.key)?)?;
    let value = env::var("SECRET_VALUE")?;
    let sealed = public.seal(&mut OsRng, value.as_bytes());
    let secret = CreateOrganizationSecret {
        encrypted_value: &STANDARD.encode(sealed.map_err(|_| "the value is not sealed")?),
        key_id: &key.key_id,
        visibility: Visibility::Private,
        selected_repository_ids: None,
    };
    let stored = secrets
        .create_or_update_secret("DB_PASSWORD", &secret)
        .await?;
    println!("{stored:?}");
    Ok(())
}
