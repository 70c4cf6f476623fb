//! The loop over Octokit, installed for the time of the measurement.

use std::{fs, io, path::Path, process::Command};

use anyhow::{Context, ensure};
use github_secrets_bench::{
    loopback,
    sync::{REPOSITORIES, SECRETS},
};
use measured::{TOKEN, Usage};
use tempfile::TempDir;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/octokit/loop.mjs");
const PACKAGES: [&str; 2] = ["@octokit/core@7", "libsodium-wrappers@0.7"];

pub(crate) struct Octokit {
    folder: TempDir,
    /// Of Node and of the packages.
    pub(crate) versions: String,
}

impl Octokit {
    /// Installs it, or says why that is not possible and returns `None`.
    pub(crate) fn install() -> anyhow::Result<Option<Self>> {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
        let node = Command::new("node").arg("--version").output();
        let installed = Command::new("npm")
            .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
            .arg(folder.path())
            .args(PACKAGES)
            .status();
        let node = match (node, installed) {
            (Ok(node), Ok(installed)) if installed.success() => node.stdout,
            (Ok(_), Ok(_)) => {
                eprintln!("Octokit is not measured: npm cannot install it");
                return Ok(None);
            }
            (Err(error), _) | (_, Err(error)) if error.kind() == io::ErrorKind::NotFound => {
                eprintln!("Octokit is not measured: node or npm is missing");
                return Ok(None);
            }
            (Err(error), _) | (_, Err(error)) => return Err(error.into()),
        };
        fs::copy(SCRIPT, folder.path().join("loop.mjs"))?;
        let node = String::from_utf8(node)?;
        let versions = ["@octokit/core", "libsodium-wrappers"].map(|package| {
            let version = version(folder.path(), package)?;
            anyhow::Ok(format!("{package} {version}"))
        });
        let [octokit, sodium] = versions;
        let versions = format!("Node {}, {}, {}", node.trim(), octokit?, sodium?);
        Ok(Some(Self { folder, versions }))
    }

    /// Stores all secrets on this server.
    pub(crate) fn run(&self, commands: &str, url: &str) -> anyhow::Result<Usage> {
        let script = self.folder.path().join("loop.mjs");
        let script = script.to_str().context("not Unicode")?;
        let numbers = [SECRETS, REPOSITORIES].map(|number| number.to_string());
        let command = ["node", script, url, &numbers[0], &numbers[1]].map(str::to_owned);
        let environment = [("GH_TOKEN", TOKEN.to_owned())];
        loopback::run_all(commands, &[command.to_vec()], &environment)
    }
}

fn version(folder: &Path, package: &str) -> anyhow::Result<String> {
    let file = folder
        .join("node_modules")
        .join(package)
        .join("package.json");
    let package: serde_json::Value = serde_json::from_slice(&fs::read(&file)?)?;
    let version = package["version"].as_str();
    ensure!(version.is_some(), "{} has no version", file.display());
    Ok(version.unwrap_or_default().to_owned())
}
