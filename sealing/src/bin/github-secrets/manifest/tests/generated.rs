//! Texts that are made at random: reading one ends, and its faults have lines of the text and hold
//! no part of a value.

use std::{ffi::OsString, panic::catch_unwind, path::Path};

use zeroize::Zeroizing;

use super::{
    super::{Inputs, Manifest},
    support::{json, lines, toml},
};

/// A value that stands anywhere. Each piece of it has letters of both cases, as keys have.
const VALUE: &str = "aB3cD4eF5gH6iJ7kL8mN9";
/// A value that looks like a name. It stands where a source should be.
const WORDS: &str = "correct horse battery staple";

const EXAMPLE_OF_JSON: &str = r#"{
  "version": 1,
  "state": "x.state",
  "repositories": {
    "web": ["acme/site", "acme/shop"],
    "jobs": ["acme/job-*", "!acme/job-old"]
  },
  "set": [
    {"repos": ["@web", "@jobs"], "apps": ["actions"], "secrets": ["PACKAGES_TOKEN"]},
    {"org": "acme", "access": ["site", "@jobs"], "secrets": {"MCP_TOKEN": "env:MCP"}},
    {"user": true, "access": [], "secrets": {"DOTFILES": "file:a#b"}}
  ],
  "delete": [{"repos": ["@web"], "env": "live", "secrets": ["OLD_TOKEN"]}]
}"#;

const PIECES: [&str; 45] = [
    VALUE,
    "\"aB3cD4eF5gH6iJ7kL8mN9\"",
    "'aB3cD4eF5gH6iJ7kL8mN9'",
    "aB3cD4eF5gH6iJ7kL8mN9 = 1\n",
    "\"aB3cD4eF5gH6iJ7kL8mN9\": 1,",
    "\"env:aB3cD4eF5gH6iJ7kL8mN9\"",
    "\"file:aB3cD4eF5gH6iJ7kL8mN9\"",
    "\"stdin:#aB3cD4eF5gH6iJ7kL8mN9\"",
    "\"env:ALL#aB3cD4eF5gH6iJ7kL8mN9\"",
    "\"acme/aB3cD4eF5gH6iJ7kL8mN9*\"",
    "\"!acme/aB3cD4eF5gH6iJ7kL8mN9\"",
    "\"@aB3cD4eF5gH6iJ7kL8mN9\"",
    "secrets = { A = \"correct horse battery staple\" }\n",
    "\"secrets\": { \"A\": \"correct horse battery staple\" },",
    "B = \"correct horse battery staple\"\n",
    "[[set]]\n",
    "[[delete]]\n",
    "[set]\n",
    "[[registry]]\n",
    "[repositories]\n",
    "repos = [\"acme/site\"]\n",
    "org = \"acme\"\n",
    "user = true\n",
    "env = \"live\"\n",
    "apps = [\"agents\"]\n",
    "access = \"private\"\n",
    "secrets = [\"PACKAGES_TOKEN\"]\n",
    "version = 1\n",
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    "=",
    ":",
    ".",
    "\n",
    "\r",
    "\\",
    "#",
    "é",
    "\0",
];

/// A generator of numbers that is the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % limit
    }

    /// Returns a text in which some pieces are put in or take the place of others.
    fn change(&mut self, text: &str) -> String {
        let mut text: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(4) {
            let begin = self.below(text.len() + 1);
            let length = [0, 0, 1, 2, 20][self.below(5)];
            let end = (begin + length).min(text.len());
            let piece = PIECES[self.below(PIECES.len())];
            text.splice(begin..end, piece.chars());
        }
        text.into_iter().collect()
    }

    /// Returns a text in which a line is missing, comes twice, or stands elsewhere; or in which a
    /// piece of a line is replaced by one of another line.
    fn rearrange(&mut self, text: &str) -> String {
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let (from, to) = (self.below(lines.len()), self.below(lines.len()));
        match self.below(4) {
            0 => drop(lines.remove(from)),
            1 => lines.insert(to, lines[from].clone()),
            2 => lines.swap(from, to),
            _ => {
                let words: Vec<&str> = text.split('"').collect();
                let (from, to) = (self.below(words.len()), self.below(words.len()));
                return text.replacen(words[from], words[to], 1);
            }
        }
        lines.join("\n")
    }

    /// Returns a text in which a source, where there is one, is a value.
    fn with_value_for_source(&mut self, text: &str) -> String {
        let sources: Vec<&str> = [
            "env:MCP",
            "file:a#b",
            "stdin:#mirror",
            "file:prod.json#database",
        ]
        .into_iter()
        .filter(|source| text.contains(source))
        .collect();
        let value = [VALUE, WORDS, "correct horse battery staple:x#y"][self.below(3)];
        match sources[..] {
            [] => text.to_owned(),
            _ => text.replace(sources[self.below(sources.len())], value),
        }
    }
}

fn check(text: &str, faults: &[String]) {
    let last = text.split('\n').count();
    for fault in faults {
        let line = fault
            .split_once(": ")
            .and_then(|(line, _)| line.parse().ok());
        let has_line = line.is_some_and(|line: usize| (1..=last).contains(&line));
        assert!(
            has_line || fault.starts_with("and "),
            "{fault:?} of {text:?}"
        );
        for value in [VALUE, WORDS] {
            let pieces = value.as_bytes().windows(8);
            let mut pieces = pieces.map(|piece| str::from_utf8(piece).unwrap());
            let repeated = pieces.find(|piece| fault.contains(piece));
            assert_eq!(repeated, None, "{fault:?} of {text:?}");
        }
    }
}

/// Goes on with a file that has no faults so far.
fn use_manifest(manifest: &Manifest) -> Result<(), Vec<String>> {
    let listing = manifest.example_listing();
    lines(manifest.expand(&listing))?;
    let inputs = Inputs {
        variable: &|name| (name != "MCP").then(|| OsString::from("{\"b\": \"value\"}")),
        stdin: &|| Ok(Zeroizing::new(b"\xff".to_vec())),
        folder: Path::new("/nowhere"),
    };
    lines(manifest.values_from(&inputs)).map(drop)
}

#[test]
fn no_text_stops_the_reader_or_has_its_values_repeated() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut taken, mut refused) = (0, 0);
    for round in 0..8_000 {
        let is_json = round % 2 == 0;
        let example = if is_json {
            EXAMPLE_OF_JSON
        } else {
            include_str!("platform.toml")
        };
        let text = match round % 8 {
            0 | 1 => (0..numbers.below(12))
                .map(|_| PIECES[numbers.below(PIECES.len())])
                .collect(),
            2 | 3 => numbers.with_value_for_source(example),
            4 | 5 => numbers.rearrange(example),
            _ => numbers.change(example),
        };
        let read = if is_json { json(&text) } else { toml(&text) };
        let faults = match read {
            Ok(manifest) => {
                taken += 1;
                use_manifest(&manifest).err()
            }
            Err(faults) => {
                refused += 1;
                Some(faults)
            }
        };
        check(&text, &faults.unwrap_or_default());
    }
    assert!(taken > 200 && refused > 5_000, "{taken} {refused}");
}

#[test]
fn a_value_that_is_repeated_would_be_found() {
    let found = catch_unwind(|| check("", &[format!("1: {}", &VALUE[3..12])]));
    assert!(found.is_err());
}
