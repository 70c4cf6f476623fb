//! What environment variables say: the token, the server and the repository.

use std::env;

use github_secrets::reqwest::Url;

use crate::{
    failure::Failure,
    server::{Host, authority, is_github},
};

/// Variables for the token, as `gh` has them: two for `github.com` and the subdomains of `ghe.com`,
/// and two for any other server. A token is sent to no server of the other kind.
///
/// See <https://cli.github.com/manual/gh_help_environment>.
const TOKENS: [&str; 2] = ["GH_TOKEN", "GITHUB_TOKEN"];
const ENTERPRISE_TOKENS: [&str; 2] = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
/// GitHub's own program knows a server and a repository by these variables.
const HOST: &str = "GH_HOST";
pub(crate) const REPOSITORY: &str = "GH_REPO";
/// GitHub Actions sets these, on a server of one's own too.
pub(crate) const API_URL: &str = "GITHUB_API_URL";
const REPOSITORY_OF_WORKFLOW: &str = "GITHUB_REPOSITORY";
/// What the HTTP client takes for the proxy of an `https` address.
const PROXIES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const NO_PROXIES: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// What a variable holds, and its name.
pub(crate) struct Variable {
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

/// Returns the token for the API at this address; `None` is GitHub's own.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if there is none.
pub(crate) fn token(api_url: Option<&str>) -> Result<String, Failure> {
    let other = api_url.filter(|url| !is_github(url));
    let variables = match other {
        None => TOKENS,
        Some(_) => ENTERPRISE_TOKENS,
    };
    for name in variables {
        if let Some(token) = variable(name)? {
            return Ok(token);
        }
    }
    let Some(other) = other else {
        let message = "there is no token; put one into GH_TOKEN or GITHUB_TOKEN, for example that \
                       of gh with GH_TOKEN=$(gh auth token), or try the command with --emulator";
        return Err(Failure::Usage(message.to_owned()));
    };
    let server = authority(other);
    Err(Failure::Usage(format!(
        "there is no token for {}; put one into GH_ENTERPRISE_TOKEN or GITHUB_ENTERPRISE_TOKEN, \
         for example that of gh with GH_ENTERPRISE_TOKEN=$(gh auth token --hostname HOST); \
         GH_TOKEN and GITHUB_TOKEN are sent only to github.com, ghe.com and this machine",
        server.as_deref().unwrap_or("this server")
    )))
}

/// Returns the address of the API, and the variable that says it.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if the variable for the host holds something else.
pub(crate) fn api_url() -> Result<Option<Variable>, Failure> {
    let Some(host) = variable(HOST)? else {
        return named(API_URL);
    };
    let host = Host::parse(&host).ok_or_else(|| {
        let advice = match host.contains("://") {
            true => "give the host alone, such as github.com",
            false => "use --api-url for an address",
        };
        Failure::Usage(format!(
            "{HOST} is not the name of a host such as github.acme.example; {advice}"
        ))
    })?;
    let value = host.api_url();
    Ok(Some(Variable { name: HOST, value }))
}

/// Returns the repository that the environment names; that of a workflow if there is no other.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if a variable is not UTF-8.
pub(crate) fn repository() -> Result<Option<Variable>, Failure> {
    match named(REPOSITORY)? {
        Some(found) => Ok(Some(found)),
        None => named(REPOSITORY_OF_WORKFLOW),
    }
}

/// Checks that the HTTP client can use the proxies that are set: it would go past one that it
/// cannot read.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if a variable is not UTF-8, or not the address of a proxy.
pub(crate) fn check_proxies() -> Result<(), Failure> {
    for name in NO_PROXIES {
        variable(name)?;
    }
    for name in PROXIES {
        if variable(name)?.is_some_and(|address| !is_proxy(&address)) {
            return Err(Failure::Usage(format!(
                "the variable {name} is not the address of an HTTP proxy, such as \
                 http://proxy.acme.example:8080"
            )));
        }
    }
    Ok(())
}

fn is_proxy(address: &str) -> bool {
    // An address without a scheme is one of `http`.
    let address = match address.contains("://") {
        true => address.to_owned(),
        false => format!("http://{address}"),
    };
    let is_plain = address.chars().all(|c| c.is_ascii_graphic());
    let url = Url::parse(&address).ok().filter(|_| is_plain);
    url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn named(name: &'static str) -> Result<Option<Variable>, Failure> {
    let value = variable(name)?;
    Ok(value.map(|value| Variable { name, value }))
}

/// Returns a variable that is set and not empty.
fn variable(name: &str) -> Result<Option<String>, Failure> {
    let value = env::var_os(name).filter(|value| !value.is_empty());
    value
        .map(|value| value.into_string())
        .transpose()
        .map_err(|_| Failure::Usage(format!("the variable {name} is not UTF-8")))
}
