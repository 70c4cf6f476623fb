//! Which server a repository's address leads to, and which token goes there.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::Command,
    sync::{Arc, Mutex},
    thread,
};

use crate::{
    assert_ran,
    program::{Ran, Run, emulator, on, opened, program},
};

/// A proxy that passes nothing on, and keeps the hosts that it is asked for.
struct Proxy {
    url: String,
    hosts: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let hosts = Arc::<Mutex<Vec<String>>>::default();
        let asked = Arc::clone(&hosts);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut line = String::new();
                BufReader::new(&stream).read_line(&mut line).unwrap();
                let host = line.strip_prefix("CONNECT ").unwrap_or(&line);
                let host = host.split_whitespace().next().unwrap_or_default();
                asked.lock().unwrap().push(host.to_owned());
                let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
            }
        });
        Self { url, hosts }
    }

    /// Runs the program with these variables, and returns the hosts that it asked for.
    fn run(&self, arguments: &str, variables: &[(&str, &str)]) -> (Ran, Vec<String>) {
        let mut command = program(arguments);
        command.envs(variables.iter().copied());
        self.pass(command)
    }

    fn run_with(&self, arguments: &[&str]) -> (Ran, Vec<String>) {
        let mut command = program("");
        command.args(arguments).envs([GITHUB]);
        self.pass(command)
    }

    fn pass(&self, mut command: Command) -> (Ran, Vec<String>) {
        self.hosts.lock().unwrap().clear();
        command.args(["--attempts", "1"]);
        for name in [
            "NO_PROXY",
            "no_proxy",
            "ALL_PROXY",
            "all_proxy",
            "https_proxy",
        ] {
            command.env_remove(name);
        }
        command.env("HTTPS_PROXY", &self.url);
        let ran = command.run("value");
        (ran, self.hosts.lock().unwrap().clone())
    }
}

const GITHUB: (&str, &str) = ("GH_TOKEN", "ghp_github");
const ENTERPRISE: (&str, &str) = ("GH_ENTERPRISE_TOKEN", "ghp_enterprise");

#[test]
fn the_host_of_an_address_decides_the_server() {
    let proxy = Proxy::start();
    for (repository, api) in [
        ("acme/website", "api.github.com:443"),
        ("github.com/acme/website", "api.github.com:443"),
        ("https://www.github.com/acme/website", "api.github.com:443"),
        ("git@github.com:acme/website.git", "api.github.com:443"),
        (
            "ssh://git@ssh.github.com:443/acme/website.git",
            "api.github.com:443",
        ),
        ("acme.ghe.com/acme/website", "api.acme.ghe.com:443"),
        (
            "https://api.acme.ghe.com/acme/website",
            "api.acme.ghe.com:443",
        ),
        ("ghes.example/acme/website", "ghes.example:443"),
        (
            "https://ghes.example:8443/acme/website.git",
            "ghes.example:8443",
        ),
        ("git@ghes.example:acme/website.git", "ghes.example:443"),
        ("ghes.example/acme/web-*", "ghes.example:443"),
        (
            "ghes.example/acme/a,GHES.example/acme/b",
            "ghes.example:443",
        ),
        ("github.com/acme/a,acme/b", "api.github.com:443"),
    ] {
        let list = format!("list -R {repository}");
        let (ran, hosts) = proxy.run(&list, &[GITHUB, ENTERPRISE]);
        assert_eq!(ran.code, 1, "{repository}: {ran}");
        assert!(!hosts.is_empty(), "{repository}: {ran}");
        assert!(
            hosts.iter().all(|host| host == api),
            "{repository}: {hosts:?}"
        );

        // The variable and the commands for one place read the same.
        if !repository.contains(['*', ',']) {
            let variable = [GITHUB, ENTERPRISE, ("GH_REPO", repository)];
            let (ran, hosts) = proxy.run("key", &variable);
            assert_eq!(hosts, [api], "{repository}: {ran}");
        }
    }
}

#[test]
fn a_host_of_gh_means_its_server() {
    let proxy = Proxy::start();
    for (host, api) in [
        ("github.com", "api.github.com:443"),
        ("www.github.com", "api.github.com:443"),
        ("api.github.com", "api.github.com:443"),
        ("acme.ghe.com", "api.acme.ghe.com:443"),
        ("api.acme.ghe.com", "api.acme.ghe.com:443"),
        ("ghes.example", "ghes.example:443"),
    ] {
        for list in ["list --org acme", "list -R acme/website"] {
            let (ran, hosts) = proxy.run(list, &[GITHUB, ENTERPRISE, ("GH_HOST", host)]);
            assert_eq!(hosts, [api], "{host}: {ran}");
        }
    }
}

