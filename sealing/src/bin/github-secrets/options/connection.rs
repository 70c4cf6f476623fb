//! The options for a connection, and the connection that they ask for.

use std::time::Duration;

use clap::Args;
use github_secrets::{GitHub, GitHubBuilder, Limits, RetryPolicy, reqwest::Url};

use super::repository::NamedServer;
use crate::{
    console::Console,
    emulator::Emulation,
    environment::{self, Variable},
    failure::Failure,
    server::{Host, fault_of_pages},
};

#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionOptions {
    /// The API's address [default: https://api.github.com]
    #[arg(long, global = true, value_name = "URL")]
    api_url: Option<String>,
    /// Try the command on an emulator inside the program, without GitHub
    #[arg(long, global = true, conflicts_with = "api_url")]
    pub(crate) emulator: bool,
    /// Stop retrying each call after this time: 90s, 10m or 2h. It includes waiting for rate limits
    /// that GitHub reports, but not waiting to stay within them [default: 2m]
    #[arg(long, global = true, value_name = "TIME", value_parser = time)]
    deadline: Option<Duration>,
    /// Send a request at most this many times [default: 4]
    #[arg(long, global = true, value_name = "NUMBER", value_parser = attempts)]
    attempts: Option<u32>,
    /// Show GitHub's own error messages, which can repeat what was sent
    #[arg(long, global = true)]
    pub(crate) show_github_message: bool,
}

impl ConnectionOptions {
    /// Connects to GitHub, or to the server that a repository is named with. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if there is no token, or two servers are named, and the library's
    /// error if the token or the address cannot be used.
    pub(crate) fn github(
        &self,
        named: Option<&NamedServer>,
        limits: Option<Limits>,
        console: &Console,
    ) -> Result<GitHub, Failure> {
        let limits = limits.unwrap_or_default();
        let url = self.server(named)?;
        // Where loopback is allowed, no proxy is used.
        if url.as_ref().is_none_or(|url| !url.starts_with("http://")) {
            environment::check_proxies()?;
        }
        let Some(url) = url else {
            let token = environment::token(None)?;
            let builder = self.builder(console).limits(limits);
            return Ok(builder.token(token).build()?);
        };
        let builder = || self.builder(console).limits(limits.clone()).api_url(&url);
        // An address that cannot be used is said before a token is looked for.
        builder().token("none").build()?;
        let token = environment::token(Some(&url))?;
        Ok(builder().token(token).build()?)
    }

    /// Returns the address of the API, unless it is GitHub's own and nothing says so.
    fn server(&self, named: Option<&NamedServer>) -> Result<Option<String>, Failure> {
        let chosen = match &self.api_url {
            Some(url) => Some(Variable {
                name: "--api-url",
                value: url.clone(),
            }),
            None => environment::api_url()?,
        };
        if let Some(Variable { name, value }) = &chosen
            && let Some(fault) = fault_of_pages(value)
        {
            return Err(Failure::Usage(format!("{name}: {fault}")));
        }
        let Some(NamedServer {
            host,
            is_of_some,
            source,
        }) = named
        else {
            return Ok(chosen.map(|it| it.value));
        };
        let github = Host::github();
        // A workflow on github.com has the address of its API in a variable, unasked.
        let chosen =
            chosen.filter(|it| it.name != environment::API_URL || it.value != github.api_url());
        let Some(Variable { name, value }) = chosen else {
            if *is_of_some && *host != github {
                return Err(Failure::Usage(format!(
                    "{source}: some repositories have a host, and others have none, which means \
                     github.com; give each its host"
                )));
            }
            return Ok(Some(host.api_url()));
        };
        // What is no address is refused as such.
        if host.has_api_at(&value) || Url::parse(&value).is_err() {
            return Ok(Some(value));
        }
        Err(Failure::Usage(format!(
            "{source} names another server than {name}; leave out one of them"
        )))
    }

    /// Connects to an emulator.
    ///
    /// # Errors
    ///
    /// Returns the library's error if the settings cannot be used.
    pub(crate) fn emulated(
        &self,
        emulation: &Emulation,
        console: &Console,
    ) -> Result<GitHub, Failure> {
        let builder = self
            .builder(console)
            .api_url(emulation.url())
            .token("emulator")
            .limits(Limits::none());
        Ok(builder.build()?)
    }

    fn builder(&self, console: &Console) -> GitHubBuilder {
        let mut retry = RetryPolicy::default();
        if let Some(deadline) = self.deadline {
            retry = retry.deadline(deadline);
        }
        if let Some(attempts) = self.attempts {
            retry = retry.attempts(attempts);
        }
        let console = console.clone();
        GitHub::builder()
            .retry(retry)
            .on_wait(move |wait| console.waiting(wait))
    }
}

fn attempts(text: &str) -> Result<u32, &'static str> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or("not a number of attempts; write 1 or more")
}

/// Parses a number of seconds, minutes, hours or days.
pub(crate) fn time(text: &str) -> Result<Duration, &'static str> {
    const EXPECTED: &str = "not a time; write 90s, 10m, 2h or 30d";
    let unit = match text.bytes().last() {
        Some(b's') => 1,
        Some(b'm') => 60,
        Some(b'h') => 60 * 60,
        Some(b'd') => 24 * 60 * 60,
        _ => return Err(EXPECTED),
    };
    let number: u32 = text
        .get(..text.len() - 1)
        .and_then(|number| number.parse().ok())
        .ok_or(EXPECTED)?;
    Ok(Duration::from_secs(u64::from(number) * unit))
}
