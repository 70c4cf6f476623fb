//! A copy of the files that `regen` reads and writes, and a way to run it there.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// Where the path of a single secret of an organization for Codespaces stands in a description.
pub(crate) const SECRET: &str = "/paths/~1orgs~1{org}~1codespaces~1secrets~1{secret_name}";

/// The workspace that this test is part of.
pub(crate) const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const FILES: [&str; 7] = [
    "Cargo.toml",
    "openapi/operations.json",
    "openapi/overlay.json",
    "openapi/families.json",
    "openapi/words.json",
    "openapi/github.json",
    "client/src/generated.rs",
];

/// A copy of the files that `regen` reads and writes.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
}

#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Workspace {
    pub(crate) fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        for name in FILES {
            let file = root.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::copy(Path::new(COMMITTED).join(name), file).unwrap();
        }
        Self { root }
    }

    /// The committed description after `edit`, beside the workspace.
    pub(crate) fn description(&self, edit: impl Fn(&mut Value)) -> String {
        let mut document = self.json("openapi/github.json");
        edit(&mut document);
        self.beside(&document.to_string())
    }

    pub(crate) fn beside(&self, text: &str) -> String {
        let path = self.root.with_extension("json");
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.root.join(name)).unwrap()).unwrap()
    }

    pub(crate) fn edit(&self, name: &str, edit: impl Fn(&mut Value)) {
        let mut document = self.json(name);
        edit(&mut document);
        fs::write(self.root.join(name), document.to_string()).unwrap();
    }

    pub(crate) fn regen(&self, arguments: &[&str]) -> Outcome {
        run(&self.root, &[&["regen"], arguments].concat())
    }

    /// Runs `regen` on the committed description after `edit`.
    pub(crate) fn regen_from(&self, edit: impl Fn(&mut Value)) -> Outcome {
        self.regen(&["--from", &self.description(edit)])
    }

    /// Every file below the workspace, with its bytes.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        files
    }

    /// Asserts that `regen` with `arguments` fails with one line that holds `reason`, and changes
    /// no file.
    pub(crate) fn refuses(&self, arguments: &[&str], reason: &str) {
        let before = self.files();
        let outcome = self.regen(arguments);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        assert!(outcome.error.starts_with("error: "), "{outcome:?}");
        assert!(outcome.error.contains(reason), "{reason}: {outcome:?}");
        assert_eq!(outcome.error.lines().count(), 1, "{outcome:?}");
        assert!(self.files() == before, "files have changed: {outcome:?}");
    }
}

impl Outcome {
    /// The changes that are reported.
    pub(crate) fn changes(&self) -> Vec<&str> {
        items(&self.out)
    }

    /// What stands in the way of a client.
    pub(crate) fn problems(&self) -> Vec<&str> {
        items(&self.error)
    }
}

/// The items of the lists in `text`.
fn items(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("- "))
        .collect()
}

/// Runs the program in a directory.
pub(crate) fn run(directory: &Path, arguments: &[&str]) -> Outcome {
    let output = command(directory, arguments).output().unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        error: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .args(arguments)
        .env("RUST_BACKTRACE", "1")
        .current_dir(directory);
    command
}

/// Takes `key` out of the object at `pointer`.
pub(crate) fn remove(document: &mut Value, pointer: &str, key: &str) {
    let object = document
        .pointer_mut(pointer)
        .unwrap()
        .as_object_mut()
        .unwrap();
    assert!(object.remove(key).is_some(), "{pointer} has no {key}");
}
