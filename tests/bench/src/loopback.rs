//! Servers and clients on loopback, each in a process of its own.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context, ensure};
use measured::Usage;
use serde::{Deserialize, Serialize};

/// What the server saw of one run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// How many requests came.
    pub requests: usize,
    /// How many connections were opened, over the whole run.
    pub connections: usize,
    /// How many secrets were stored, each with its value.
    pub stored: usize,
}

/// A running server.
pub struct Server {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl Server {
    /// Starts the program `server`. With a file to write its certificate to, it uses TLS.
    pub fn start(program: &str, certificate: Option<&Path>) -> anyhow::Result<Self> {
        let mut process = Command::new(program)
            .args(certificate)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
        let url = lines.next().context("the server did not start")??;
        Ok(Self {
            process,
            lines,
            url,
        })
    }

    /// Returns the server's address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lets the server open everything that it received, and returns what it saw.
    pub fn finish(mut self) -> anyhow::Result<Seen> {
        drop(self.process.stdin.take());
        let seen = self.lines.next();
        let seen = seen.context("the server received something wrong")??;
        ensure!(self.process.wait()?.success(), "the server failed");
        Ok(serde_json::from_str(&seen)?)
    }
}

/// Runs a client that prints its [`Usage`].
pub fn run(client: &mut Command) -> anyhow::Result<Usage> {
    let output = client.stderr(Stdio::inherit()).output()?;
    ensure!(output.status.success(), "{client:?} failed");
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Runs command lines one after another by the program `commands`, and returns what they took
/// together. The peak memory is that of the largest process.
pub fn run_all(
    program: &str,
    commands: &[Vec<String>],
    environment: &[(&str, String)],
) -> anyhow::Result<Usage> {
    let mut process = Command::new(program);
    for variable in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"] {
        process.env_remove(variable);
        process.env_remove(variable.to_lowercase());
    }
    let mut process = process
        .envs(environment.iter().map(|(name, value)| (*name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = process.stdin.take().context("no input")?;
    stdin.write_all(&serde_json::to_vec(commands)?)?;
    drop(stdin);
    let output = process.wait_with_output()?;
    ensure!(output.status.success(), "a program failed");
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Builds a package of this workspace by itself, so that it does not get the features that others
/// turn on in the libraries that they share, and returns the folder of its programs.
pub fn build(package: &str, target: &Path) -> anyhow::Result<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    build_in(&manifest, package, &[], target)
}

/// Builds the program `github-secrets` as users install it, and returns its file.
pub fn build_program(target: &Path) -> anyhow::Result<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    let folder = build_in(&manifest, "github-secrets", &["--features", "cli"], target)?;
    Ok(folder.join("github-secrets"))
}

fn build_in(
    manifest: &Path,
    package: &str,
    options: &[&str],
    target: &Path,
) -> anyhow::Result<PathBuf> {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--release", "--package", package])
        .args(options)
        .arg("--manifest-path")
        .arg(manifest)
        .arg("--target-dir")
        .arg(target)
        .status()?;
    ensure!(built.success(), "{package} cannot be built");
    Ok(target.join("release"))
}
