//! What environment variables say: the token, the server and the repository.

use std::env;

use crate::failure::Failure;

/// Variables that can hold the token, in the order in which `gh` looks at them.
const TOKENS: [&str; 2] = ["GH_TOKEN", "GITHUB_TOKEN"];
/// GitHub's own program knows a server by this variable.
const HOST: &str = "GH_HOST";
/// GitHub Actions sets these, on a server of one's own too.
const API_URL: &str = "GITHUB_API_URL";
pub(crate) const REPOSITORY: &str = "GITHUB_REPOSITORY";

/// Returns the token.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if there is none.
pub(crate) fn token() -> Result<String, Failure> {
    let mut tokens = TOKENS.into_iter().filter_map(variable);
    tokens.next().ok_or_else(|| {
        Failure::Usage(
            "there is no token; put one into GH_TOKEN or GITHUB_TOKEN, or try the command with \
             --emulator"
                .to_owned(),
        )
    })
}

/// Returns the address of the API, unless it is GitHub's own.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if the variable for the host holds something else.
pub(crate) fn api_url() -> Result<Option<String>, Failure> {
    match variable(HOST) {
        Some(host) => api_url_of(&host).map(Some),
        None => Ok(variable(API_URL)),
    }
}

/// Returns the repository that a workflow runs for.
pub(crate) fn repository() -> Option<String> {
    variable(REPOSITORY)
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
            "{HOST} is not the name of a host such as github.acme.example; use \
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
