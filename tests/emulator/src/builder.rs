//! How an emulator is set up and started.

use std::{
    collections::HashSet,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    thread,
};

use tokio::{runtime, sync::oneshot};

use crate::{
    change::set_secret,
    emulator::Emulator,
    error::Error,
    fault::Fault,
    limits::{Limits, Meter},
    organization::Organization,
    place::{OCTOCAT, Place},
    secret::StoredSecret,
    server,
    setup::file::Setup,
    shared::Shared,
    token::Token,
    world::{World, organization_state::OrganizationState},
};

/// The id of the first organization without one.
const FIRST_ORGANIZATION_ID: u64 = 9_001;

/// The settings of an [`Emulator`]; see [`Emulator::builder`].
#[derive(Clone, Debug)]
pub struct Builder {
    organizations: Vec<Organization>,
    users: Vec<String>,
    environments: Vec<(String, String)>,
    secrets: Vec<(Place, StoredSecret)>,
    tokens: Vec<Token>,
    faults: Vec<Fault>,
    limits: Option<Limits>,
    address: SocketAddr,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            organizations: Vec::new(),
            users: vec![OCTOCAT.to_owned()],
            environments: Vec::new(),
            secrets: Vec::new(),
            tokens: Vec::new(),
            faults: Vec::new(),
            limits: None,
            address: (Ipv4Addr::LOCALHOST, 0).into(),
        }
    }
}

impl Emulator {
    /// Starts an emulator on a loopback port that the system picks.
    ///
    /// It holds the organization `acme` with the private repositories `Hello-World` (1296269) and
    /// `website` (1296280), an environment `production` in each, and the user `octocat`.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Listen`] if no port is free, and [`Error::Thread`] if no thread can be
    /// started.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Creates a builder to set up an emulator.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Builder {
    /// Creates a builder with everything that a JSON text describes: the form is that of the
    /// program's [set-up file](crate#the-set-up-file).
    ///
    /// ```
    /// use github_secrets_emulator::Builder;
    ///
    /// let builder = Builder::from_json(
    ///     r#"{
    ///         "organizations": [
    ///             { "login": "acme", "repositories": [{ "id": 1, "name": "website" }] }
    ///         ],
    ///         "tokens": [{ "token": "ghp_reader", "kind": "classic", "scopes": ["repo"] }]
    ///     }"#,
    /// )?;
    /// # Ok::<(), github_secrets_emulator::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error::InvalidSetup`] if the text does not have this form.
    pub fn from_json(json: impl AsRef<[u8]>) -> Result<Self, Error> {
        let setup = Setup::parse(json.as_ref()).map_err(|reason| Error::InvalidSetup { reason })?;
        let start = Self {
            organizations: setup.organizations,
            secrets: setup.secrets,
            tokens: setup.tokens,
            faults: setup.faults,
            limits: setup.limits,
            ..Self::default()
        };
        Ok(setup.users.into_iter().fold(start, Self::user))
    }

    /// Adds an organization. Default is `acme` with its
    /// [example repositories](Organization::example_repositories).
    pub fn organization(mut self, organization: Organization) -> Self {
        self.organizations.push(organization);
        self
    }

    /// Adds a user. The user `octocat` is always there.
    pub fn user(mut self, login: impl Into<String>) -> Self {
        self.users.push(login.into());
        self
    }

    /// Adds an environment to a repository, which is named with its owner: `acme/website`.
    pub fn environment(
        mut self,
        repository: impl Into<String>,
        environment: impl Into<String>,
    ) -> Self {
        self.environments
            .push((repository.into(), environment.into()));
        self
    }

    /// Adds a secret to start with, at any place of the emulator.
    pub fn secret(mut self, place: Place, secret: StoredSecret) -> Self {
        self.secrets.push((place, secret));
        self
    }

    /// Adds a token to accept. Default is to accept every token, and to let it do everything; see
    /// [`Token::unrestricted`].
    pub fn token(mut self, token: Token) -> Self {
        self.tokens.push(token);
        self
    }

    /// Enforces these rate limits. Default is none: responses have the headers of the primary
    /// limit, but it is never reached.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Adds a fault.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Sets the address to listen on. Default is a loopback port that the system picks.
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Starts the emulator, which listens when this returns.
    ///
    /// # Errors
    ///
    /// Returns
    ///
    /// - [`Error::Listen`] if it cannot listen on the address.
    /// - [`Error::Thread`] if no thread can be started.
    /// - [`Error::DuplicateOrganization`] and [`Error::DuplicateRepository`] if a login, a name or
    ///   an id is used twice.
    /// - [`Error::UnknownRepository`], [`Error::UnknownPlace`] and [`Error::InvalidSecret`] if an
    ///   environment or a secret is not possible where it was added.
    pub async fn start(mut self) -> Result<Emulator, Error> {
        if self.organizations.is_empty() {
            self.organizations
                .push(Organization::new("acme").example_repositories());
        }
        let mut secrets = Vec::new();
        for organization in &mut self.organizations {
            secrets.extend(organization.take_secrets());
        }
        secrets.extend(self.secrets);
        let mut world = World::new(
            organizations(self.organizations)?,
            users(self.users, &self.tokens),
            self.tokens,
            Meter::new(self.limits),
        );
        for (repository, environment) in self.environments {
            world
                .repository_mut(&repository)?
                .add_environment(environment);
        }
        for (place, secret) in secrets {
            set_secret(&mut world, place, secret)?;
        }
        let address = self.address;
        let shared = Arc::new(Shared::new(world, self.faults));
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
    let accepting = server::accept(listener, address, Arc::clone(&shared));
    let thread = thread::Builder::new()
        .name("github-emulator".to_owned())
        .spawn(move || {
            runtime.spawn(accepting);
            // Nothing is sent: the signal is that the sender is dropped.
            let _ = runtime.block_on(stopping);
            // Its tasks end with the runtime: the listener and every connection.
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

/// Returns the logins, those of the tokens' users included.
fn users(logins: Vec<String>, tokens: &[Token]) -> Vec<String> {
    let of_tokens = tokens.iter().filter_map(Token::user).map(str::to_owned);
    let mut seen = HashSet::new();
    logins
        .into_iter()
        .chain(of_tokens)
        .filter(|login| seen.insert(login.to_ascii_lowercase()))
        .collect()
}
