//! `plan --markdown`: more lines than GitHub takes in one summary, and a file that cannot be
//! written.

use std::fs;

use github_secrets_emulator::{Emulator, Organization, Repository};

use crate::sync::Platform;

/// GitHub takes a summary of 1 MiB, which the plan shares with what else a step writes.
const MIB: usize = 1024 * 1024;

const REPOSITORIES: u64 = 50;
const SECRETS: usize = 80;

/// Each `_` of these names is written as five characters, so that no more of them are needed.
fn names() -> Vec<String> {
    let names = 0..SECRETS;
    names.map(|it| format!("A{}{it}", "_".repeat(60))).collect()
}

async fn repositories() -> Emulator {
    let repository = |id| Repository::new(id, format!("svc-{id}")).environment("größe");
    let repositories = (1..=REPOSITORIES).map(repository);
    let acme = repositories.fold(Organization::new("acme"), Organization::repository);
    Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_summary_that_is_too_long_ends_with_whole_rows_and_says_how_many_are_left() {
    let emulator = repositories().await;
    let file = format!(
        "[[set]]\nrepos = ['acme/svc-*']\nenv = 'größe'\nsecrets = {:?}\n",
        names()
    );
    let mut platform = Platform::new("markdown", &file);
    for name in names() {
        platform.set(&name, "value");
    }
    let path = platform.path("summary.md");

    let ran = platform.run(
        &emulator,
        &format!("plan --all --markdown {}", path.display()),
    );

    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines = usize::try_from(REPOSITORIES).unwrap() * SECRETS;
    let of_steps = ran.stdout.lines().filter(|line| line.starts_with("+ A_"));
    assert_eq!(of_steps.count(), lines);

    let bytes = fs::read(path).unwrap();
    assert!((MIB / 2..MIB).contains(&bytes.len()), "{}", bytes.len());
    let text = String::from_utf8(bytes).unwrap();
    let (table, rest) = text
        .split_once("\n\n")
        .unwrap()
        .1
        .split_once("\n\n")
        .unwrap();
    let rows: Vec<_> = table.lines().skip(2).collect();
    for row in &rows {
        assert!(row.starts_with("| `+` | A&#95;"), "{row}");
        assert!(row.ends_with(" |"), "{row}");
        assert_eq!(row.matches('|').count(), 6, "{row}");
        assert!(row.contains("/environments/größe"), "{row}");
    }
    let (left, summary) = rest.split_once("\n\n").unwrap();
    let expected = format!("{} more lines do not fit here.", lines - rows.len());
    assert_eq!(left, expected);
    let writes = format!("{lines} to write");
    assert!(summary.contains(&writes), "{summary}");
}

#[tokio::test]
async fn a_value_in_place_of_a_file_or_a_number_is_not_repeated() {
    let emulator = repositories().await;
    let file = "[[set]]\nrepos = ['acme/svc-1']\nsecrets = ['A']\n";
    let mut platform = Platform::new("values", file);
    platform.set("A", "value");
    for (option, value, code) in [
        ("--markdown", "postgres://u:hunter2hunter2@h/db", 1),
        ("--writes-per-hour", "123456789012345678", 2),
    ] {
        let ran = platform.run(&emulator, &format!("plan {option} {value}"));
        assert_eq!(ran.code, code, "{ran}");
        let shown = ran.to_string();
        assert!(shown.contains(option), "{shown}");
        assert!(
            !shown.contains("hunter2") && !shown.contains("12345678"),
            "{shown}"
        );
    }
}
