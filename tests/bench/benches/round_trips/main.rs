//! How often a call waits for the network: each over a proxy that makes a round trip long.

mod proxy;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use clap::Parser;
use github_secrets::{
    Error, GitHub, Limits, NewSecret, Organization, Secrets, Visibility,
    reqwest::{Certificate, redirect::Policy},
};
use github_secrets_bench::{
    report,
    results::Results,
    round_trips::{Call, Measured, RoundTrips},
    tls,
};
use github_secrets_emulator::{
    Emulator, Organization as Acme, Place, Repository, Store, StoredSecret,
};

use proxy::Proxy;

/// Long beside what the client and the server take themselves.
const DELAY: Duration = Duration::from_millis(80);

const PRIVATE: &str = "PRIVATE";
const SELECTED: &str = "SELECTED";
const NAMES: [&str; 2] = ["website", "api"];
const IDS: [u64; 2] = [1, 2];

#[derive(Parser)]
struct Arguments {
    /// How often each call is made.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { runs, .. } = Arguments::parse();
    let mut calls = Vec::new();
    for call in Call::ALL {
        for tls in [true, false] {
            eprintln!("{}, {}", call.name(), if tls { "https" } else { "http" });
            calls.push(measure(call, tls, runs).await?);
        }
    }
    let results = Path::new(env!("CARGO_TARGET_TMPDIR"));
    RoundTrips {
        delay: DELAY.as_millis() as u64,
        calls,
    }
    .save(results)?;
    report::write(results)
}

async fn measure(call: Call, tls: bool, runs: usize) -> anyhow::Result<Measured> {
    let mut measured = Measured {
        call,
        tls,
        round_trips: Vec::new(),
        requests: 0,
        connections: 0,
    };
    for _ in 0..runs {
        let emulator = start().await?;
        let (acceptor, certificate) = tls::acceptor()?;
        let proxy = Proxy::start(emulator.address(), DELAY, tls.then_some(acceptor)).await?;
        let github = github(&proxy, tls.then_some(&*certificate))?;
        let secrets = github.org("acme")?.codespaces();
        let begun = Instant::now();
        make(call, &secrets).await.context(call.name())?;
        let taken = begun.elapsed();
        check(call, &emulator)?;
        measured
            .round_trips
            .push(taken.as_secs_f64() / DELAY.as_secs_f64());
        measured.requests = measured.requests.max(emulator.requests().len());
        measured.connections = measured.connections.max(proxy.connections());
    }
    Ok(measured)
}

async fn start() -> anyhow::Result<Emulator> {
    let [website, api] = [0, 1].map(|index| Repository::new(IDS[index], NAMES[index]));
    let other = Repository::new(3, "other");
    let acme = Acme::new("acme")
        .repository(website)
        .repository(api)
        .repository(other);
    let acme = acme
        .secret(
            Store::Codespaces,
            StoredSecret::new(PRIVATE, "old").private(),
        )
        .secret(
            Store::Codespaces,
            StoredSecret::new(SELECTED, "old").selected([3]),
        );
    Ok(Emulator::builder().organization(acme).start().await?)
}

/// Builds a `GitHub` that has sent nothing yet.
fn github(proxy: &Proxy, certificate: Option<&str>) -> anyhow::Result<GitHub> {
    let mut github = GitHub::builder()
        .api_url(proxy.url())
        .token("any")
        .limits(Limits::none());
    if let Some(certificate) = certificate {
        let certificate = Certificate::from_pem(certificate.as_bytes())?;
        let client = github_secrets::reqwest::Client::builder()
            .redirect(Policy::none())
            .tls_certs_only([certificate])
            .build()?;
        github = github.http_client(client);
    }
    Ok(github.build()?)
}

async fn make(call: Call, secrets: &Secrets<Organization>) -> anyhow::Result<()> {
    let names = || Visibility::selected(NAMES);
    match call {
        Call::Set => {
            secrets.set("NEW", "new", Visibility::Private).await?;
        }
        Call::SetWithNames => {
            secrets.set("NEW", "new", names()).await?;
        }
        Call::SetAll => set_all(secrets, || Visibility::Private).await?,
        Call::SetAllWithNames => set_all(secrets, names).await?,
        Call::Rotate => secrets.rotate(PRIVATE, "new").await?,
        Call::RotateSelected => secrets.rotate(SELECTED, "new").await?,
        Call::SetAccess => {
            secrets.set_access(PRIVATE, Visibility::All).await?;
        }
        Call::SetAccessWithNames => {
            secrets.set_access(SELECTED, names()).await?;
        }
    }
    Ok(())
}

async fn set_all(
    secrets: &Secrets<Organization>,
    visibility: impl Fn() -> Visibility,
) -> anyhow::Result<()> {
    let new = (0..8).map(|index| {
        let secret = NewSecret::new(format!("NEW_{index}"), "new")?;
        Ok(secret.visibility(visibility()))
    });
    let new = new.collect::<Result<Vec<_>, Error>>()?;
    secrets.set_all(new).await?.finish().await?;
    Ok(())
}

/// Makes sure that the call did what it is for.
fn check(call: Call, emulator: &Emulator) -> anyhow::Result<()> {
    let place = Place::organization("acme", Store::Codespaces);
    let secret = |name: &str| {
        emulator
            .secret(&place, name)
            .with_context(|| format!("no {name}"))
    };
    let (name, value, ids) = match call {
        Call::Set => ("NEW", "new", vec![]),
        Call::SetWithNames => ("NEW", "new", IDS.to_vec()),
        Call::SetAll => ("NEW_7", "new", vec![]),
        Call::SetAllWithNames => ("NEW_7", "new", IDS.to_vec()),
        Call::Rotate => (PRIVATE, "new", vec![]),
        Call::RotateSelected => (SELECTED, "new", vec![3]),
        Call::SetAccess => (PRIVATE, "old", vec![]),
        Call::SetAccessWithNames => (SELECTED, "old", IDS.to_vec()),
    };
    let secret = secret(name)?;
    ensure!(
        secret.value() == value.as_bytes(),
        "{name} has another value"
    );
    ensure!(
        secret.selected_repository_ids() == ids,
        "{name} has another selection"
    );
    Ok(())
}
