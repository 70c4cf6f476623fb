//! The program's arguments.

use std::{
    ffi::OsStr,
    fmt::Display,
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
};

use github_secrets_emulator::{
    Builder, Emulator, Limits, Organization, ParsePlaceError, Place, Repository, Store,
    StoredSecret, Token,
};
use lexopt::{Arg, Error, Parser, ValueExt};

pub(crate) const USAGE: &str = "\
Runs an emulator of GitHub's secrets API that decrypts what it receives, for tests

Usage: github-secrets-emulator [OPTIONS]

Options (those marked * can be repeated):
      --port PORT                  Listen on this port [default: a free one]
      --address ADDRESS            Listen on this IP address [default: 127.0.0.1]
      --setup FILE                 Start with what this JSON file describes; see the documentation
      --org LOGIN                * Add an organization [default: acme]
      --repository ORG/REPO=ID   * Add a private repository [default: Hello-World=1296269 and
                                   website=1296280 of the first organization, each with an
                                   environment production]
      --environment ORG/REPO/ENV * Add an environment
      --user LOGIN               * Add a user [always there: octocat]
      --secret PLACE/NAME=VALUE  * Add a secret
      --token TOKEN              * Accept this token [default: any]
      --secret-limit NUMBER        Let each place of an organization hold this many secrets
                                   [default: GitHub's limits]
      --limits TIMES               Enforce GitHub's rate limits, with time passing this many times
                                   as fast
  -h, --help                       Print this help
  -V, --version                    Print the version

A PLACE is one of:
  orgs/ORG/STORE                   STORE is actions, agents, codespaces or dependabot
  repos/ORG/REPO/STORE
  repos/ORG/REPO/environments/ENV
  user/codespaces                  of octocat; of another user: users/LOGIN/codespaces
  ORG                              short for orgs/ORG/codespaces

An ENV is percent-encoded as in a URL: review%2Feu%20west means \"review/eu west\". Slashes and
spaces can also be written as they are; % is %25, and in --secret = is %3D.";

/// What to do.
pub(crate) enum Arguments {
    Run(Box<Builder>),
    Help,
    Version,
}

/// The organizations, as far as the arguments name them.
#[derive(Default)]
struct Organizations {
    logins: Vec<String>,
    repositories: Vec<(String, Repository)>,
    secret_limit: Option<usize>,
}

impl Arguments {
    pub(crate) fn parse(mut parser: Parser) -> Result<Self, Error> {
        let mut address = IpAddr::from(Ipv4Addr::LOCALHOST);
        let mut port = 0;
        let mut setup = None;
        let mut organizations = Organizations::default();
        let mut additions: Vec<Addition> = Vec::new();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("port") => port = parser.value()?.parse()?,
                Arg::Long("address") => address = parser.value()?.parse()?,
                Arg::Long("setup") => setup = Some(builder(&parser.value()?)?),
                Arg::Long("org") => organizations
                    .logins
                    .push(parser.value()?.parse_with(login)?),
                Arg::Long("repository") => organizations
                    .repositories
                    .push(parser.value()?.parse_with(repository)?),
                Arg::Long("secret-limit") => {
                    organizations.secret_limit = Some(parser.value()?.parse()?);
                }
                Arg::Long("environment") => {
                    let (repository, name) = parser.value()?.parse_with(environment)?;
                    additions.push(Box::new(|it| it.environment(repository, name)));
                }
                Arg::Long("user") => {
                    let user = parser.value()?.parse_with(login)?;
                    additions.push(Box::new(|it| it.user(user)));
                }
                Arg::Long("secret") => {
                    // Not `parse_with`: its error repeats the argument, value and all.
                    let (place, secret) = secret(&parser.value()?.string()?)?;
                    additions.push(Box::new(|it| it.secret(place, secret)));
                }
                Arg::Long("token") => {
                    let token = Token::unrestricted(parser.value()?.string()?);
                    additions.push(Box::new(|it| it.token(token)));
                }
                Arg::Long("limits") => {
                    let limits = Limits::github().scaled(parser.value()?.parse()?);
                    additions.push(Box::new(|it| it.limits(limits)));
                }
                Arg::Short('h') | Arg::Long("help") => return Ok(Self::Help),
                Arg::Short('V') | Arg::Long("version") => return Ok(Self::Version),
                _ => return Err(argument.unexpected()),
            }
        }
        let start = match setup {
            Some(builder) if organizations.is_empty() => builder,
            Some(_) => {
                let message = "--setup names the organizations: --org, --repository and \
                               --secret-limit go into the file";
                return Err(message.into());
            }
            None => organizations
                .build()?
                .into_iter()
                .fold(Emulator::builder(), Builder::organization),
        };
        let builder = additions
            .into_iter()
            .fold(start, |builder, add| add(builder));
        let listening = builder.address(SocketAddr::new(address, port));
        Ok(Self::Run(Box::new(listening)))
    }
}

