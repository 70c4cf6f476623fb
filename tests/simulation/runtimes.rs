//! Two runtimes, of which one is not driven any more or ends while the other one needs something
//! that it has begun. The time is real here, since nothing moves on the first runtime.

use std::{
    future::pending,
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::{Either, select};
use tokio::{
    runtime::{Builder, Runtime},
    task::yield_now,
    time::timeout,
};

use super::{
    audit::{Audit, Patience},
    rng::Rng,
    schedule::{build, settings},
    server::Server,
    store::Store,
    stranger::Stranger,
    weather::Weather,
};
use crate::{GitHub, GitHubBuilder, Limits, Token};

const KEY: &str = "GET /orgs/acme/codespaces/secrets/public-key";

/// A hang, on any machine.
const FOR_EVER: Duration = Duration::from_secs(60);

type Call = Pin<Box<dyn Future<Output = ()>>>;

/// What happens to the runtime of the first call.
#[derive(Clone, Copy, Debug)]
enum Fate {
    NotDriven,
    Ended,
}

const FATES: [Fate; 2] = [Fate::NotDriven, Fate::Ended];

struct Scene {
    server: Server,
    github: GitHub,
    first: Runtime,
    second: Runtime,
}

impl Scene {
    fn new(limits: Limits, with_token: impl FnOnce(GitHubBuilder) -> GitHubBuilder) -> Self {
        let patience = Patience {
            attempts: 2,
            deadline: Duration::from_secs(1),
            timeout: Duration::from_millis(500),
            provider: Duration::ZERO,
        };
        let store = Store::new(100, Stranger::idle());
        let audit = Audit::new(limits.clone());
        let server = Server::new(Weather::calm(), Rng::new(1, 2), audit, store);
        let builder = with_token(settings(limits, patience));
        let runtime = || {
            let runtime = Builder::new_current_thread().enable_time().build();
            runtime.expect("a runtime")
        };
        Self {
            github: build(builder, 1, &server),
            server,
            first: runtime(),
            second: runtime(),
        }
    }

    fn set(&self, name: &'static str) -> Call {
        let secrets = self.github.org("acme").expect("a login").codespaces();
        Box::pin(async move {
            let visibility = crate::Visibility::Private;
            let stored = secrets.set(name, "value", visibility).await;
            stored.expect("stored");
        })
    }

    /// Polls a call on the first runtime until something is so.
    fn begin(&self, call: &mut Call, is_so: impl Fn() -> bool) {
        self.first.block_on(async {
            let reached = async {
                while !is_so() {
                    yield_now().await;
                }
            };
            match select(call.as_mut(), pin!(reached)).await {
                Either::Left(((), _)) => panic!("the first call came to its end"),
                Either::Right(((), _)) => {}
            }
        });
    }

    fn was_sent(&self, line: &str) -> bool {
        self.server.state().audit.was_sent(line)
    }

    /// Waits for a call on the second runtime.
    fn end(self, call: Call, fate: Fate) {
        let Self { first, second, .. } = self;
        let kept = match fate {
            Fate::NotDriven => Some(first),
            Fate::Ended => None,
        };
        let ended = second.block_on(async { timeout(FOR_EVER, call).await });
        assert!(ended.is_ok(), "{fate:?}: it hangs");
        drop(kept);
    }
}

fn fixed(builder: GitHubBuilder) -> GitHubBuilder {
    builder.token("token-fixed")
}

/// Sends a request, so that the token was used before.
fn warm_up(scene: &Scene) {
    scene.second.block_on(async {
        let secrets = scene.github.org("acme").expect("a login").codespaces();
        let found = secrets.find("NOTHING").await;
        assert!(found.expect("a response").is_none());
    });
}

#[test]
fn a_key_that_another_runtime_fetches_is_not_waited_for() {
    for fate in FATES {
        let scene = Scene::new(Limits::default(), fixed);
        warm_up(&scene);
        let mut first = scene.set("FIRST");
        scene.begin(&mut first, || scene.was_sent(KEY));
        let second = scene.set("SECOND");
        scene.end(second, fate);
    }
}

#[test]
fn a_token_that_another_runtime_fetches_is_not_waited_for() {
    for fate in FATES {
        let asked = Arc::new(AtomicBool::new(false));
        let provider = Arc::clone(&asked);
        let scene = Scene::new(Limits::default(), |builder| {
            builder.token_provider(move || {
                let is_first = !provider.swap(true, Ordering::Relaxed);
                async move {
                    if is_first {
                        pending::<()>().await;
                    }
                    Ok::<_, std::convert::Infallible>(Token::new("token-second"))
                }
            })
        });
        let mut first = scene.set("FIRST");
        scene.begin(&mut first, || asked.load(Ordering::Relaxed));
        let second = scene.set("SECOND");
        scene.end(second, fate);
    }
}

#[test]
fn the_first_use_of_a_token_on_another_runtime_is_not_waited_for_for_ever() {
    for fate in FATES {
        let scene = Scene::new(Limits::default(), fixed);
        let mut first = scene.set("FIRST");
        scene.begin(&mut first, || scene.was_sent(KEY));
        let second = scene.set("SECOND");
        scene.end(second, fate);
    }
}

#[test]
fn a_turn_that_another_runtime_holds_comes_back() {
    for fate in FATES {
        let scene = Scene::new(Limits::default().concurrent(1), fixed);
        warm_up(&scene);
        let mut first = scene.set("FIRST");
        scene.begin(&mut first, || scene.was_sent(KEY));
        let second = scene.set("SECOND");
        scene.end(second, fate);
    }
}

#[test]
fn who_waits_for_a_turn_on_another_runtime_holds_up_nobody() {
    for fate in FATES {
        let scene = Scene::new(Limits::default().concurrent(1), fixed);
        warm_up(&scene);
        // The turn is taken on the second runtime while the first one queues up for it.
        let mut holder = scene.set("HOLDER");
        scene.second.block_on(async {
            let sent = async {
                while !scene.was_sent(KEY) {
                    yield_now().await;
                }
            };
            select(holder.as_mut(), pin!(sent)).await;
        });
        let mut first = scene.set("FIRST");
        let polls = std::cell::Cell::new(0);
        scene.begin(&mut first, || {
            polls.set(polls.get() + 1);
            polls.get() > 100
        });
        let second = scene.set("SECOND");
        let both = Box::pin(async move {
            futures_util::future::join(holder, second).await;
        });
        scene.end(both, fate);
    }
}
