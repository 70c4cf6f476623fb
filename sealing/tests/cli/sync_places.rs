//! Places that are not what they were, lists that are not whole, and runs that have to end.

use std::{
    io::Read,
    process::{Child, Stdio},
    thread,
    time::Duration,
};

use github_secrets_emulator::{Change, Emulator, Fault, Matcher, Organization, Repository};

use crate::{
    assert_ran,
    program::{Ran, opened, writes},
    sync::{Platform, actions, foreign, held, repositories},
};

const BOTH: &str = "[[set]]\nrepos = ['acme/web', 'acme/api']\nsecrets = ['A']\n";

/// A file that was applied to two repositories, beside an organization without any.
async fn applied(name: &str) -> (Emulator, Platform) {
    let [web, api] = repositories();
    let acme = Organization::new("acme").repository(web).repository(api);
    let builder = Emulator::builder()
        .organization(acme)
        .organization(Organization::new("other"));
    let emulator = builder.start().await.unwrap();
    let mut platform = Platform::new(&format!("places-{name}"), BOTH);
    platform.set("A", "first");
    platform.applied(&emulator);
    (emulator, platform)
}

fn change(emulator: &Emulator, change: Change) {
    emulator.change(change).unwrap();
    emulator.forget_requests();
}

#[tokio::test]
async fn a_renamed_repository_is_recognized() {
    let (emulator, mut platform) = applied("renamed").await;
    change(&emulator, Change::rename_repository("acme/web", "site"));

    assert_ran!(platform.run(&emulator, "plan --check"), @"
    exit code 0
    [stdout]
    repos/acme/web/actions is called repos/acme/site/actions now
    0 to write, 0 to delete, 2 unchanged
    ");
    platform.write(&BOTH.replace("web", "site"));
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);
    platform.write(BOTH);
    platform.set("A", "second");
    platform.applied(&emulator);
    assert_eq!(
        held(&emulator),
        [
            "repos/acme/api/actions/A=second",
            "repos/acme/site/actions/A=second"
        ]
    );
}

#[tokio::test]
async fn a_repository_that_is_named_twice_is_written_once() {
    let (emulator, mut platform) = applied("twice").await;
    change(&emulator, Change::rename_repository("acme/web", "site"));
    let text = "[[set]]\nrepos = ['acme/web', 'acme/site']\nsecrets = ['A']\n";
    platform.write(text);
    platform.set("A", "second");

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    updated→repos/acme/site/actions→A
    [stderr]
    ~ A                       new value    repos/acme/site/actions
    ? A                       left alone   repos/acme/api/actions; no longer in the file; prune = true deletes it
    x repos/acme/web/actions  twice        it is the same as repos/acme/site/actions, which is named as well; name it once

    1 to write, 0 to delete, 1 left alone
    about 4 requests
    1 secret: 1 updated
    ");
    assert_eq!(writes(&emulator), 1);
}

#[tokio::test]
async fn nothing_is_sent_to_the_new_owner_of_a_transferred_repository() {
    let (emulator, mut platform) = applied("transferred").await;
    change(&emulator, Change::transfer_repository("acme/web", "other"));
    platform.set("A", "second");

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    updated→repos/acme/api/actions→A
    [stderr]
    ~ A                       new value    repos/acme/api/actions
    x repos/acme/web/actions  unreadable   could not look up the repository acme/web: acme/web was transferred and is other/web now; nothing was sent there, so use its new name if that is where the secret belongs

    1 secrets of the state are in places that cannot be seen: deleted, transferred, or hidden from the token
    1 to write, 0 to delete
    about 4 requests
    1 secret: 1 updated
    ");
    assert_eq!(
        held(&emulator),
        [
            "repos/acme/api/actions/A=second",
            "repos/other/web/actions/A=first"
        ]
    );
}

