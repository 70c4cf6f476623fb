//! Random batches through random weather: the books have to balance.
//!
//! `CHAOS_RUNS` sets how many schedules are tried, `CHAOS_SEED` repeats the one that failed.

use std::{
    collections::BTreeMap,
    env,
    error::Error as StdError,
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use contract_tests::{Capture, github};
use fastrand::Rng;
use github_secrets::{
    BatchItem, Error, GitHub, Limits, NewSecret, Organization, RetryPolicy, Secrets, Stored,
    Visibility,
};
use github_secrets_emulator::{Emulator, Fault, Matcher};

const RUNS: u64 = 2_000;
const LONGEST: Duration = Duration::from_secs(90);
const THREADS: usize = 8;

#[test]
fn what_is_reported_stored_is_stored_and_nothing_leaks() {
    if let Some(seed) = number("CHAOS_SEED") {
        return play(seed);
    }
    let runs = number("CHAOS_RUNS").unwrap_or(RUNS);
    let (next, begun) = (AtomicU64::new(0), Instant::now());
    let failed = thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    while begun.elapsed() < LONGEST {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= runs {
                            break;
                        }
                        if thread::Builder::new()
                            .spawn_scoped(scope, move || play(seed))
                            .expect("a thread")
                            .join()
                            .is_err()
                        {
                            return Some(seed);
                        }
                    }
                    None
                })
            })
            .collect();
        workers
            .into_iter()
            .filter_map(|worker| worker.join().expect("a worker"))
            .next()
    });
    let played = next.load(Ordering::Relaxed).min(runs);
    println!(
        "{played} schedules in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    if let Some(seed) = failed {
        panic!("a schedule failed; CHAOS_SEED={seed} repeats it");
    }
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable)
        .ok()
        .map(|text| text.parse().expect("a number"))
}

/// One schedule, from its seed alone.
fn play(seed: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let capture = Capture::start();
    let mut told = String::new();
    runtime.block_on(deliver(&mut Rng::with_seed(seed), &mut told));
    told.push_str(&capture.text());
    for secret in [github::TOKEN, "value-of-", "dmFsdWUtb2Yt"] {
        assert!(!told.contains(secret), "seed {seed}: {secret} was told");
    }
}

async fn deliver(rng: &mut Rng, told: &mut String) {
    let emulator = Emulator::start().await.expect("an emulator");
    let github = GitHub::builder()
        .api_url(emulator.url())
        .token(github::TOKEN)
        .timeout(Duration::from_millis(500))
        .limits(Limits::none().minute(Duration::from_millis(20)))
        .retry(
            RetryPolicy::default()
                .attempts(rng.u32(1..=5))
                .first_wait(Duration::from_millis(1))
                .longest_wait(Duration::from_millis(4))
                .deadline(Duration::from_secs(4)),
        )
        .build()
        .expect("a GitHub");
    let secrets = github.org("acme").expect("a login").codespaces();

    let names: Vec<_> = (0..rng.usize(1..=12))
        .map(|index| format!("SECRET_{index}"))
        .collect();
    let mut before = BTreeMap::new();
    for name in &names {
        if rng.u8(..) < 80 {
            secrets
                .set(name.as_str(), "value-of-before", Visibility::All)
                .await
                .expect("a calm day");
            before.insert(name.clone(), "value-of-before".to_owned());
        }
    }
    for _ in 0..rng.usize(0..=6) {
        emulator.fault(fault(rng));
    }

    let new = names.iter().map(|name| {
        let visibility = match rng.u8(0..3) {
            0 => Visibility::All,
            1 => Visibility::Private,
            _ => Visibility::selected([1296269]),
        };
        github::new_secret(name.as_str(), format!("value-of-{name}"), visibility)
    });
    let new: Vec<_> = new.collect();
    let held = |name: &str| {
        let stored = emulator.secret(&github::place(), name)?;
        Some(String::from_utf8(stored.value().to_vec()).expect("text"))
    };
    let concurrency = rng.usize(1..=8);
    let items = match collect(&secrets, new, concurrency).await {
        Ok(items) => items,
        Err(error) => {
            tell(told, &error);
            for name in &names {
                assert_eq!(
                    held(name),
                    before.get(name).cloned(),
                    "{name} after {error}"
                );
            }
            return;
        }
    };
    assert_eq!(items.len(), names.len(), "each secret is reported once");
    for BatchItem { name, result, .. } in &items {
        let (name, sent) = (name.as_str(), format!("value-of-{name}"));
        let (now, earlier) = (held(name), before.get(name).cloned());
        match result {
            Ok(kind) => {
                assert_eq!(now, Some(sent), "{name} was reported {kind:?}");
                match kind {
                    Stored::Created => assert_eq!(earlier, None, "{name} was there before"),
                    Stored::Updated => assert!(earlier.is_some(), "{name} is new"),
                    _ => {}
                }
            }
            Err(Error::NotTried) => assert_eq!(now, earlier, "{name} was not tried"),
            Err(error) => {
                tell(told, error);
                assert!(
                    error.operation().is_some(),
                    "{name} failed without a reason: {error}"
                );
                assert!(
                    now == earlier || now == Some(sent),
                    "{name} is neither old nor new"
                );
            }
        }
    }
    write!(told, "{items:?}").expect("a string");
}

async fn collect(
    secrets: &Secrets<Organization>,
    new: Vec<NewSecret<Visibility>>,
    concurrency: usize,
) -> Result<Vec<BatchItem>, Error> {
    let mut batch = secrets.set_all(new).await?.concurrency(concurrency);
    let mut items = Vec::new();
    while let Some(item) = batch.next().await {
        items.push(item);
    }
    Ok(items)
}

fn fault(rng: &mut Rng) -> Fault {
    const HTML: &str = "<html><body><h1>Unicorn!</h1></body></html>";
    let second = Duration::from_secs(1);
    let fault = match rng.u8(0..12) {
        0 => Fault::status(503).body("Secrets service unavailable"),
        1 => Fault::status(502)
            .header("content-type", "text/html")
            .body(HTML),
        2 => Fault::status(500).after_write(),
        3 => Fault::status(408),
        4 => Fault::dropped(),
        5 => Fault::dropped().after_write(),
        6 => Fault::truncated(),
        7 => Fault::delay(Duration::from_millis(rng.u64(1..=700))),
        8 => Fault::rotated_key(),
        9 => Fault::primary_limit(second * [1, 3_600][rng.usize(0..2)]),
        10 => Fault::secondary_limit([None, Some(second), Some(second * 600)][rng.usize(0..3)]),
        _ => Fault::secondary_limit(None).too_many_requests(),
    };
    let fault = fault.after(rng.u32(0..8)).times(rng.u32(1..=3));
    match rng.u8(0..3) {
        0 => fault.on(Matcher::method("PUT")),
        1 => fault.on(Matcher::path("SECRET_1")),
        _ => fault,
    }
}

/// Everything that an error says, in all its forms.
fn tell(told: &mut String, error: &Error) {
    let mut source: Option<&dyn StdError> = Some(error);
    while let Some(error) = source {
        writeln!(told, "{error} {error:#} {error:?} {error:#?}").expect("a string");
        source = error.source();
    }
}
