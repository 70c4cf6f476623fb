//! A whole schedule, from its seed alone.

use std::{
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{
    audit::{Audit, CallBounds},
    conditions::Conditions,
    features::Features,
    ledger::Ledger,
    rng::Rng,
    script::Caller,
    server::Server,
    store::Store,
    stranger::Stranger,
};
use crate::{
    Error, GitHub, GitHubBuilder, Limits, NotTried, RetryPolicy, Token,
    http::{Clock, Io, Random},
};

pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// How long a token provider without trouble takes.
const PROMPT: Duration = Duration::from_millis(300);

/// Builds requests, and sends none.
static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);

pub(super) struct Report {
    pub(super) complaints: Vec<String>,
    pub(super) log: String,
}

pub(super) fn simulate(seed: u64) -> Report {
    paused(async {
        let mut rng = Rng::new(seed, 1);
        let features = Features::of(seed);
        let limits = limits(&features, &mut rng);
        let audit = Audit::new(limits.clone());
        let stranger = Stranger::new(features.strangers, Rng::new(seed, 6));
        let page_size = if features.strangers > 0 {
            rng.pick(&[2, 3, 5])
        } else {
            rng.pick(&[2, 3, 5, 100])
        };
        let mut store = Store::new(page_size, stranger);
        store.plant_others(features.strangers > 0);
        let conditions = Conditions::new(&features, &mut rng);
        let server = Server::new(conditions, Rng::new(seed, 2), audit, store);
        let long = Duration::from_secs(60 * 60 * 24 * 20);
        let begun = Instant::now();
        let ended = timeout(long, schedule(seed, &features, &mut rng, limits, &server)).await;
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

async fn schedule(seed: u64, features: &Features, rng: &mut Rng, limits: Limits, server: &Server) {
    let call_bounds = CallBounds {
        attempts: features.attempts,
        deadline: Duration::from_secs(rng.pick(&[0, 5, 20, 120, 120, 1_000])),
        timeout: TIMEOUT,
        provider: match features.provider {
            None => Duration::ZERO,
            Some(0) => PROMPT,
            Some(_) => TIMEOUT,
        },
    };
    let github = github(seed, rng, features.provider, limits, call_bounds, server);
    let ledger = Ledger::default();
    let mut callers = JoinSet::new();
    for number in 0..rng.within(1..=features.callers) {
        let caller = Caller {
            number,
            secrets: github.org("acme").expect("a login").codespaces(),
            server: server.clone(),
            ledger: ledger.clone(),
            rng: Rng::new(seed, 100 + number),
            features: features.clone(),
            tasks: 0,
        };
        callers.spawn(caller.act());
    }
    let mut disturbances = JoinSet::new();
    let most = features.disturbances;
    disturbances.spawn(disturb(server.clone(), most, Rng::new(seed, 3)));
    if features.stop {
        let longest = rng.pick(&[1_000, 60_000, 600_000]);
        let (github, server, after) = (github.clone(), server.clone(), rng.millis(0..=longest));
        disturbances.spawn(async move {
            sleep(after).await;
            github.stop();
            server.state().audit.stop_all();
        });
    }
    while let Some(ended) = callers.join_next().await {
        ended.expect("a caller comes to its end");
    }
    drop(disturbances);
    // Whatever was given up arrives, or not.
    sleep(Duration::from_secs(120)).await;
    ledger.close(server);
    server.state().audit.close(call_bounds);
    // The longest of all holds is over by then.
    sleep(Duration::from_secs(4_200)).await;
    let secrets = github.org("acme").expect("a login").codespaces();
    let last = secrets.find("LAST").await;
    let mut state = server.state();
    if state.audit.is_stopped() && !matches!(last, Err(Error::NotTried(NotTried::Stopped))) {
        state
            .audit
            .complain(format!("it was not stopped: {last:?}"));
    }
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
async fn disturb(server: Server, most: u64, mut rng: Rng) {
    for _ in 0..rng.within(0..=most) {
        let pause = rng.pick(&[300, 5_000, 100_000]);
        sleep(rng.millis(0..=pause)).await;
        if rng.percent(70) {
            server.state().store.replace_key();
        } else {
            server.revoke_all();
        }
    }
}

fn limits(features: &Features, rng: &mut Rng) -> Limits {
    let limits = match rng.within(0..=2) {
        0 if !features.tight => return Limits::none().concurrent(rng.pick(&[1, 4])),
        _ if !features.tight => Limits::default(),
        _ => Limits::default()
            .writes_per_minute(rng.pick(&[1, 4, 15]))
            .points_per_minute(rng.pick(&[5, 40, 900])),
    };
    let limits = limits.concurrent(rng.pick(&features.concurrent));
    match rng.within(0..=3) {
        0 => limits.writes_per_hour(rng.pick(&[10, 40])),
        _ => limits,
    }
}

/// A library with these settings in front of this server, with a token or a provider of tokens.
fn github(
    seed: u64,
    rng: &mut Rng,
    provider: Option<u64>,
    limits: Limits,
    call_bounds: CallBounds,
    server: &Server,
) -> GitHub {
    let builder = settings(limits, call_bounds);
    let builder = match provider {
        None => {
            let token = rng.percent(90).then_some("token-fixed");
            builder.token(token.unwrap_or("token-wrong"))
        }
        Some(trouble) => {
            let provider = Provider {
                server: server.clone(),
                rng: Arc::new(Mutex::new(Rng::new(seed, 5))),
                supplied: Arc::default(),
                trouble,
                lifetimes: rng.pick(&[[5, 20], [20, 60], [300, 3_600]]),
            };
            builder.token_provider(move || provider.clone().provide())
        }
    };
    build(builder, seed, server)
}

pub(super) fn settings(limits: Limits, call_bounds: CallBounds) -> GitHubBuilder {
    let retry = RetryPolicy::default()
        .attempts(call_bounds.attempts)
        .deadline(call_bounds.deadline);
    GitHub::builder()
        .http_client(CLIENT.clone())
        .api_url("http://localhost")
        .timeout(call_bounds.timeout)
        .limits(limits)
        .retry(retry)
}

pub(super) fn build(builder: GitHubBuilder, seed: u64, server: &Server) -> GitHub {
    let (clock, random) = (server.clone(), Mutex::new(Rng::new(seed, 4)));
    let network = Arc::new(server.clone());
    let io = |_| Io {
        network,
        clock: Clock(Arc::new(move || clock.now())),
        random: Random(Arc::new(move || random.lock().unwrap().fraction())),
    };
    let github = builder.build_with(io).expect("settings");
    server.watch(github.http().granted_writes());
    github
}

pub(super) fn paused<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.expect("a runtime").block_on(work)
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
        let _provider_call = ProviderCall::new(&self.server);
        sleep(wait).await;
        if fails {
            return Err("the provider has no token".into());
        }
        let number = self.supplied.fetch_add(1, Ordering::Relaxed);
        let expires = self.server.now() + Duration::from_secs(lasts);
        Ok(Token::new(format!("token-{number}")).expires_at(expires))
    }
}

/// A call of the provider that has no result yet.
struct ProviderCall<'a>(&'a Server);

impl<'a> ProviderCall<'a> {
    fn new(server: &'a Server) -> Self {
        server.state().audit.asked_for_token();
        Self(server)
    }
}

impl Drop for ProviderCall<'_> {
    fn drop(&mut self) {
        self.0.state().audit.token_supplied();
    }
}