#[test]
fn each_server_gets_its_own_token_or_none() {
    let proxy = Proxy::start();
    for (repository, foreign) in [
        ("ghes.example/acme/website", GITHUB),
        (
            "https://ghes.example/acme/website",
            ("GITHUB_TOKEN", "ghp_github"),
        ),
        ("git@notgithub.com:acme/website", GITHUB),
        ("https://github.com.evil.example/acme/website", GITHUB),
        ("github.com/acme/website", ENTERPRISE),
        ("acme.ghe.com/acme/website", ENTERPRISE),
    ] {
        let (ran, hosts) = proxy.run(&format!("set A -R {repository}"), &[foreign]);
        assert_eq!(ran.code, 2, "{repository}: {ran}");
        assert!(ran.stderr.contains("there is no token"), "{ran}");
        assert_eq!(hosts, [""; 0], "{repository}");
    }
}

#[test]
fn two_servers_are_refused_before_anything_is_sent() {
    let proxy = Proxy::start();
    let refused = |arguments: &str, variables: &[(&str, &str)]| {
        let mut all = vec![GITHUB, ENTERPRISE];
        all.extend(variables);
        let (ran, hosts) = proxy.run(arguments, &all);
        assert_eq!(hosts, [""; 0], "{arguments}: {ran}");
        ran
    };
    let ghes = "ghes.example/acme/website";

    assert_ran!(refused(&format!("list -R {ghes} -R github.com/acme/b"), &[]), @"
    exit code 2
    [stderr]
    error: --repo: the repositories are on different hosts; run the command once for each
    ");
    assert_ran!(refused(&format!("list -R {ghes},acme/b"), &[]), @"
    exit code 2
    [stderr]
    error: --repo: some repositories have a host, and others have none, which means github.com; give each its host
    ");
    assert_ran!(refused(&format!("list -R {ghes}"), &[("GH_HOST", "github.com")]), @"
    exit code 2
    [stderr]
    error: --repo names another server than GH_HOST; leave out one of them
    ");
    assert_ran!(refused(&format!("list -R {ghes} --api-url https://api.github.com"), &[]), @"
    exit code 2
    [stderr]
    error: --repo names another server than --api-url; leave out one of them
    ");
    assert_ran!(refused("key", &[("GH_REPO", ghes), ("GH_HOST", "other.example")]), @"
    exit code 2
    [stderr]
    error: GH_REPO names another server than GH_HOST; leave out one of them
    ");
    for (variable, value) in [
        ("GITHUB_API_URL", "https://other.example/api/v3"),
        ("GITHUB_API_URL", "http://127.0.0.1:1"),
        ("GH_HOST", "acme.ghe.com"),
    ] {
        let ran = refused("list -R github.com/acme/website", &[(variable, value)]);
        assert_eq!(ran.code, 2, "{variable}={value}: {ran}");
        assert!(ran.stderr.contains(variable), "{ran}");
        let named = [("GH_REPO", "github.com/acme/website"), (variable, value)];
        let ran = refused("list", &named);
        assert_eq!(ran.code, 2, "{variable}={value}: {ran}");
        assert!(
            ran.stderr
                .contains(&format!("GH_REPO names another server than {variable}"))
        );
    }
}

#[tokio::test]
async fn what_agrees_is_taken() {
    let proxy = Proxy::start();
    let ghes = [("GH_HOST", "ghes.example"), ENTERPRISE];
    let (ran, hosts) = proxy.run("list -R ghes.example/acme/website,acme/b", &ghes);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        hosts.iter().all(|host| host == "ghes.example:443"),
        "{hosts:?}"
    );
    // A workflow has this variable, unasked.
    let workflow = [("GITHUB_API_URL", "https://api.github.com"), ENTERPRISE];
    let (ran, hosts) = proxy.run("list -R ghes.example/acme/website", &workflow);
    assert_eq!(hosts, ["ghes.example:443"], "{ran}");

    let emulator = emulator().await;
    let host = emulator.url();
    for (name, repository) in [
        ("A", format!("{host}/acme/website.git")),
        (
            "B",
            format!("{}/acme/website", host.strip_prefix("http://").unwrap()),
        ),
    ] {
        let ran = on(&emulator, &format!("set {name} -R {repository}")).run("value");
        assert_eq!(ran.code, 0, "{ran}");
        let value = opened(&emulator, "repos/acme/website/actions", name);
        assert_eq!(value.unwrap(), "value");
    }
}

#[test]
fn an_address_that_cannot_be_meant_is_refused_before_anything_is_sent() {
    let proxy = Proxy::start();
    let refused = |repository: &str| {
        let (ran, hosts) = proxy.run(&format!("set A -R {repository}"), &[GITHUB, ENTERPRISE]);
        assert_eq!(hosts, [""; 0], "{repository}: {ran}");
        ran
    };

    assert_ran!(refused("https://github.com/acme/website/settings/secrets"), @"
    exit code 2
    [stderr]
    error: --repo: a repository is OWNER/NAME or HOST/OWNER/NAME, or the address of its page or its clone, with nothing after the name
    ");
    assert_ran!(refused("acme/website/production"), @"
    exit code 2
    [stderr]
    error: --repo: HOST/OWNER/NAME must begin with a host such as github.acme.example; for a host without a dot, write https://HOST/OWNER/NAME
    ");
    assert_ran!(refused("acme/website/"), @"
    exit code 2
    [stderr]
    error: --repo: a repository ends with a /; leave that out
    ");
    let without_name = refused("acme/");
    assert_ran!(without_name, @"
    exit code 2
    [stderr]
    error: --repo: there is no name after the /, perhaps because of a variable that is not set
    ");
    assert_eq!(refused("github.com/acme/").stderr, without_name.stderr);
    assert_ran!(refused("acme/a,,acme/b"), @"
    exit code 2
    [stderr]
    error: --repo: a name is empty, perhaps because of a variable that is not set
    ");
    assert_ran!(refused("https://gist.github.com/acme/website"), @"
    exit code 2
    [stderr]
    error: --repo: this host of GitHub's has no repositories; their addresses begin with github.com or SUBDOMAIN.ghe.com
    ");
    assert_ran!(refused("github.com/acme"), @"
    exit code 2
    [stderr]
    error: --repo: the repository's owner is the name of a host; give it as HOST/OWNER/NAME
    ");
    assert_ran!(refused("https://x-access-token:ghp_canary@github.com/acme/website"), @"
    exit code 2
    [stderr]
    error: --repo: the address holds a user name or a token; leave out what is before the @
    ");
    for repository in [
        "https://github.com/acme",
        "https://github.com/acme/website?tab=readme",
        "git@github.com/acme/website",
        "ftp://github.com/acme/website",
        "octocat@github.com:acme/website",
        "github.com/acme/website/x",
    ] {
        assert_eq!(refused(repository).code, 2, "{repository}");
    }
}

#[test]
fn one_repository_is_not_taken_for_several_nor_a_part_of_github_for_a_host() {
    let proxy = Proxy::start();
    let key = |arguments: &str, variables: &[(&str, &str)]| {
        let (ran, hosts) = proxy.run(arguments, &[&[GITHUB, ENTERPRISE], variables].concat());
        assert_eq!(hosts, [""; 0], "{arguments}: {ran}");
        ran
    };

    assert_ran!(key("key -R acme/a,acme/b", &[]), @"
    exit code 2
    [stderr]
    error: --repo: there is a comma, and only one repository can be named here
    ");
    for arguments in ["key -R a,b", "show A -R acme/a,", "seal A -R acme/a,acme/b"] {
        let ran = key(arguments, &[]);
        assert!(ran.stderr.contains("there is a comma"), "{ran}");
    }
    let ran = key("list", &[("GH_REPO", "acme/a,acme/b")]);
    assert!(ran.stderr.contains("GH_REPO: there is a comma"), "{ran}");
    for repository in ["", " ", "acme/a,", ",acme/a"] {
        let (ran, hosts) = proxy.run_with(&["list", "-R", repository]);
        assert_eq!((ran.code, hosts.len()), (2, 0), "{repository:?}: {ran}");
        assert!(ran.stderr.contains("a name is empty"), "{ran}");
    }
    for repository in [
        "git@gist.github.com:acme.git",
        "git@gist.github.com:acme/website.git",
        "gist.github.com/acme/website",
        "https://docs.github.com/acme/website",
        "https://gist.acme.ghe.com/acme/website",
    ] {
        let ran = key(&format!("key -R {repository}"), &[]);
        assert_eq!(ran.code, 2, "{ran}");
    }
    for host in ["gist.github.com", "gist.acme.ghe.com"] {
        let ran = key("key --org acme", &[("GH_HOST", host)]);
        assert!(
            ran.stderr.contains("GH_HOST is not the name of a host"),
            "{ran}"
        );
    }
}

/// The HTTP client would go past a proxy whose address it cannot read.
#[cfg(unix)]
#[test]
fn a_proxy_that_cannot_be_used_is_refused_before_anything_is_sent() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

    let no_address = "is not the address of an HTTP proxy, such as http://proxy.acme.example:8080";
    for (name, address, wrong) in [
        ("HTTPS_PROXY", &b"http://proxy\xff:8080"[..], "is not UTF-8"),
        ("NO_PROXY", b"\xff", "is not UTF-8"),
        ("ALL_PROXY", b"http://", no_address),
        ("https_proxy", b"proxy acme:8080", no_address),
        ("all_proxy", b"socks5://127.0.0.1:1080", no_address),
    ] {
        let ran = program("list --repo acme/website --api-url https://127.0.0.1:1 --attempts 1")
            .env("GH_ENTERPRISE_TOKEN", "token")
            .env(name, OsStr::from_bytes(address))
            .run("");
        let message = format!("error: the variable {name} {wrong}\n");
        assert_eq!((ran.code, ran.stderr), (2, message));
    }
}
