//! Compiles generated clients, each as a module of one crate, beside a stand-in for what the client
//! crate writes by hand.

use std::{fs, path::Path, process::Command};

const MANIFEST: &str = r#"
[package]
name = "generated-clients"
edition = "2024"

[workspace]

[dependencies]
reqwest = { path = "reqwest" }
serde = { version = "1", features = ["derive"] }
"#;

const REQWEST: &str = r#"
pub enum Method { DELETE, GET, HEAD, PATCH, POST, PUT }
"#;

const REQUEST: &str = r#"
use std::marker::PhantomData;

use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};

pub struct Request<T>(PhantomData<T>);

pub(crate) enum Part<'a> { Fixed(&'static str), Text(&'a str), Integer(i64) }

impl<T> Request<T> {
    pub(crate) fn query(self, _: &'static str, _: Option<Part<'_>>) -> Self { self }
    pub(crate) fn with_body<B: Serialize + ?Sized>(self, _: &B) -> Self { self }
}

impl<T: DeserializeOwned> Request<T> {
    pub(crate) fn json(_: Method, _: &[Part<'_>], _: &'static [u16]) -> Self { Self(PhantomData) }
}

impl Request<()> {
    pub(crate) fn empty(_: Method, _: &[Part<'_>], _: &'static [u16]) -> Self { Self(PhantomData) }
}
"#;

/// Asserts that all of these sources compile; each has a number, which its error names.
pub(crate) fn assert_compile(sources: &[(u64, String)]) {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated-clients");
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    if root.join("src").exists() {
        fs::remove_dir_all(root.join("src")).unwrap();
    }
    for folder in ["src", "reqwest/src"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    let write = |name: &str, text: &str| fs::write(root.join(name), text).unwrap();
    write("Cargo.toml", MANIFEST);
    write(
        "reqwest/Cargo.toml",
        "[package]\nname = \"reqwest\"\nedition = \"2024\"\n",
    );
    write("reqwest/src/lib.rs", REQWEST);
    write("src/request.rs", REQUEST);
    let mut modules = "#![allow(warnings)]\nmod request;\n".to_owned();
    for (number, source) in sources {
        modules.push_str(&format!("pub mod client_{number};\n"));
        write(&format!("src/client_{number}.rs"), source);
    }
    write("src/lib.rs", &modules);
    // The versions that this workspace has, which are there without a network.
    fs::copy(lock, root.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--quiet", "--color=never"])
        .env("CARGO_TARGET_DIR", root.join("target"))
        .env_remove("RUSTFLAGS")
        .current_dir(&root)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}",
        error.chars().take(8_000).collect::<String>()
    );
}
