//! Batches over many places, of which some are gone, slow or refused.

mod schedule;
mod server;

use std::{future::poll_fn, time::Duration};

use futures_util::{StreamExt, future::join_all};
use tokio::time::Instant;

use self::server::{Behavior as B, Server};
use super::schedule::paused;
use crate::{Error, Limits, NewSecret};

/// The time until the last secret of a place that is well has arrived, beside so many silent ones.
fn time_beside(silent: usize) -> Duration {
    paused(async move {
        let server = Server::new(1);
        let github = server.github(Limits::none());
        let behavior = |number| if number < silent { B::Silent } else { B::Well };
        let places = (0..silent + 150).map(|number| server.place(number, behavior(number)));
        let secrets = places.flat_map(|place| {
            let secrets = if server.behavior(&place) == B::Silent {
                25
            } else {
                1
            };
            (0..secrets).map(move |number| {
                let new = NewSecret::new(format!("S_{number}"), "value").expect("a name");
                (place.clone(), new)
            })
        });
        let mut batch = github.set_all(secrets).expect("secrets");
        let (begun, mut last) = (Instant::now(), Duration::ZERO);
        while let Some(item) = batch.next().await {
            match (server.behavior(&item.place), item.result) {
                (B::Well, result) => {
                    result.expect("a place that is well");
                    last = begun.elapsed();
                }
                (_, result) => assert!(result.is_err()),
            }
        }
        last
    })
}

#[test]
fn silent_places_hold_up_the_others_for_no_longer_than_one_of_them_takes() {
    let alone = time_beside(0);
    // Four attempts, with their back-offs.
    let one = Duration::from_secs(48);
    for silent in [1, 4, 7, 8, 12, 16] {
        let time = time_beside(silent);
        let most = if silent < 8 {
            alone * 8 / (8 - silent as u32)
        } else {
            alone + one
        };
        // The first ones are alone with the token, and after each second there are twice as many.
        assert!(
            time <= most + Duration::from_secs(4),
            "{silent}: {time:?} beside {alone:?}"
        );
    }
}

#[test]
fn a_first_place_that_is_slow_holds_up_the_others_for_a_second() {
    paused(async {
        let server = Server::new(4);
        let github = server.github(Limits::none());
        let behavior = |number| if number == 0 { B::Slow } else { B::Well };
        let places = (0..30).map(|number| server.place(number, behavior(number)));
        let secrets = places.map(|place| {
            let new = NewSecret::new("NPM_TOKEN", "value").expect("a name");
            (place, new)
        });
        let begun = Instant::now();
        let mut batch = github.set_all(secrets).expect("secrets");
        for _ in 0..29 {
            let item = batch.next().await.expect("a secret");
            assert_eq!(server.behavior(&item.place), B::Well);
            item.result.expect("a place that is well");
        }
        // Five rounds of eight, and a second.
        assert!(begun.elapsed() < Duration::from_secs(8));
        let last = batch.next().await.expect("the slow one");
        last.result.expect("a place that is slow");
    });
}

#[test]
fn secrets_that_wait_for_long_wake_the_caller_once() {
    paused(async {
        let server = Server::new(7);
        let github = server.github(Limits::none().writes_per_minute(1));
        let place = server.place(0, B::Well);
        let secrets = (0..20).map(|number| {
            let new = NewSecret::new(format!("S_{number}"), "value").expect("a name");
            (place.clone(), new)
        });
        let mut batch = github.set_all(secrets).expect("secrets").concurrency(20);
        let mut polls = 0;
        let mut next = poll_fn(|context| {
            polls += 1;
            batch.poll_next_unpin(context)
        });
        while let Some(item) = (&mut next).await {
            item.result.expect("a place that is well");
        }
        // For one result a minute, and once for each secret that is slow.
        assert!(polls <= 60, "{polls}");
    });
}

#[test]
fn a_token_that_is_refused_slowly_is_sent_a_few_times() {
    paused(async {
        let server = Server::new(5);
        let github = server.github(Limits::none());
        let finds = (0..40).map(|number| {
            let secrets = github.secrets(&server.place(number, B::Unauthorized));
            async move { secrets.find("NPM_TOKEN").await }
        });
        for found in join_all(finds).await {
            let error = found.expect_err("a wrong token");
            assert!(matches!(error, Error::NotAuthorized(_)), "{error}");
        }
        // One at first, two after a second, four after another.
        assert!(server.state().asked.len() <= 4);
    });
}

