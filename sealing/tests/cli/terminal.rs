//! The program on a pseudo-terminal, as a person uses it.

use std::{
    io::{Read, Write},
    process::Child,
    time::Duration,
};

use github_secrets_emulator::{Emulator, Fault, Matcher, Place, Store, StoredSecret};
use pty_process::blocking::{Command, Pty, open};

use crate::{
    program::{emulator, file, on, opened, writes},
    server::{Reply, Server},
};

/// What asks a terminal to mark what is pasted, and to stop it.
pub(crate) const MARK_PASTES: &str = "\u{1b}[?2004h";
pub(crate) const MARK_NO_PASTES: &str = "\u{1b}[?2004l";

/// A running program and its terminal.
pub(crate) struct Terminal {
    pty: Pty,
    child: Child,
    pub(crate) screen: String,
}

impl Terminal {
    pub(crate) fn start(command: std::process::Command) -> Self {
        // Without a kind of terminal there is no progress line, wherever the tests run.
        Self::of_kind("xterm", command)
    }

    pub(crate) fn of_kind(kind: &str, mut command: std::process::Command) -> Self {
        command.env("TERM", kind);
        let (pty, pts) = open().unwrap();
        pty.resize(pty_process::Size::new(24, 120)).unwrap();
        let child = Command::from(command).spawn(pts).unwrap();
        let screen = String::new();
        Self { pty, child, screen }
    }

    /// Reads until the screen shows this.
    pub(crate) fn wait_for(&mut self, text: &str) {
        while !self.screen.contains(text) {
            assert!(self.read(), "{text:?} does not appear: {}", self.screen);
        }
    }

    /// Waits until the screen shows this so often.
    fn wait_for_times(&mut self, text: &str, times: usize) {
        while self.screen.matches(text).count() < times {
            assert!(self.read(), "{text:?} does not appear: {}", self.screen);
        }
    }

    pub(crate) fn signal(&self, signal: &str) {
        let kill = std::process::Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    }

    /// Returns whether the terminal shows what is typed.
    pub(crate) fn echoes(&self) -> bool {
        let modes = rustix::termios::tcgetattr(&self.pty).unwrap().local_modes;
        modes.contains(rustix::termios::LocalModes::ECHO)
    }

    pub(crate) fn type_in(&mut self, text: &str) {
        self.pty.write_all(text.as_bytes()).unwrap();
    }

    /// Reads to the end, and returns the exit code.
    pub(crate) fn finish(&mut self) -> i32 {
        while self.read() {}
        self.child.wait().unwrap().code().unwrap()
    }

    /// Reads what there is; the end of the program is the end of its terminal.
    fn read(&mut self) -> bool {
        let mut buffer = [0; 4096];
        let read = self.pty.read(&mut buffer).unwrap_or(0);
        self.screen
            .push_str(&String::from_utf8_lossy(&buffer[..read]));
        read > 0
    }

    /// What is on the screen, without the requests to mark what is pasted.
    pub(crate) fn lines(&self) -> String {
        let screen = self.screen.replace("\r\n", "\n");
        screen.replace(MARK_PASTES, "").replace(MARK_NO_PASTES, "")
    }
}

