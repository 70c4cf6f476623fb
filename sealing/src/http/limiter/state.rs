//! What the permits of one limiter share: what was granted, who waits, and the hold.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{runtime, sync::Notify, time::Instant};

use super::{
    allowance::{Allowance, Cost},
    grant::{End, Grant, GrantId},
    hold::Hold,
    looks,
    queue::{Lane, Need, Queue, Ticket, Waiter},
};
use crate::{LimitKind, Limits, ResponseHead};

pub(super) struct State {
    pub(super) allowance: Allowance,
    minute: Duration,
    /// How long a grant lasts at most. A task whose runtime is not driven keeps its grant, and
    /// would keep it from everybody else for ever.
    lifetime: Duration,
    hold: Option<Hold>,
    /// When the last hold ends or ended.
    pub(super) held_until: Option<Instant>,
    /// Rises with each rate-limit response, so that requests that meet one limit together count
    /// once.
    epoch: u64,
    /// How many rate-limit responses came without a success between them.
    limits_in_a_row: u32,
    free_slots: usize,
    /// What writes have already, before their turn.
    write_permits: BTreeMap<GrantId, Grant>,
    turns: BTreeMap<GrantId, Grant>,
    queues: Vec<Queue>,
    last_number: u64,
}

pub(super) enum Step {
    Granted(GrantId),
    Held(Box<Hold>),
    /// Something changes at `at`, or wakes who waits.
    Queued {
        at: Option<Instant>,
    },
    /// The permit of the write lasted too long, and was taken back.
    Expired,
}

/// A limit that ends at once would be run into again and again.
const SHORTEST_HOLD: Duration = Duration::from_secs(1);

/// Keeps the arithmetic of absurd headers in range.
const LONGEST_HOLD: Duration = Duration::from_secs(24 * 60 * 60);

impl State {
    pub(super) fn new(limits: &Limits, lifetime: Duration) -> Self {
        Self {
            allowance: Allowance::new(limits),
            minute: limits.minute,
            lifetime,
            hold: None,
            held_until: None,
            epoch: 0,
            limits_in_a_row: 0,
            free_slots: limits.concurrent,
            write_permits: BTreeMap::new(),
            turns: BTreeMap::new(),
            queues: Vec::new(),
            last_number: 0,
        }
    }

    pub(super) fn ticket(&mut self, runtime: Option<runtime::Id>) -> Ticket {
        let position = self.number();
        Ticket { position, runtime }
    }

    /// Grants what is needed if its time has come.
    pub(super) fn step(&mut self, waiter: Waiter, now: Instant) -> Step {
        let Waiter { need, ticket } = waiter;
        looks::count(1);
        self.reclaim(now);
        if let Need::WriteWith(id) = need
            && !self.write_permits.contains_key(&id)
        {
            return Step::Expired;
        }
        if let Some(hold) = self.holding(now) {
            return Step::Held(Box::new(hold.clone()));
        }
        let lane = self.lane(waiter);
        if lane.is_some_and(|lane| lane.has_before(ticket.position)) {
            return Step::Queued { at: None };
        }
        let ready = self.allowance.ready(now, need.cost());
        if ready == Some(now) && (self.free_slots > 0 || !need.takes_slot()) {
            return Step::Granted(self.grant(need, now));
        }
        // Limits that recover can make it earlier.
        let changes = [
            ready.filter(|at| *at > now),
            self.allowance.recovers_at(),
            self.first_expiry(),
        ];
        let at = changes.into_iter().flatten().min();
        Step::Queued { at }
    }

    /// Returns when the time of who waits is expected to come, if responses come at once.
    pub(super) fn expected(&mut self, waiter: Waiter, now: Instant) -> Instant {
        let Waiter { need, ticket } = waiter;
        let lanes = self.queues.iter().map(|queue| queue.lane(need));
        let before = lanes.map(|lane| lane.before(ticket.position)).sum();
        self.allowance.expected(need.cost(), before, now)
    }

