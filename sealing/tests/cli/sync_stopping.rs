//! What happens between the plan and its writes, and runs that have to end.

use std::{
    io::Read,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use github_secrets_emulator::{Change, Emulator, Fault, Matcher, Organization};

use crate::{
    assert_ran,
    program::{Ran, opened, writes},
    sync::{Platform, actions, foreign, held, repositories, web_and_api},
};

const BOTH: &str = "[[set]]\nrepos = ['acme/web', 'acme/api']\nsecrets = ['A']\n";

/// A file that was applied to two repositories.
async fn applied(name: &str) -> (Emulator, Platform) {
    let emulator = Emulator::builder()
        .organization(web_and_api())
        .start()
        .await
        .unwrap();
    let mut platform = Platform::new(&format!("stopping-{name}"), BOTH);
    platform.set("A", "first");
    platform.applied(&emulator);
    (emulator, platform)
}

#[tokio::test]
async fn a_key_that_is_replaced_after_the_plan_is_fetched_anew() {
    let (emulator, mut platform) = applied("key").await;
    platform.set("A", "second");
    let rotated = Fault::rotated_key().on(Matcher::method("PUT"));
    emulator.fault(rotated.times(2));

    platform.applied(&emulator);

    assert_eq!(
        held(&emulator),
        [
            "repos/acme/api/actions/A=second",
            "repos/acme/web/actions/A=second"
        ]
    );
}

#[tokio::test]
async fn what_appears_after_the_plan_is_not_overwritten() {
    let (emulator, mut platform) = applied("between").await;
    platform.write("[[set]]\nrepos = ['acme/web']\nsecrets = ['A', 'B']\n");
    platform.set("B", "first");
    // The second list is the one right before the write.
    let appears = Fault::changes([Change::set_secret(actions("web"), foreign("B"))]);
    let list = Matcher::path("/repos/acme/web/actions/secrets");
    emulator.fault(appears.on(list).after(1));

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 1
    [stdout]
    not tried→repos/acme/web/actions→B
    [stderr]
    + B  create       repos/acme/web/actions
    ? A  left alone   repos/acme/api/actions; no longer in the file; prune = true deletes it

    1 to write, 0 to delete, 1 left alone, 1 unchanged
    about 5 requests
    error: 1 secret not tried: it has changed since the plan; plan again
    1 secret: 1 not tried
    ");
    let value = opened(&emulator, "repos/acme/web/actions", "B");
    assert_eq!(value.as_deref(), Some("foreign"));
}

#[tokio::test]
async fn a_time_limit_leaves_the_rest_to_the_next_run() {
    let (emulator, mut platform) = applied("time").await;
    platform.set("A", "second");
    emulator.forget_requests();

    assert_ran!(platform.run(&emulator, "apply --time-limit 0s"), @"
    exit code 1
    [stdout]
    not tried→repos/acme/api/actions→A
    not tried→repos/acme/web/actions→A
    [stderr]
    ~ A  update       2 places: 2 repositories, actions; new value

    2 to write, 0 to delete
    about 10 requests
    error: 2 secrets not tried: the time limit of the run had passed
    2 secrets in 2 places: 2 not tried
    ");
    assert_eq!(writes(&emulator), 0);
    platform.applied(&emulator);
}

/// `apply` with 12 secrets in one place, of which the third was sent and met this.
async fn under_way(name: &str, fault: Fault) -> (Emulator, Platform, Child) {
    let [web, _] = repositories();
    let acme = Organization::new("acme").repository(web);
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();
    let names: Vec<String> = (0..12).map(|index| format!("S_{index}")).collect();
    let text = format!("[[set]]\nrepos = ['acme/web']\nsecrets = {names:?}\n");
    let mut platform = Platform::new(&format!("stopping-{name}"), &text);
    for name in &names {
        platform.set(name, "value");
    }
    emulator.fault(fault.on(Matcher::method("PUT")).after(2));
    let mut command = platform.command(&emulator, "apply --deadline 1h");
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    while writes(&emulator) < 3 {
        assert!(child.try_wait().unwrap().is_none());
        thread::yield_now();
    }
    (emulator, platform, child)
}

fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let kill = Command::new("kill").args(["-INT", &id]).status();
    assert!(kill.unwrap().success());
}

/// Reads standard error until a line has this.
fn read_until(child: &mut Child, part: &str) -> String {
    let stderr = child.stderr.as_mut().unwrap();
    let mut text = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&text).contains(part) {
        stderr.read_exact(&mut byte).unwrap();
        text.push(byte[0]);
    }
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn an_interruption_waits_for_what_was_sent_and_the_next_run_goes_on() {
    let slow = Fault::delay(Duration::from_secs(2));
    let (emulator, platform, child) = under_way("interrupted", slow).await;
    interrupt(&child);

    let ran = Ran::new(child.wait_with_output().unwrap());

    assert_ran!(ran, @"
    exit code 3
    [stdout]
    created→S_0
    created→S_1
    created→S_10
    not tried→S_11
    not tried→S_2
    not tried→S_3
    not tried→S_4
    not tried→S_5
    not tried→S_6
    not tried→S_7
    not tried→S_8
    not tried→S_9
    [stderr]
    there is no state FOLDER/stopping-interrupted/platform.state yet: existing secrets are treated as written by somebody else
    + S_0   create       repos/acme/web/actions
    + S_1   create       repos/acme/web/actions
    + S_10  create       repos/acme/web/actions
    + S_11  create       repos/acme/web/actions
    + S_2   create       repos/acme/web/actions
    + S_3   create       repos/acme/web/actions
    + S_4   create       repos/acme/web/actions
    + S_5   create       repos/acme/web/actions
    + S_6   create       repos/acme/web/actions
    + S_7   create       repos/acme/web/actions
    + S_8   create       repos/acme/web/actions
    + S_9   create       repos/acme/web/actions

    12 to write, 0 to delete
    about 49 requests
    waiting for requests in flight; press Ctrl-C again to quit immediately
    error: interrupted
    12 secrets: 3 created, 9 not tried
    ");
    assert_eq!(held(&emulator).len(), 3);
    let plan = platform.run(&emulator, "plan");
    assert!(
        plan.stdout
            .contains("\n9 to write, 0 to delete, 3 unchanged\n"),
        "{plan}"
    );
    platform.applied(&emulator);
    assert_eq!(held(&emulator).len(), 12);
}

#[tokio::test]
async fn a_second_interruption_ends_at_once_and_the_next_run_goes_on() {
    let slow = Fault::delay(Duration::from_secs(600));
    let (emulator, platform, mut child) = under_way("twice-interrupted", slow).await;
    interrupt(&child);
    let messages = read_until(&mut child, "press Ctrl-C again");
    interrupt(&child);

    let mut ran = Ran::new(child.wait_with_output().unwrap());
    ran.stderr.insert_str(0, &messages);

    assert_ran!(ran, @"
    exit code 3
    [stdout]
    created→S_0
    created→S_1
    [stderr]
    there is no state FOLDER/stopping-twice-interrupted/platform.state yet: existing secrets are treated as written by somebody else
    + S_0   create       repos/acme/web/actions
    + S_1   create       repos/acme/web/actions
    + S_10  create       repos/acme/web/actions
    + S_11  create       repos/acme/web/actions
    + S_2   create       repos/acme/web/actions
    + S_3   create       repos/acme/web/actions
    + S_4   create       repos/acme/web/actions
    + S_5   create       repos/acme/web/actions
    + S_6   create       repos/acme/web/actions
    + S_7   create       repos/acme/web/actions
    + S_8   create       repos/acme/web/actions
    + S_9   create       repos/acme/web/actions

    12 to write, 0 to delete
    about 49 requests
    waiting for requests in flight; press Ctrl-C again to quit immediately
    10 steps were abandoned; the next run checks what was done
    error: interrupted
    2 secrets: 2 created
    ");
    assert_eq!(held(&emulator).len(), 2);
    platform.applied(&emulator);
    assert_eq!(held(&emulator).len(), 12);
}

#[tokio::test]
async fn a_write_that_met_a_limit_and_was_interrupted_says_that_it_met_the_limit() {
    let limit = Fault::secondary_limit(Some(Duration::from_secs(600)));
    let (emulator, platform, mut child) = under_way("limited", limit).await;
    let messages = read_until(&mut child, "a rate limit is reached");
    interrupt(&child);

    let mut ran = Ran::new(child.wait_with_output().unwrap());
    ran.stderr.insert_str(0, &messages);

    let of = |result: &str| ran.rows().iter().filter(|row| row[0] == result).count();
    assert_eq!(
        (ran.code, of("created"), of("failed"), of("not tried")),
        (3, 2, 1, 9),
        "{ran}"
    );
    let limit = "could not create or update the Actions secret S_10 of acme/web: GitHub's secondary \
                 rate limit lasts";
    assert!(ran.stderr.contains(limit), "{ran}");
    assert!(ran.stderr.contains("error: interrupted\n"), "{ran}");
    assert!(!ran.stderr.contains("earlier error"), "{ran}");
    platform.applied(&emulator);
    assert_eq!(held(&emulator).len(), 12);
}
