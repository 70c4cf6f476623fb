//! Stores many secrets by octocrab, with crypto_box for the sealing.

use anyhow::{anyhow, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{PublicKey, aead::OsRng};
use futures_util::{StreamExt, TryStreamExt, stream};
use measured::{TOKEN, Task};
use octocrab::{
    Octocrab,
    models::orgs::secrets::{
        CreateOrganizationSecret, CreateOrganizationSecretResponse, Visibility,
    },
};

fn main() -> anyhow::Result<()> {
    measured::run(store)
}

async fn store(task: Task) -> anyhow::Result<()> {
    let octocrab = Octocrab::builder()
        .base_uri(task.url)?
        .personal_token(TOKEN)
        .build()?;
    let store = octocrab.orgs("acme").codespaces().secrets();
    let key = store.get_public_key().await?;
    let public = PublicKey::from_slice(&STANDARD.decode(key.key)?)?;
    let put = async |(name, value): (String, String)| {
        let sealed = public.seal(&mut OsRng, value.as_bytes());
        let sealed = sealed.map_err(|_| anyhow!("{name} is not sealed"))?;
        let secret = CreateOrganizationSecret {
            encrypted_value: &STANDARD.encode(sealed),
            key_id: &key.key_id,
            visibility: Visibility::Private,
            selected_repository_ids: None,
        };
        let stored = store.create_or_update(&name, &secret).await?;
        ensure!(
            matches!(stored, CreateOrganizationSecretResponse::Created),
            "{name} is not new"
        );
        Ok(())
    };
    let puts = stream::iter(task.secrets)
        .map(put)
        .buffer_unordered(task.at_once);
    puts.try_collect().await
}
