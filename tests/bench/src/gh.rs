//! `gh`, pointed at a server on loopback.

use std::{
    io,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};
use measured::TOKEN;

/// Returns the version of the installed `gh`, or `None` if there is none.
pub fn version() -> anyhow::Result<Option<String>> {
    version_of("gh")
}

/// Returns the third word, or the only one, of what a program prints for `--version`.
pub(crate) fn version_of(program: &str) -> anyhow::Result<Option<String>> {
    let output = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| program.to_owned()),
    };
    ensure!(output.status.success(), "{program} --version failed");
    let text = String::from_utf8(output.stdout)?;
    let mut words = text.lines().next().unwrap_or_default().split_whitespace();
    let version = words.nth(2).or_else(|| text.split_whitespace().next());
    Ok(Some(version.context("no version")?.to_owned()))
}

/// Returns the variables that let `gh` use the server at this address, and nothing else.
///
/// `gh` uses plain HTTP for the host `github.localhost` only, and no host with a port. So the
/// server is its proxy.
pub fn environment(
    url: &str,
    certificate: Option<&Path>,
    folder: &Path,
) -> anyhow::Result<Vec<(&'static str, String)>> {
    let text = |path: &Path| path.to_str().map(str::to_owned).context("not Unicode");
    let mut environment = vec![
        ("GH_CONFIG_DIR", text(folder)?),
        ("GH_NO_UPDATE_NOTIFIER", "1".to_owned()),
        ("GH_PROMPT_DISABLED", "1".to_owned()),
    ];
    match certificate {
        None => environment.extend([
            ("HTTP_PROXY", url.to_owned()),
            ("GH_HOST", "github.localhost".to_owned()),
            ("GH_TOKEN", TOKEN.to_owned()),
        ]),
        Some(certificate) => environment.extend([
            ("HTTPS_PROXY", url.replace("https:", "http:")),
            ("SSL_CERT_FILE", text(certificate)?),
            ("GH_HOST", crate::tls::HOST.to_owned()),
            ("GH_ENTERPRISE_TOKEN", TOKEN.to_owned()),
        ]),
    }
    Ok(environment)
}

/// Returns the command line that sets a secret of a repository.
pub fn set(repository: &str, name: &str, value: &str) -> Vec<String> {
    let words = [
        "gh", "secret", "set", name, "--repo", repository, "--body", value,
    ];
    words.map(str::to_owned).to_vec()
}
