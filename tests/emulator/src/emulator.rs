//! The emulator as a test holds it.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::builder::Builder;
use crate::error::Error;
use crate::fault::Fault;
use crate::recorded::RecordedRequest;
use crate::secret::StoredSecret;
use crate::server::Shared;

/// A GitHub that opens the secrets it is sent.
///
/// It runs on a thread of its own until it is stopped or dropped, so that a test may block.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use github_secrets_emulator::Emulator;
///
/// let emulator = Emulator::start().await?;
/// assert!(emulator.url().starts_with("http://127.0.0.1:"));
/// assert!(emulator.secrets("acme").is_empty());
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
    /// An emulator on a port that the system picks, holding the organization `acme` with the
    /// repositories `Hello-World` (1296269) and `website` (1296280).
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] when no port can be had.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// An emulator of the test's own making.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Its address, to be given to a client as the API's: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The organization's secrets, opened, by name; none for an organization that it does not hold.
    pub fn secrets(&self, organization: &str) -> Vec<StoredSecret> {
        let world = self.shared.world();
        world
            .organization(organization)
            .map(|it| it.secrets.values().cloned().collect())
            .unwrap_or_default()
    }

    /// One secret, opened; the name's case does not matter.
    pub fn secret(&self, organization: &str, name: &str) -> Option<StoredSecret> {
        let world = self.shared.world();
        world
            .organization(organization)?
            .secrets
            .get(&name.to_ascii_uppercase())
            .cloned()
    }

    /// Replaces the organization's key pair: what is sealed to the former key is refused with 422
    /// from then on.
    pub fn rotate_key(&self, organization: &str) {
        if let Some(organization) = self.shared.world().organization_mut(organization) {
            organization.rotate_key();
        }
    }

    /// Answers this token with 401 from now on.
    pub fn revoke_token(&self, token: &str) {
        self.shared.world().revoked.insert(token.to_owned());
    }

    /// The requests so far, in the order in which they came; of more than 100,000 the last.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.world().requests.iter().cloned().collect()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.shared.world().requests.clear();
    }

    /// Lets something go wrong.
    pub fn fault(&self, fault: Fault) {
        self.shared.world().faults.push(fault);
    }

    /// The faults that did not happen yet, or still happen.
    pub fn faults(&self) -> Vec<Fault> {
        self.shared.world().faults.clone()
    }

    /// Takes back all faults.
    pub fn clear_faults(&self) {
        self.shared.world().faults.clear();
    }

    /// How many rate-limit answers it gave.
    pub fn limit_answers(&self) -> usize {
        self.shared.world().meter.limit_answers
    }

    /// How many connections were made to it.
    pub fn connections(&self) -> u64 {
        self.shared.connections()
    }

    /// The most requests that were under way at the same time.
    pub fn most_concurrent(&self) -> usize {
        self.shared.most_concurrent()
    }

    /// Stops it: the port is free and its connections are closed when this returns.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(stopped) = self.stopped.take() {
            // An error is the thread's end as well.
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