#[tokio::test]
async fn a_value_is_asked_for_and_not_shown() {
    let emulator = emulator().await;
    let mut terminal = Terminal::start(on(&emulator, "set DB_PASSWORD --repo acme/website"));

    terminal.wait_for("Value of DB_PASSWORD: ");
    terminal.type_in("correcc\u{7f}t\thorse\n");
    let code = terminal.finish();

    insta::assert_snapshot!(terminal.lines(), @"
    Value of DB_PASSWORD: 
    created DB_PASSWORD in the Actions secrets of the repository acme/website
    ");
    assert_eq!(code, 0);
    let value = opened(&emulator, "repos/acme/website/actions", "DB_PASSWORD");
    assert_eq!(value.unwrap(), "correct\thorse");
}

#[tokio::test]
async fn a_pasted_key_of_several_lines_is_refused_as_a_whole() {
    let emulator = emulator().await;
    let mut terminal = Terminal::start(on(&emulator, "rotate KEY --repo acme/website"));

    terminal.wait_for("New value of KEY: ");
    terminal.type_in("-----BEGIN KEY-----\nMIIE\n-----END KEY-----\n");
    let code = terminal.finish();

    insta::assert_snapshot!(terminal.lines(), @"
    New value of KEY: 
    error: more than one line was pasted; nothing was sent. Use --value-file, or standard input, for a value of several lines
    ");
    assert_eq!((code, writes(&emulator)), (1, 0));
}

#[tokio::test]
async fn interrupting_the_prompt_sends_nothing_and_leaves_the_terminal_as_it_was() {
    // Ctrl-C, Ctrl-\, and what is sent by others.
    for interruption in ["\u{3}", "\u{1c}", "-INT", "-TERM", "-HUP", "-QUIT"] {
        let emulator = emulator().await;
        let mut terminal = Terminal::start(on(&emulator, "set DB_PASSWORD --repo acme/website"));

        terminal.wait_for("Value of DB_PASSWORD: ");
        assert!(!terminal.echoes());
        terminal.type_in("corr");
        if interruption.starts_with('-') {
            terminal.signal(interruption);
        } else {
            terminal.type_in(interruption);
        }
        terminal.wait_for("nothing was sent");

        assert!(terminal.echoes(), "{interruption:?}");
        assert_eq!(terminal.finish(), 1);
        assert_eq!(writes(&emulator), 0);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_prompt_that_is_suspended_gives_the_echo_back_until_it_goes_on() {
    let emulator = emulator().await;
    let mut terminal = Terminal::start(on(&emulator, "set DB_PASSWORD --repo acme/website"));
    let stat = format!("/proc/{}/stat", terminal.child.id());
    let is_stopped = || std::fs::read_to_string(&stat).unwrap().contains(") T ");

    terminal.wait_for("Value of DB_PASSWORD: ");
    terminal.type_in("corr\u{1a}");
    while !is_stopped() {
        std::thread::yield_now();
    }
    assert!(terminal.echoes());

    terminal.signal("-CONT");
    terminal.wait_for_times("Value of DB_PASSWORD: ", 2);
    assert!(!terminal.echoes());
    terminal.type_in("correct horse\n");
    assert_eq!(terminal.finish(), 0, "{}", terminal.screen);
    let value = opened(&emulator, "repos/acme/website/actions", "DB_PASSWORD");
    assert_eq!(value.unwrap(), "correct horse");
}

#[test]
fn a_line_that_comes_late_stops_what_was_not_sent_and_reaches_no_shell() {
    let server = Server::start(|_| Reply::Held);
    let program = server.program("set KEY --repo acme/website");
    let mut shell = std::process::Command::new("sh");
    let script = r#""$0" "$@"; echo "ended with $?"; read -r line; echo "the shell read: $line""#;
    shell
        .args(["-c", script])
        .arg(program.get_program())
        .args(program.get_args());
    shell.env("GH_TOKEN", "ghp_any");
    let mut terminal = Terminal::start(shell);

    terminal.wait_for("Value of KEY: ");
    terminal.type_in("-----BEGIN KEY-----\n");
    server.wait_for("public-key");
    terminal.type_in("touch /tmp/this-would-be-run\n");
    terminal.wait_for("ended with 1");
    terminal.type_in("next\n");
    terminal.finish();

    let screen = terminal.lines();
    assert!(
        screen.contains("more than one line was pasted; nothing was stored"),
        "{screen}"
    );
    assert!(screen.contains("the shell read: next"), "{screen}");
    assert!(!screen.contains("touch"), "{screen}");
    assert_eq!(server.writes(), [""; 0]);
}

#[test]
fn a_line_that_comes_when_the_first_is_stored_is_said() {
    let server = Server::start(|line| match line.starts_with("PUT") {
        true => Reply::Held,
        false => Reply::Success,
    });
    let mut terminal = Terminal::start(server.program("rotate KEY --repo acme/website"));

    terminal.wait_for("New value of KEY: ");
    terminal.type_in("first\n");
    server.wait_for("PUT");
    terminal.type_in("second\n");
    terminal.wait_for("waiting for requests in flight");
    server.release();
    let code = terminal.finish();

    let screen = terminal.lines();
    assert_eq!(code, 3, "{screen}");
    assert!(
        screen.contains("the change is made with the first line alone"),
        "{screen}"
    );
    assert!(!screen.contains("second"), "{screen}");
}

#[test]
fn on_a_terminal_every_signal_stops_what_is_under_way() {
    for (arguments, write) in [
        ("set A --repo acme/website --value-env A", "PUT"),
        ("delete A B --repo acme/website", "DELETE"),
        ("access A --org acme --visibility all", "PUT"),
    ] {
        for interruption in ["\u{3}", "\u{1c}", "-TERM", "-HUP"] {
            let server = Server::start(move |line| match line.starts_with(write) {
                true => Reply::Held,
                false => Reply::Success,
            });
            let mut command = server.program(arguments);
            command.env("A", "value");
            let mut terminal = Terminal::start(command);
            server.wait_for(write);
            if interruption.starts_with('-') {
                terminal.signal(interruption);
            } else {
                terminal.type_in(interruption);
            }
            terminal.wait_for("waiting for requests in flight");
            server.release();
            terminal.finish();

            assert_eq!(server.writes().len(), 1, "{arguments}: {}", terminal.screen);
        }
    }
}

#[tokio::test]
async fn a_list_is_a_table() {
    let place = Place::organization("acme", Store::Actions);
    let emulator = Emulator::builder()
        .secret(
            place.clone(),
            StoredSecret::new("API_KEY", "value").private(),
        )
        .secret(
            place,
            StoredSecret::new("LONG_DB_PASSWORD", "value").selected([1_296_280]),
        )
        .start()
        .await
        .unwrap();
    let mut list = Terminal::start(on(&emulator, "list --org acme"));
    let mut show = Terminal::start(on(&emulator, "show LONG_DB_PASSWORD --org acme"));
    let mut empty = Terminal::start(on(&emulator, "list --user"));

    let codes = [list.finish(), show.finish(), empty.finish()];

    insta::with_settings!({filters => [(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME")]}, {
        insta::assert_snapshot!(list.lines(), @"
        NAME              UPDATED               VISIBILITY
        API_KEY           TIME  private
        LONG_DB_PASSWORD  TIME  selected
        ");
        insta::assert_snapshot!(show.lines(), @"
        name        LONG_DB_PASSWORD
        created     TIME
        updated     TIME
        visibility  selected
        repository  acme/website
        ");
        insta::assert_snapshot!(empty.lines(), @"the user's Codespaces secrets: none");
    });
    assert_eq!(codes, [0, 0, 0]);
}

#[tokio::test]
async fn an_import_shows_its_progress_and_ends_with_ctrl_c() {
    let emulator = emulator().await;
    let slow = Fault::delay(Duration::from_secs(1)).on(Matcher::method("PUT"));
    emulator.fault(slow.after(20).always());
    let lines: String = (0..60).map(|index| format!("S_{index}=value\n")).collect();
    let path = file("terminal.env", lines);
    let mut terminal =
        Terminal::start(on(&emulator, &format!("import {path} --repo acme/website")));

    terminal.wait_for("/60");
    terminal.wait_for("created    S_19");
    terminal.type_in("\u{3}");
    let code = terminal.finish();

    let screen = terminal.lines();
    assert_eq!(code, 3, "{screen}");
    assert!(
        screen.contains("press Ctrl-C again to quit immediately"),
        "{screen}"
    );
    let summary = screen.rsplit("60 secrets: ").next().unwrap();
    assert!(
        summary.contains(" created, ") && summary.trim_end().ends_with(" not tried"),
        "{screen}"
    );
    // What was not tried is counted, and not listed to the last.
    assert_eq!(screen.matches("not tried  S_").count(), 10, "{screen}");
}

#[tokio::test]
async fn before_a_repository_loses_a_secret_it_is_asked_for() {
    let place = Place::organization("acme", Store::Actions);
    let builder = Emulator::builder().secret(place, StoredSecret::new("TOKEN", "value"));
    let emulator = builder.start().await.unwrap();
    let access = "access TOKEN --org acme --repos website";

    let mut terminal = Terminal::start(on(&emulator, access));
    terminal.wait_for("Go on? [y/N] ");
    assert!(
        terminal
            .screen
            .contains("1 repository loses TOKEN: acme/Hello-World")
    );
    terminal.type_in("n\n");
    assert_eq!((terminal.finish(), writes(&emulator)), (1, 0));

    let mut terminal = Terminal::start(on(&emulator, access));
    terminal.wait_for("Go on? [y/N] ");
    terminal.type_in("y\n");
    assert_eq!((terminal.finish(), writes(&emulator)), (0, 1));
}

#[tokio::test]
async fn an_audit_is_a_table_on_a_terminal() {
    let place = Place::organization("acme", Store::Actions);
    let builder = Emulator::builder().secret(place, StoredSecret::new("TOKEN", "value"));
    let emulator = builder.start().await.unwrap();
    let mut terminal = Terminal::start(on(&emulator, "audit --org acme"));
    let code = terminal.finish();

    let screen = terminal.lines();
    assert_eq!(code, 0, "{screen}");
    assert!(
        screen.contains("PLACE              NAME   AGE  ACCESS\n"),
        "{screen}"
    );
    assert!(
        screen.contains("orgs/acme/actions  TOKEN  0 d  all\n"),
        "{screen}"
    );
    // The bar of the lists of secrets.
    assert!(screen.contains("/14"), "{screen}");
}
