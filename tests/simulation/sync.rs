//! Plans and applies, run after run, while machines are lost, disks fail and others write: against
//! a GitHub of many places that looks at every write.
//!
//! A seed decides everything. `SYNC_SEED` repeats one.

mod disk;
mod file;
mod leaks;
mod machine;
mod record;
mod run;
mod shelves;
mod strangers;
mod twins;
mod verdict;
mod watch;
mod wire;
mod world;

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::time::sleep;

use self::{
    disk::Disk,
    file::File,
    leaks::Leaks,
    run::Trouble,
    strangers::{DEEDS, Deed, RARE_DEEDS, meddle_at_once},
    world::World,
};
use super::{
    audit::Audit,
    conditions::{Conditions, Kind},
    number,
    rng::Rng,
    schedule::paused,
    server::Server,
    store::Store,
    try_seeds,
};
use crate::{
    Limits,
    sync::{State, StateKey},
};

const RUNS: u64 = 2_000;

/// For how many seconds after our write a change by others can pass for it: the response takes one,
/// and the write can be dated a second later; or its time is read within three seconds.
const MASKED: u64 = 4;

const FAULTS: [Kind; 11] = [
    Kind::NoConnection,
    Kind::LostBefore,
    Kind::LostAfter,
    Kind::StuckAfter,
    Kind::ErrorBefore,
    Kind::ErrorAfter,
    Kind::CutBody,
    Kind::Busy,
    Kind::Refusal,
    Kind::NoLink,
    Kind::OddDate,
];

#[test]
fn every_sync_ends_as_it_was_wanted_and_touches_nothing_else() {
    if let Some(seed) = number("SYNC_SEED") {
        let (complaints, log) = simulate(seed);
        println!("{}", log.join("\n"));
        return assert_eq!(complaints, [""; 0], "seed {seed}");
    }
    try_seeds("SYNC", RUNS, |seed| simulate(seed).0);
}

#[test]
fn a_seed_of_syncs_repeats_exactly() {
    for seed in 0..20 {
        assert_eq!(simulate(seed).1, simulate(seed).1, "seed {seed}");
    }
}

/// Returns what is wrong, and everything that happened.
fn simulate(seed: u64) -> (Vec<String>, Vec<String>) {
    paused(async {
        let mut schedule = Schedule::new(seed);
        schedule.go().await;
        let mut state = schedule.world.lock();
        let watch = &mut state.watch;
        (
            std::mem::take(&mut watch.complaints),
            std::mem::take(&mut watch.log),
        )
    })
}

/// Many runs of one file that changes.
struct Schedule {
    seed: u64,
    rng: Rng,
    world: World,
    server: Server,
    disk: Disk,
    file: File,
    leaks: Arc<Mutex<Leaks>>,
    deeds: Arc<[Deed]>,
    /// Whether the disk keeps what it said to have saved.
    is_honest: bool,
    takes_over: bool,
    has_odd_dates: bool,
    conditions: Vec<Conditions>,
    /// Whether neither the network nor the disk fails at present.
    is_calm: bool,
    runs: u64,
}

