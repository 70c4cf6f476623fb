//! What happens to a secret, for everything that the file, GitHub and the state can say about it.

use std::time::Duration;

use crate::{
    assert_ran,
    program::{opened, writes},
    sync::{Platform, actions, foreign, held, web_and_api},
};
use github_secrets_emulator::{Change, Emulator, Fault, Matcher, Place, Store, Visibility};

const WEB: &str = "repos/acme/web/actions";
const SET: &str = "[[set]]\nrepos = ['acme/web']\nsecrets = ['A']\n";
const OTHER: &str = "[[set]]\nrepos = ['acme/web']\nsecrets = ['OTHER']\n";
const DELETE: &str = "[[delete]]\nrepos = ['acme/web']\nsecrets = ['A']\n";
const FIRST: &str = "first-9xQ2vL7p";
const SECOND: &str = "second-Kd83nWzR";

async fn acme() -> Emulator {
    Emulator::builder()
        .organization(web_and_api())
        .start()
        .await
        .unwrap()
}

/// Somebody else writes, an hour later.
fn overwritten(emulator: &Emulator) {
    emulator.advance(Duration::from_secs(60 * 60));
    let change = Change::set_secret(actions("web"), foreign("A"));
    emulator.change(change).unwrap();
}

fn deleted(emulator: &Emulator) {
    let change = Change::delete_secret(actions("web"), "A");
    emulator.change(change).unwrap();
}

fn untouched(_: &Emulator) {}

struct Case {
    /// The file of a run before, if there was one.
    before: Option<&'static str>,
    meanwhile: fn(&Emulator),
    value: &'static str,
    file: String,
    arguments: &'static str,
    /// The line of the plan.
    line: &'static str,
    code: i32,
    /// What `A` is afterwards.
    holds: Option<&'static str>,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            before: Some(SET),
            meanwhile: untouched,
            value: FIRST,
            file: SET.to_owned(),
            arguments: "",
            line: "",
            code: 0,
            holds: Some(FIRST),
        }
    }
}

fn cases() -> Vec<Case> {
    let prune = format!("prune = true\n{OTHER}");
    vec![
        Case {
            before: None,
            line: "+ A create repos/acme/web/actions",
            ..Case::default()
        },
        Case {
            meanwhile: deleted,
            line: "+ A create repos/acme/web/actions; was deleted by somebody else",
            ..Case::default()
        },
        Case {
            before: None,
            meanwhile: overwritten,
            line: "? A left alone repos/acme/web/actions; exists, and was not written from this file; \
                   --take-over overwrites it",
            code: 3,
            holds: Some("foreign"),
            ..Case::default()
        },
        Case {
            before: None,
            meanwhile: overwritten,
            arguments: "--take-over",
            line: "! A overwrite repos/acme/web/actions; exists, and was not written from this file",
            ..Case::default()
        },
        Case {
            value: SECOND,
            line: "~ A update repos/acme/web/actions; new value",
            holds: Some(SECOND),
            ..Case::default()
        },
        Case {
            meanwhile: overwritten,
            line: "! A overwrite repos/acme/web/actions; changed by somebody else at TIME",
            ..Case::default()
        },
        Case {
            meanwhile: overwritten,
            file: format!("changed_elsewhere = 'keep'\n{SET}"),
            line: "? A left alone repos/acme/web/actions; changed by somebody else at TIME",
            code: 3,
            holds: Some("foreign"),
            ..Case::default()
        },
        Case {
            meanwhile: overwritten,
            value: SECOND,
            file: format!("changed_elsewhere = 'keep'\n{SET}"),
            line: "! A overwrite repos/acme/web/actions; new value; changed by somebody else at TIME",
            holds: Some(SECOND),
            ..Case::default()
        },
        Case {
            file: DELETE.to_owned(),
            line: "- A delete repos/acme/web/actions; the file says that it must not exist; \
                   cannot be undone",
            holds: None,
            ..Case::default()
        },
        Case {
            before: None,
            meanwhile: overwritten,
            file: DELETE.to_owned(),
            line: "- A delete repos/acme/web/actions; the file says that it must not exist; \
                   cannot be undone",
            holds: None,
            ..Case::default()
        },
        Case {
            file: prune.clone(),
            line: "- A delete repos/acme/web/actions; no longer in the file; cannot be undone",
            holds: None,
            ..Case::default()
        },
        Case {
            file: OTHER.to_owned(),
            line: "? A left alone repos/acme/web/actions; no longer in the file; prune = true \
                   deletes it",
            ..Case::default()
        },
        Case {
            meanwhile: overwritten,
            file: prune,
            line: "? A left alone repos/acme/web/actions; no longer in the file, and changed by \
                   somebody else at TIME",
            holds: Some("foreign"),
            ..Case::default()
        },
    ]
}