/// What an argument adds to a builder.
type Addition = Box<dyn FnOnce(Builder) -> Builder>;

/// Reads a set-up file.
fn builder(path: &OsStr) -> Result<Builder, String> {
    let path = Path::new(path);
    let failed = |error: &dyn Display| format!("--setup {}: {error}", path.display());
    let json = fs::read(path).map_err(|error| failed(&error))?;
    Builder::from_json(json).map_err(|error| failed(&error))
}

impl Organizations {
    fn is_empty(&self) -> bool {
        self.logins.is_empty() && self.repositories.is_empty() && self.secret_limit.is_none()
    }

    fn build(mut self) -> Result<Vec<Organization>, String> {
        if self.logins.is_empty() {
            self.logins.push("acme".to_owned());
        }
        let mut organizations: Vec<_> = self.logins.into_iter().map(Organization::new).collect();
        if let ([first, ..], true) = (&mut organizations[..], self.repositories.is_empty()) {
            *first = first.clone().example_repositories();
        }
        for (login, repository) in self.repositories {
            let organization = organizations
                .iter_mut()
                .find(|organization| organization.login().eq_ignore_ascii_case(&login))
                .ok_or_else(|| format!("there is no --org {login:?}"))?;
            *organization = organization.clone().repository(repository);
        }
        if let Some(limit) = self.secret_limit {
            for organization in &mut organizations {
                *organization = organization.clone().secret_limit(limit);
            }
        }
        Ok(organizations)
    }
}

fn login(argument: &str) -> Result<String, &'static str> {
    if !is_name(argument, "-") {
        return Err("a login has letters, digits and hyphens");
    }
    Ok(argument.to_owned())
}

fn repository(argument: &str) -> Result<(String, Repository), &'static str> {
    argument
        .split_once('=')
        .and_then(|(full_name, id)| Some((full_name.split_once('/')?, id.parse().ok()?)))
        .filter(|((_, name), _)| is_name(name, "-_."))
        .map(|((login, name), id)| (login.to_owned(), Repository::new(id, name)))
        .ok_or("a repository is given as ORG/REPO=ID")
}

/// Returns the full name of a repository and the name of an environment.
fn environment(argument: &str) -> Result<(String, String), &'static str> {
    const EXPECTED: &str = "an environment is given as ORG/REPO/ENV";
    let segments: Vec<_> = argument.splitn(3, '/').collect();
    let [owner, name, environment] = segments[..] else {
        return Err(EXPECTED);
    };
    let place = format!("repos/{owner}/{name}/environments/{environment}");
    let place: Place = place.parse().map_err(|_| EXPECTED)?;
    let environment = place.environment_name().ok_or(EXPECTED)?;
    Ok((format!("{owner}/{name}"), environment.to_owned()))
}

fn secret(argument: &str) -> Result<(Place, StoredSecret), String> {
    const EXPECTED: &str = "--secret takes PLACE/NAME=VALUE";
    let (path, value) = argument.split_once('=').ok_or(EXPECTED)?;
    let (place, name) = path.rsplit_once('/').ok_or(EXPECTED)?;
    if !is_name(name, "_") {
        return Err("--secret: the name has letters, digits and underscores".to_owned());
    }
    let place = if place.contains('/') {
        place
            .parse()
            .map_err(|error: ParsePlaceError| format!("--secret: {error}"))?
    } else {
        Place::organization(login(place)?, Store::Codespaces)
    };
    Ok((place, StoredSecret::new(name, value)))
}

fn is_name(text: &str, others: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}