    pub(super) fn enter(&mut self, waiter: Waiter, notify: Arc<Notify>) {
        let Ticket { position, runtime } = waiter.ticket;
        let index = self
            .queues
            .iter()
            .position(|queue| queue.runtime == runtime);
        let index = index.unwrap_or_else(|| {
            self.queues.push(Queue {
                runtime,
                ..Queue::default()
            });
            self.queues.len() - 1
        });
        if let Some(queue) = self.queues.get_mut(index) {
            queue.lane_mut(waiter.need).enter(position, notify);
        }
    }

    pub(super) fn leave(&mut self, waiter: Waiter) {
        for queue in &mut self.queues {
            if queue.runtime == waiter.ticket.runtime {
                queue.lane_mut(waiter.need).leave(waiter.ticket.position);
            }
        }
        self.queues
            .retain(|queue| !(queue.writes.is_empty() && queue.turns.is_empty()));
        self.wake_first();
    }

    pub(super) fn queued_writes(&self) -> usize {
        self.queues.iter().map(|queue| queue.writes.len()).sum()
    }

    pub(super) fn holding(&mut self, now: Instant) -> Option<&Hold> {
        self.hold.take_if(|hold| hold.until <= now);
        self.hold.as_ref()
    }

    /// Takes back what a permit stands for.
    pub(super) fn release(&mut self, id: GrantId, end: End, now: Instant) {
        let granted = self
            .turns
            .remove(&id)
            .or_else(|| self.write_permits.remove(&id));
        let Some(grant) = granted else {
            return;
        };
        let Grant { cost, epoch, .. } = grant;
        match end {
            End::Unused => self.allowance.give_back(cost, epoch),
            End::Answered => self.allowance.close(cost, epoch, now),
            // What was sent and given up can reach the server a little later.
            End::Unanswered => {
                let latest = now + self.minute / 12;
                self.allowance.close(cost, epoch, latest);
            }
        }
        if grant.slot {
            self.free_slots += 1;
        }
        if end == End::Answered && epoch == self.epoch {
            self.limits_in_a_row = 0;
        }
        self.wake_first();
    }

    /// Gives back all of a turn but its write permit.
    pub(super) fn release_turn(&mut self, id: GrantId, now: Instant) -> Option<GrantId> {
        let grant = *self.turns.get(&id)?;
        if grant.cost != Cost::WRITE {
            self.release(id, End::Unused, now);
            return None;
        }
        self.turns.remove(&id);
        self.allowance.give_back(grant.cost, grant.epoch);
        self.allowance.open(Cost::OF_WRITES, self.epoch);
        self.free_slots += 1;
        let kept = self.keep(Grant {
            cost: Cost::OF_WRITES,
            slot: false,
            epoch: self.epoch,
            ..grant
        });
        self.wake_first();
        Some(kept)
    }

    /// Takes note of a rate-limit response to the request of this permit: nothing is sent while it
    /// holds.
    pub(super) fn limited(
        &mut self,
        id: GrantId,
        kind: LimitKind,
        asked: Option<Duration>,
        head: ResponseHead,
        now: Instant,
    ) {
        // One that expired was sent long ago, in an epoch that is over.
        let epoch = self.turns.get(&id).map(|grant| grant.epoch);
        if epoch == Some(self.epoch) {
            self.epoch += 1;
            self.limits_in_a_row = self.limits_in_a_row.saturating_add(1);
            if kind == LimitKind::Secondary {
                self.allowance.halve(now, self.epoch);
                self.recount_write_permits();
            }
        }
        let doubled = self.minute * 2_u32.pow(self.limits_in_a_row.clamp(1, 6) - 1);
        let wait = asked.map_or(doubled, |asked| asked.max(SHORTEST_HOLD));
        // Whatever the header says, a primary limit ends within its hour.
        let longest = match kind {
            LimitKind::Primary => self.minute * 60,
            LimitKind::Secondary => LONGEST_HOLD,
        };
        self.hold(now + wait.min(longest), kind, head);
    }

