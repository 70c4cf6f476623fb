//! `apply`, killed at each of its requests and run again.

use std::{process::Stdio, thread, time::Duration};

use github_secrets_emulator::{Emulator, Fault, Matcher, Place};

use crate::{
    program::writes,
    sync::{Platform, actions, foreign, held, web_and_api},
};

const BEFORE: &str = r#"
prune = true

[[set]]
repos   = ["acme/web", "acme/api"]
secrets = ["CHANGED", "LEAVES"]
"#;

const AFTER: &str = r#"
prune = true

[[set]]
repos   = ["acme/web", "acme/api"]
secrets = ["CHANGED", "CREATED"]

[[set]]
repos   = ["acme/web"]
env     = "production"
secrets = ["CREATED"]

[[set]]
org     = "acme"
access  = ["web"]
secrets = ["CREATED"]

[[delete]]
repos   = ["acme/web"]
secrets = ["ABSENT"]
"#;

/// What somebody else has, also in the places of the file.
const FOREIGN: [&str; 4] = [
    "orgs/acme/actions",
    "repos/acme/web/actions",
    "repos/acme/web/dependabot",
    "repos/acme/web/environments/production",
];

/// What the emulator holds in the end, whatever has happened.
const END: [&str; 10] = [
    "orgs/acme/actions/CREATED=new",
    "orgs/acme/actions/FOREIGN=foreign",
    "repos/acme/api/actions/CHANGED=second",
    "repos/acme/api/actions/CREATED=new",
    "repos/acme/web/actions/CHANGED=second",
    "repos/acme/web/actions/CREATED=new",
    "repos/acme/web/actions/FOREIGN=foreign",
    "repos/acme/web/dependabot/FOREIGN=foreign",
    "repos/acme/web/environments/production/CREATED=new",
    "repos/acme/web/environments/production/FOREIGN=foreign",
];

/// An emulator and a file whose first version was applied, and whose second one was not.
async fn begun(name: &str) -> (Emulator, Platform) {
    let mut builder = Emulator::builder().organization(web_and_api());
    for place in FOREIGN {
        let place: Place = place.parse().unwrap();
        builder = builder.secret(place, foreign("FOREIGN"));
    }
    let emulator = builder
        .secret(actions("web"), foreign("ABSENT"))
        .start()
        .await
        .unwrap();
    let mut platform = Platform::new(name, BEFORE);
    platform.set("CHANGED", "first");
    platform.set("LEAVES", "leaves");
    platform.applied(&emulator);
    platform.write(AFTER);
    platform.set("CHANGED", "second");
    platform.set("CREATED", "new");
    emulator.forget_requests();
    (emulator, platform)
}

/// When the program is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// When this many requests have arrived, of which the last has no effect.
    Request(u32),
    /// When this many writes have arrived, of which the last has its effect, and no response.
    Write(u32),
}

/// How many secrets are written, before the first of three is deleted.
const WRITES: u32 = 6;

impl Moment {
    fn has_come(self, emulator: &Emulator) -> bool {
        match self {
            Self::Request(number) => emulator.requests().len() >= number as usize,
            Self::Write(number) => writes(emulator) >= number as usize,
        }
    }

    /// Keeps the emulator from responding from this moment on.
    fn prepare(self, emulator: &Emulator) {
        let held_back = Fault::delay(Duration::from_secs(600)).always();
        match self {
            Self::Request(number) => emulator.fault(held_back.after(number - 1)),
            Self::Write(number) => {
                let held_back = held_back.after_write();
                let on = |method| held_back.clone().on(Matcher::method(method));
                emulator.fault(on("PUT").after(number - 1));
                emulator.fault(on("DELETE").after((number - 1).saturating_sub(WRITES)));
            }
        }
    }
}

/// Kills `apply` and runs it again. Returns whether it had not ended before.
async fn killed(name: &str, moment: Moment) -> bool {
    let (emulator, platform) = begun(name).await;
    moment.prepare(&emulator);
    let mut command = platform.command(&emulator, "apply");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut has_ended = false;
    while !has_ended && !moment.has_come(&emulator) {
        thread::yield_now();
        has_ended = child.try_wait().unwrap().is_some();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    emulator.clear_faults();

    let ran = platform.run(&emulator, "apply");

    assert_eq!(ran.code, 0, "{moment:?}: {ran}");
    assert_eq!(held(&emulator), END, "{moment:?}: {ran}");
    let left = platform.run(&emulator, "plan --check");
    assert_eq!(left.code, 0, "{moment:?}: {left}");
    !has_ended
}

#[tokio::test]
async fn killed_before_any_of_its_requests_has_an_effect_it_ends_the_same() {
    let mut number = 1;
    while killed("killed-request", Moment::Request(number)).await {
        number += 1;
    }
    // Four places are read twice, and have a key; before each delete its place is read again.
    assert!(number > 25, "{number}");
}

#[tokio::test]
async fn killed_after_any_of_its_writes_it_ends_the_same() {
    let mut number = 1;
    while killed("killed-write", Moment::Write(number)).await {
        number += 1;
    }
    assert_eq!(number, WRITES + 3 + 1);
}