#[tokio::test]
async fn a_repository_that_was_made_anew_is_another_one() {
    let (emulator, mut platform) = applied("anew").await;
    change(&emulator, Change::delete_repository("acme/web"));
    platform.set("A", "second");
    assert_ran!(platform.run(&emulator, "plan"), @"
    exit code 3
    [stdout]
    ~ A                       new value    repos/acme/api/actions
    x repos/acme/web/actions  unreadable   could not look up the repository acme/web: acme/web does not exist, or the token may not see it (status 404, request ID)

    1 secrets of the state are in places that cannot be seen: deleted, transferred, or hidden from the token
    1 to write, 0 to delete
    about 4 requests
    ");
    assert_eq!(platform.run(&emulator, "apply").code, 3);

    let anew =
        Repository::new(7, "web").secret(github_secrets_emulator::Store::Actions, foreign("A"));
    change(&emulator, Change::create_repository("acme", anew));
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stderr]
    ? A  left alone   repos/acme/web/actions; exists, and this sync did not write it; --take-over overwrites it

    1 secrets of the state are in places that cannot be seen: deleted, transferred, or hidden from the token
    0 to write, 0 to delete, 1 left alone, 1 unchanged
    ");
    assert_eq!(
        opened(&emulator, "repos/acme/web/actions", "A").as_deref(),
        Some("foreign")
    );
    change(&emulator, Change::delete_secret(actions("web"), "A"));
    assert_ran!(platform.applied(&emulator), @"
    exit code 0
    [stdout]
    created→repos/acme/web/actions→A
    [stderr]
    + A  create       repos/acme/web/actions

    1 secrets of the state are in places that cannot be seen: deleted, transferred, or hidden from the token
    1 to write, 0 to delete, 1 unchanged
    about 4 requests
    1 secret: 1 created
    ");
    // The old one may come back: what was written in it is remembered.
    assert!(
        platform.state().contains("\"repository\":1}"),
        "{}",
        platform.state()
    );
}

#[tokio::test]
async fn an_archived_repository_is_a_problem_if_it_is_named_and_no_match_of_a_pattern() {
    let (emulator, mut platform) = applied("archived").await;
    change(&emulator, Change::archive_repository("acme/web"));
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);

    platform.set("A", "second");
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    updated→repos/acme/api/actions→A
    not tried→repos/acme/web/actions→A
    [stderr]
    ~ A                       new value    repos/acme/api/actions
    x repos/acme/web/actions  archived     the repository is archived, and GitHub refuses writes; 1 secret is skipped

    1 to write, 0 to delete, 1 skipped
    about 4 requests
    error: 1 secret not tried: the place has a problem
    2 secrets in 2 places: 1 updated, 1 not tried
    ");
    platform.write(&format!(
        "prune = true\n{}",
        BOTH.replace("'acme/web', 'acme/api'", "'acme/*'")
    ));
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 0
    [stderr]
    ? A  left alone   repos/acme/web/actions; no longer in the file; the repository is archived

    acme/* (line 4) matches 1 repository, 0 of them new to the state
    0 to write, 0 to delete, 1 left alone, 1 unchanged
    nothing had to be changed
    ");
    platform.write(&BOTH.replace("'acme/web', 'acme/api'", "'acme/we*'"));
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: FOLDER/places-archived/platform.toml has a fault, and nothing was sent:
      line 3: acme/we* matches no repository that is not archived
    ");
    assert_eq!(
        opened(&emulator, "repos/acme/web/actions", "A").as_deref(),
        Some("first")
    );
}

#[tokio::test]
async fn an_environment_that_does_not_exist_is_not_created() {
    let (emulator, platform) = applied("environment").await;
    platform.write(&format!(
        "{BOTH}[[set]]\nrepos = ['acme/web']\nenv = 'staging'\nsecrets = ['A']\n"
    ));
    emulator.forget_requests();

    assert_ran!(platform.run(&emulator, "apply"), @r#"
    exit code 3
    [stderr]
    x repos/acme/web/environments/staging  unreadable   could not list the Actions secrets of the environment "staging" of acme/web: this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token may not see it (status 404, request ID)

    0 to write, 0 to delete, 2 unchanged
    "#);
    assert_eq!(writes(&emulator), 0);
    let created = Change::create_environment("acme/web", "staging");
    change(&emulator, created);
    platform.applied(&emulator);
}

#[tokio::test]
async fn a_list_of_repositories_without_one_that_exists_is_refused() {
    let (emulator, platform) = applied("hidden").await;
    let text = BOTH.replace("'acme/web', 'acme/api'", "'acme/*'");
    platform.write(&format!("prune = true\n{text}"));
    let list = Matcher::path("/orgs/acme/repos");
    emulator.fault(Fault::hidden_entries(["web"]).on(list).always());
    emulator.forget_requests();

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 1
    [stderr]
    error: the list of acme's repositories is not whole: acme/web exists, and is not in it; run it again
    ");
    assert_eq!((writes(&emulator), held(&emulator).len()), (0, 2));
}

#[tokio::test]
async fn a_list_of_secrets_without_one_that_exists_deletes_and_creates_nothing() {
    let (emulator, platform) = applied("hidden-secret").await;
    let list = Matcher::operation("actions/list-repo-secrets");
    let hidden = Fault::hidden_entries(["A"]).with_total_count(1).on(list);
    emulator.fault(hidden.always());
    emulator.forget_requests();

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stderr]
    x repos/acme/api/actions  unreadable   could not list the Actions secrets of acme/api: the list has 0 entries instead of 1: pages were lost on the way, or the list changed while it was read; try again (status 200, request ID)
    x repos/acme/web/actions  unreadable   could not list the Actions secrets of acme/web: the list has 0 entries instead of 1: pages were lost on the way, or the list changed while it was read; try again (status 200, request ID)

    2 secrets of the state are in places that cannot be seen: deleted, transferred, or hidden from the token
    0 to write, 0 to delete
    ");
    assert_eq!(writes(&emulator), 0);
}

/// More than three pages, of which each has a link to the next one, or has lost it.
#[tokio::test]
async fn a_pattern_takes_301_repositories_also_if_a_link_is_lost() {
    let mut acme = Organization::new("acme");
    for number in 1..=301 {
        let repository = Repository::new(number, format!("svc-{number}"));
        acme = acme.repository(match number {
            1 => repository,
            _ => repository.secret(github_secrets_emulator::Store::Actions, foreign("A")),
        });
    }
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();
    let mut platform = Platform::new(
        "places-301",
        "[[set]]\nrepos = ['acme/svc-*']\nsecrets = ['A']\n",
    );
    platform.set("A", "first");
    let list = Matcher::path("/orgs/acme/repos");
    emulator.fault(Fault::without_headers(["link"]).on(list).always());

    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    created→repos/acme/svc-1/actions→A
    [stderr]
    there is no state FOLDER/places-301/platform.state yet: secrets that exist are taken for those of others
    + A  create       repos/acme/svc-1/actions
    ? A  left alone   300 places: 300 repositories, actions; exists, and this sync did not write it; --take-over overwrites it

    acme/svc-* (line 3) matches 301 repositories, 301 of them new to the state
    1 to write, 0 to delete, 300 left alone
    about 4 requests
    1 secret: 1 created
    ");
    let written = held(&emulator)
        .iter()
        .filter(|it| it.ends_with("first"))
        .count();
    assert_eq!(
        (held(&emulator).len(), written, writes(&emulator)),
        (301, 1, 1)
    );
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
    about 4 requests
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
    ~ A  new value    2 places: 2 repositories, actions

    2 to write, 0 to delete
    about 8 requests
    error: 2 secrets not tried: the time for the run was over
    2 secrets in 2 places: 2 not tried
    ");
    assert_eq!(writes(&emulator), 0);
    platform.applied(&emulator);
}

/// `apply` with 12 secrets in one place, of which the third is under way.
#[cfg(unix)]
async fn under_way(name: &str, delay: Duration) -> (Emulator, Platform, Child) {
    let [web, _] = repositories();
    let acme = Organization::new("acme").repository(web);
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .unwrap();
    let names: Vec<String> = (0..12).map(|index| format!("S_{index}")).collect();
    let text = format!("[[set]]\nrepos = ['acme/web']\nsecrets = {names:?}\n");
    let mut platform = Platform::new(&format!("places-{name}"), &text);
    for name in &names {
        platform.set(name, "value");
    }
    let slow = Fault::delay(delay).on(Matcher::method("PUT"));
    emulator.fault(slow.after(2));
    let mut command = platform.command(&emulator, "apply");
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    while writes(&emulator) < 3 {
        assert!(child.try_wait().unwrap().is_none());
        thread::yield_now();
    }
    (emulator, platform, child)
}

#[cfg(unix)]
fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let kill = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(kill.unwrap().success());
}

/// Reads standard error until a line has this.
#[cfg(unix)]
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

#[cfg(unix)]
#[tokio::test]
async fn an_interruption_waits_for_what_was_sent_and_the_next_run_goes_on() {
    let (emulator, platform, child) = under_way("interrupted", Duration::from_secs(1)).await;
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
    there is no state FOLDER/places-interrupted/platform.state yet: secrets that exist are taken for those of others
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
    about 15 requests
    waiting for what is under way; press Ctrl-C again to end at once
    error: 9 secrets not tried: the run was stopped
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

#[cfg(unix)]
#[tokio::test]
async fn a_second_interruption_ends_at_once_and_the_next_run_goes_on() {
    let (emulator, platform, mut child) =
        under_way("twice-interrupted", Duration::from_secs(600)).await;
    interrupt(&child);
    let told = read_until(&mut child, "press Ctrl-C again");
    interrupt(&child);

    let mut ran = Ran::new(child.wait_with_output().unwrap());
    ran.stderr.insert_str(0, &told);

    assert_ran!(ran, @"
    exit code 3
    [stdout]
    created→S_0
    created→S_1
    [stderr]
    there is no state FOLDER/places-twice-interrupted/platform.state yet: secrets that exist are taken for those of others
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
    about 15 requests
    waiting for what is under way; press Ctrl-C again to end at once
    10 steps were given up; the next run sees what is done
    error: interrupted
    2 secrets: 2 created
    ");
    assert_eq!(held(&emulator).len(), 2);
    platform.applied(&emulator);
    assert_eq!(held(&emulator).len(), 12);
}
