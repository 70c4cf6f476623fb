//! No piece of a value appears in any output, wherever it was put by mistake.

use std::process::Command;

use crate::program::{Ran, Run, file, program};

/// As many bytes in a row as say something about a value.
const PIECE: usize = 8;

/// Random numbers, the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| self.one_of(&alphabet)).collect()
    }

    /// A value of one of the kinds that people store.
    fn value(&mut self) -> String {
        const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let base64 = format!("{LETTERS}+/");
        let length = 16 + self.below(40);
        match self.below(9) {
            0 => {
                let lines: Vec<_> = (0..3).map(|_| self.text(&base64, 64)).collect();
                let key = lines.join("\n");
                format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n")
            }
            1 => format!(
                "{}+/{}==",
                self.text(&base64, length),
                self.text(&base64, 12)
            ),
            2 => format!("{}=", self.text(LETTERS, length - length % 4 + 3)),
            3 => self.text(&format!("{LETTERS}!@#$%^&*() \"'`\\"), length) + "!",
            4 => format!("-{}+{}", self.text(LETTERS, length), self.text(LETTERS, 9)),
            5 => format!(
                "--{}={}",
                self.text(LETTERS, 10),
                self.text(LETTERS, length)
            ),
            6 => format!(
                "{{\"{}\": \"{}\"}}",
                self.text(LETTERS, 9),
                self.text(LETTERS, length)
            ),
            7 => format!(
                "{}\u{1b}[2J\n{}",
                self.text(LETTERS, 12),
                self.text(LETTERS, length)
            ),
            _ => format!(
                "https://{}:{}@{}",
                self.text(LETTERS, 9),
                self.text(LETTERS, 20),
                "h"
            ),
        }
    }
}

/// Every command with each of its options, as the program's own help lists them.
fn options() -> Vec<(Vec<String>, String)> {
    let (mut found, mut commands) = (Vec::new(), vec![Vec::new()]);
    while let Some(command) = commands.pop() {
        let help = program("").args(&command).arg("--help").run("").stdout;
        let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
        let names = listed.map_while(|line| line.split_whitespace().next());
        let names = names.filter(|name| *name != "help");
        commands.extend(names.map(|name| [&command[..], &[name.to_owned()]].concat()));
        for line in help.lines() {
            let words = line.split_whitespace();
            let options = words.take_while(|word| word.starts_with('-') && *word != "-");
            for option in options {
                let option = option.trim_end_matches(',').to_owned();
                found.push((command.clone(), option));
            }
        }
    }
    found
}

/// Makes sure that no piece of a value is in what was printed.
fn assert_hidden(ran: &Ran, values: &[String], how: &str) {
    let output = format!("{}{}", ran.stdout, ran.stderr);
    for value in values {
        for piece in value.as_bytes().windows(PIECE) {
            // The scheme of an address and the frame of a key are no secrets.
            let is_frame = |frame: &str| frame.as_bytes().windows(PIECE).any(|it| it == piece);
            let known = [
                "https://",
                "-----BEGIN PRIVATE KEY-----",
                "-----END PRIVATE KEY-----",
            ];
            let is_shown = output.as_bytes().windows(PIECE).any(|it| it == piece);
            assert!(
                !is_shown || known.iter().any(|frame| is_frame(frame)),
                "{how}: {:?} is shown: {ran}",
                String::from_utf8_lossy(piece)
            );
        }
    }
}