/// The lines of a plan, with single spaces and without times.
fn lines(plan: &str) -> Vec<String> {
    let words = plan.lines().map(|line| line.split_whitespace());
    let words = words.map(|line| {
        line.map(|word| match word.starts_with("20") && word.ends_with('Z') {
            true => "TIME",
            false => word,
        })
        .collect::<Vec<_>>()
        .join(" ")
    });
    words.collect()
}

#[tokio::test]
async fn what_the_plan_says_of_a_secret_is_what_happens_to_it() {
    for (index, case) in cases().into_iter().enumerate() {
        let emulator = acme().await;
        let mut platform = Platform::new(&format!("step-{index}"), case.before.unwrap_or(SET));
        platform.set("A", FIRST);
        platform.set("OTHER", SECOND);
        if case.before.is_some() {
            platform.applied(&emulator);
        }
        (case.meanwhile)(&emulator);
        platform.write(&case.file);
        platform.set("A", case.value);
        emulator.forget_requests();

        let plan = platform.run(&emulator, &format!("plan {}", case.arguments));
        assert_eq!(writes(&emulator), 0);
        let ran = platform.run(&emulator, &format!("apply {}", case.arguments));

        let line = case.line;
        assert!(
            lines(&plan.stdout).contains(&line.to_owned()),
            "{line}: {plan}"
        );
        assert_eq!(
            (plan.code, ran.code),
            (case.code, case.code),
            "{line}: {ran}"
        );
        let holds = opened(&emulator, WEB, "A");
        assert_eq!(holds.as_deref(), case.holds, "{line}: {ran}");
        if case.code == 0 {
            let again = platform.run(&emulator, "plan --check");
            assert_eq!(again.code, 0, "{line}: {again}");
        }
    }
}

#[tokio::test]
async fn a_write_without_a_response_is_made_again() {
    let emulator = acme().await;
    let mut platform = Platform::new("unconfirmed", SET);
    platform.set("A", FIRST);
    let lost = Fault::dropped().after_write().on(Matcher::method("PUT"));
    emulator.fault(lost.always());
    let ran = platform.run(&emulator, "apply --attempts 1");
    assert_eq!(ran.code, 3, "{ran}");
    emulator.clear_faults();

    let plan = platform.run(&emulator, "plan");

    let line = "~ A update repos/acme/web/actions; a write of an earlier run was not confirmed";
    assert!(lines(&plan.stdout).contains(&line.to_owned()), "{plan}");
    platform.applied(&emulator);
    assert_eq!(platform.run(&emulator, "plan --check").code, 0);
}