/// The time until the last secret of 150 places that are well has arrived, after so many places
/// that are out of order and come first.
fn time_after(failing: usize) -> Duration {
    paused(async move {
        let server = Server::new(6);
        let github = server.github(Limits::none());
        let behavior = |number| {
            if number < failing {
                B::Failing
            } else {
                B::Well
            }
        };
        let places = (0..failing + 150).map(|number| server.place(number, behavior(number)));
        let secrets = places.map(|place| {
            let new = NewSecret::new("NPM_TOKEN", "value").expect("a name");
            (place, new)
        });
        let mut batch = github.set_all(secrets).expect("secrets");
        let (begun, mut last) = (Instant::now(), Duration::ZERO);
        while let Some(item) = batch.next().await {
            if server.behavior(&item.place) == B::Well {
                item.result.expect("a place that is well");
                last = begun.elapsed();
            } else {
                let error = item.result.expect_err("a place that is out of order");
                assert!(matches!(error, Error::Unavailable(_)), "{error}");
            }
        }
        let most = server.state().most_under_way;
        assert!(most <= 8, "{failing}: {most} requests at once");
        last
    })
}

#[test]
fn places_that_are_out_of_order_hold_up_the_others_only_while_they_are_asked() {
    let alone = time_after(0);
    for failing in [8, 16, 24] {
        // Four requests to each of them, eight at once.
        let asking = Duration::from_millis(600) * 4 * (failing as u32 / 8);
        let time = time_after(failing);
        assert!(
            time <= alone + asking,
            "{failing}: {time:?} beside {alone:?}"
        );
    }
}

#[test]
fn places_that_are_lost_one_by_one_are_no_server_that_is_gone() {
    paused(async {
        let server = Server::new(2);
        let github = server.github(Limits::none());
        let behavior = |number| if number % 10 == 3 { B::Silent } else { B::Well };
        let places: Vec<_> = (0..300)
            .map(|number| server.place(number, behavior(number)))
            .collect();
        let secrets = places.iter().map(|place| {
            let new = NewSecret::new("NPM_TOKEN", "value").expect("a name");
            (place, new)
        });
        let report = github.set_all(secrets).expect("secrets").finish().await;
        let report = report.expect_err("a tenth of them is silent");
        assert_eq!(
            (report.created(), report.failed(), report.not_tried()),
            (270, 30, 0)
        );
    });
}

#[test]
fn a_server_that_is_gone_is_not_looked_for_in_every_place() {
    paused(async {
        let server = Server::new(4);
        let github = server.github(Limits::none());
        let secrets = (0..200).map(|number| {
            let new = NewSecret::new("NPM_TOKEN", "value").expect("a name");
            (server.place(number, B::Silent), new)
        });
        let report = github.set_all(secrets).expect("secrets").finish().await;
        let report = report.expect_err("nobody is there");
        // More than twice as many as are begun at once, and those that are under way then.
        let most = 2 * 8 + 1 + 2 * 8;
        assert!(report.failed() <= most, "{}", report.failed());
        assert_eq!(report.failed() + report.not_tried(), 200);
    });
}

#[test]
fn rotations_that_queue_for_longer_than_a_call_may_take_come_to_their_turn() {
    paused(async {
        let server = Server::new(3);
        let github = server.github(Limits::default().writes_per_minute(2));
        let places: Vec<_> = (0..20)
            .map(|number| server.place(number, B::Well))
            .collect();
        let secrets = places.iter().map(|place| {
            server.plant(place, "NPM_TOKEN");
            let new = NewSecret::new("NPM_TOKEN", "value").expect("a name");
            (place, new)
        });
        let report = github.rotate_all(secrets).expect("secrets").finish().await;
        assert_eq!(report.expect("all of them").updated(), 20);
    });
}

#[test]
fn a_batch_that_takes_more_than_an_hour_fetches_one_key_for_each_place() {
    for rotates in [false, true] {
        paused(async move {
            let server = Server::new(7);
            let github = server.github(Limits::default());
            let places: Vec<_> = (0..260)
                .map(|number| server.place(number, B::Well))
                .collect();
            let secrets = places.iter().flat_map(|place| {
                ["ONE", "TWO"].map(|name| {
                    server.plant(place, name);
                    (place, NewSecret::new(name, "value").expect("a name"))
                })
            });
            let batch = if rotates {
                github.rotate_all(secrets)
            } else {
                github.set_all(secrets)
            };
            let begun = Instant::now();
            let report = batch.expect("secrets").finish().await;
            assert_eq!(report.expect("all of them").updated(), 520);
            assert!(begun.elapsed() > Duration::from_secs(60 * 60));
            let keys: Vec<_> = places
                .iter()
                .map(|place| server.asked("GET", place, "/public-key"))
                .collect();
            assert_eq!(keys, [1; 260]);
        });
    }
}
