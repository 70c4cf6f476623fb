//! How an emulator comes to be.

use std::collections::{HashSet, VecDeque};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use tokio::runtime;
use tokio::sync::oneshot;

use crate::emulator::Emulator;
use crate::error::Error;
use crate::fault::Fault;
use crate::limits::{Limits, Meter};
use crate::organization::Organization;
use crate::server::{self, Shared};
use crate::token::Token;
use crate::world::{OrganizationState, World};

/// The id of the first organization that was given none.
const FIRST_ORGANIZATION_ID: u64 = 9_001;

/// An emulator of a test's own making; see [`Emulator::builder`].
#[derive(Clone, Debug)]
pub struct Builder {
    organizations: Vec<Organization>,
    tokens: Vec<Token>,
    faults: Vec<Fault>,
    limits: Option<Limits>,
    address: SocketAddr,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            organizations: Vec::new(),
            tokens: Vec::new(),
            faults: Vec::new(),
            limits: None,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
        }
    }
}

impl Builder {
    /// Adds an organization; without one, the emulator holds `acme`.
    pub fn organization(mut self, organization: Organization) -> Self {
        self.organizations.push(organization);
        self
    }

    /// Accepts this token; without one, the emulator accepts any that is not empty and lets it do
    /// everything.
    pub fn token(mut self, token: Token) -> Self {
        self.tokens.push(token);
        self
    }

    /// Enforces these rate limits; without them none is, though the headers of the primary one are
    /// answered.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Lets something go wrong.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Listens here, in place of a loopback port that the system picks.
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// The emulator, which listens from now on.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] when the address cannot be had, [`Error::Thread`] when the system gives no
    /// thread, and [`Error::DuplicateOrganization`] or [`Error::DuplicateRepository`] when a login,
    /// a name or an id was used twice.
    pub async fn start(mut self) -> Result<Emulator, Error> {
        if self.organizations.is_empty() {
            self.organizations
                .push(Organization::new("acme").example_repositories());
        }
        let world = World {
            organizations: organizations(self.organizations)?,
            tokens: self.tokens,
            revoked: HashSet::new(),
            faults: self.faults,
            meter: Meter::new(self.limits),
            requests: VecDeque::new(),
        };
        let address = self.address;
        let shared = Arc::new(Shared::new(world));
        let (listener, address) =
            listen(address).map_err(|source| Error::Listen { address, source })?;
        run(listener, address, shared).map_err(|source| Error::Thread { source })
    }
}

fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn run(listener: TcpListener, address: SocketAddr, shared: Arc<Shared>) -> io::Result<Emulator> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let listener = {
        let _context = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let (stop, stopping) = oneshot::channel();
    let (ended, stopped) = oneshot::channel();
    let accepting = server::accept(listener, Arc::clone(&shared));
    let thread = thread::Builder::new()
        .name("github-emulator".to_owned())
        .spawn(move || {
            runtime.spawn(accepting);
            // Nothing is ever sent: the sender's end is the signal.
            let _ = runtime.block_on(stopping);
            // With the runtime go its tasks: the listener and every connection.
            drop(runtime);
            let _ = ended.send(());
        })?;
    Ok(Emulator {
        shared,
        address,
        stop: Some(stop),
        thread: Some(thread),
        stopped: Some(stopped),
    })
}

fn organizations(settings: Vec<Organization>) -> Result<Vec<OrganizationState>, Error> {
    let (mut logins, mut ids, mut repository_ids) =
        (HashSet::new(), HashSet::new(), HashSet::new());
    let mut organizations = Vec::new();
    for (id, settings) in (FIRST_ORGANIZATION_ID..).zip(settings) {
        let id = settings.id.unwrap_or(id);
        if !logins.insert(settings.login.to_ascii_lowercase()) || !ids.insert(id) {
            return Err(Error::DuplicateOrganization {
                login: settings.login,
            });
        }
        let mut names = HashSet::new();
        for repository in &settings.repositories {
            if !names.insert(repository.name.to_ascii_lowercase())
                || !repository_ids.insert(repository.id)
            {
                return Err(Error::DuplicateRepository {
                    name: repository.name.clone(),
                });
            }
        }
        organizations.push(OrganizationState::new(id, settings));
    }
    Ok(organizations)
}
