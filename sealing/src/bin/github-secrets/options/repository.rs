//! A repository as `gh` lets people name it: by its owner and name, with a host before them, or by
//! the address that a browser or a clone has.

use std::collections::BTreeSet;

use crate::{
    environment,
    failure::Failure,
    pattern::Pattern,
    server::{Host, is_part_of_github},
};

/// The option that names repositories.
const OPTION: &str = "--repo";

/// The repositories that a command line or the environment names.
pub(super) struct Repositories {
    pub(super) names: Vec<String>,
    pub(super) patterns: Vec<String>,
    pub(super) server: Option<NamedServer>,
    /// The option or the variable that names them.
    pub(super) source: &'static str,
}

/// The server that a repository is named with.
pub(crate) struct NamedServer {
    pub(crate) host: Host,
    /// Whether another repository is named without one, which means the usual server.
    pub(crate) is_of_some: bool,
    /// The option or the variable that names it.
    pub(crate) source: &'static str,
}

/// A repository, and the host if it is named with one.
#[derive(Debug, PartialEq)]
struct Address {
    host: Option<Host>,
    full_name: String,
}

/// Why a text is not taken for a repository. It does not repeat the text.
type Fault = &'static str;

const FORM: Fault = "a repository is OWNER/NAME or HOST/OWNER/NAME, or the address of its page or \
                     its clone, with nothing after the name";
const CREDENTIALS: Fault =
    "the address holds a user name or a token; leave out what is before the @";
const HOST: Fault = "HOST/OWNER/NAME must begin with a host such as github.acme.example; for a \
                     host without a dot, write https://HOST/OWNER/NAME";
const PART_OF_GITHUB: Fault = "this host of GitHub's has no repositories; their addresses begin \
                               with github.com or SUBDOMAIN.ghe.com";
const HOST_FOR_OWNER: Fault = "the repository's owner is the name of a host; give it as \
                               HOST/OWNER/NAME";
const SEVERAL: Fault = "there is a comma, and only one repository can be named here";
const SLASH: Fault = "a repository ends with a /; leave that out";
const NAMELESS: Fault =
    "there is no name after the /, perhaps because of a variable that is not set";
/// What to say about a list with an entry that is empty.
pub(super) const EMPTY: Fault = "a name is empty, perhaps because of a variable that is not set";

impl Repositories {
    /// Returns the repositories of the option, or that of the environment if there are none.
    pub(super) fn find(given: &[String]) -> Result<Self, Failure> {
        if !given.is_empty() {
            return Self::parse(given.iter().map(|text| text.trim()), OPTION);
        }
        let variable = environment::repository()?;
        let source = variable.as_ref().map_or(OPTION, |it| it.name);
        Self::parse(variable.iter().map(|it| it.value.trim()), source)
    }

    fn parse<'a>(
        texts: impl Iterator<Item = &'a str>,
        source: &'static str,
    ) -> Result<Self, Failure> {
        let addresses: Vec<Address> = texts
            .map(|text| Address::parse(text).map_err(|fault| refused(source, fault)))
            .collect::<Result<_, _>>()?;
        let hosts: BTreeSet<&Host> = addresses.iter().filter_map(|it| it.host.as_ref()).collect();
        if hosts.len() > 1 {
            let message = "the repositories are on different hosts; run the command once for each";
            return Err(refused(source, message));
        }
        let is_of_some = addresses.iter().any(|it| it.host.is_none());
        let server = hosts.first().map(|host| NamedServer {
            host: (*host).clone(),
            is_of_some,
            source,
        });
        let names = addresses.into_iter().map(|it| it.full_name);
        let (patterns, names) = names.partition(|name| name.contains(Pattern::ANY));
        Ok(Self {
            names,
            patterns,
            server,
            source,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.patterns.is_empty()
    }

    /// Returns the failure of a text that names no repository, with the variable that holds it.
    pub(super) fn refuse(source: &'static str, failure: Failure) -> Failure {
        match failure {
            Failure::GitHub(error) if source != OPTION => refused(source, error),
            failure => failure,
        }
    }
}

fn refused(source: &str, fault: impl std::fmt::Display) -> Failure {
    Failure::Usage(format!("{source}: {fault}"))
}

impl Address {
    fn parse(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(EMPTY);
        }
        if text.contains(',') {
            return Err(SEVERAL);
        }
        if let Some((scheme, rest)) = text.split_once("://") {
            let (authority, path) = rest.split_once('/').ok_or(FORM)?;
            let host = match scheme.to_ascii_lowercase().as_str() {
                "https" => web_host(authority, ":443")?,
                "http" => web_host(authority, ":80")?,
                "ssh" | "git" | "git+ssh" => shell_host(authority)?,
                _ => return Err(FORM),
            };
            return Self::on(host, path.strip_suffix('/').unwrap_or(path));
        }
        if let Some((user, rest)) = text.split_once('@') {
            let (host, path) = rest.split_once(':').ok_or(FORM)?;
            let host = shell_host(&format!("{user}@{host}"))?;
            return Self::on(host, path.strip_prefix('/').unwrap_or(path));
        }
        match text.split('/').collect::<Vec<_>>()[..] {
            [_] => Ok(Self::here(text)),
            [_, ""] => Err(NAMELESS),
            [first, _, ""] if is_unmistakable(first) => Err(NAMELESS),
            [.., ""] => Err(SLASH),
            // As a login it could not be, and as an address it has no name.
            [first, _] if first != "localhost" && is_unmistakable(first) => Err(HOST_FOR_OWNER),
            [_, _] => Ok(Self::here(text)),
            [first, owner, name] if is_unmistakable(first) => {
                Self::on(host(first)?, &format!("{owner}/{name}"))
            }
            [_, _, _] => Err(HOST),
            _ => Err(FORM),
        }
    }

    fn here(full_name: &str) -> Self {
        Self {
            host: None,
            full_name: full_name.to_owned(),
        }
    }

    fn on(host: Host, path: &str) -> Result<Self, Fault> {
        let (owner, name) = path.split_once('/').ok_or(FORM)?;
        let name = name.strip_suffix(".git").unwrap_or(name);
        if owner.is_empty() || name.is_empty() || name.contains(['/', '?', '#', '@', ':']) {
            return Err(FORM);
        }
        Ok(Self {
            host: Some(host),
            full_name: format!("{owner}/{name}"),
        })
    }
}

