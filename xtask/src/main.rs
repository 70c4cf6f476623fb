//! The workspace's own tasks.
#![allow(clippy::print_stdout)]
use anyhow::Result;
use github_secrets_codegen::*;
fn main() -> Result<()> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let ops = operations(&std::fs::read_to_string(format!(
        "{root}/openapi/operations.json"
    ))?)?;
    let from = std::env::args()
        .nth(1)
        .unwrap_or(format!("{root}/openapi/github.json"));
    let d = Description::parse(&std::fs::read_to_string(from)?)?.slice(&ops)?;
    std::fs::write(format!("{root}/openapi/github.json"), d.to_string())?;
    let o = Overlay::parse(&std::fs::read_to_string(format!(
        "{root}/openapi/overlay.json"
    ))?)?;
    std::fs::write(
        format!("{root}/client/src/generated.rs"),
        client(&o.apply(&d)?)?,
    )?;
    Ok(())
}
