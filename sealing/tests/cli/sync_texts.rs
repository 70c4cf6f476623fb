//! The texts of the library's module `sync`, word for word. The program's own are in its views.

use std::fmt::Display;

use github_secrets::{
    Place, SecretName,
    sync::{Done, Problem, Skipped, StateError, StepKind, StepReason, SyncError},
};

/// Puts texts on lines of their own.
fn lines(texts: impl IntoIterator<Item = impl Display>) -> String {
    let texts: Vec<_> = texts.into_iter().map(|text| text.to_string()).collect();
    texts.join("\n")
}

fn place() -> Place {
    "repos/acme/web/actions".parse().unwrap()
}

fn name() -> SecretName {
    SecretName::new("TOKEN").unwrap()
}

#[test]
fn what_keeps_a_plan_from_being_made_is_said() {
    let errors = [
        SyncError::Twice {
            place: place(),
            name: name(),
        },
        SyncError::EmptyValue {
            place: place(),
            name: name(),
        },
    ];
    insta::assert_snapshot!(lines(errors), @"
    TOKEN in repos/acme/web/actions is listed twice; remove one of the entries
    the value of TOKEN for repos/acme/web/actions is empty; set it, or use `delete` if the secret should not exist
    ");
    let states = [
        StateError::Key,
        StateError::Empty,
        StateError::Form,
        StateError::Format(2),
        StateError::OtherKey,
        StateError::Changed,
        StateError::Line(3),
        StateError::OtherApi {
            api: "https://api.github.com/".to_owned(),
        },
    ];
    insta::assert_snapshot!(lines(states), @"
    the key of the state is not 32 random bytes in base64; make one with `openssl rand -base64 32`
    the state is empty; restore it, or remove it to start over
    this is not a state of github-secrets; restore it, or remove it to start over
    the state has format 2, but this version knows only format 1; use a newer version
    the state was made with another key; use that key, or remove the state to start over
    the state was edited, cut short or merged since it was written; restore it, or remove it to start over
    line 3 of the state is not valid; use the version that wrote it
    the state belongs to https://api.github.com/; each API needs its own state
    ");
}

#[test]
fn each_step_and_its_reason_have_words() {
    let kinds = [
        StepKind::Create,
        StepKind::Write,
        StepKind::Delete,
        StepKind::Leave,
        StepKind::Keep,
    ];
    insta::assert_snapshot!(lines(kinds), @"
    create
    write
    delete
    left alone
    keep
    ");
    let reasons = [
        StepReason::New,
        StepReason::DeletedElsewhere,
        StepReason::NewValue,
        StepReason::NewValueAndChanged,
        StepReason::Unconfirmed,
        StepReason::Access,
        StepReason::AccessAndChanged,
        StepReason::ChangedElsewhere,
        StepReason::TakenOver,
        StepReason::NotOurs,
        StepReason::Unwanted,
        StepReason::NoLongerWanted,
        StepReason::NoLongerWantedAndChanged,
        StepReason::NoLongerWantedAndUnconfirmed,
        StepReason::NoLongerWantedAndArchived,
        StepReason::Unchanged,
        StepReason::NotCompared,
        StepReason::Absent,
    ];
    insta::assert_snapshot!(lines(reasons), @"
    new
    deleted by somebody else
    new value
    new value; changed by somebody else in the meantime
    a write of an earlier run was not confirmed
    access
    access; changed by somebody else
    changed by somebody else
    taken over; this sync did not write it
    exists, and this sync did not write it
    should not exist
    no longer wanted
    no longer wanted, and changed by somebody else
    no longer wanted, and a write of an earlier run was not confirmed
    no longer wanted; the repository is archived, so GitHub refuses writes
    unchanged
    exists; its value was not compared
    does not exist, as desired
    ");
}

#[test]
fn what_keeps_a_step_from_being_done_is_said() {
    let problems = [
        Problem::Archived,
        Problem::Full {
            secrets: 101,
            maximum: 100,
        },
        Problem::Same(place()),
    ];
    insta::assert_snapshot!(lines(problems), @"
    the repository is archived, so GitHub refuses writes
    it would hold 101 secrets, but GitHub allows at most 100
    it is the same as repos/acme/web/actions, which is listed as well; list it once
    ");
    let skipped = [
        Skipped::Changed,
        Skipped::EarlierError,
        Skipped::Stopped,
        Skipped::Deadline,
        Skipped::StateNotSaved,
        Skipped::Incomplete,
        Skipped::NoRoom,
        Skipped::TooManyDeletes,
        Skipped::NoValue,
        Skipped::Problem,
    ];
    insta::assert_snapshot!(lines(skipped), @"
    not tried: it has changed since the plan; plan again
    not tried: an earlier error would make it fail as well
    not tried: the run was stopped
    not tried: the time limit of the run had passed
    not tried: the state could not be saved
    not deleted: an earlier step failed or was skipped
    not tried: the place is full, and the deletes there were not all made
    not deleted: the plan has more deletes than allowed
    not tried: its value was not given
    not tried: the place has a problem
    ");
    assert_eq!(Done::Deleted.to_string(), "deleted");
}
