//! What is typed and pasted at a prompt, on terminals that mark a paste and on others, and signals
//! that come meanwhile.

use github_secrets_emulator::Emulator;

use crate::{
    program::{emulator, on, opened, program, writes},
    terminal::{MARK_NO_PASTES, MARK_PASTES, Terminal},
};

const BEGIN: &str = "\u{1b}[200~";
const END: &str = "\u{1b}[201~";
const LABEL: &str = "Value of KEY: ";
const SEVERAL: &str = "more than one line was pasted; nothing was sent";

fn prompt(emulator: &Emulator) -> Terminal {
    let mut terminal = Terminal::start(on(emulator, "set KEY --repo acme/website"));
    terminal.wait_for(LABEL);
    terminal
}

fn stored(emulator: &Emulator) -> Option<String> {
    opened(emulator, "repos/acme/website/actions", "KEY")
}

/// Waits as long as another prompt waits for the rest of a paste that is not marked.
fn let_a_pause_pass() {
    let key = "hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs=";
    let seal = program(&format!("seal OTHER --key-id 1 --key {key}"));
    let mut other = Terminal::start(seal);
    other.wait_for("Value");
    other.type_in("value\n");
    assert_eq!(other.finish(), 0, "{}", other.screen);
}

#[tokio::test]
async fn a_paste_of_several_lines_is_refused_however_slowly_it_comes() {
    for pieces in [
        &[BEGIN, "first\n", "second\n", END] as &[&str],
        &["\u{1b}", "[200~first\nsecond", END],
        &["\u{1b}[2", "00~first\nsecond\n\u{1b}[20", "1~"],
        &["typed \u{1b}[200", "~first\n", "\n\u{1b}", "[201~"],
    ] {
        let emulator = emulator().await;
        let mut terminal = prompt(&emulator);
        for piece in pieces {
            terminal.type_in(piece);
            let_a_pause_pass();
        }
        let code = terminal.finish();

        let screen = terminal.lines();
        assert!(screen.contains(SEVERAL), "{pieces:?}: {screen}");
        assert_eq!((code, writes(&emulator)), (1, 0), "{pieces:?}");
    }
}

#[tokio::test]
async fn a_paste_of_one_line_is_the_value_wherever_its_bytes_are_cut() {
    // Control characters are a part of what is pasted; only keys erase.
    for (pieces, value) in [
        (&[BEGIN, "value", END, "\n"] as &[&str], "value"),
        (&["\u{1b}[2", "00~value\u{1b}[201", "~", "\n"], "value"),
        (&[BEGIN, "value\n", END], "value"),
        (
            &["a", BEGIN, "b", END, "c", BEGIN, "d", END, "e\n"],
            "abcde",
        ),
        (&[BEGIN, "valué\t", END, "\u{7f}\u{7f}e\n"], "value"),
        (&[BEGIN, "a\u{7f}\u{15}b", END, "\n"], "a\u{7f}\u{15}b"),
        (&["wrong", BEGIN, "wrong", END, "\u{15}value\n"], "value"),
    ] {
        let emulator = emulator().await;
        let mut terminal = prompt(&emulator);
        for piece in pieces {
            terminal.type_in(piece);
        }
        assert_eq!(terminal.finish(), 0, "{pieces:?}: {}", terminal.screen);
        assert_eq!(stored(&emulator).as_deref(), Some(value), "{pieces:?}");
    }
}

#[tokio::test]
async fn the_keys_that_edit_a_line_do_so() {
    for (typed, value) in [
        ("wrong\u{15}value\n", "value"),
        ("two wor ds\u{17}\u{17}words\n", "two words"),
        ("漢\u{7f}\u{7f}value\n", "value"),
        ("a\u{16}\u{15}b\n", "a\u{15}b"),
        ("value\u{4}", "value"),
    ] {
        let emulator = emulator().await;
        let mut terminal = prompt(&emulator);
        terminal.type_in(typed);
        assert_eq!(terminal.finish(), 0, "{typed:?}: {}", terminal.screen);
        assert_eq!(stored(&emulator).as_deref(), Some(value), "{typed:?}");
    }
}

#[tokio::test]
async fn a_line_of_every_size_is_whole_or_refused() {
    for (size, code) in [(4_095, 0), (4_096, 0), (40_000, 0), (60_000, 1)] {
        let value = "x".repeat(size);
        for typed in [format!("{value}\n"), format!("{BEGIN}{value}\n{END}")] {
            let emulator = emulator().await;
            let mut terminal = prompt(&emulator);
            terminal.type_in(&typed);
            assert_eq!(terminal.finish(), code, "{size}: {}", terminal.screen);
            let expected = (code == 0).then_some(&value);
            assert_eq!(stored(&emulator).as_ref(), expected, "{size}");
        }
    }
}

#[tokio::test]
async fn a_terminal_marks_pastes_while_the_prompt_reads_and_only_then() {
    let emulator = emulator().await;
    let mut terminal = prompt(&emulator);
    assert!(terminal.screen.contains(MARK_PASTES), "{}", terminal.screen);
    assert!(!terminal.screen.contains(MARK_NO_PASTES));
    terminal.type_in("value\n");
    assert_eq!(terminal.finish(), 0);
    assert!(terminal.screen.contains(MARK_NO_PASTES));

    let command = on(&emulator, "set KEY --repo acme/website");
    let mut terminal = Terminal::of_kind("dumb", command);
    terminal.wait_for(LABEL);
    terminal.type_in("value\n");
    assert_eq!(terminal.finish(), 0);
    assert!(!terminal.screen.contains('\u{1b}'), "{}", terminal.screen);
}

/// Those that stop a program, those that it ignores, and those of its own faults.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn every_signal_that_ends_a_program_leaves_the_terminal_as_it_was() {
    const OTHERS: [i32; 15] = [4, 5, 7, 8, 9, 11, 13, 17, 18, 19, 20, 21, 22, 23, 28];
    let emulator = emulator().await;
    let mut seen = 0;
    for signal in (1..32).chain(35..65) {
        if OTHERS.contains(&signal) {
            continue;
        }
        let mut terminal = prompt(&emulator);
        assert!(!terminal.echoes());
        terminal.type_in("corr");
        terminal.signal(&format!("-{signal}"));
        terminal.wait_for("interrupted; nothing was sent");
        assert!(terminal.echoes(), "{signal}");
        assert!(terminal.screen.contains(MARK_NO_PASTES), "{signal}");
        assert_eq!(terminal.finish(), 1, "{signal}");
        seen += 1;
    }
    assert_eq!((seen, writes(&emulator)), (46, 0));
}
