//! The handle of a running emulator. Its constructors are in `builder.rs`.

use std::{fmt, net::SocketAddr, sync::Arc, thread::JoinHandle, time::Duration};

use tokio::sync::oneshot;

use crate::{
    change::Change, error::Error, fault::Fault, place::Place, recorded::RecordedRequest,
    registry::StoredRegistry, secret::StoredSecret, shared::Shared,
};

/// A running emulator of GitHub's secrets API.
///
/// It runs on a thread of its own until it is stopped or dropped, so a test may block.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use github_secrets_emulator::{Emulator, Place, Store};
///
/// let emulator = Emulator::start().await?;
/// assert!(emulator.url().starts_with("http://127.0.0.1:"));
/// assert!(emulator.secrets(&Place::repository("acme/website", Store::Actions)).is_empty());
/// # Ok(())
/// # }
/// ```
pub struct Emulator {
    pub(crate) shared: Arc<Shared>,
    pub(crate) address: SocketAddr,
    /// Dropping it makes the thread end.
    pub(crate) stop: Option<oneshot::Sender<()>>,
    pub(crate) thread: Option<JoinHandle<()>>,
    pub(crate) stopped: Option<oneshot::Receiver<()>>,
}

impl Emulator {
    /// Returns the URL to give to a client as the API's address: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the secrets of a place, decrypted, in the order of their names. A place that does
    /// not exist has none.
    pub fn secrets(&self, place: &Place) -> Vec<StoredSecret> {
        self.shared
            .world()
            .vault(place)
            .into_iter()
            .flat_map(|vault| vault.secrets.values())
            .cloned()
            .collect()
    }

    /// Returns one secret, decrypted. The case of the name does not matter.
    pub fn secret(&self, place: &Place, name: &str) -> Option<StoredSecret> {
        self.shared.world().vault(place)?.secret(name).cloned()
    }

    /// Returns the secrets of all places, decrypted.
    pub fn all_secrets(&self) -> Vec<(Place, StoredSecret)> {
        self.shared
            .world()
            .all_secrets()
            .map(|(place, secret)| (place.clone(), secret.clone()))
            .collect()
    }

    /// Returns the private registries of an organization, their values decrypted, in the order of
    /// their names.
    pub fn registries(&self, organization: &str) -> Vec<StoredRegistry> {
        self.shared
            .world()
            .organization(organization)
            .into_iter()
            .flat_map(|organization| organization.registries.iter())
            .cloned()
            .collect()
    }

    /// Replaces the key pair of a place: from now on, values sealed to the former key are refused
    /// with 422. Has no effect on a place that does not exist.
    pub fn rotate_key(&self, place: &Place) {
        let mut world = self.shared.world();
        if let Some(place) = world.existing(place) {
            world.vault_mut(&place).rotate_key();
        }
    }

    /// Replaces the key pair of an organization's private registries. Has no effect on an
    /// organization that does not exist.
    pub fn rotate_registry_key(&self, organization: &str) {
        if let Some(organization) = self.shared.world().organization_mut(organization) {
            organization.registries.rotate_key();
        }
    }

    /// Makes a change that somebody else would make.
    ///
    /// # Errors
    ///
    /// Returns [`Error`] if its subject does not exist, or if a name or an id is already in use.
    pub fn change(&self, change: Change) -> Result<(), Error> {
        change.apply(&mut self.shared.world())
    }

    /// Advances the emulator's clock: the times of secrets, and the `Date` of responses. Two writes
    /// within a second have the same time; with this, a later one has a later time.
    pub fn advance(&self, time: Duration) {
        self.shared.world().ahead += time;
    }

    /// Revokes a token: from now on, requests that carry it get 401.
    pub fn revoke_token(&self, token: &str) {
        self.shared.world().revoked.insert(token.to_owned());
    }

    /// Returns the requests so far, in the order of their arrival. The emulator keeps the last
    /// 100,000 of them, and no more than 64 MiB.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.world().requests.iter().cloned().collect()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.shared.world().requests.clear();
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        self.shared.faults().push(fault);
    }

    /// Returns the faults that are still to happen.
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.faults().clone()
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.shared.faults().clear();
    }

    /// Returns how many responses said that a rate limit is reached.
    pub fn limit_responses(&self) -> usize {
        self.shared.world().meter.limit_responses
    }

    /// Returns how many connections it accepted.
    pub fn connections(&self) -> u64 {
        self.shared.connections()
    }

    /// Returns the largest number of requests that were in progress at the same time.
    pub fn most_concurrent(&self) -> usize {
        self.shared.most_concurrent()
    }

    /// Stops it. When this returns, the port is free and its connections are closed.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(stopped) = self.stopped.take() {
            // An error means that the thread has ended, too.
            let _ = stopped.await;
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
