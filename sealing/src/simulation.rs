//! Whole schedules of calls against a GitHub in memory, under tokio's paused clock.
//!
//! A seed decides everything: the settings, what the callers do, what the network and the server do
//! to each request. `SIMULATION_SEED` repeats one, `SIMULATION_RUNS` sets how many are tried.

mod audit;
mod ledger;
mod rng;
mod script;
mod server;
mod weather;

use std::{
    env,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use self::{
    audit::{Audit, Patience},
    ledger::Ledger,
    rng::Rng,
    script::Caller,
    server::Server,
    weather::Weather,
};
use crate::{
    Error, GitHub, Limits, RetryPolicy, Token,
    http::{Chance, Clock, Seams},
};

const RUNS: u64 = 2_000;
const TIMEOUT: Duration = Duration::from_secs(10);

/// Builds requests, and sends none.
static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);

#[test]
fn every_schedule_keeps_what_is_promised() {
    if let Some(seed) = number("SIMULATION_SEED") {
        let report = simulate(seed);
        println!("{}", report.log);
        return assert_eq!(report.complaints, [""; 0], "seed {seed}");
    }
    let (begin, runs) = (
        number("SIMULATION_BEGIN").unwrap_or(0),
        number("SIMULATION_RUNS").unwrap_or(RUNS),
    );
    let next = AtomicU64::new(begin);
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while failed.lock().unwrap().is_empty() {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= begin + runs {
                        break;
                    }
                    let report = std::panic::catch_unwind(|| simulate(seed));
                    let complaints =
                        report.map_or(vec!["panic".to_owned()], |report| report.complaints);
                    if !complaints.is_empty() {
                        failed.lock().unwrap().push((seed, complaints));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    let first = failed.iter().min_by_key(|(seed, _)| *seed);
    if let Some((seed, complaints)) = first {
        panic!("SIMULATION_SEED={seed} repeats this: {complaints:#?}");
    }
}

#[test]
fn a_seed_repeats_exactly() {
    for seed in 0..20 {
        assert_eq!(simulate(seed).log, simulate(seed).log, "seed {seed}");
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().expect("a number"))
}

struct Report {
    complaints: Vec<String>,
    log: String,
}

fn simulate(seed: u64) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut rng = Rng::new(seed, 1);
        let limits = limits(&mut rng);
        let audit = Audit::new(limits.clone());
        let server = Server::new(Weather::new(&mut rng), Rng::new(seed, 2), audit);
        let long = Duration::from_secs(60 * 60 * 24 * 20);
        let begun = Instant::now();
        let ended = timeout(long, schedule(seed, &mut rng, limits, &server)).await;
        let mut state = server.state();
        if ended.is_err() {
            state
                .audit
                .complain(format!("still under way after {long:?}"));
        }
        let took = begun.elapsed();
        state.audit.note(format!("the end after {took:?}"));
        Report {
            complaints: state.audit.complaints.clone(),
            log: state.audit.log(),
        }
    })
}

async fn schedule(seed: u64, rng: &mut Rng, limits: Limits, server: &Server) {
    let patience = Patience {
        attempts: rng.pick(&[1, 2, 4, 4]),
        deadline: Duration::from_secs(rng.pick(&[0, 5, 120, 120, 1_000])),
        timeout: TIMEOUT,
        provider: TIMEOUT,
    };
    let github = github(seed, rng, limits, patience, server);
    let ledger = Ledger::default();
    let mut callers = JoinSet::new();
    for number in 0..rng.within(1..=4) {
        let caller = Caller {
            number,
            secrets: github.org("acme").expect("a login").codespaces(),
            server: server.clone(),
            ledger: ledger.clone(),
            rng: Rng::new(seed, 100 + number),
            tasks: 0,
        };
        callers.spawn(caller.act());
    }
    let mut disturbances = JoinSet::new();
    disturbances.spawn(disturb(server.clone(), Rng::new(seed, 3)));
    while let Some(ended) = callers.join_next().await {
        ended.expect("a caller comes to its end");
    }
    drop(disturbances);
    // Whatever was given up arrives, or not.
    sleep(Duration::from_secs(120)).await;
    ledger.close(server);
    server.state().audit.close(patience);
    // The longest of all holds is over by then.
    sleep(Duration::from_secs(4_200)).await;
    let secrets = github.org("acme").expect("a login").codespaces();
    let last = secrets.find("LAST").await;
    let mut state = server.state();
    if let Err(Error::RateLimited(limited)) = last
        && !state
            .audit
            .was_sent("GET /orgs/acme/codespaces/secrets/LAST")
    {
        state
            .audit
            .complain(format!("nothing is sent any more: {limited}"));
    }
    if !github.http().is_idle() {
        state.audit.complain("a turn did not come back".to_owned());
    }
}

