//! The values of a file's secrets, and what is said of those that cannot be stored.

use std::{cell::Cell, env, ffi::OsString, fs, io, path::PathBuf};

use github_secrets::SecretValue;
use zeroize::Zeroizing;

use super::{
    super::{Inputs, Manifest, Values, WishKind},
    support::{expand, lines, toml, with_block},
};

/// A folder with files, and what the other sources hold.
struct World {
    folder: PathBuf,
    stdin: &'static [u8],
    reads: Cell<usize>,
}

impl World {
    fn new(test: &str) -> Self {
        let name = format!("github-secrets-manifest-{}-{test}", std::process::id());
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self {
            folder,
            stdin: b"",
            reads: Cell::new(0),
        }
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.folder.join(name), content).unwrap();
    }

    fn read(&self, manifest: &Manifest) -> Result<Values, Vec<String>> {
        let variable = |name: &str| {
            self.reads.set(self.reads.get() + 1);
            Some(OsString::from(match name {
                "EXACT" => " value \n".to_owned(),
                "EMPTY" => String::new(),
                "LARGE" => "x".repeat(SecretValue::MAX_BYTES + 1),
                "LARGEST" => "x".repeat(SecretValue::MAX_BYTES),
                "ALL" => r#"{"A": "of a\n", "B": "of b", "N": 1, "E": "", "D": "1", "D": "2"}"#
                    .to_owned(),
                "BROKEN" => "{\n\"A\": hunter2hunter2}".to_owned(),
                _ => return None,
            }))
        };
        let stdin = || {
            self.reads.set(self.reads.get() + 1);
            if self.stdin.is_empty() {
                return Err(io::Error::other("it is a terminal"));
            }
            Ok(Zeroizing::new(self.stdin.to_vec()))
        };
        lines(manifest.values_from(&Inputs {
            variable: &variable,
            stdin: &stdin,
            folder: &self.folder,
        }))
    }

    fn read_sources(&self, sources: &str) -> Result<Values, Vec<String>> {
        self.read(&manifest(sources))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Returns a file whose secrets have these sources; the first is on line 5.
fn manifest(sources: &str) -> Manifest {
    let text = with_block(&format!("repos = [\"acme/web\"]\n[set.secrets]\n{sources}"));
    toml(&text).unwrap()
}

/// Returns the values, each as `NAME=VALUE`.
fn shown(manifest: &Manifest, values: &Values) -> Vec<String> {
    let wishes = expand(manifest, &[]).unwrap().wishes;
    let line = |wish: &super::super::Wish| {
        let WishKind::Set { source, .. } = &wish.kind else {
            return wish.name.to_string();
        };
        let value = values.get(source).unwrap().expose();
        format!("{}={}", wish.name, String::from_utf8_lossy(value))
    };
    wishes.iter().map(line).collect()
}

#[test]
fn a_value_is_read_from_each_kind_of_source_once() {
    let mut world = World::new("kinds");
    world.stdin = b"{\"k\": \"from stdin\"}\n";
    world.file("line", "hunter2\n");
    world.file("lines", "first\nsecond\n");
    world.file("mark", b"\xef\xbb\xbfhunter2\r\n\r\n");
    let manifest = manifest(
        "A = \"env:EXACT\"\nB = \"file:line\"\nC = \"file:lines\"\nD = \"file:mark\"\n\
         E = \"stdin:#k\"\nF = \"env:ALL#A\"\nG = \"env:ALL#B\"\nH = \"stdin:\"\n\
         I = \"env:EXACT\"",
    );
    let values = world.read(&manifest).unwrap();
    assert_eq!(
        shown(&manifest, &values),
        [
            "A= value \n",
            "B=hunter2",
            "C=first\nsecond\n",
            "D=hunter2",
            "E=from stdin",
            "F=of a\n",
            "G=of b",
            "H={\"k\": \"from stdin\"}",
            "I= value \n",
        ]
    );
    // Two variables and standard input, whatever is taken from them.
    assert_eq!(world.reads.get(), 3);
    assert_eq!(
        values.notes,
        [
            "A: its variable begins with a byte order mark or ends with a line break, which is kept",
            "B: the line break at the end of the value is left out",
            "D: the byte order mark before the value is left out",
            "D: the line breaks at the end of the value are left out",
            "H: the line break at the end of the value is left out",
        ]
    );
}

#[test]
fn what_cannot_be_read_or_stored_is_listed_at_once() {
    let world = World::new("faults");
    world.file("empty", "");
    world.file("break", "\n");
    world.file("utf-16", b"\xff\xfeh\0");
    world.file("latin", b"{\"k\": \"\xe9\"}");
    world.file("large", "x".repeat(SecretValue::MAX_BYTES + 1));
    let rows = [
        ("env:MISSING", "the variable MISSING of A is not set"),
        (
            "env:ghpMissing",
            "the variable that is the source of A is not set",
        ),
        ("env:EMPTY", "the value of A is empty"),
        (
            "env:LARGE",
            "the value of A has 49105 bytes; GitHub accepts at most 49104",
        ),
        ("file:missing", "the file of A cannot be read: No such file"),
        ("file:.", "the file of A cannot be read: "),
        ("file:empty", "the value of A is empty"),
        ("file:break", "the value of A is empty"),
        ("file:utf-16", "the value of A is UTF-16; save it as UTF-8"),
        ("file:large", "the value of A has 49105 bytes"),
        (
            "file:latin#k",
            "the source of A has a fault on line 1: the text is not UTF-8",
        ),
        (
            "file:utf-16#k",
            "the source of A has a fault on line 1: the text is UTF-16",
        ),
        (
            "stdin:",
            "standard input, the source of A, cannot be read: it is a terminal",
        ),
        (
            "env:ALL#N",
            "the value of A is a number; it has to be a string",
        ),
        ("env:ALL#E", "the value of A is empty"),
        ("env:ALL#D", "the JSON object has two members for A"),
        ("env:ALL#Missing", "the JSON object has no member for A"),
        ("env:ALL#a", "the JSON object has no member for A"),
        (
            "env:EXACT#k",
            "the source of A has a fault on line 1: this is not JSON",
        ),
        (
            "env:BROKEN#A",
            "the source of A has a fault on line 2: the JSON is not valid at column 6",
        ),
        (
            "env:EMPTY#A",
            "the source of A has a fault on line 1: this is empty",
        ),
    ];
    for (source, expected) in rows {
        let faults = world
            .read_sources(&format!("A = \"{source}\""))
            .unwrap_err();
        let [fault] = &faults[..] else {
            panic!("{source}: {faults:?}");
        };
        assert!(
            fault.starts_with(&format!("5: {expected}")),
            "{source}: {fault}"
        );
        assert!(!fault.contains("hunter2"), "{fault}");
    }
    let faults = world.read_sources(
        "A = \"env:NONE\"\nB = \"env:LARGEST\"\nC = \"env:NONE#c\"\nD = \"env:NONE#d\"\n\
         E = \"file:empty\"",
    );
    let faults = faults.unwrap_err();
    assert_eq!(
        faults[0],
        "5: the variable NONE of A is not set; it has 2 more of the values"
    );
    assert!(faults[1].starts_with("9: the value of E is empty"));
    assert_eq!(faults.len(), 2);
}

#[test]
fn deleted_secrets_have_no_values() {
    let world = World::new("deleted");
    let manifest =
        toml("version = 1\n[[delete]]\nrepos = [\"acme/web\"]\nsecrets = [\"A\"]").unwrap();
    assert!(world.read(&manifest).is_ok());
    assert_eq!(world.reads.get(), 0);
}
