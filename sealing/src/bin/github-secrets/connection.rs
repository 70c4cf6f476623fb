//! From the options and the environment to a connection.

use std::env;

use clap::Args;
use github_secrets::{GitHub, GitHubBuilder, Limits};

use crate::{console::Console, emulation::Emulation, failure::Failure, scene::Scene};

/// Variables that can hold the token, in the order in which `gh` looks at them.
const TOKEN_VARIABLES: [&str; 2] = ["GH_TOKEN", "GITHUB_TOKEN"];
/// GitHub's own program knows a server by this variable.
const HOST_VARIABLE: &str = "GH_HOST";
/// GitHub Actions sets this, on a server of one's own too.
const API_URL_VARIABLE: &str = "GITHUB_API_URL";

#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionOptions {
    /// The API's address [default: https://api.github.com]
    #[arg(long, global = true, value_name = "URL")]
    api_url: Option<String>,
    /// Try the command on an emulator inside the program, without GitHub
    #[arg(long, global = true, conflicts_with = "api_url")]
    emulator: bool,
    /// Show GitHub's own error messages, which can repeat what was sent
    #[arg(long, global = true)]
    pub(crate) show_github_message: bool,
}

/// A GitHub to work with, or an emulator of it.
pub(crate) struct Session {
    pub(crate) github: GitHub,
    pub(crate) emulation: Option<Emulation>,
}

impl Session {
    /// Says what the emulator got, if it is one.
    pub(crate) fn say_opened(&self, console: &Console) {
        let Some(emulation) = &self.emulation else {
            return;
        };
        match emulation.opened() {
            1 => console.note("emulator: opened 1 secret with its private key"),
            secrets => console.note(format_args!(
                "emulator: opened {secrets} secrets with its private key"
            )),
        }
    }
}

impl ConnectionOptions {
    /// Opens a session. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if there is no token, and the library's error if the token or
    /// the address cannot be used.
    pub(crate) async fn open(
        &self,
        scene: Scene<'_>,
        console: &Console,
    ) -> Result<Session, Failure> {
        let builder = {
            let console = console.clone();
            GitHub::builder().on_wait(move |wait| console.waiting(wait))
        };
        if self.emulator {
            let emulation = Emulation::start(scene).await?;
            console.note(&emulation);
            let builder = builder
                .api_url(emulation.url())
                .token("emulator")
                .limits(Limits::none());
            return Ok(Session {
                github: builder.build()?,
                emulation: Some(emulation),
            });
        }
        let github = self.address(builder)?.token(token()?).build()?;
        let emulation = None;
        Ok(Session { github, emulation })
    }

    fn address(&self, builder: GitHubBuilder) -> Result<GitHubBuilder, Failure> {
        let url = match (&self.api_url, variable(HOST_VARIABLE)) {
            (Some(url), _) => Some(url.clone()),
            (None, Some(host)) => Some(api_url_of(&host)?),
            (None, None) => variable(API_URL_VARIABLE),
        };
        Ok(match url {
            Some(url) => builder.api_url(url),
            None => builder,
        })
    }
}

/// Returns a connection for checking names; there is nothing at its address.
pub(crate) fn offline() -> Result<GitHub, Failure> {
    let builder = GitHub::builder().api_url("http://localhost:0");
    Ok(builder.token("none").build()?)
}

fn token() -> Result<String, Failure> {
    let mut tokens = TOKEN_VARIABLES.into_iter().filter_map(variable);
    tokens.next().ok_or_else(|| {
        Failure::Usage(
            "there is no token; put one into GH_TOKEN or GITHUB_TOKEN, or try the command with \
             --emulator"
                .to_owned(),
        )
    })
}

/// Returns a variable that is set and not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Returns the address of a server's API: see GitHub's documentation on [data residency] and on
/// [GitHub Enterprise Server].
///
/// [data residency]: https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/network-details-for-ghecom
/// [GitHub Enterprise Server]: https://docs.github.com/en/enterprise-server@latest/rest/quickstart
fn api_url_of(host: &str) -> Result<String, Failure> {
    if host.contains(['/', '@']) {
        return Err(Failure::Usage(format!(
            "{HOST_VARIABLE} is not the name of a host such as github.acme.example; use \
             --api-url for an address"
        )));
    }
    let host = host.to_ascii_lowercase();
    Ok(if host == "github.com" {
        "https://api.github.com".to_owned()
    } else if host.ends_with(".ghe.com") {
        format!("https://api.{host}")
    } else {
        format!("https://{host}/api/v3")
    })
}

#[cfg(test)]
mod tests {
    use super::api_url_of;

    #[test]
    fn each_kind_of_host_has_its_api_where_github_documents_it() {
        let url = |host| api_url_of(host).ok();
        assert_eq!(url("GitHub.com").as_deref(), Some("https://api.github.com"));
        let residency = url("acme.ghe.com");
        assert_eq!(residency.as_deref(), Some("https://api.acme.ghe.com"));
        let server = url("github.acme.example:8443");
        assert_eq!(
            server.as_deref(),
            Some("https://github.acme.example:8443/api/v3")
        );
        assert_eq!(url("https://github.com"), None);
        assert_eq!(url("user@github.com"), None);
    }
}
