//! Limits that GitHub reports, and those who cannot wait.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{Kind, MINUTE, PATIENT, acquire, limiter, seconds, send};
use crate::{
    LimitKind, Limits, ResponseHead,
    http::{deadline::QueueTime, limiter::NotSent},
};

fn head(status: u16) -> ResponseHead {
    ResponseHead {
        status,
        ..ResponseHead::default()
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_begins_while_a_limit_holds_and_who_cannot_wait_ends_at_once() {
    let limiter = limiter(&Limits::default());
    let mut turn = acquire(&limiter, Kind::Write, limiter.ticket(), PATIENT)
        .await
        .unwrap_or_else(|_| panic!("a turn"));
    turn.sent();
    turn.limited(LimitKind::Secondary, Some(seconds(30)), head(429));
    let begun = Instant::now();
    let impatient = QueueTime {
        within: seconds(29),
        ..PATIENT
    };
    let error = acquire(&limiter, Kind::Read, limiter.ticket(), impatient)
        .await
        .err();
    assert!(matches!(error, Some(NotSent::Held(hold)) if hold.head.status() == 429));
    assert_eq!(begun.elapsed(), Duration::ZERO);
    let turn = acquire(&limiter, Kind::Read, limiter.ticket(), PATIENT).await;
    assert!(turn.is_ok());
    assert!(begun.elapsed() >= seconds(30));
}

#[tokio::test(start_paused = true)]
async fn a_hold_ends_the_wait_of_those_who_queue_already() {
    let limiter = limiter(&Limits::default().concurrent(1));
    let mut turn = acquire(&limiter, Kind::Write, limiter.ticket(), PATIENT)
        .await
        .unwrap_or_else(|_| panic!("a turn"));
    turn.sent();
    let impatient = QueueTime {
        within: seconds(1),
        ..PATIENT
    };
    let mut waiting = JoinSet::new();
    // The first of the queue is woken by the turn that comes back, the others by the hold alone.
    let (patient, ticket) = (Arc::clone(&limiter), limiter.ticket());
    let first = tokio::spawn(async move { acquire(&patient, Kind::Write, ticket, PATIENT).await });
    for _ in 0..5 {
        let limiter = Arc::clone(&limiter);
        let ticket = limiter.ticket();
        waiting.spawn(async move {
            acquire(&limiter, Kind::Write, ticket, impatient)
                .await
                .err()
        });
    }
    sleep(seconds(3)).await;
    turn.limited(LimitKind::Secondary, None, head(403));
    let begun = Instant::now();
    while let Some(ended) = waiting.join_next().await {
        assert!(matches!(ended.unwrap(), Some(NotSent::Held(_))));
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert!(!first.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_limit_answer_halves_the_allowance_and_does_not_empty_it() {
    let limiter = limiter(&Limits::default());
    send(&limiter, vec![Kind::Write; 10], |_| Duration::ZERO).await;
    let turns: Vec<_> = (0..8).map(|_| limiter.ticket()).collect();
    let mut taken = Vec::new();
    for ticket in turns {
        let mut turn = acquire(&limiter, Kind::Write, ticket, PATIENT)
            .await
            .unwrap_or_else(|_| panic!("a turn"));
        turn.sent();
        taken.push(turn);
    }
    for turn in taken {
        turn.limited(LimitKind::Secondary, Some(seconds(2)), head(403));
    }
    let begun = Instant::now();
    send(&limiter, vec![Kind::Write; 40], |_| Duration::ZERO).await;
    assert!(begun.elapsed() < seconds(3), "{:?}", begun.elapsed());
    send(&limiter, vec![Kind::Write; 1], |_| Duration::ZERO).await;
    assert!(begun.elapsed() > MINUTE);
    sleep(MINUTE * 5).await;
    let begun = Instant::now();
    send(&limiter, vec![Kind::Write; 80], |_| Duration::ZERO).await;
    assert!(begun.elapsed() < seconds(1), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn writes_that_were_granted_before_a_limit_count_in_the_halved_limits() {
    let limiter = limiter(&Limits::default().writes_per_minute(4));
    let granted = limiter
        .write(limiter.ticket(), &mut PATIENT.clone())
        .await
        .unwrap_or_else(|_| panic!("a write permit"));
    let ticket = limiter.ticket();
    let limited = acquire(&limiter, Kind::Write, ticket, PATIENT).await;
    let mut limited = limited.unwrap_or_else(|_| panic!("a turn"));
    limited.sent();
    limited.limited(LimitKind::Secondary, Some(seconds(2)), head(403));
    let begun = Instant::now();
    send(&limiter, [Kind::Write; 1], |_| Duration::ZERO).await;
    assert_eq!(begun.elapsed(), seconds(2));
    send(&limiter, [Kind::Write; 1], |_| Duration::ZERO).await;
    assert!(begun.elapsed() > MINUTE, "{:?}", begun.elapsed());
    drop(granted);
    assert!(limiter.is_idle());
}

#[tokio::test(start_paused = true)]
async fn a_primary_limit_ends_within_its_hour() {
    for reset in [seconds(86_400), Duration::MAX] {
        let limiter = limiter(&Limits::default());
        let mut turn = acquire(&limiter, Kind::Read, limiter.ticket(), PATIENT)
            .await
            .unwrap_or_else(|_| panic!("a turn"));
        turn.sent();
        turn.exhausted(reset, head(200));
        let begun = Instant::now();
        let turn = acquire(&limiter, Kind::Read, limiter.ticket(), PATIENT).await;
        assert!(turn.is_ok());
        assert!(
            begun.elapsed() <= MINUTE * 60 + seconds(1),
            "{:?}",
            begun.elapsed()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn limit_answers_without_a_time_double_the_wait_until_a_success() {
    let limiter = limiter(&Limits::default());
    let mut waits = Vec::new();
    for success in [false, false, false, true, false] {
        let begun = Instant::now();
        let mut turn = acquire(&limiter, Kind::Read, limiter.ticket(), PATIENT)
            .await
            .unwrap_or_else(|_| panic!("a turn"));
        waits.push(begun.elapsed().as_secs() / 60);
        turn.sent();
        if success {
            turn.answered();
        } else {
            turn.limited(LimitKind::Secondary, None, head(403));
        }
    }
    let begun = Instant::now();
    let turn = acquire(&limiter, Kind::Read, limiter.ticket(), PATIENT).await;
    drop(turn);
    waits.push(begun.elapsed().as_secs() / 60);
    assert_eq!(waits, [0, 1, 2, 4, 0, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_comes_too_late_is_refused_at_once() {
    let limiter = limiter(&Limits::default());
    send(&limiter, [Kind::Write; 80], |_| Duration::ZERO).await;
    let begun = Instant::now();
    let bounded = QueueTime {
        end: Some(begun + seconds(59)),
        ..PATIENT
    };
    let error = acquire(&limiter, Kind::Write, limiter.ticket(), bounded)
        .await
        .err();
    assert!(matches!(error, Some(NotSent::Late)));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_turn_does_not_use_up_the_patience_for_a_hold() {
    let limiter = limiter(&Limits::default().writes_per_minute(1));
    send(&limiter, [Kind::Write; 1], |_| Duration::ZERO).await;
    let mut time = QueueTime {
        at: Some(Instant::now() + seconds(10)),
        ..PATIENT
    };
    let write = limiter.write(limiter.ticket(), &mut time).await;
    let write = write.unwrap_or_else(|_| panic!("a write"));
    assert!(time.waited >= MINUTE);
    let turn = limiter.turn(Some(write), limiter.ticket(), &mut time);
    let mut turn = turn.await.unwrap_or_else(|_| panic!("a turn"));
    turn.sent();
    turn.limited(LimitKind::Secondary, Some(seconds(5)), head(403));
    let read = limiter.turn(None, limiter.ticket(), &mut time);
    assert!(read.await.is_ok());
}
