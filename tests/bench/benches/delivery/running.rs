//! One run of a client against a server of its own.

use std::{
    io,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use github_secrets_bench::{
    delivery::Client,
    loopback::{self, Seen, Server},
};
use measured::Usage;

const SERVER: &str = env!("CARGO_BIN_EXE_server");

/// A client, and the program that was built of it.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) client: Client,
    pub(crate) file: PathBuf,
}

/// What a client is to do.
#[derive(Clone, Copy)]
pub(crate) struct Work<'a> {
    pub(crate) secrets: usize,
    pub(crate) at_once: usize,
    /// Where to write the server's certificate, if it is to use TLS.
    pub(crate) certificate: Option<&'a Path>,
}

impl Program {
    /// Runs the program.
    pub(crate) fn run(&self, work: Work) -> anyhow::Result<(Usage, Seen)> {
        run(Command::new(&self.file), work)
    }

    /// Runs the program and returns how often it allocated memory.
    pub(crate) fn allocations(&self, work: Work) -> anyhow::Result<f64> {
        let mut command = Command::new(&self.file);
        command.arg(measured::COUNT);
        let (usage, _) = run(command, work)?;
        Ok(usage.allocations.context("no count of allocations")? as f64)
    }

    /// Runs the program under valgrind and returns how many instructions it took, or `None` if
    /// there is no valgrind.
    pub(crate) fn instructions(&self, work: Work) -> anyhow::Result<Option<f64>> {
        if let Err(error) = Command::new("valgrind").arg("--version").output() {
            let missing = error.kind() == io::ErrorKind::NotFound;
            return if missing { Ok(None) } else { Err(error.into()) };
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let log = folder.join("callgrind.log");
        let mut command = Command::new("valgrind");
        command
            .args([
                "--tool=callgrind",
                "--callgrind-out-file=/dev/null",
                "--fair-sched=yes",
            ])
            .arg(format!("--log-file={}", log.display()))
            .arg(&self.file);
        run(command, work)?;
        let log = std::fs::read_to_string(log)?;
        let collected = log.lines().find_map(|line| line.split_once("Collected : "));
        let (_, instructions) = collected.context("valgrind counted nothing")?;
        Ok(Some(instructions.trim().parse()?))
    }
}

fn run(mut client: Command, work: Work) -> anyhow::Result<(Usage, Seen)> {
    let server = Server::start(SERVER, work.certificate)?;
    client.args([
        server.url(),
        &work.secrets.to_string(),
        &work.at_once.to_string(),
    ]);
    if let Some(certificate) = work.certificate {
        client.env("SSL_CERT_FILE", certificate);
    }
    let usage = loopback::run(&mut client)?;
    let seen = server.finish()?;
    ensure!(seen.stored == work.secrets, "{} are stored", seen.stored);
    Ok((usage, seen))
}
