//! `regen` whole, fuzzed: its five inputs are those that are committed, with changes of their
//! structure in one or several of them. Either a client comes out that is fresh at once and
//! compiles, or every reason is one line of words.
//!
//! A failure prints its seed, which `REGEN_SEED` repeats; `SOAK=20` runs twenty times as many.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod compiled;
mod inputs;
mod mutate;

use std::{env, fs, panic, sync::mpsc, thread, time::Duration};

use self::{
    inputs::{Inputs, Outcome},
    mutate::{Dice, mutate},
};

const CASES: u64 = 150;

/// Far more than any case takes, and far less than what does not end.
const MOST_SECONDS: u64 = 120;

impl Dice for fastrand::Rng {
    fn below(&mut self, end: usize) -> usize {
        self.usize(..end)
    }
}

#[test]
fn mutated_inputs_become_a_fresh_client_or_a_refusal_in_words() {
    let bases = inputs::bases();
    let mut clients = 0;
    let seeds = seeds();
    for seed in &seeds {
        clients += u64::from(matches!(generate(bases, *seed), Outcome::Client(_)));
    }
    if seeds.len() > 1 {
        let all = seeds.len() as u64;
        assert!(clients > all / 10, "only {clients} of {all} are clients");
        assert!(clients < all - all / 10, "{clients} of {all} are clients");
    }
    if let Some(peak) = peak() {
        assert!(peak < 2 << 20, "{peak} KiB of memory");
    }
}

#[test]
fn the_clients_of_mutated_inputs_compile() {
    const CLIENTS: usize = 16;
    let bases = inputs::bases();
    let mut sources = Vec::new();
    for seed in (0..).map(|number| number * 7 + 3) {
        // What is as it was says nothing.
        if let Outcome::Client(source) = generate(bases, seed)
            && !sources.iter().any(|(_, known)| *known == source)
        {
            sources.push((seed, source));
        }
        if sources.len() == CLIENTS {
            break;
        }
    }
    let odd = inputs::odd_clients();
    let odd = odd.into_iter().enumerate();
    sources.extend(odd.map(|(number, source)| (1_000_000 + number as u64, source)));
    compiled::assert_compile(&sources);
}

/// Generates from what a seed makes of the inputs, and asserts what holds for each outcome.
fn generate(bases: &[Inputs], seed: u64) -> Outcome {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut inputs = bases[dice.below(bases.len())].clone();
    mutate(&mut inputs.documents, &mut dice);
    let (sender, receiver) = mpsc::channel();
    let case = thread::Builder::new().name(format!("REGEN_SEED={seed}"));
    let case = case.spawn(move || {
        let outcome = panic::catch_unwind(|| inputs.generate());
        // The receiver is gone if this has taken too long.
        let _ = sender.send(outcome);
    });
    case.unwrap();
    match receiver.recv_timeout(Duration::from_secs(MOST_SECONDS)) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => panic!("a panic with REGEN_SEED={seed}"),
        Err(_) => panic!("no end with REGEN_SEED={seed}"),
    }
}

fn seeds() -> Vec<u64> {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse().unwrap());
    match number("REGEN_SEED") {
        Some(seed) => vec![seed],
        None => (0..CASES * number("SOAK").unwrap_or(1)).collect(),
    }
}

/// The most memory that this process has had, in KiB, where the system says so.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
