//! Turns under the paused clock.

mod holds;
mod many;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, advance, sleep, timeout},
};

use super::{Limiter, NotSent, Permit, QueueTime, Ticket};
use crate::{Limits, Wait, WaitReason};

const MINUTE: Duration = Duration::from_secs(60);
const PATIENT: QueueTime = QueueTime {
    within: Duration::from_secs(7_200),
    at: None,
    end: None,
    waited: Duration::ZERO,
};

#[derive(Clone, Copy)]
enum Kind {
    Read,
    Write,
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn limiter(limits: &Limits) -> Arc<Limiter> {
    Limiter::new(limits, MINUTE * 60 * 24, None)
}

/// Waits for the permits of a request.
async fn acquire(
    limiter: &Arc<Limiter>,
    kind: Kind,
    ticket: Ticket,
    mut time: QueueTime,
) -> Result<Permit, NotSent> {
    let write = match kind {
        Kind::Read => None,
        Kind::Write => Some(limiter.write(ticket, &mut time).await?),
    };
    limiter.turn(write, ticket, &mut time).await
}

/// Sends requests one after the other in tasks of their own, each answered after `takes`, and
/// returns when each was counted by a server that counts as early or as late as it can.
async fn send(
    limiter: &Arc<Limiter>,
    kinds: impl IntoIterator<Item = Kind>,
    takes: impl Fn(usize) -> Duration,
) -> Vec<Instant> {
    let counted = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    for (index, kind) in kinds.into_iter().enumerate() {
        let (limiter, counted) = (Arc::clone(limiter), Arc::clone(&counted));
        let takes = takes(index);
        let ticket = limiter.ticket();
        tasks.spawn(async move {
            let mut turn = acquire(&limiter, kind, ticket, PATIENT)
                .await
                .unwrap_or_else(|_| panic!("a turn"));
            turn.sent();
            let early = index % 2 == 0;
            if early {
                counted.lock().unwrap().push(Instant::now());
            }
            sleep(takes).await;
            if !early {
                counted.lock().unwrap().push(Instant::now());
            }
            turn.answered();
        });
    }
    tasks.join_all().await;
    let mut counted = std::mem::take(&mut *counted.lock().unwrap());
    counted.sort();
    counted
}

/// Returns the most that any window of this length holds.
fn most_within(counted: &[Instant], length: Duration) -> usize {
    let mut window = VecDeque::new();
    let mut most = 0;
    for at in counted {
        window.push_back(*at);
        while window.front().is_some_and(|first| *at - *first >= length) {
            window.pop_front();
        }
        most = most.max(window.len());
    }
    most
}

#[tokio::test(start_paused = true)]
async fn no_window_holds_more_than_is_documented_however_responses_travel() {
    let limiter = limiter(&Limits::default());
    let begun = Instant::now();
    let takes = |index: usize| Duration::from_millis((index * 7_919 % 20_000) as u64);
    let counted = send(&limiter, [Kind::Write; 700], takes).await;

    assert_eq!(most_within(&counted, MINUTE), 80);
    assert_eq!(most_within(&counted, MINUTE * 60), 500);
    assert!(begun.elapsed() >= MINUTE * 60);
}

#[tokio::test(start_paused = true)]
async fn points_are_shared_and_reads_do_not_wait_behind_queued_writes() {
    let limiter = limiter(&Limits::default());
    let begun = Instant::now();
    let mut kinds = vec![Kind::Write; 200];
    kinds.extend([Kind::Read; 10]);
    let writes = send(&limiter, vec![Kind::Write; 80], |_| Duration::ZERO);
    writes.await;
    let queued = Arc::clone(&limiter);
    let queued =
        tokio::spawn(async move { send(&queued, vec![Kind::Write; 80], |_| seconds(0)).await });
    sleep(seconds(1)).await;
    send(&limiter, [Kind::Read; 500], |_| Duration::ZERO).await;
    assert!(begun.elapsed() < seconds(2), "80 x 5 + 500 points are 900");
    send(&limiter, [Kind::Read; 1], |_| Duration::ZERO).await;
    assert!(begun.elapsed() >= MINUTE);
    queued.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn writes_come_in_the_order_of_their_tickets() {
    let limiter = limiter(&Limits::default().writes_per_minute(2));
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    for number in 0..9 {
        let (limiter, order) = (Arc::clone(&limiter), Arc::clone(&order));
        let ticket = limiter.ticket();
        tasks.spawn(async move {
            let mut turn = acquire(&limiter, Kind::Write, ticket, PATIENT)
                .await
                .unwrap_or_else(|_| panic!("a turn"));
            turn.sent();
            order.lock().unwrap().push(number);
            turn.answered();
        });
    }
    tasks.join_all().await;
    assert_eq!(*order.lock().unwrap(), (0..9).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_is_not_used_goes_back() {
    let limiter = limiter(&Limits::default().writes_per_minute(1));
    for _ in 0..1_000 {
        let turn = acquire(&limiter, Kind::Write, limiter.ticket(), PATIENT).await;
        drop(turn);
    }
    let begun = Instant::now();
    let mut turn = acquire(&limiter, Kind::Write, limiter.ticket(), PATIENT)
        .await
        .unwrap_or_else(|_| panic!("a turn"));
    turn.sent();
    for _ in 0..1_000 {
        let waiting = acquire(&limiter, Kind::Write, limiter.ticket(), PATIENT);
        assert!(timeout(Duration::from_millis(1), waiting).await.is_err());
    }
    turn.answered();
    let next = acquire(&limiter, Kind::Write, limiter.ticket(), PATIENT).await;
    assert!(next.is_ok());
    assert!(begun.elapsed() < MINUTE + seconds(2));
}

#[tokio::test(start_paused = true)]
async fn what_was_given_up_after_it_was_sent_counts_a_little_longer() {
    let limiter = limiter(&Limits::default().writes_per_minute(1));
    let begun = Instant::now();
    let mut turn = acquire(&limiter, Kind::Write, limiter.ticket(), PATIENT)
        .await
        .unwrap_or_else(|_| panic!("a turn"));
    turn.sent();
    drop(turn);
    let _next = acquire(&limiter, Kind::Write, limiter.ticket(), PATIENT).await;
    assert!(
        begun.elapsed() >= MINUTE + seconds(5),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn turns_do_not_pile_up_while_slots_are_taken() {
    let limiter = limiter(&Limits::default().concurrent(2).writes_per_minute(10));
    let counted = send(&limiter, vec![Kind::Write; 40], |index| {
        if index < 2 {
            seconds(90)
        } else {
            Duration::from_millis(10)
        }
    })
    .await;
    assert!(most_within(&counted, MINUTE) <= 10);
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_told_with_its_length() {
    let waits = Arc::new(Mutex::new(Vec::<Wait>::new()));
    let heard = Arc::clone(&waits);
    let on_wait = move |wait: &Wait| heard.lock().unwrap().push(wait.clone());
    let limits = Limits::default().writes_per_minute(2);
    let limiter = Limiter::new(&limits, MINUTE * 60, Some(Arc::new(on_wait)));
    send(&limiter, [Kind::Write; 6], |_| Duration::ZERO).await;
    let reported: Vec<_> = waits
        .lock()
        .unwrap()
        .iter()
        .map(|wait| wait.duration.as_secs())
        .collect();
    assert_eq!(reported, [60, 60, 120, 120]);
    let all_pacing = waits
        .lock()
        .unwrap()
        .iter()
        .all(|wait| wait.reason == WaitReason::Pacing);
    assert!(all_pacing);
}

#[tokio::test(start_paused = true)]
async fn a_reserved_write_needs_no_further_permit() {
    let limiter = limiter(&Limits::default().writes_per_minute(1).concurrent(1));
    let reservation = limiter
        .write(limiter.ticket(), &mut PATIENT.clone())
        .await
        .unwrap_or_else(|_| panic!("a write permit"));
    // The reservation leaves the one slot to the read.
    send(&limiter, [Kind::Read; 3], |_| seconds(1)).await;
    let begun = Instant::now();
    let ticket = limiter.ticket();
    let mut turn = limiter
        .turn(Some(reservation), ticket, &mut PATIENT.clone())
        .await
        .unwrap_or_else(|_| panic!("a turn"));
    assert_eq!(begun.elapsed(), Duration::ZERO);
    turn.sent();
    turn.answered();
    send(&limiter, [Kind::Write; 1], |_| Duration::ZERO).await;
    assert!(begun.elapsed() >= MINUTE);
}

#[tokio::test(start_paused = true)]
async fn a_reservation_that_is_not_used_goes_back() {
    let limiter = limiter(&Limits::default().writes_per_minute(1));
    let reservation = limiter.write(limiter.ticket(), &mut PATIENT.clone()).await;
    let waiting = acquire(&limiter, Kind::Write, limiter.ticket(), PATIENT);
    assert!(timeout(seconds(200), waiting).await.is_err());
    drop(reservation);
    let turn = acquire(&limiter, Kind::Write, limiter.ticket(), PATIENT);
    assert!(timeout(seconds(0), turn).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_read_that_comes_first_is_not_overtaken_by_writes_for_the_last_points() {
    let limits = Limits::none().points_per_minute(5).writes_per_minute(1_000);
    let limiter = limiter(&limits);
    send(&limiter, [Kind::Read; 1], |_| Duration::ZERO).await;
    advance(seconds(1)).await;
    let kinds = [Kind::Write, Kind::Read, Kind::Write, Kind::Read];
    let begun = Instant::now();
    let counted = send(&limiter, kinds, |_| Duration::ZERO).await;
    let minutes: Vec<_> = counted
        .iter()
        .map(|at| (*at - begun).as_secs() / 59)
        .collect();
    assert_eq!(minutes, [1, 2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_reservation_outlives_a_turn_that_could_not_be_used() {
    let limiter = limiter(&Limits::default().writes_per_minute(1));
    let ticket = limiter.ticket();
    let reservation = limiter.write(ticket, &mut PATIENT.clone()).await;
    let reservation = reservation.unwrap_or_else(|_| panic!("a write permit"));
    let turn = limiter
        .turn(Some(reservation), ticket, &mut PATIENT.clone())
        .await;
    let turn = turn.unwrap_or_else(|_| panic!("a turn"));
    let kept = turn.into_write().expect("a write permit");
    let mut time = PATIENT;
    let turn = limiter.turn(Some(kept), ticket, &mut time);
    assert!(timeout(seconds(0), turn).await.is_ok());
    assert!(limiter.is_idle());
}
