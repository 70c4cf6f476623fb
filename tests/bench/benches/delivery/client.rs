//! The clients that are measured, each in a process of its own.

use std::{fs, time::Instant};

use anyhow::{Context, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{PublicKey, aead::OsRng};
use futures_util::{StreamExt, TryStreamExt, stream};
use github_secrets::{GitHub, Limits, NewSecret, Visibility};
use github_secrets_bench::delivery::{Client, Usage};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};
use octocrab::{
    Octocrab,
    models::orgs::secrets::{CreateOrganizationSecret, Visibility as OctocrabVisibility},
};
use serde::Deserialize;

use crate::input;

const TOKEN: &str = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

/// Stores `count` secrets by `client`, `at_once` at a time, and says what that took.
#[tokio::main]
pub(crate) async fn run(
    client: Client,
    url: &str,
    count: usize,
    at_once: usize,
) -> anyhow::Result<()> {
    let secrets = input::secrets(count);
    let (begun, before) = (Instant::now(), getrusage(UsageWho::RUSAGE_SELF)?);
    match client {
        Client::GitHubSecrets => github_secrets(url, secrets, at_once).await?,
        Client::Octocrab => octocrab(url, secrets, at_once).await?,
    }
    let (wall, after) = (begun.elapsed(), getrusage(UsageWho::RUSAGE_SELF)?);
    let seconds = |time: nix::sys::time::TimeVal| time.num_microseconds() as f64 / 1e6;
    let usage = Usage {
        wall: wall.as_secs_f64(),
        user: seconds(after.user_time() - before.user_time()),
        system: seconds(after.system_time() - before.system_time()),
        peak_memory: peak_memory()?,
    };
    println!("{}", serde_json::to_string(&usage)?);
    Ok(())
}

async fn github_secrets(
    url: &str,
    secrets: Vec<(String, String)>,
    at_once: usize,
) -> anyhow::Result<()> {
    let count = secrets.len();
    let github = GitHub::builder()
        .api_url(url)
        .token(TOKEN)
        .limits(Limits::none())
        .build()?;
    let secrets = secrets
        .into_iter()
        .map(|(name, value)| NewSecret::new(name, value, Visibility::Private));
    let secrets: Vec<NewSecret> = secrets.collect::<Result<_, _>>()?;
    let delivery = github.org("acme").codespaces().set_all(secrets).await?;
    let report = delivery.at_once(at_once).finish().await?;
    ensure!(report.created() == count, "{report}");
    Ok(())
}

/// As octocrab's own organization secrets are stored, on the route of the Codespaces secrets, which it does not have.
async fn octocrab(url: &str, secrets: Vec<(String, String)>, at_once: usize) -> anyhow::Result<()> {
    #[derive(Deserialize)]
    struct Key {
        key_id: String,
        key: String,
    }
    let octocrab = Octocrab::builder()
        .base_uri(url)?
        .personal_token(TOKEN)
        .build()?;
    let Key { key_id, key } = octocrab
        .get(format!("{}public-key", input::ROUTE), None::<&()>)
        .await?;
    let key = PublicKey::from_slice(&STANDARD.decode(key)?)?;
    let put = |(name, value): (String, String)| {
        let (octocrab, key_id, key) = (&octocrab, &key_id, &key);
        async move {
            let sealed = key
                .seal(&mut OsRng, value.as_bytes())
                .map_err(|_| anyhow::anyhow!("not sealed"))?;
            let encrypted_value = STANDARD.encode(sealed);
            let secret = CreateOrganizationSecret {
                encrypted_value: &encrypted_value,
                key_id,
                visibility: OctocrabVisibility::Private,
                selected_repository_ids: None,
            };
            let route = format!("{}{name}", input::ROUTE);
            let _: serde_json::Value = octocrab.put(route, Some(&secret)).await?;
            anyhow::Ok(())
        }
    };
    let puts = stream::iter(secrets).map(put).buffer_unordered(at_once);
    puts.try_collect().await
}

/// The most memory that this process ever had resident, in bytes.
fn peak_memory() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")
        .context("the peak memory is only known on Linux")?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
    Ok(peak.context("no VmHWM")?.trim().parse::<u64>()? * 1024)
}
