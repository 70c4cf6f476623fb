//! Runs the program and holds what it prints.

use std::{
    fmt,
    io::Write,
    process::{Command, Output, Stdio},
};

use github_secrets_emulator::{Emulator, Place};

/// Variables that would change what the program does.
const VARIABLES: [&str; 10] = [
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
    "GH_HOST",
    "GITHUB_API_URL",
    "GH_REPO",
    "GITHUB_REPOSITORY",
    "NO_COLOR",
    "SECRETS_STATE_KEY",
];

/// The program with these arguments, separated by spaces, and nothing in the environment.
pub(crate) fn program(arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_github-secrets"));
    command.args(arguments.split_whitespace());
    for variable in VARIABLES {
        command.env_remove(variable);
    }
    command
}

/// The program on an emulator, with a token.
pub(crate) fn on(emulator: &Emulator, arguments: &str) -> Command {
    let mut command = program(arguments);
    command.args(["--api-url", &emulator.url()]);
    command.env("GH_TOKEN", "ghp_any");
    command
}

pub(crate) trait Run {
    /// Runs the command with this standard input.
    fn run(&mut self, input: &str) -> Ran;
}

impl Run for Command {
    fn run(&mut self, input: &str) -> Ran {
        self.stdin(Stdio::piped());
        self.stdout(Stdio::piped());
        self.stderr(Stdio::piped());
        let mut child = self.spawn().unwrap();
        // A program that refuses its arguments does not read.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ran::new(child.wait_with_output().unwrap())
    }
}

/// What a run of the program printed, and how it ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn new(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Lines of standard output, split at tabs.
    pub(crate) fn rows(&self) -> Vec<Vec<&str>> {
        let lines = self.stdout.lines();
        lines.map(|line| line.split('\t').collect()).collect()
    }
}

/// As the snapshots show it.
impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        write!(f, "exit code {code}")?;
        for (name, text) in [("stdout", stdout), ("stderr", stderr)] {
            if !text.is_empty() {
                // A tab is visible.
                let text = text.replace('\t', "→");
                write!(f, "\n[{name}]\n{}", text.trim_end_matches('\n'))?;
            }
        }
        Ok(())
    }
}

/// Compares what a run printed with a snapshot, without what differs from run to run.
#[macro_export]
macro_rules! assert_ran {
    ($ran:expr, @$expected:literal) => {
        insta::with_settings!({filters => [
            (env!("CARGO_TARGET_TMPDIR"), "FOLDER"),
            (r"request [0-9A-F:]+", "request ID"),
            (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
            (r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
            (r"\b\d{17,19}\b", "KEY_ID"),
            (r"[A-Za-z0-9+/]{43}=", "KEY"),
        ]}, {
            insta::assert_snapshot!($ran.to_string(), @$expected);
        });
    };
}

/// A file of the test with this content.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> String {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

pub(crate) async fn emulator() -> Emulator {
    Emulator::start().await.unwrap()
}

/// The value that the emulator opened.
pub(crate) fn opened(emulator: &Emulator, place: &str, name: &str) -> Option<String> {
    let place: Place = place.parse().unwrap();
    let secret = emulator.secret(&place, name)?;
    Some(String::from_utf8(secret.value().to_vec()).unwrap())
}

/// How many writes the emulator received.
pub(crate) fn writes(emulator: &Emulator) -> usize {
    let requests = emulator.requests();
    let writes = requests.iter().filter(|request| request.method() != "GET");
    writes.count()
}
