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
    audit::{Audit, CallBounds},
    conditions::Conditions,
    rng::Rng,
    schedule::{build, settings},
    server::Server,
    store::Store,
    stranger::Stranger,
};
use crate::{GitHub, GitHubBuilder, Limits, Token};

const KEY: &str = "GET /orgs/acme/codespaces/secrets/public-key";

/// A hang, on any machine.
const FOR_EVER: Duration = Duration::from_secs(60);

type Call = Pin<Box<dyn Future<Output = ()>>>;

/// What happens to the runtime of the first call.
#[derive(Clone, Copy, Debug)]
enum RuntimeState {
    NotDriven,
    Ended,
}

const RUNTIME_STATES: [RuntimeState; 2] = [RuntimeState::NotDriven, RuntimeState::Ended];

struct Setup {
    server: Server,
    github: GitHub,
    first: Runtime,
    second: Runtime,
}

impl Setup {
    fn new(limits: Limits, with_token: impl FnOnce(GitHubBuilder) -> GitHubBuilder) -> Self {
        let call_bounds = CallBounds {
            attempts: 2,
            deadline: Duration::from_secs(1),
            timeout: Duration::from_millis(500),
            provider: Duration::ZERO,
        };
        let store = Store::new(100, Stranger::idle());
        let audit = Audit::new(limits.clone());
        let server = Server::new(Conditions::calm(), Rng::new(1, 2), audit, store);
        let builder = with_token(settings(limits, call_bounds));
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
    fn end(self, call: Call, runtime_state: RuntimeState) {
        let Self { first, second, .. } = self;
        let kept = match runtime_state {
            RuntimeState::NotDriven => Some(first),
            RuntimeState::Ended => None,
        };
        let ended = second.block_on(async { timeout(FOR_EVER, call).await });
        assert!(ended.is_ok(), "{runtime_state:?}: it hangs");
        drop(kept);
    }
}

fn fixed(builder: GitHubBuilder) -> GitHubBuilder {
    builder.token("token-fixed")
}

/// Sends a request, so that the token was used before.
fn warm_up(setup: &Setup) {
    setup.second.block_on(async {
        let secrets = setup.github.org("acme").expect("a login").codespaces();
        let found = secrets.find("NOTHING").await;
        assert!(found.expect("a response").is_none());
    });
}

#[test]
fn a_key_that_another_runtime_fetches_is_not_waited_for() {
    for runtime_state in RUNTIME_STATES {
        let setup = Setup::new(Limits::default(), fixed);
        warm_up(&setup);
        let mut first = setup.set("FIRST");
        setup.begin(&mut first, || setup.was_sent(KEY));
        let second = setup.set("SECOND");
        setup.end(second, runtime_state);
    }
}

#[test]
fn a_token_that_another_runtime_fetches_is_not_waited_for() {
    for runtime_state in RUNTIME_STATES {
        let asked = Arc::new(AtomicBool::new(false));
        let provider = Arc::clone(&asked);
        let setup = Setup::new(Limits::default(), |builder| {
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
        let mut first = setup.set("FIRST");
        setup.begin(&mut first, || asked.load(Ordering::Relaxed));
        let second = setup.set("SECOND");
        setup.end(second, runtime_state);
    }
}

#[test]
fn the_first_use_of_a_token_on_another_runtime_is_not_waited_for_for_ever() {
    for runtime_state in RUNTIME_STATES {
        let setup = Setup::new(Limits::default(), fixed);
        let mut first = setup.set("FIRST");
        setup.begin(&mut first, || setup.was_sent(KEY));
        let second = setup.set("SECOND");
        setup.end(second, runtime_state);
    }
}

#[test]
fn a_turn_that_another_runtime_holds_comes_back() {
    for runtime_state in RUNTIME_STATES {
        let setup = Setup::new(Limits::default().concurrent(1), fixed);
        warm_up(&setup);
        let mut first = setup.set("FIRST");
        setup.begin(&mut first, || setup.was_sent(KEY));
        let second = setup.set("SECOND");
        setup.end(second, runtime_state);
    }
}

#[test]
fn who_waits_for_a_turn_on_another_runtime_holds_up_nobody() {
    for runtime_state in RUNTIME_STATES {
        let setup = Setup::new(Limits::default().concurrent(1), fixed);
        warm_up(&setup);
        // The turn is taken on the second runtime while the first one queues up for it.
        let mut holder = setup.set("HOLDER");
        setup.second.block_on(async {
            let sent = async {
                while !setup.was_sent(KEY) {
                    yield_now().await;
                }
            };
            select(holder.as_mut(), pin!(sent)).await;
        });
        let mut first = setup.set("FIRST");
        let polls = std::cell::Cell::new(0);
        setup.begin(&mut first, || {
            polls.set(polls.get() + 1);
            polls.get() > 100
        });
        let second = setup.set("SECOND");
        let both = Box::pin(async move {
            futures_util::future::join(holder, second).await;
        });
        setup.end(both, runtime_state);
    }
}
