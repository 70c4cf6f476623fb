//! The program's arguments.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use github_secrets_emulator::{
    Builder, Emulator, Limits, Organization, Repository, StoredSecret, Token,
};
use lexopt::{Arg, Error, Parser, ValueExt};

pub(crate) const USAGE: &str = "\
A GitHub that opens the secrets it is sent, for tests

Usage: github-secrets-emulator [OPTIONS]

Options:
      --port PORT               port to listen on [default: one that is free]
      --address ADDRESS         IP address to listen on [default: 127.0.0.1]
      --org LOGIN               organization to hold, may be repeated [default: acme]
      --repository ORG/NAME=ID  private repository of it, may be repeated
                                [default: Hello-World=1296269 and website=1296280 of the first]
      --secret ORG/NAME=VALUE   secret of it that all its repositories see, may be repeated
      --token TOKEN             token to accept, may be repeated [default: any]
      --secret-limit NUMBER     secrets that an organization may have [default: 100]
      --limits TIMES            enforce GitHub's rate limits, time passing this many times as fast
  -h, --help                    print this
  -V, --version                 print the version";

/// What the program is to do.
pub(crate) enum Arguments {
    Run(Builder),
    Help,
    Version,
}

/// What an organization is given.
enum Part {
    Repository(Repository),
    Secret(StoredSecret),
}

impl Arguments {
    pub(crate) fn parse(mut parser: Parser) -> Result<Self, Error> {
        let mut address = IpAddr::from(Ipv4Addr::LOCALHOST);
        let mut port = 0;
        let mut logins: Vec<String> = Vec::new();
        let mut parts: Vec<(String, Part)> = Vec::new();
        let mut secret_limit = None;
        let mut builder = Emulator::builder();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("port") => port = parser.value()?.parse()?,
                Arg::Long("address") => address = parser.value()?.parse()?,
                Arg::Long("org") => logins.push(parser.value()?.parse_with(login)?),
                Arg::Long("repository") => {
                    parts.push(parser.value()?.parse_with(repository)?);
                }
                Arg::Long("secret") => parts.push(parser.value()?.parse_with(secret)?),
                Arg::Long("token") => {
                    builder = builder.token(Token::unrestricted(parser.value()?.string()?));
                }
                Arg::Long("secret-limit") => secret_limit = Some(parser.value()?.parse()?),
                Arg::Long("limits") => {
                    builder = builder.limits(Limits::github().scaled(parser.value()?.parse()?));
                }
                Arg::Short('h') | Arg::Long("help") => return Ok(Self::Help),
                Arg::Short('V') | Arg::Long("version") => return Ok(Self::Version),
                _ => return Err(argument.unexpected()),
            }
        }
        for organization in organizations(logins, parts)? {
            builder = builder.organization(match secret_limit {
                Some(secrets) => organization.secret_limit(secrets),
                None => organization,
            });
        }
        Ok(Self::Run(builder.address(SocketAddr::new(address, port))))
    }
}

fn organizations(
    logins: Vec<String>,
    parts: Vec<(String, Part)>,
) -> Result<Vec<Organization>, String> {
    let mut first = Organization::new(logins.first().map_or("acme", String::as_str));
    if !parts
        .iter()
        .any(|(_, part)| matches!(part, Part::Repository(_)))
    {
        first = first.example_repositories();
    }
    let mut organizations = vec![first];
    organizations.extend(logins.into_iter().skip(1).map(Organization::new));
    for (login, part) in parts {
        let organization = organizations
            .iter_mut()
            .find(|organization| organization.login().eq_ignore_ascii_case(&login))
            .ok_or_else(|| format!("there is no --org {login:?}"))?;
        *organization = match part {
            Part::Repository(repository) => organization.clone().repository(repository),
            Part::Secret(secret) => organization.clone().secret(secret),
        };
    }
    Ok(organizations)
}

fn login(argument: &str) -> Result<String, &'static str> {
    if !is_name(argument, "-") {
        return Err("an organization's login is made of letters, digits and hyphens");
    }
    Ok(argument.to_owned())
}

fn repository(argument: &str) -> Result<(String, Part), &'static str> {
    part(argument)
        .filter(|(_, name, _)| is_name(name, "-_."))
        .and_then(|(login, name, id)| {
            Some((
                login.to_owned(),
                Part::Repository(Repository::new(id.parse().ok()?, name)),
            ))
        })
        .ok_or("a repository is given as ORG/NAME=ID")
}

fn secret(argument: &str) -> Result<(String, Part), &'static str> {
    part(argument)
        .filter(|(_, name, _)| is_name(name, "_"))
        .map(|(login, name, value)| {
            (
                login.to_owned(),
                Part::Secret(StoredSecret::new(name, value)),
            )
        })
        .ok_or("a secret is given as ORG/NAME=VALUE")
}

/// The three parts of `ORG/NAME=VALUE`.
fn part(argument: &str) -> Option<(&str, &str, &str)> {
    let (path, value) = argument.split_once('=')?;
    let (login, name) = path.split_once('/')?;
    Some((login, name, value))
}

fn is_name(text: &str, others: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}