    /// Takes note of a response after which no request of the hour is left.
    pub(super) fn exhausted(&mut self, reset: Duration, head: ResponseHead, now: Instant) {
        let until = now + reset.min(self.minute * 60);
        self.hold(until, LimitKind::Primary, head);
    }

    fn hold(&mut self, until: Instant, kind: LimitKind, head: ResponseHead) {
        self.held_until = self.held_until.max(Some(until));
        if self.hold.as_ref().is_none_or(|hold| hold.until < until) {
            self.hold = Some(Hold { until, kind, head });
        }
        // All who wait learn of it, so that those who cannot wait that long end now.
        for queue in &self.queues {
            queue.writes.wake_all();
            queue.turns.wake_all();
        }
    }

    /// Counts the writes that were granted and not sent in the limits that were just halved, since
    /// they are sent after that.
    fn recount_write_permits(&mut self) {
        for permit in self.write_permits.values_mut() {
            self.allowance.give_back(permit.cost, permit.epoch);
            self.allowance.open(permit.cost, self.epoch);
            permit.epoch = self.epoch;
        }
    }

    fn grant(&mut self, need: Need, now: Instant) -> GrantId {
        let epoch = self.epoch;
        self.allowance.open(need.cost(), epoch);
        if let Need::WriteWith(id) = need {
            self.write_permits.remove(&id);
        }
        let slot = need.takes_slot();
        self.free_slots -= usize::from(slot);
        self.keep(Grant {
            cost: match need {
                Need::WriteWith(_) => Cost::WRITE,
                need => need.cost(),
            },
            slot,
            epoch,
            expires: now + self.lifetime(slot),
        })
    }

    fn keep(&mut self, grant: Grant) -> GrantId {
        let id = GrantId(self.number());
        let granted = match grant.slot {
            true => &mut self.turns,
            false => &mut self.write_permits,
        };
        granted.insert(id, grant);
        id
    }

    /// Returns how long a grant lasts at most. A write permit is kept while its call reads, which
    /// can wait for points for many minutes, and what it keeps from others is one write.
    fn lifetime(&self, is_turn: bool) -> Duration {
        if is_turn {
            self.lifetime
        } else {
            self.lifetime.max(self.minute * 60)
        }
    }

    /// Takes back what was granted so long ago that its task cannot be running any more.
    fn reclaim(&mut self, now: Instant) {
        let expired = |granted: &BTreeMap<GrantId, Grant>| {
            let (id, grant) = granted.first_key_value()?;
            (grant.expires <= now).then_some(*id)
        };
        while let Some(id) = expired(&self.turns) {
            self.release(id, End::Unanswered, now);
        }
        // With a write permit alone nothing is sent; who has it finds that it expired.
        while let Some(id) = expired(&self.write_permits) {
            self.release(id, End::Unused, now);
        }
    }

    fn first_expiry(&self) -> Option<Instant> {
        let first =
            |granted: &BTreeMap<GrantId, Grant>| granted.values().next().map(|grant| grant.expires);
        first(&self.turns)
            .into_iter()
            .chain(first(&self.write_permits))
            .min()
    }

    fn number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    fn lane(&self, waiter: Waiter) -> Option<&Lane> {
        let mut queues = self.queues.iter();
        let queue = queues.find(|queue| queue.runtime == waiter.ticket.runtime)?;
        Some(queue.lane(waiter.need))
    }

    /// Wakes the first of each lane.
    fn wake_first(&self) {
        for queue in &self.queues {
            queue.writes.wake_first();
            queue.turns.wake_first();
        }
    }
}

#[cfg(test)]
impl State {
    pub(super) fn is_idle(&self) -> bool {
        self.queues.is_empty()
            && self.write_permits.is_empty()
            && self.turns.is_empty()
            && self.allowance.is_idle()
    }

    pub(super) fn granted_writes(&self) -> usize {
        self.write_permits.len()
    }
}
