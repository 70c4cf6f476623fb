use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Where the path of a single secret stands in a description.
pub(crate) const SECRET: &str = "/paths/~1orgs~1{org}~1codespaces~1secrets~1{secret_name}";

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const FILES: [&str; 4] = [
    "openapi/operations.json",
    "openapi/overlay.json",
    "openapi/github.json",
    "client/src/generated.rs",
];

/// A change of a description.
pub(crate) type Edit<'a> = &'a dyn Fn(&mut Value);

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
        run(&[&["regen", "--root", self.root.to_str().unwrap()], arguments].concat())
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

    /// Asserts that `regen` with `arguments` fails with one line that holds `reason`, and changes no file.
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

pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .env("RUST_BACKTRACE", "1")
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        error: String::from_utf8(output.stderr).unwrap(),
    }
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
