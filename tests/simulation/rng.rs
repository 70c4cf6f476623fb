//! Chance that a seed repeats.

use std::{ops::RangeInclusive, time::Duration};

/// The generator SplitMix64: small, and the same on every machine.
#[derive(Clone, Debug)]
pub(super) struct Rng(u64);

impl Rng {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream);
        rng.next();
        rng
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn within(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (from, to) = range.into_inner();
        from + self.next() % (to - from + 1)
    }

    /// Whether something happens that happens this often in a hundred times.
    pub(super) fn percent(&mut self, often: u64) -> bool {
        self.next() % 100 < often
    }

    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        let index = self.next() % choices.len() as u64;
        choices[index as usize]
    }

    /// Picks one by its weight.
    pub(super) fn weigh<T: Copy>(&mut self, choices: &[(T, u64)]) -> T {
        let all: u64 = choices.iter().map(|(_, weight)| weight).sum();
        let mut roll = self.next() % all;
        for (choice, weight) in choices {
            if roll < *weight {
                return *choice;
            }
            roll -= weight;
        }
        unreachable!("the weights add up")
    }

    /// Picks each so often of a hundred times, and one at least.
    pub(super) fn some<T: Copy>(&mut self, choices: &[T], often: u64) -> Vec<T> {
        let one = self.pick(choices);
        let mut some = choices.to_vec();
        some.retain(|_| self.percent(often));
        if some.is_empty() {
            some.push(one);
        }
        some
    }

    pub(super) fn millis(&mut self, range: RangeInclusive<u64>) -> Duration {
        Duration::from_millis(self.within(range))
    }

    pub(super) fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}
