//! Thousands who wait together.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{Kind, MINUTE, PATIENT, acquire, limiter, seconds};
use crate::{
    LimitKind, Limits, ResponseHead,
    http::{deadline::QueueTime, limiter::looks},
};

/// What those who wait have in common.
#[derive(Clone, Copy, Debug)]
struct Crowd {
    /// Every so many requests are one write and otherwise reads; 0 for reads alone.
    writes: usize,
    has_end: bool,
    /// Whether a limit holds at first, which ends for all of them at once.
    is_held: bool,
}

impl Crowd {
    fn all() -> impl Iterator<Item = Self> {
        (0..12).map(|number| Self {
            writes: number / 4,
            has_end: number % 4 < 2,
            is_held: number % 2 == 0,
        })
    }

    fn kind(self, index: usize) -> Kind {
        match index.checked_rem(self.writes) {
            Some(0) => Kind::Write,
            _ => Kind::Read,
        }
    }

    /// Returns how much is looked at for each of so many requests.
    async fn looks_for_each(self, limits: &Limits, count: usize) -> usize {
        let limiter = limiter(limits);
        if self.is_held {
            let turn = acquire(&limiter, Kind::Read, limiter.ticket(), PATIENT).await;
            let mut turn = turn.unwrap_or_else(|_| panic!("a turn"));
            turn.sent();
            turn.limited(
                LimitKind::Primary,
                Some(seconds(30)),
                ResponseHead::default(),
            );
        }
        looks::take();
        let end = self.has_end.then(|| Instant::now() + MINUTE * 60 * 1_000);
        let mut tasks = JoinSet::new();
        for index in 0..count {
            let (limiter, ticket) = (Arc::clone(&limiter), limiter.ticket());
            let time = QueueTime { end, ..PATIENT };
            tasks.spawn(async move {
                let turn = acquire(&limiter, self.kind(index), ticket, time).await;
                let mut turn = turn.unwrap_or_else(|_| panic!("a turn"));
                turn.sent();
                sleep(Duration::from_millis((index * 7_919 % 60) as u64)).await;
                turn.answered();
            });
        }
        tasks.join_all().await;
        looks::take() / count
    }
}

#[tokio::test(start_paused = true)]
async fn each_of_thousands_who_wait_costs_hardly_more_than_each_of_hundreds() {
    let some = Limits::default().points_per_minute(90).concurrent(10);
    let [none, points, tight] = [
        Limits::none().concurrent(10),
        some.clone()
            .writes_per_minute(1 << 20)
            .writes_per_hour(1 << 20),
        some.writes_per_minute(8).writes_per_hour(50),
    ];
    let roomy = none.clone().points_per_minute(1 << 20);
    for limits in [none, roomy, points, tight] {
        for crowd in Crowd::all() {
            let few = crowd.looks_for_each(&limits, 200).await;
            let many = crowd.looks_for_each(&limits, 1_600).await;
            // It is eight times as much where each looks at all others.
            assert!(many <= 2 * few, "{many} after {few}: {crowd:?}, {limits:?}");
        }
    }
}