/// Where a value can stand on a command line by mistake; `@` is the value.
const MISPLACED: [&[&str]; 63] = [
    &["set", "A", "@", "--org", "acme"],
    &["set", "@", "--org", "acme", "-v", "all"],
    &["set", "A", "--value", "@"],
    &["set", "A", "--value=@"],
    &["set", "A", "--body", "@"],
    &["set", "A", "-b@"],
    &["set", "A", "-b", "@"],
    &["set", "A", "--@"],
    &["set", "A", "-@"],
    &["set", "A=@", "--org", "acme", "-v", "all"],
    &["set", "A", "--", "@"],
    &["set", "A", "--org", "@", "-v", "all"],
    &["set", "A", "--repo", "@"],
    &["set", "A", "--repo", "acme/@"],
    &["set", "A", "--repo", "@/acme/website"],
    &["set", "A", "--repo", "github.com/acme/@"],
    &["set", "A", "--repo", "https://@/acme/website"],
    &["set", "A", "--repo", "https://x:@@github.com/acme/website"],
    &["set", "A", "--org", "acme", "--repos", "@"],
    &["set", "A", "--org", "acme", "--repos", "website,@"],
    &["set", "A", "--user", "--repos", "acme/@"],
    &["set", "A", "--user=@"],
    &["set", "A", "--org", "acme", "--visibility", "@"],
    &["set", "A", "--org", "acme", "--visibility=@"],
    &["set", "A", "--app", "@"],
    &["set", "A", "-a@"],
    &["set", "A", "-R", "a/b", "--value-file", "@"],
    &["set", "A", "-R", "a/b", "--value-env", "@"],
    &["set", "A", "-R", "a/b", "--exact=@"],
    &["set", "A", "-R", "a/b", "--deadline", "@"],
    &["set", "A", "-R", "a/b", "--attempts", "@"],
    &["set", "A", "-R", "a/b", "--api-url", "@"],
    &["rotate", "A", "@"],
    &["delete", "A", "@", "--org", "acme"],
    &["list", "@"],
    &["seal", "A", "--key-id", "1", "--key", "@"],
    &["import", "@", "--org", "acme", "-v", "all"],
    &["import", "x", "--empty", "@"],
    &[
        "import",
        "/dev/null",
        "--skip",
        "@",
        "-R",
        "a/b",
        "--dry-run",
        "--offline",
    ],
    &["registries", "@"],
    &[
        "registries",
        "create",
        "--org",
        "acme",
        "--type",
        "@",
        "--url",
        "x",
    ],
    &[
        "registries",
        "create",
        "--org",
        "acme",
        "--type",
        "npm_registry",
        "--url",
        "@",
        "-v",
        "all",
    ],
    &["registries", "create", "--org", "acme", "--oidc", "@"],
    &["registries", "show", "@", "--org", "acme"],
    &[
        "registries",
        "update",
        "@",
        "--org",
        "acme",
        "--url",
        "https://a.example",
    ],
    &["completions", "@"],
    &["help", "@"],
    &["set", "-f", "@", "-R", "a/b"],
    &["set", "-f@"],
    &["set", "--env-file", "@", "--org", "acme"],
    &["import", "-f", "@", "-R", "a/b"],
    &["import", "--", "@", "-R", "a/b"],
    &["delete", "-f", "@"],
    &["plan", "@"],
    &["plan", "-f", "@"],
    &["plan", "x", "@"],
    &["plan", "x", "--value", "@"],
    &["plan", "x", "-R", "@"],
    &["apply", "@"],
    &["apply", "--", "@"],
    &["apply", "x", "A=@"],
    &["apply", "--file=@"],
    &["@"],
];

const VARIABLES: [&str; 6] = [
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GH_HOST",
    "GITHUB_API_URL",
    "GH_REPO",
    "GITHUB_REPOSITORY",
];

#[test]
fn no_piece_of_an_argument_in_the_wrong_place_is_shown() {
    let mut random = Random(1);
    for round in 0..25 {
        for words in MISPLACED {
            let value = random.value();
            let mut command: Command = program("");
            command.args(words.iter().map(|word| word.replace('@', &value)));
            command.envs([
                ("GH_TOKEN", "ghp_Canary0Token0Canary0Token"),
                ("GITHUB_API_URL", "http://127.0.0.1:1"),
            ]);
            let input = random.value();
            let ran = command.run(&input);

            let token = "ghp_Canary0Token0Canary0Token".to_owned();
            let values = [value, input, token];
            assert_hidden(&ran, &values, &format!("{round}: {words:?}"));
        }
    }
}

