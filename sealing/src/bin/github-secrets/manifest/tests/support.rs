//! Files as texts.

use std::path::PathBuf;

use super::super::{Expansion, Format, Listed, Manifest};
use crate::{failure::Failure, input::Source};

pub(super) fn toml(text: &str) -> Result<Manifest, Vec<String>> {
    parse("conf/platform.toml", Format::Toml, text)
}

pub(super) fn json(text: &str) -> Result<Manifest, Vec<String>> {
    parse("conf/platform.json", Format::Json, text)
}

pub(super) fn standard_input(text: &str) -> Result<Manifest, Vec<String>> {
    lines(Manifest::parse(
        Source::Stdin,
        Format::Json,
        text.as_bytes(),
    ))
}

fn parse(path: &str, format: Format, text: &str) -> Result<Manifest, Vec<String>> {
    let file = Source::File(PathBuf::from(path));
    lines(Manifest::parse(file, format, text.as_bytes()))
}

/// Returns the faults, each as `LINE: MESSAGE`.
pub(super) fn lines<T>(result: Result<T, Failure>) -> Result<T, Vec<String>> {
    result.map_err(|failure| {
        let (Failure::Failed(message) | Failure::Usage(message)) = failure else {
            panic!("{failure:?}");
        };
        let listed = message.lines().skip(1);
        listed
            .map(|line| line.trim_start().trim_start_matches("line ").to_owned())
            .collect()
    })
}

/// Returns a file with one block, whose lines begin at 3.
pub(super) fn with_block(block: &str) -> String {
    format!("version = 1\n[[set]]\n{block}\n")
}

pub(super) fn expand(
    manifest: &Manifest,
    listing: &[(&str, bool)],
) -> Result<Expansion, Vec<String>> {
    let listing: Vec<Listed> = listing
        .iter()
        .map(|(full_name, archived)| Listed {
            full_name: (*full_name).to_owned(),
            archived: *archived,
        })
        .collect();
    lines(manifest.expand(&listing))
}

/// Returns four lines, or more if the access has several.
pub(super) fn block_of(org: &str, access: &str) -> String {
    format!("[[set]]\norg = \"{org}\"\naccess = {access}\nsecrets = [\"A\"]\n")
}

/// The line of each fault, and words of its message.
pub(super) type Expected = &'static [(usize, &'static str)];

/// Holds the faults of a text to what is expected.
pub(super) fn check(text: &str, found: Option<Vec<String>>, expected: Expected) {
    let found = found.unwrap_or_default();
    let fits = |(line, words): &(usize, &str), found: &String| {
        found.starts_with(&format!("{line}: ")) && found.contains(words)
    };
    let all = found.len() == expected.len();
    let alike = expected
        .iter()
        .zip(&found)
        .all(|(expected, found)| fits(expected, found));
    assert!(
        all && alike,
        "{text}\nhas the faults {found:#?}\nand not {expected:#?}"
    );
}
