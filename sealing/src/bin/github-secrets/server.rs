//! GitHub's servers, by the names of their hosts: where each has its API, and whose token it gets.

use github_secrets::reqwest::Url;

/// The host of a server, in the one spelling that `gh` gives it: `github.com`, `SUBDOMAIN.ghe.com`,
/// or that of a GitHub Enterprise Server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Host(String);

impl Host {
    pub(crate) fn github() -> Self {
        Self(GITHUB.to_owned())
    }

    /// Parses the name of a host with or without a port. The host of an API is that of its server.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if !is_host(text) {
            return None;
        }
        let host = text.to_ascii_lowercase();
        if is_part_of_github(&host) {
            return None;
        }
        Some(Self(if host == GITHUB || host.ends_with(".github.com") {
            GITHUB.to_owned()
        } else if let Some(subdomains) = host.strip_suffix(GHE) {
            let (_, subdomain) = subdomains.rsplit_once('.').unwrap_or(("", subdomains));
            format!("{subdomain}{GHE}")
        } else {
            host
        }))
    }

    /// Returns the address of the server's API: see GitHub's documentation on [data residency] and
    /// on [GitHub Enterprise Server].
    ///
    /// [data residency]: https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/network-details-for-ghecom
    /// [GitHub Enterprise Server]: https://docs.github.com/en/enterprise-server@latest/rest/quickstart
    pub(crate) fn api_url(&self) -> String {
        let Self(host) = self;
        if host == GITHUB || host.ends_with(GHE) {
            format!("https://api.{host}")
        } else {
            format!("https://{host}/api/v3")
        }
    }

    /// Returns whether an API at this address can be that of the server.
    pub(crate) fn has_api_at(&self, api_url: &str) -> bool {
        authority(api_url).is_some_and(|found| authority(&self.api_url()) == Some(found))
    }

    /// Returns whether nobody would take the text for an owner: a login has no dot and no colon.
    pub(crate) fn is_unmistakable(&self) -> bool {
        self.0.contains(['.', ':']) || self.0 == "localhost"
    }
}

const GITHUB: &str = "github.com";
const GHE: &str = ".ghe.com";

/// Returns whether the host is one of GitHub's without repositories, such as `gist.github.com`.
pub(crate) fn is_part_of_github(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    match host.strip_suffix(".github.com") {
        Some(part) => !["www", "api", "ssh"].contains(&part),
        None => host.starts_with("gist.") && host.ends_with(GHE) && host != "gist.ghe.com",
    }
}

/// Returns the host of an address, and the port unless it is the usual one.
pub(crate) fn authority(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(match url.port() {
        None => host.to_owned(),
        Some(port) => format!("{host}:{port}"),
    })
}

/// Returns what to say about the address of GitHub's pages, which are not where its API is.
pub(crate) fn fault_of_pages(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let name = url.host_str()?;
    let host = Host::parse(name)?;
    let is_github = host.0 == GITHUB || host.0.ends_with(GHE);
    let has_pages = name.strip_prefix("www.").unwrap_or(name) == host.0;
    let fault = || format!("the API of {} is {}", host.0, host.api_url());
    (is_github && has_pages).then(fault)
}

/// Returns whether this is the address of `github.com`, of a subdomain of `ghe.com`, or of a server
/// on this machine: an emulator.
pub(crate) fn is_github(api_url: &str) -> bool {
    let Ok(url) = Url::parse(api_url) else {
        // Nothing is sent to an invalid address.
        return true;
    };
    let host = url.host_str().unwrap_or_default();
    let is = |domain: &str| {
        let before = host.strip_suffix(domain);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    is(GITHUB)
        || host.ends_with(GHE)
        || is("localhost")
        || address.is_ok_and(|address| address.is_loopback())
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
    use super::{Host, is_github};

    fn api_url_of(host: &str) -> Option<String> {
        Host::parse(host).map(|host| host.api_url())
    }

    #[test]
    fn each_kind_of_host_has_its_api_where_github_documents_it() {
        for (host, url) in [
            ("GitHub.com", "https://api.github.com"),
            ("www.github.com", "https://api.github.com"),
            ("api.github.com", "https://api.github.com"),
            ("ssh.github.com", "https://api.github.com"),
            ("acme.ghe.com", "https://api.acme.ghe.com"),
            ("api.acme.ghe.com", "https://api.acme.ghe.com"),
            ("gist.ghe.com", "https://api.gist.ghe.com"),
            ("github.acme.example", "https://github.acme.example/api/v3"),
            (
                "GitHub.Acme.example:8443",
                "https://github.acme.example:8443/api/v3",
            ),
            ("notgithub.com", "https://notgithub.com/api/v3"),
            ("git.notgithub.com", "https://git.notgithub.com/api/v3"),
            ("api.acme.example", "https://api.acme.example/api/v3"),
            ("10.0.0.7", "https://10.0.0.7/api/v3"),
        ] {
            assert_eq!(api_url_of(host).as_deref(), Some(url));
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
            "gist.github.com",
            "Docs.GitHub.com",
            "www.api.github.com",
            "gist.acme.ghe.com",
            "a_b.example",
            "grüße.example",
            "a.example:",
            "a.example:0",
            "a.example:65536",
            "a.example:+80",
            "[::1]:80",
            "",
        ] {
            assert!(api_url_of(host).is_none(), "{host:?}");
        }
        assert!(api_url_of(&"a.".repeat(200)).is_none());
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