#[test]
fn no_piece_of_what_follows_an_option_is_shown() {
    let mut random = Random(4);
    let options = options();
    let applies = |option: &str| {
        let mut of_apply = options.iter().filter(|(command, _)| command == &["apply"]);
        of_apply.any(|(_, it)| it == option)
    };
    assert!(options.len() > 100 && applies("--take-over"), "{options:?}");
    for (command, option) in &options {
        let value = random.value();
        let (option, joined) = (option.as_str(), format!("{option}={value}"));
        let mut lines = vec![vec![option, &value], vec![&joined]];
        // An environment can have any name, and messages say it.
        if !["--env", "-e"].contains(&option) {
            let place = ["-R", "acme/website", "--attempts", "1"];
            lines.push([&["A", option, &value][..], &place].concat());
        }
        for words in lines {
            let mut run = program("");
            run.args(command).args(&words);
            run.current_dir(env!("CARGO_TARGET_TMPDIR"));
            run.envs([
                ("GH_TOKEN", "ghp_any"),
                ("GITHUB_API_URL", "http://127.0.0.1:1"),
            ]);
            let input = random.value();
            let ran = run.run(&input);

            let values = [value.clone(), input];
            assert_hidden(&ran, &values, &format!("{command:?} {words:?}"));
        }
    }
}

#[test]
fn no_piece_of_a_variable_is_shown() {
    let mut random = Random(2);
    for _ in 0..60 {
        for name in VARIABLES {
            let value = random.value();
            let mut command = program("list --attempts 1");
            command.envs([
                ("GITHUB_TOKEN", "ghp_any"),
                ("GH_ENTERPRISE_TOKEN", "ghp_any"),
                ("GITHUB_API_URL", "http://127.0.0.1:1"),
                ("GITHUB_REPOSITORY", "acme/website"),
            ]);
            let ran = command.env(name, &value).run("");
            assert_hidden(&ran, &[value], name);
            assert_ne!(ran.code, 0, "{name} {ran}");
        }
    }
}

#[test]
fn no_piece_of_a_file_that_is_refused_is_shown() {
    let mut random = Random(3);
    for round in 0..1_000 {
        let (mut text, mut values) = (String::new(), Vec::new());
        for _ in 0..1 + random.below(6) {
            let value = random.value();
            let form = random.one_of(&[
                "A=@",
                "B='@'",
                "C=\"@\"",
                "D=\"@",
                "@",
                "@=",
                "@=@",
                "E=@ # why",
                "F= # @",
                "export @=1",
                "{\"A\": \"@\"}",
                "{\"@\": 1}",
                "{\"A\": @}",
                "[\"@\"]",
                "G=\\@",
                "H=`@`",
                "GITHUB_@=1",
                "my-@=1",
                "I=@\r",
                "J=\u{feff}@",
                "\t@=1",
            ]);
            text.push_str(&form.replace('@', &value));
            text.push('\n');
            values.push(value);
        }
        // Whatever else is right, this is not.
        text.push_str("BAD=a b\n");
        let name = random.one_of(&["shown.env", "shown.json"]);
        let path = file(&format!("{round}-{name}"), &text);
        let ran = program(&format!(
            "import {path} -R acme/website --dry-run --offline"
        ))
        .run("");
        std::fs::remove_file(&path).unwrap();

        assert_eq!(ran.code, 1, "{text:?}: {ran}");
        assert_hidden(&ran, &values, &format!("{text:?}"));
    }
}

#[cfg(unix)]
#[test]
fn the_name_of_a_file_cannot_drive_the_terminal() {
    let path = file("\u{1b}[2J\r.env", "A=$\n");
    let mut command = program("import -R acme/website --dry-run --offline");
    let ran = command.arg(path).run("");
    assert_eq!(ran.code, 1);
    assert!(!ran.stderr.contains(['\u{1b}', '\r']), "{:?}", ran.stderr);
}