#[tokio::test]
async fn nothing_is_deleted_if_that_would_be_too_much_or_a_write_fails() {
    let emulator = acme().await;
    for name in ["X", "Y", "Z"] {
        let change = Change::set_secret(actions("web"), foreign(name));
        emulator.change(change).unwrap();
    }
    let delete = "[[delete]]\nrepos = ['acme/web']\nsecrets = ['X', 'Y', 'Z']\n";
    let mut platform = Platform::new("deletes", &format!("max_deletes = 2\n{SET}{delete}"));
    platform.set("A", FIRST);

    assert_ran!(platform.run(&emulator, "plan"), @"
    exit code 3
    [stdout]
    + A          create       repos/acme/web/actions
    - X          delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - Y          delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - Z          delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    x 3 deletes  too many     max_deletes is 2: nothing will be deleted; raise it to allow this

    1 to write, 3 to delete
    about 5 requests
    [stderr]
    there is no state FOLDER/deletes/platform.state yet: existing secrets are treated as written by somebody else
    ");
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 3
    [stdout]
    created→A
    not tried→X
    not tried→Y
    not tried→Z
    [stderr]
    there is no state FOLDER/deletes/platform.state yet: existing secrets are treated as written by somebody else
    + A          create       repos/acme/web/actions
    - X          delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - Y          delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - Z          delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    x 3 deletes  too many     max_deletes is 2: nothing will be deleted; raise it to allow this

    1 to write, 3 to delete
    about 5 requests
    error: 3 secrets not tried: the plan has more deletes than allowed
    4 secrets: 1 created, 3 not tried
    ");
    assert_eq!(emulator.secrets(&actions("web")).len(), 4);

    platform.write(&format!("{SET}{delete}"));
    platform.set("A", SECOND);
    emulator.fault(Fault::status(422).on(Matcher::method("PUT")).always());
    assert_ran!(platform.run(&emulator, "apply"), @"
    exit code 1
    [stdout]
    failed→A
    not tried→X
    not tried→Y
    not tried→Z
    [stderr]
    ~ A  update       repos/acme/web/actions; new value
    - X  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - Y  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone
    - Z  delete       repos/acme/web/actions; the file says that it must not exist; cannot be undone

    1 to write, 3 to delete
    about 14 requests
    error: could not create or update the Actions secret A of acme/web: GitHub does not accept the request; check the name and the repositories, and that the store is not full: GitHub documents a limit of 100 secrets (status 422, request ID)
    error: 3 secrets not tried: an earlier step failed or was skipped
    4 secrets: 1 failed, 3 not tried
    ");
    assert_eq!(emulator.secrets(&actions("web")).len(), 4);

    emulator.clear_faults();
    platform.applied(&emulator);
    assert_eq!(held(&emulator), [format!("{WEB}/A={SECOND}")]);
}

fn organization() -> Place {
    Place::organization("acme", Store::Actions)
}

fn selected(emulator: &Emulator) -> Vec<u64> {
    let secret = emulator.secret(&organization(), "A").unwrap();
    secret.selected_repository_ids()
}

#[tokio::test]
async fn access_is_made_exact_together_with_the_value_or_kept() {
    for keep in [false, true] {
        let emulator = acme().await;
        let text = format!(
            "[[set]]\norg = 'acme'\naccess = ['web']\nkeep_access = {keep}\nsecrets = ['A']\n"
        );
        let mut platform = Platform::new(&format!("access-{keep}"), &text);
        platform.set("A", FIRST);
        platform.applied(&emulator);
        assert_eq!(selected(&emulator), [1]);
        let change = Change::set_access(organization(), "A", Visibility::Selected, [2]);
        emulator.change(change).unwrap();

        let plan = platform.run(&emulator, "plan");
        platform.set("A", SECOND);
        platform.applied(&emulator);

        // A second later it is also a change by somebody else, which is overwritten.
        let step = "orgs/acme/actions; access: + acme/web, - acme/api; written with its value";
        let shows = lines(&plan.stdout).iter().any(|line| line.contains(step));
        let expected = if keep {
            (false, vec![2])
        } else {
            (true, vec![1])
        };
        assert_eq!((shows, selected(&emulator)), expected, "{plan}");
        let value = opened(&emulator, "orgs/acme/actions", "A");
        assert_eq!(value.as_deref(), Some(SECOND));
    }
}