/// Returns whether this is the name of a host, and no owner has it.
fn is_unmistakable(text: &str) -> bool {
    Host::parse(text).is_some_and(|host| host.is_unmistakable()) || is_part_of_github(text)
}

fn host(text: &str) -> Result<Host, Fault> {
    let fault = match is_part_of_github(text) {
        true => PART_OF_GITHUB,
        false => FORM,
    };
    Host::parse(text).ok_or(fault)
}

/// Returns the host of a web address. The part before an @ is usually a token.
fn web_host(authority: &str, default_port: &str) -> Result<Host, Fault> {
    if authority.contains('@') {
        return Err(CREDENTIALS);
    }
    host(authority.strip_suffix(default_port).unwrap_or(authority))
}

/// Returns the host of an address for SSH, whose port says nothing about the API.
fn shell_host(authority: &str) -> Result<Host, Fault> {
    let authority = match authority.split_once('@') {
        Some(("git", authority)) => authority,
        Some(_) => return Err(CREDENTIALS),
        None => authority,
    };
    host(authority.split(':').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::Address;
    use crate::server::Host;

    #[test]
    fn an_address_names_a_repository_and_its_host() {
        for (text, host) in [
            ("acme/website", None),
            ("github.com/acme/website", Some("github.com")),
            ("WWW.GitHub.com/acme/website", Some("github.com")),
            ("localhost/acme/website", Some("localhost")),
            ("a.example:8443/acme/website", Some("a.example:8443")),
            ("https://github.com/acme/website", Some("github.com")),
            ("HTTPS://github.com:443/acme/website/", Some("github.com")),
            ("http://a.example:80/acme/website.git", Some("a.example")),
            ("https://intranet/acme/website.git", Some("intranet")),
            (
                "https://api.acme.ghe.com/acme/website",
                Some("acme.ghe.com"),
            ),
            ("git@github.com:acme/website.git", Some("github.com")),
            ("git@a.example:/acme/website", Some("a.example")),
            (
                "ssh://git@ssh.github.com:443/acme/website.git",
                Some("github.com"),
            ),
            ("ssh://a.example/acme/website.git/", Some("a.example")),
            ("git+ssh://git@a.example/acme/website", Some("a.example")),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.host, host.and_then(Host::parse), "{text}");
            assert_eq!(address.full_name, "acme/website", "{text}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for text in [
            "https://github.com",
            "https://github.com/acme",
            "https://github.com//website",
            "https://github.com/acme/",
            "https://github.com/acme/.git",
            "https://github.com/acme/website/settings",
            "https://github.com/acme/website//",
            "https://github.com/acme/website?tab=readme",
            "https://github.com/acme/website#readme",
            "https://token@github.com/acme/website",
            "https://user:token@github.com/acme/website",
            "https://github.com:0/acme/website",
            "https:///acme/website",
            "ftp://github.com/acme/website",
            "file:///acme/website",
            "ssh://octocat@github.com/acme/website",
            "octocat@github.com:acme/website",
            "git@github.com/acme/website",
            "git@github.com:acme",
            "git@github.com:acme/website/x",
            "acme/website/production",
            "acme/website/a/b",
            "github.com/acme/website/x",
            "github.com/acme",
            "github.com/acme/",
            "github.com/acme/website/",
            "gist.github.com/acme/website",
            "gist.github.com/acme",
            "acme//website",
            "-a.example/acme/website",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