/// Replaces keys and revokes tokens.
async fn disturb(server: Server, mut rng: Rng) {
    for _ in 0..rng.within(0..=3) {
        let pause = rng.pick(&[300, 5_000, 100_000]);
        sleep(rng.millis(0..=pause)).await;
        if rng.percent(70) {
            server.replace_key();
        } else {
            server.revoke_all();
        }
    }
}

fn limits(rng: &mut Rng) -> Limits {
    let limits = match rng.within(0..=5) {
        0 => return Limits::none().concurrent(rng.pick(&[1, 4])),
        1 | 2 => Limits::default(),
        _ => Limits::default()
            .writes_per_minute(rng.pick(&[1, 4, 15]))
            .points_per_minute(rng.pick(&[5, 40, 900])),
    };
    let limits = limits.concurrent(rng.pick(&[1, 2, 5, 100]));
    match rng.within(0..=3) {
        0 => limits.writes_per_hour(rng.pick(&[10, 40])),
        _ => limits,
    }
}

fn github(seed: u64, rng: &mut Rng, limits: Limits, patience: Patience, server: &Server) -> GitHub {
    let (clock, chance) = (server.clone(), Mutex::new(Rng::new(seed, 4)));
    let network = Arc::new(server.clone());
    let seams = |_| Seams {
        network,
        clock: Clock(Arc::new(move || clock.now())),
        chance: Chance(Arc::new(move || chance.lock().unwrap().fraction())),
    };
    let retry = RetryPolicy::default()
        .attempts(patience.attempts)
        .deadline(patience.deadline);
    let builder = GitHub::builder()
        .http_client(CLIENT.clone())
        .api_url("http://localhost")
        .timeout(TIMEOUT)
        .limits(limits)
        .retry(retry);
    let builder = if rng.percent(40) {
        let token = rng.percent(90).then_some("token-fixed");
        builder.token(token.unwrap_or("token-wrong"))
    } else {
        let provider = Provider {
            server: server.clone(),
            rng: Arc::new(Mutex::new(Rng::new(seed, 5))),
            supplied: Arc::default(),
            trouble: rng.pick(&[0, 0, 10, 40]),
            lifetimes: rng.pick(&[[5, 20], [20, 60], [300, 3_600]]),
        };
        builder.token_provider(move || provider.clone().provide())
    };
    builder.build_with(seams).expect("settings")
}

#[derive(Clone)]
struct Provider {
    server: Server,
    rng: Arc<Mutex<Rng>>,
    supplied: Arc<AtomicU64>,
    trouble: u64,
    /// How long tokens last, in seconds.
    lifetimes: [u64; 2],
}

impl Provider {
    async fn provide(self) -> Result<Token, Box<dyn std::error::Error + Send + Sync>> {
        let (wait, fails, lasts) = {
            let mut rng = self.rng.lock().unwrap();
            let trouble = rng.percent(self.trouble);
            let wait = if trouble {
                rng.pick(&[0, 5_000, 1_000_000_000])
            } else {
                300
            };
            let lasts = rng.pick(&self.lifetimes);
            (rng.millis(0..=wait), trouble && rng.percent(50), lasts)
        };
        let _asking = Asking::new(&self.server);
        sleep(wait).await;
        if fails {
            return Err("the provider has no token".into());
        }
        let number = self.supplied.fetch_add(1, Ordering::Relaxed);
        let expires = self.server.now() + Duration::from_secs(lasts);
        Ok(Token::new(format!("token-{number}")).expires_at(expires))
    }
}

/// A call of the provider that has no answer yet.
struct Asking<'a>(&'a Server);

impl<'a> Asking<'a> {
    fn new(server: &'a Server) -> Self {
        server.state().audit.asked_for_token();
        Self(server)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.state().audit.told_token();
    }
}
