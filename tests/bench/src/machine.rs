//! What the numbers were measured on.

use std::{
    env::consts::{ARCH, OS},
    fs,
    process::Command,
    thread,
};

use anyhow::Context;

/// The processor, the system and the compiler, in one line.
pub(crate) fn line() -> anyhow::Result<String> {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = information
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or(ARCH, |(_, model)| model.trim());
    let cores = thread::available_parallelism()?;
    let version = Command::new("rustc").arg("--version").output()?.stdout;
    let version = String::from_utf8(version)?;
    let compiler = version
        .split_whitespace()
        .nth(1)
        .context("rustc has no version")?;
    Ok(format!(
        "{model}, {cores} cores, {OS} on {ARCH}, rustc {compiler}"
    ))
}
