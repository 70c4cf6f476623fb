//! What it takes to build a program that depends on the library, beside programs that do the same
//! by other libraries: each from nothing, in turn.

use std::{
    collections::HashSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, ensure};
use clap::Parser;
use github_secrets_bench::{
    build::{Builds, Built, Dependent, Profile},
    report,
    results::Results,
    spread::Spread,
};
use github_secrets_emulator::{Emulator, Place, Store};
use nix::sys::{
    resource::{UsageWho, getrusage},
    time::TimeValLike,
};
use serde::Deserialize;

const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");
const RESULTS: &str = env!("CARGO_TARGET_TMPDIR");

/// Runs rustc, and takes note of what the library and its client take.
const RUSTC: &str = r#"#!/usr/bin/env bash
"$@"
status=$?
case " $* " in
*" --crate-name github_secrets "* | *" --crate-name github_secrets_client "*)
    times | tail -1 >>"$OWN_TIMES"
    ;;
esac
exit $status
"#;

/// How often a program is started.
const STARTS: usize = 20;

#[derive(Parser)]
struct Arguments {
    /// How often each program is built.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let Arguments { rounds, .. } = Arguments::parse();
    let mut folders = Vec::new();
    for dependent in Dependent::ALL {
        folders.push((dependent, prepare(dependent)?));
    }
    let mut builds = Vec::new();
    for round in 1..=rounds {
        folders.rotate_left(1);
        for profile in Profile::ALL {
            for (dependent, folder) in &folders {
                let (package, profile_name) = (dependent.package(), profile.name());
                eprintln!(
                    "round {round} of {rounds}: {package} in {}, {profile_name}",
                    folder.display()
                );
                builds.push(build(*dependent, profile, folder)?);
            }
        }
    }
    let results = Path::new(RESULTS);
    Builds { builds }.save(results)?;
    report::write(results)
}

/// Returns the folder in which a program is built, with all that it needs downloaded.
fn prepare(dependent: Dependent) -> anyhow::Result<PathBuf> {
    let programs = Path::new(PACKAGE).join("dependents");
    let folder = if dependent == Dependent::RingAscii {
        let copy = Path::new(RESULTS).join("dependents");
        copy_programs(&programs, &copy)?;
        cargo(
            &copy,
            &["update", "--package", "idna_adapter", "--precise", "1.0.0"],
        )?;
        copy
    } else {
        programs
    };
    cargo(&folder, &["fetch"])?;
    Ok(folder)
}

/// Copies the workspace of the programs, so that its lock file can be changed.
fn copy_programs(programs: &Path, copy: &Path) -> anyhow::Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    let copied = Command::new("cp")
        .arg("-r")
        .args([programs, copy])
        .status()?;
    ensure!(copied.success(), "{} cannot be copied", programs.display());
    let manifest = copy.join("Cargo.toml");
    let root = Path::new(PACKAGE).join("../..").canonicalize()?;
    let text = fs::read_to_string(&manifest)?;
    let text = text.replace(
        "../../..",
        root.to_str().context("the path is not Unicode")?,
    );
    Ok(fs::write(manifest, text)?)
}

fn cargo(folder: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .status()?;
    ensure!(status.success(), "cargo {} failed", arguments.join(" "));
    Ok(())
}

fn build(dependent: Dependent, profile: Profile, folder: &Path) -> anyhow::Result<Built> {
    let target = tempfile::tempdir_in(RESULTS)?;
    let (rustc, own_times) = (target.path().join("rustc"), target.path().join("own-times"));
    fs::write(&rustc, RUSTC)?;
    fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755))?;
    fs::write(&own_times, "")?;
    let (begun, before) = (Instant::now(), processor()?);
    let output = Command::new(env!("CARGO"))
        .args([
            "build",
            "--locked",
            "--offline",
            "--quiet",
            "--message-format",
            "json",
        ])
        .args([
            "--profile",
            profile.name(),
            "--package",
            dependent.package(),
        ])
        .arg("--target-dir")
        .arg(target.path())
        .env("RUSTC_WRAPPER", &rustc)
        .env("OWN_TIMES", &own_times)
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()?;
    let (wall, processor) = (begun.elapsed().as_secs_f64(), processor()? - before);
    ensure!(
        output.status.success(),
        "{} cannot be built",
        dependent.package()
    );

    let Artifacts { crates, program } = artifacts(&output.stdout)?;
    let own = own_times_in(&fs::read_to_string(own_times)?)?;
    let size = size_without_symbols(&program)?;
    let start = start(&program)?;
    Ok(Built {
        dependent,
        profile,
        processor,
        own,
        wall,
        crates,
        size,
        start,
    })
}

/// Returns the processor time of all processes that this one has waited for, in seconds.
fn processor() -> anyhow::Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let microseconds = (usage.user_time() + usage.system_time()).num_microseconds();
    Ok(microseconds as f64 / 1e6)
}

/// Returns the sum of times such as `0m1.234s`, in seconds.
fn own_times_in(times: &str) -> anyhow::Result<f64> {
    times.split_whitespace().try_fold(0.0, |sum, time| {
        let parts = time.trim_end_matches('s').split_once('m');
        let (minutes, seconds) = parts.with_context(|| format!("{time} is no time"))?;
        Ok(sum + minutes.parse::<f64>()? * 60.0 + seconds.parse::<f64>()?)
    })
}

struct Artifacts {
    crates: usize,
    program: PathBuf,
}

/// Reads what cargo has built.
fn artifacts(messages: &[u8]) -> anyhow::Result<Artifacts> {
    #[derive(Deserialize)]
    struct Message {
        package_id: Option<String>,
        executable: Option<PathBuf>,
    }
    let (mut packages, mut program) = (HashSet::new(), None);
    for message in messages
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let Message {
            package_id,
            executable,
        } = serde_json::from_slice(message)?;
        packages.extend(package_id);
        program = program.or(executable);
    }
    let program = program.context("no program")?;
    Ok(Artifacts {
        crates: packages.len() - 1,
        program,
    })
}

fn size_without_symbols(program: &Path) -> anyhow::Result<u64> {
    let stripped = program.with_extension("stripped");
    let status = Command::new("strip")
        .arg("-o")
        .args([&stripped, program])
        .status()?;
    ensure!(status.success(), "strip failed");
    Ok(fs::metadata(stripped)?.len())
}

/// Lets the program store its secret several times, and returns the median processor time.
fn start(program: &Path) -> anyhow::Result<f64> {
    let runtime = tokio::runtime::Runtime::new()?;
    let emulator = runtime.block_on(Emulator::start())?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let before = processor()?;
        let status = Command::new(program)
            .envs([
                ("GITHUB_API_URL", emulator.url()),
                ("GITHUB_TOKEN", "any".to_owned()),
            ])
            .env("SECRET_VALUE", "correct horse battery staple")
            .stdout(Stdio::null())
            .status()?;
        ensure!(status.success(), "{} failed", program.display());
        starts.push(processor()? - before);
    }
    let place = Place::organization("acme", Store::Actions);
    let stored = emulator
        .secret(&place, "DB_PASSWORD")
        .context("nothing is stored")?;
    ensure!(
        stored.value() == b"correct horse battery staple",
        "another value is stored"
    );
    Ok(Spread::of(starts).context("no starts")?.median)
}
