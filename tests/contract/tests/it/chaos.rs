//! Random calls through random faults: whatever is reported has to be so on the server.
//!
//! `SOAK` multiplies the number of schedules, `CHAOS_SEED` repeats the one that failed.

use std::{
    env,
    error::Error as StdError,
    fmt::Write as _,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use contract_tests::{Capture, github};
use fastrand::Rng;
use github_secrets::{Error, Limits, Organization, RetryPolicy, Secrets, Stored, Visibility};
use github_secrets_emulator::{Emulator, Fault, Matcher};

const RUNS: u64 = 150;
const THREADS: usize = 8;
const BEFORE: &str = "value-of-before";

#[test]
fn what_is_reported_is_so_on_the_server_and_nothing_leaks() {
    if let Some(seed) = number("CHAOS_SEED") {
        return play(seed);
    }
    let runs = RUNS * number("SOAK").unwrap_or(1);
    let next = AtomicU64::new(0);
    let failed = thread::scope(|scope| {
        let worker = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= runs {
                    return None;
                }
                // What a schedule logs is captured by thread.
                if thread::spawn(move || play(seed)).join().is_err() {
                    next.store(runs, Ordering::Relaxed);
                    return Some(seed);
                }
            }
        };
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(worker)).collect();
        let ended = workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker"));
        ended.flatten().min()
    });
    if let Some(seed) = failed {
        panic!("a schedule failed; CHAOS_SEED={seed} repeats it");
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().expect("a number"))
}

/// One schedule, from its seed alone.
fn play(seed: u64) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let capture = Capture::start();
    let told = runtime.block_on(async {
        let mut rng = Rng::with_seed(seed);
        let mut schedule = Schedule::new(&mut rng).await;
        schedule.run(&mut rng).await;
        schedule.told
    });
    let told = told + &capture.text();
    for secret in [github::TOKEN, "value-of-", "dmFsdWUtb2Yt"] {
        assert!(!told.contains(secret), "seed {seed}: {secret} was told");
    }
}

struct Schedule {
    emulator: Emulator,
    secrets: Secrets<Organization>,
    names: Vec<String>,
    /// Everything that was returned, in all its forms.
    told: String,
}

/// What a call has to do to a secret.
enum Wish {
    Value(String),
    Absence,
}

impl Schedule {
    async fn new(rng: &mut Rng) -> Self {
        let emulator = Emulator::start().await.expect("an emulator");
        let retry = RetryPolicy::default()
            .attempts(rng.u32(1..=5))
            .first_wait(Duration::from_millis(1))
            .longest_wait(Duration::from_millis(4))
            .deadline(Duration::from_secs(4));
        let builder = github::builder(emulator.url())
            .timeout(Duration::from_millis(500))
            .limits(Limits::none().minute(Duration::from_millis(20)))
            .retry(retry);
        Self {
            secrets: github::codespaces(builder),
            emulator,
            names: Vec::new(),
            told: String::new(),
        }
    }

    async fn run(&mut self, rng: &mut Rng) {
        for index in 0..16 {
            let name = format!("SECRET_{index}");
            if rng.bool() {
                let selected = Visibility::selected([1_296_269]);
                let set = self.secrets.set(name.as_str(), BEFORE, selected);
                set.await.expect("a calm day");
            }
            self.names.push(name);
        }
        for _ in 0..rng.usize(0..=6) {
            self.emulator.fault(fault(rng));
        }
        let in_batch = self.names.split_off(rng.usize(4..=16));
        self.batch(rng, in_batch).await;
        while !self.names.is_empty() {
            self.call(rng).await;
        }
    }

    /// A batch, with other calls between its results.
    async fn batch(&mut self, rng: &mut Rng, names: Vec<String>) {
        let before: Vec<_> = names.iter().map(|name| self.held(name)).collect();
        let new = names.iter().map(|name| {
            github::new_secret(
                name.as_str(),
                format!("value-of-{name}"),
                Visibility::Private,
            )
        });
        let batch = self.secrets.set_all(new).await;
        let mut batch = match batch {
            Ok(batch) => batch.concurrency(rng.usize(1..=8)),
            Err(error) => {
                self.tell(&error);
                let now: Vec<_> = names.iter().map(|name| self.held(name)).collect();
                return assert_eq!(now, before, "after {error}");
            }
        };
        let mut results = 0;
        while let Some(item) = batch.next().await {
            let index = names.iter().position(|name| name == item.name.as_str());
            let before = &before[index.expect("a secret of the batch")];
            let name = item.name.as_str();
            let wish = Wish::Value(format!("value-of-{name}"));
            self.check(name, before.as_deref(), &wish, &item.result);
            results += 1;
            if rng.u8(0..4) == 0 && !self.names.is_empty() {
                self.call(rng).await;
            }
        }
        assert_eq!(results, names.len(), "each secret is reported once");
    }

