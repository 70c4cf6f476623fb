//! Stores many secrets by octocrab: as its own organization secrets are stored, on the route of the Codespaces secrets,
//! which it has no methods for.

use anyhow::anyhow;
use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{PublicKey, aead::OsRng};
use futures_util::{StreamExt, TryStreamExt, stream};
use measured::{ROUTE, TOKEN, Task};
use octocrab::{
    Octocrab,
    models::orgs::secrets::{CreateOrganizationSecret, Visibility},
};
use serde::Deserialize;
use serde_json::Value;

fn main() -> anyhow::Result<()> {
    measured::run(store)
}

#[derive(Deserialize)]
struct Key {
    key_id: String,
    key: String,
}

async fn store(Task { url, secrets, at_once }: Task) -> anyhow::Result<()> {
    let octocrab = Octocrab::builder().base_uri(url)?.personal_token(TOKEN).build()?;
    let Key { key_id, key } = octocrab.get(format!("{ROUTE}public-key"), None::<&()>).await?;
    let key = PublicKey::from_slice(&STANDARD.decode(key)?)?;
    let put = async |(name, value): (String, String)| {
        let sealed = key.seal(&mut OsRng, value.as_bytes());
        let sealed = sealed.map_err(|_| anyhow!("{name} is not sealed"))?;
        let secret = CreateOrganizationSecret {
            encrypted_value: &STANDARD.encode(sealed),
            key_id: &key_id,
            visibility: Visibility::Private,
            selected_repository_ids: None,
        };
        let _: Value = octocrab.put(format!("{ROUTE}{name}"), Some(&secret)).await?;
        anyhow::Ok(())
    };
    let puts = stream::iter(secrets).map(put).buffer_unordered(at_once);
    puts.try_collect().await
}
