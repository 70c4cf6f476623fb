//! What environment variables say: the token, the server and the repository.

use std::env;

use github_secrets::reqwest::Url;

use crate::failure::Failure;

/// Variables for the token, as `gh` has them: two for `github.com` and the subdomains of `ghe.com`,
/// and two for any other server. A token is sent to no server of the other kind.
///
/// See <https://cli.github.com/manual/gh_help_environment>.
const TOKENS: [&str; 2] = ["GH_TOKEN", "GITHUB_TOKEN"];
const ENTERPRISE_TOKENS: [&str; 2] = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
/// GitHub's own program knows a server by this variable.
const HOST: &str = "GH_HOST";
/// GitHub Actions sets these, on a server of one's own too.
const API_URL: &str = "GITHUB_API_URL";
pub(crate) const REPOSITORY: &str = "GITHUB_REPOSITORY";

/// Returns the token for the API at this address; `None` is GitHub's own.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if there is none.
pub(crate) fn token(api_url: Option<&str>) -> Result<String, Failure> {
    let (variables, missing) = if api_url.is_none_or(is_github) {
        (
            TOKENS,
            "there is no token; put one into GH_TOKEN or GITHUB_TOKEN, or try the command with \
             --emulator",
        )
    } else {
        (
            ENTERPRISE_TOKENS,
            "there is no token for this server; put one into GH_ENTERPRISE_TOKEN or \
             GITHUB_ENTERPRISE_TOKEN (GH_TOKEN and GITHUB_TOKEN are sent to github.com and \
             ghe.com only)",
        )
    };
    for name in variables {
        if let Some(token) = variable(name)? {
            return Ok(token);
        }
    }
    Err(Failure::Usage(missing.to_owned()))
}

/// Returns the address of the API, unless it is GitHub's own.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if the variable for the host holds something else.
pub(crate) fn api_url() -> Result<Option<String>, Failure> {
    match variable(HOST)? {
        Some(host) => api_url_of(&host).map(Some),
        None => variable(API_URL),
    }
}

/// Returns the repository that a workflow runs for.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if the variable is not UTF-8.
pub(crate) fn repository() -> Result<Option<String>, Failure> {
    variable(REPOSITORY)
}

/// Returns a variable that is set and not empty.
fn variable(name: &str) -> Result<Option<String>, Failure> {
    let value = env::var_os(name).filter(|value| !value.is_empty());
    value
        .map(|value| value.into_string())
        .transpose()
        .map_err(|_| Failure::Usage(format!("the variable {name} is not UTF-8")))
}

/// Returns whether this is the address of `github.com`, of a subdomain of `ghe.com`, or of a server
/// on this machine: an emulator.
fn is_github(api_url: &str) -> bool {
    let Ok(url) = Url::parse(api_url) else {
        // Nothing is sent to an address that is none.
        return true;
    };
    let host = url.host_str().unwrap_or_default();
    let is = |domain: &str| {
        let before = host.strip_suffix(domain);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    is("github.com")
        || host.ends_with(".ghe.com")
        || is("localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

/// Returns the address of a server's API: see GitHub's documentation on [data residency] and on
/// [GitHub Enterprise Server].
///
/// [data residency]: https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/network-details-for-ghecom
/// [GitHub Enterprise Server]: https://docs.github.com/en/enterprise-server@latest/rest/quickstart
fn api_url_of(host: &str) -> Result<String, Failure> {
    if !is_host(host) {
        return Err(Failure::Usage(format!(
            "{HOST} is not the name of a host such as github.acme.example; use --api-url for an \
             address"
        )));
    }
    let host = host.to_ascii_lowercase();
    Ok(if host == "github.com" || host.ends_with(".github.com") {
        "https://api.github.com".to_owned()
    } else if let Some(subdomains) = host.strip_suffix(".ghe.com") {
        let (_, subdomain) = subdomains.rsplit_once('.').unwrap_or(("", subdomains));
        format!("https://api.{subdomain}.ghe.com")
    } else {
        format!("https://{host}/api/v3")
    })
}

/// Returns whether this is a host's name with or without a port, and nothing else.
fn is_host(text: &str) -> bool {
    const LONGEST: usize = 253;
    const LONGEST_LABEL: usize = 63;
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let is_label = |label: &str| {
        let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty()
            && label.len() <= LONGEST_LABEL
            && label.bytes().all(is_inside)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_port = |port: &str| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|it| it > 0)
    };
    host.len() <= LONGEST && host.split('.').all(is_label) && port.is_none_or(is_port)
}

#[cfg(test)]
mod tests {
    use super::{api_url_of, is_github};

    #[test]
    fn each_kind_of_host_has_its_api_where_github_documents_it() {
        for (host, url) in [
            ("GitHub.com", "https://api.github.com"),
            ("api.github.com", "https://api.github.com"),
            ("acme.ghe.com", "https://api.acme.ghe.com"),
            ("api.acme.ghe.com", "https://api.acme.ghe.com"),
            ("github.acme.example", "https://github.acme.example/api/v3"),
            (
                "GitHub.Acme.example:8443",
                "https://github.acme.example:8443/api/v3",
            ),
            ("notgithub.com", "https://notgithub.com/api/v3"),
            ("10.0.0.7", "https://10.0.0.7/api/v3"),
        ] {
            assert_eq!(api_url_of(host).ok().as_deref(), Some(url));
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for host in [
            "https://github.com",
            "user@github.com",
            "a\nb",
            "evil\\.ghe.com",
            "evil.example#.ghe.com",
            "evil.example?.ghe.com",
            "github.com\t",
            " github.com",
            ".ghe.com",
            "a..b",
            "-a.example",
            "a_b.example",
            "grüße.example",
            "a.example:",
            "a.example:0",
            "a.example:65536",
            "a.example:+80",
            "[::1]:80",
            "",
        ] {
            assert!(api_url_of(host).is_err(), "{host:?}");
        }
        assert!(api_url_of(&"a.".repeat(200)).is_err());
    }

    #[test]
    fn only_githubs_own_servers_and_this_machine_get_its_token() {
        for url in [
            "https://api.github.com",
            "https://API.GitHub.com/",
            "https://api.acme.ghe.com",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
            "http://localhost:8080",
        ] {
            assert!(is_github(url), "{url}");
        }
        for url in [
            "https://github.acme.example/api/v3",
            "https://notgithub.com",
            "https://github.com.evil.example",
            "https://ghe.com",
            "https://notghe.com",
            "https://api.github.com@evil.example",
            "https://128.0.0.1",
        ] {
            assert!(!is_github(url), "{url}");
        }
    }
}