    /// One call on a secret that no other call touches.
    async fn call(&mut self, rng: &mut Rng) {
        let Some(name) = self.names.pop() else {
            return;
        };
        let (before, value) = (self.held(&name), format!("value-of-{name}"));
        let wish = Wish::Value(value.clone());
        match rng.u8(0..3) {
            0 => {
                let set = self.secrets.set(name.as_str(), value, Visibility::Private);
                let result = set.await;
                self.check(&name, before.as_deref(), &wish, &result);
            }
            1 => {
                let result = self.secrets.rotate(name.as_str(), value).await;
                if result.is_ok() {
                    let stored = self.emulator.secret(&github::place(), &name);
                    let stored = stored.expect("a rotated secret");
                    assert_eq!(stored.selected_repository_ids(), [1_296_269], "{name}");
                }
                let result = result.map(|()| Stored::CreatedOrUpdated);
                self.check(&name, before.as_deref(), &wish, &result);
            }
            _ => {
                let result = self.secrets.delete(name.as_str()).await;
                let result = result.map(|()| Stored::CreatedOrUpdated);
                self.check(&name, before.as_deref(), &Wish::Absence, &result);
            }
        }
    }

    fn check(
        &mut self,
        name: &str,
        before: Option<&str>,
        wish: &Wish,
        result: &Result<Stored, Error>,
    ) {
        let now = self.held(name);
        let wanted = match wish {
            Wish::Value(value) => Some(value.as_str()),
            Wish::Absence => None,
        };
        let done = now.as_deref() == wanted;
        let unchanged = now.as_deref() == before;
        write!(self.told, "{result:?}").expect("a string");
        match result {
            Ok(stored) => {
                assert!(done, "{name} was reported {stored:?}");
                assert!(
                    *stored != Stored::Created || before.is_none(),
                    "{name} was there"
                );
                assert!(
                    *stored != Stored::Updated || before.is_some(),
                    "{name} is new"
                );
            }
            Err(error) => {
                self.tell(error);
                assert!(
                    unchanged || done && error.may_have_taken_effect(),
                    "{name} was changed, or is neither old nor new: {error:?}"
                );
            }
        }
    }

    fn held(&self, name: &str) -> Option<String> {
        let stored = self.emulator.secret(&github::place(), name)?;
        Some(String::from_utf8(stored.value().to_vec()).expect("text"))
    }

    fn tell(&mut self, error: &Error) {
        let mut source: Option<&dyn StdError> = Some(error);
        while let Some(error) = source {
            writeln!(self.told, "{error} {error:#} {error:?} {error:#?}").expect("a string");
            source = error.source();
        }
    }
}

fn fault(rng: &mut Rng) -> Fault {
    const HTML: &str = "<html><body><h1>Unicorn!</h1></body></html>";
    let second = Duration::from_secs(1);
    let fault = match rng.u8(0..15) {
        0 => Fault::status(503).body("Secrets service unavailable"),
        1 => Fault::status(502)
            .header("content-type", "text/html")
            .body(HTML),
        2 | 3 => Fault::status(500).after_write(),
        4 => Fault::status(408),
        5 => Fault::dropped(),
        6 | 7 => Fault::dropped().after_write(),
        8 => Fault::truncated(),
        9 => Fault::delay(Duration::from_millis(rng.u64(1..=700))),
        10 => Fault::rotated_key(),
        11 => Fault::primary_limit(second * [1, 3_600][rng.usize(0..2)]),
        12 => Fault::secondary_limit([None, Some(second), Some(second * 600)][rng.usize(0..3)]),
        13 => Fault::status([401, 403, 404, 422][rng.usize(0..4)])
            .header("x-oauth-scopes", "repo")
            .header("x-accepted-oauth-scopes", "admin:org"),
        _ => Fault::secondary_limit(None).too_many_requests(),
    };
    let fault = fault.after(rng.u32(0..8)).times(rng.u32(1..=3));
    match rng.u8(0..4) {
        0 => fault.on(Matcher::method("PUT")),
        1 => fault.on(Matcher::method("DELETE")),
        2 => fault.on(Matcher::path("SECRET_1")),
        _ => fault,
    }
}
