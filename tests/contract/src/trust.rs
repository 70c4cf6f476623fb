//! Certificates of the tests' own.

use std::{
    env, fs,
    process::{self, Command},
};

/// Runs the test of this path once more, in a process that trusts `certificate` and has `url` in
/// the variable `name`. The library asks the system which certificates to trust, and the
/// environment can name others for one process.
///
/// # Panics
///
/// Panics with what the test printed if it fails there.
pub fn run_trusting(test: &str, certificate: &str, name: &str, url: &str) {
    let file = format!("{}-{}.pem", test.replace("::", "-"), process::id());
    let file = env::temp_dir().join(file);
    fs::write(&file, certificate).expect("a place for the certificate");
    let again = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", test])
        .env("SSL_CERT_FILE", &file)
        .env(name, url)
        .output()
        .expect("a second process");
    fs::remove_file(file).expect("the certificate");
    let printed = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success(), "{printed}");
    assert!(printed.contains("1 passed"), "{printed}");
}
