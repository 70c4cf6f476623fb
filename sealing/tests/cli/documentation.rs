//! What `PLATFORM.md` shows is what the program does.

use crate::program::{Run, file, program};

const PAGE: &str = include_str!("../../../PLATFORM.md");
const EXAMPLE: &str = include_str!("../../examples/platform/platform.toml");

/// The first block of the page in this language.
fn block(language: &str) -> &'static str {
    let begin = format!("```{language}\n");
    let (_, rest) = PAGE.split_once(&begin).unwrap();
    rest.split_once("```\n").unwrap().0
}

#[test]
fn the_plan_of_the_page_is_the_one_of_its_file() {
    let path = file("page.toml", block("toml"));
    let run = |command: &str| {
        program(&format!("{command} {path} --emulator"))
            .env("NPM_TOKEN", "correct-horse")
            .env("PRODUCTION_DB_PASSWORD", "battery-staple")
            .run("")
    };
    let planned = run("plan");
    assert_eq!(planned.stdout, block("text"), "{planned}");
    assert_eq!(planned.code, 0, "{planned}");
    let applied = run("apply");
    assert_eq!(applied.code, 0, "{applied}");
    assert!(
        applied
            .stderr
            .contains("10 secrets in 10 places: 10 created"),
        "{applied}"
    );
}

#[test]
fn the_example_can_be_applied() {
    let path = file("example.toml", EXAMPLE);
    let applied = program(&format!("apply {path} --emulator"))
        .env("NPM_TOKEN", "correct-horse")
        .env("SONAR_TOKEN", "battery-staple")
        .env("PRODUCTION_DB_PASSWORD", "staple-horse")
        .run("");
    assert_eq!(applied.code, 0, "{applied}");
}
