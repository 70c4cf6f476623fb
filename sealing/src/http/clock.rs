//! The time of day as GitHub has it: a machine's own clock can be wrong by years.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use super::io::Clock;

/// A clock that is set by the `Date` of GitHub's responses.
#[derive(Clone)]
pub(super) struct GitHubClock {
    local: Clock,
    set: Arc<Mutex<Option<Setting>>>,
}

/// Two times that were the same.
#[derive(Clone, Copy)]
struct Setting {
    local: SystemTime,
    github: SystemTime,
}

impl GitHubClock {
    pub(super) fn new(local: Clock) -> Self {
        Self {
            local,
            set: Arc::default(),
        }
    }

    /// Sets the clock.
    pub(super) fn set(&self, github: SystemTime) {
        let local = (self.local.0)();
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        *set = Some(Setting { local, github });
    }

    /// Returns whether it was ever set.
    pub(super) fn is_set(&self) -> bool {
        self.setting().is_some()
    }

    /// Returns the time: the machine's own until the clock is set.
    pub(super) fn now(&self) -> SystemTime {
        let local = (self.local.0)();
        let Some(Setting {
            local: before,
            github,
        }) = self.setting()
        else {
            return local;
        };
        match local.duration_since(before) {
            Ok(since) => github.checked_add(since).unwrap_or(github),
            // The machine's clock was set back.
            Err(_) => github,
        }
    }

    fn setting(&self) -> Option<Setting> {
        *self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
