//! Files as they are on disk.

use std::{env, fs, path::PathBuf};

use super::{super::Manifest, support::lines};
use crate::failure::Failure;

struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let name = format!(
            "github-secrets-manifest-files-{}-{test}",
            std::process::id()
        );
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const TEXT: &str = "version = 1\n[[set]]\nrepos = [\"acme/web\"]\nsecrets = { A = \"file:a\" }\n";

#[test]
fn paths_are_relative_to_the_file() {
    let folder = Folder::new("relative");
    folder.file("a", "value");
    let manifest = Manifest::read(&folder.file("platform.TOML", TEXT)).unwrap();
    assert_eq!(manifest.state, folder.0.join("platform.state"));
    let expansion = manifest.expand(&[]).unwrap();
    assert_eq!(expansion.wishes.len(), 1);
    assert!(lines(manifest.values()).unwrap().notes.is_empty());
}

#[test]
fn a_file_of_an_unknown_kind_or_size_is_refused() {
    let folder = Folder::new("refused");
    for name in ["platform.yaml", "platform", "toml", ".toml"] {
        let read = Manifest::read(&folder.file(name, TEXT));
        assert!(
            matches!(read.err(), Some(Failure::Usage(message)) if message.contains("yq -o json"))
        );
    }
    let message = |path: &PathBuf| match Manifest::read(path).err() {
        Some(Failure::Failed(message)) => message,
        other => panic!("{other:?}"),
    };
    let largest = format!("{TEXT}{}", "\n".repeat(1024 * 1024 - TEXT.len()));
    assert!(Manifest::read(&folder.file("a.toml", &largest)).is_ok());
    let larger = folder.file("a.toml", format!("{largest}\n"));
    assert!(message(&larger).ends_with("it is larger than 1 MiB"));
    let missing = message(&folder.0.join("missing.toml"));
    assert!(missing.starts_with("the file cannot be read: ") && !missing.contains("missing"));
    let utf_16 = folder.file("b.toml", b"\xff\xfev\0");
    assert!(message(&utf_16).contains("line 1: the text is UTF-16"));
    let latin = folder.file("c.json", b"{\n\"version\": \"\xe9\"}");
    assert!(message(&latin).contains("line 2: the text is not UTF-8"));
    let faulty = folder.file("d.toml", "version = 1");
    let name = faulty.display().to_string();
    assert_eq!(
        message(&faulty),
        format!(
            "{name} has a fault, and nothing was sent:\n  line 1: the file has no set and no \
             delete; add [[set]]"
        )
    );
}
