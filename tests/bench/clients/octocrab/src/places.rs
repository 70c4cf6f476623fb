//! Stores secrets in many repositories by octocrab, with crypto_box for the sealing: first all keys
//! are fetched, then all secrets are sent.

use anyhow::{anyhow, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{PublicKey, aead::OsRng};
use futures_util::{StreamExt, TryStreamExt, stream};
use measured::{TOKEN, Task};
use octocrab::{
    Octocrab,
    models::repos::secrets::{CreateRepositorySecret, CreateRepositorySecretResponse},
};

fn main() -> anyhow::Result<()> {
    measured::run(store)
}

struct Place {
    name: String,
    key_id: String,
    key: PublicKey,
}

async fn store(task: Task) -> anyhow::Result<()> {
    let octocrab = Octocrab::builder()
        .base_uri(task.url)?
        .personal_token(TOKEN)
        .build()?;
    let fetch = async |repository: String| {
        let name = repository.trim_start_matches("acme/").to_owned();
        let repository = octocrab.repos("acme", &name);
        let key = repository.secrets().get_public_key().await?;
        anyhow::Ok(Place {
            name,
            key_id: key.key_id,
            key: PublicKey::from_slice(&STANDARD.decode(key.key)?)?,
        })
    };
    let places = stream::iter(task.repositories).map(fetch);
    let places = places.buffer_unordered(task.at_once);
    let places: Vec<Place> = places.try_collect().await?;

    let put = async |(place, (name, value)): (&Place, &(String, String))| {
        let sealed = place.key.seal(&mut OsRng, value.as_bytes());
        let sealed = sealed.map_err(|_| anyhow!("{name} is not sealed"))?;
        let secret = CreateRepositorySecret {
            encrypted_value: &STANDARD.encode(sealed),
            key_id: &place.key_id,
        };
        let repository = octocrab.repos("acme", &place.name);
        let store = repository.secrets();
        let stored = store.create_or_update_secret(name, &secret).await?;
        ensure!(
            matches!(stored, CreateRepositorySecretResponse::Created),
            "{name} is not new"
        );
        Ok(())
    };
    let secrets = &task.secrets;
    let pairs = places
        .iter()
        .flat_map(|place| secrets.iter().map(move |secret| (place, secret)));
    let puts = stream::iter(pairs).map(put).buffer_unordered(task.at_once);
    puts.try_collect().await
}
