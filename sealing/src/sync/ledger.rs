//! The state of a run, and when it is saved.

use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{judge::Record, place_id::PlaceId, state::State};
use crate::{Place, SecretName};

pub(super) type Save = Box<dyn FnMut(&[u8]) -> io::Result<()> + Send>;

/// A state that several places write to.
pub(super) struct Ledger(Mutex<Inner>);

struct Inner {
    state: State,
    save: Save,
    is_saved: bool,
    failure: Option<io::Error>,
}

/// The state could not be saved, now or before.
#[derive(Clone, Copy, Debug)]
pub(super) struct NotSaved;

impl Ledger {
    pub(super) fn new(state: State, save: Save) -> Self {
        Self(Mutex::new(Inner {
            state,
            save,
            is_saved: false,
            failure: None,
        }))
    }

    pub(super) fn record(
        &self,
        id: &PlaceId,
        place: &Place,
        name: &SecretName,
        record: Option<Record>,
    ) {
        let mut inner = self.lock();
        inner.state.set(id, place, name, record);
        inner.is_saved = false;
    }

    /// Saves what was recorded, by whomever. Once that has failed, nothing more is saved: what is
    /// on the disk is whole, and older.
    pub(super) fn save(&self) -> Result<(), NotSaved> {
        let mut inner = self.lock();
        let Inner {
            state,
            save,
            is_saved,
            failure,
        } = &mut *inner;
        if failure.is_some() {
            return Err(NotSaved);
        }
        if !*is_saved {
            match save(&state.to_bytes()) {
                Ok(()) => *is_saved = true,
                Err(error) => {
                    *failure = Some(error);
                    return Err(NotSaved);
                }
            }
        }
        Ok(())
    }

    /// Returns the error with which saving failed.
    pub(super) fn failure(&self) -> Option<io::Error> {
        let inner = self.lock();
        let failure = inner.failure.as_ref()?;
        Some(io::Error::new(failure.kind(), failure.to_string()))
    }

    pub(super) fn with_state<R>(&self, read: impl FnOnce(&State) -> R) -> R {
        read(&self.lock().state)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
