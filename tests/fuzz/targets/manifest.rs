//! The file that `plan` and `apply` read: reading any text ends, and its faults have lines of it.

#![no_main]
// The program's files are compiled into this target, and it uses a part of them.
#![allow(dead_code, unused_imports)]

#[path = "../../../sealing/src/bin/github-secrets"]
mod program {
    pub(crate) mod failure;
    pub(crate) mod input;
    pub(crate) mod manifest;
    pub(crate) mod pattern;
}

/// What is shown of a file's names has nothing to do with how the file is read.
mod console {
    pub(crate) fn printable(text: &str) -> String {
        text.to_owned()
    }
}

use std::{env, fs, path::PathBuf, process, sync::LazyLock};

use libfuzzer_sys::fuzz_target;

// The files find each other at the root.
use self::program::{failure, input, manifest, pattern};
use self::{failure::Failure, manifest::Manifest};

static FILES: LazyLock<[PathBuf; 2]> = LazyLock::new(|| {
    let name = |extension| format!("github-secrets-fuzz-{}.{extension}", process::id());
    ["toml", "json"].map(|extension| env::temp_dir().join(name(extension)))
});

fuzz_target!(|data: &[u8]| {
    for path in &*FILES {
        fs::write(path, data).expect("a file");
        let read = Manifest::read(path);
        fs::remove_file(path).expect("the file");
        let expanded = read.and_then(|manifest| manifest.expand(&manifest.example_listing()));
        if let Err(failure) = expanded {
            check(&failure, data);
        }
    }
});

fn check(failure: &Failure, data: &[u8]) {
    let Failure::Failed(message) = failure else {
        panic!("{failure:?}");
    };
    let last = data.split(|byte| *byte == b'\n').count();
    let faults: Vec<_> = message.lines().skip(1).map(str::trim_start).collect();
    assert!(!faults.is_empty(), "{message}");
    for fault in faults {
        let line = fault.strip_prefix("line ").unwrap_or(fault);
        let line = line
            .split_once(": ")
            .and_then(|(line, _)| line.parse().ok());
        let has_line = line.is_some_and(|line: usize| (1..=last).contains(&line));
        assert!(has_line || fault.starts_with("and "), "{message}");
    }
}