impl Schedule {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed, 31);
        let world = World::new(&mut rng);
        let store = Store::of(world.clone());
        let audit = Audit::new(Limits::none());
        let server = Server::new(Conditions::calm(), Rng::new(seed, 32), audit, store);
        let latency = rng.pick(&[20, 100, 1_000]);
        if latency > 100 {
            // It takes too long to read a time, to see that clocks differ by more.
            let skew = &mut world.lock().skew;
            *skew = (*skew).min(1);
        }
        let faults = rng.some(&FAULTS, 40);
        let faulty = Conditions::faulty(&faults, rng.pick(&[0, 5, 20, 40]));
        let faulty = faulty.limited(rng.pick(&[0, 0, 3]), latency);
        let mut deeds = match rng.percent(30) {
            true => vec![Deed::Create],
            false => rng.some(&DEEDS, 40),
        };
        deeds.extend(RARE_DEEDS.into_iter().filter(|_| rng.percent(12)));
        Self {
            seed,
            server,
            disk: Disk::new(Rng::new(seed, 33)),
            file: File::draw(&mut rng),
            leaks: Arc::default(),
            deeds: deeds.into(),
            is_honest: rng.percent(75),
            takes_over: rng.percent(20),
            has_odd_dates: faults.contains(&Kind::OddDate),
            is_calm: true,
            conditions: vec![Conditions::calm().limited(0, latency), faulty],
            runs: 0,
            world,
            rng,
        }
    }

    fn leaks(&self) -> MutexGuard<'_, Leaks> {
        self.leaks.lock().unwrap()
    }

    async fn go(&mut self) {
        for _ in 0..self.rng.within(1..=4) {
            for _ in 0..self.rng.pick(&[1, 3, 5]) {
                self.change_file();
            }
            let failing = self.rng.pick(&[0, 0, 0, 5, 30]);
            self.disk.lock().failing = failing;
            let trouble = Trouble::draw(&mut self.rng, self.takes_over);
            let chosen = self.rng.pick(&[0, 1]);
            self.server.state().conditions = self.conditions[chosen].clone();
            self.is_calm = failing == 0 && chosen == 0;
            if self.rng.percent(5) {
                let other = Trouble::draw(&mut self.rng, self.takes_over);
                self.run_twice([trouble, other]).await;
            } else {
                self.run(trouble).await;
            }
            // Whatever was given up arrives, or not.
            let pause = self.rng.pick(&[120, 120, 120, 3_600]);
            sleep(Duration::from_secs(pause)).await;
            self.meddle();
            self.lose_state();
        }
        if self.rng.percent(60) {
            self.change_file();
        }
        self.meddle();
        self.disk.lock().failing = 0;
        self.server.state().conditions = self.conditions[0].clone();
        self.is_calm = true;
        self.last_run().await;
    }

    fn change_file(&mut self) {
        let names: Vec<String> = {
            let state = self.world.lock();
            // Mostly those that there are.
            let names = state.names.keys();
            names
                .filter(|name| state.find(name).is_some() || self.rng.percent(5))
                .cloned()
                .collect()
        };
        let names = if names.is_empty() {
            vec!["acme/r0".to_owned()]
        } else {
            names
        };
        self.file
            .change(&mut self.rng, &names, &mut self.leaks.lock().unwrap());
        if self.rng.percent(30) {
            self.follow_a_rename();
        }
    }

    /// Lets the file call a repository by its present name.
    fn follow_a_rename(&mut self) {
        let state = self.world.lock();
        let renamed = state.names.iter().find_map(|(name, (index, _))| {
            let present = &state.repositories[*index].full_name;
            (present != name).then(|| (name.clone(), present.clone()))
        });
        if let Some((from, to)) = renamed {
            self.file.rename(&from, &to);
        }
    }

    /// Lets others do things between two runs.
    fn meddle(&mut self) {
        meddle_at_once(&self.world, &self.deeds, &mut self.rng, &self.leaks);
    }

    /// Loses states, and damages one.
    fn lose_state(&mut self) {
        let mut disk = self.disk.lock();
        if let Some(state) = disk.state().filter(|_| self.rng.percent(30)) {
            let damaged = damage(state, &mut self.rng);
            if damaged != state && State::read(&damaged, state_key()).is_ok() {
                let text = String::from_utf8_lossy(&damaged).into_owned();
                let complaint = format!("a damaged state was taken for whole: {text}");
                self.world.lock().watch.complain(complaint);
            }
        }
        if !self.is_honest && self.rng.percent(60) {
            disk.go_back(self.rng.pick(&[1, 1, 2, 5, 100]));
        }
    }
}

/// Changes something in a state.
fn damage(state: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut lines: Vec<_> = state.split_inclusive(|byte| *byte == b'\n').collect();
    let index = rng.within(0..=lines.len() as u64 - 1) as usize;
    match rng.within(0..=3) {
        0 => {
            lines.remove(index);
        }
        1 => lines.push(lines[index]),
        2 => lines.truncate(index),
        _ => {
            let mut bytes = state.to_vec();
            // Digits are mostly times and ids.
            let digits: Vec<_> = (0..bytes.len())
                .filter(|index| bytes[*index].is_ascii_digit())
                .collect();
            let index = digits[rng.within(0..=digits.len() as u64 - 1) as usize];
            bytes[index] = if bytes[index] == b'1' { b'2' } else { b'1' };
            return bytes;
        }
    }
    lines.concat()
}

fn state_key() -> StateKey {
    StateKey::new("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").expect("a key")
}
