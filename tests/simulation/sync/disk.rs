//! A disk that holds a state, fails to, and remembers what it held.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard},
};

use super::{super::rng::Rng, machine::Machine};

#[derive(Clone)]
pub(super) struct Disk(Arc<Mutex<Held>>);

pub(super) struct Held {
    /// All states that it held, the present one last.
    pub(super) copies: Vec<Vec<u8>>,
    /// How many saves of a hundred fail.
    pub(super) failing: u64,
    pub(super) has_failed: bool,
    rng: Rng,
}

#[derive(Clone, Copy)]
enum Fate {
    FailsBefore,
    FailsAfter,
    DiesBefore,
    DiesAfter,
}

impl Disk {
    pub(super) fn new(rng: Rng) -> Self {
        Self(Arc::new(Mutex::new(Held {
            copies: Vec::new(),
            failing: 0,
            has_failed: false,
            rng,
        })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap()
    }

    /// Returns what a machine saves with.
    pub(super) fn save_of(
        &self,
        machine: &Machine,
    ) -> impl FnMut(&[u8]) -> io::Result<()> + Send + 'static {
        let (disk, machine) = (self.clone(), machine.clone());
        move |bytes| disk.save(bytes, &machine)
    }

    fn save(&self, bytes: &[u8], machine: &Machine) -> io::Result<()> {
        let held = &mut *self.lock();
        if machine.is_lost() {
            return Err(io::Error::other("the machine is lost"));
        }
        let fates = [
            Fate::FailsBefore,
            Fate::FailsAfter,
            Fate::DiesBefore,
            Fate::DiesAfter,
        ];
        let fate = held
            .rng
            .percent(held.failing)
            .then(|| held.rng.pick(&fates));
        if !matches!(fate, Some(Fate::FailsBefore | Fate::DiesBefore)) {
            held.copies.push(bytes.to_vec());
        }
        if matches!(fate, Some(Fate::DiesBefore | Fate::DiesAfter)) {
            machine.lose();
        }
        match fate {
            None => Ok(()),
            Some(_) => {
                held.has_failed = true;
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
        }
    }
}

impl Held {
    pub(super) fn state(&self) -> Option<&[u8]> {
        self.copies.last().map(Vec::as_slice)
    }

    /// Loses the present state, or all of them.
    pub(super) fn go_back(&mut self, copies: usize) {
        let left = self.copies.len().saturating_sub(copies);
        self.copies.truncate(left);
    }
}
