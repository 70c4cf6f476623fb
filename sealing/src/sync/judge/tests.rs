//! Everything that can come together, judged.

use std::time::Duration;

use super::{
    Found, Record, Rules, StepKind, StepReason, Verdict, Visibility, Wanted, Written, judge,
};
use crate::{Access, Timestamp, VisibilityKind, sync::digest::Digest};

fn digest(byte: u8) -> Digest {
    let text = [byte; 21].map(char::from).iter().collect::<String>() + "A==";
    Digest::parse(&text).expect("a digest")
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn found(created_at: &str, updated_at: &str) -> Found {
    Found {
        created_at: time(created_at),
        updated_at: time(updated_at),
        visibility: None,
        access: None,
    }
}

/// Everything that can come together, as far as it can make a difference.
fn everything(mut each: impl FnMut(Option<Wanted<'_>>, Option<&Found>, Option<&Record>, Rules)) {
    let accesses = [
        Access::All,
        Access::selected(vec![1]),
        Access::selected(vec![1, 2]),
    ];
    let accesses = accesses.map(Some).into_iter().chain([None]);
    let accesses: Vec<_> = accesses.collect();
    let digests = [None, Some(digest(b'a')), Some(digest(b'b'))];
    let mut wanted = vec![None, Some(Wanted::Absent)];
    for digest in digests {
        let access = accesses.iter().map(Option::as_ref);
        wanted.extend(access.map(|access| Some(Wanted::Present { digest, access })));
    }
    let times = [
        "2026-11-20T09:12:04Z",
        "2026-11-20T09:12:05Z",
        "2026-11-21T09:12:05Z",
    ];
    let times = times.map(time);
    let mut found = vec![None];
    let created = times
        .into_iter()
        .flat_map(|created_at| times.map(|it| (created_at, it)));
    for (created_at, updated_at) in created {
        let found_with = |access: &Option<Access>| {
            let access = access.clone();
            let created_at = created_at.min(updated_at);
            Some(Found {
                created_at,
                updated_at,
                visibility: access
                    .as_ref()
                    .map(|access| Visibility::from(access).kind()),
                access,
            })
        };
        found.extend(accesses.iter().map(found_with));
    }
    let mut records = vec![None];
    for digest in digests.into_iter().flatten() {
        let of_time = |time| {
            [
                Written::Begun(time),
                Written::About(time),
                Written::At(time),
            ]
        };
        let written = times.into_iter().flat_map(of_time);
        let visibilities = [None, Some(Visibility::All), Some(Visibility::Selected)];
        for visibility in visibilities {
            let record = |written| Record {
                digest,
                written,
                visibility,
            };
            records.extend(written.clone().map(record).map(Some));
        }
    }
    for bits in 0..8 {
        let rules = Rules {
            prune: bits & 1 != 0,
            take_over: bits & 2 != 0,
            keep_changed: bits & 4 != 0,
        };
        for wanted in &wanted {
            for found in &found {
                for record in &records {
                    each(*wanted, found.as_ref(), record.as_ref(), rules);
                }
            }
        }
    }
}

#[test]
fn nothing_prevents_a_write_that_something_else_asks_for() {
    let mut cases = 0;
    everything(|wanted, found, record, rules| {
        let (Some(Wanted::Present { digest, access }), Some(found), Some(record)) =
            (wanted, found, record)
        else {
            return;
        };
        // What somebody else has changed is left alone with the value, if that was said.
        let other_access = access.is_some_and(|it| Some(it) != found.access.as_ref())
            && (record.is_of(found) || !rules.keep_changed || digest.is_none());
        let other_value = digest.is_some_and(|digest| digest != record.digest);
        let other_time = digest.is_some() && !record.is_of(found) && !rules.keep_changed;
        let unconfirmed = digest.is_some()
            && matches!(record.written, Written::Begun(until) if found.updated_at <= until);
        if !record.can_be_of(found) {
            // It is somebody else's, as if there were no record.
            let without = judge(wanted, Some(found), None, rules);
            assert_eq!(judge(wanted, Some(found), Some(record), rules), without);
        } else if other_access || other_value || other_time || unconfirmed {
            let verdict = judge(wanted, Some(found), Some(record), rules);
            assert!(
                matches!(verdict, Verdict::Step(StepKind::Write, _)),
                "{wanted:?} {found:?} {record:?} {rules:?}: {verdict:?}"
            );
            cases += 1;
        }
    });
    assert!(cases > 1_000, "{cases}");
}

#[test]
fn what_is_not_ours_is_touched_only_if_that_is_asked_for() {
    everything(|wanted, found, record, rules| {
        let verdict = judge(wanted, found, record, rules);
        let Verdict::Step(kind, reason) = verdict else {
            return;
        };
        let case = format!("{wanted:?} {found:?} {record:?} {rules:?}: {verdict:?}");
        match kind {
            StepKind::Delete if matches!(wanted, Some(Wanted::Absent)) => {}
            StepKind::Delete => {
                let ours = record.zip(found).is_some_and(|(record, found)| {
                    let written = record.visibility.map(Visibility::kind);
                    let same = written.is_none()
                        || found.visibility.is_none()
                        || written == found.visibility;
                    record.is_of(found) && same
                });
                assert!(rules.prune && ours && wanted.is_none(), "{case}");
            }
            StepKind::Write
                if !record
                    .zip(found)
                    .is_some_and(|(record, found)| record.can_be_of(found)) =>
            {
                let unread = matches!(wanted, Some(Wanted::Present { digest: None, .. }));
                assert!(
                    unread || (rules.take_over && reason == StepReason::TakenOver),
                    "{case}"
                );
            }
            StepKind::Create => assert!(found.is_none(), "{case}"),
            _ => {}
        }
    });
}

#[test]
fn a_write_is_recognized_from_a_minute_before_its_response_to_a_second_after_it() {
    let record = Record {
        visibility: None,
        digest: digest(b'a'),
        written: Written::About(time("2026-11-20T09:12:04Z")),
    };
    for (updated_at, ours, ours_if_read_soon) in [
        ("2026-11-20T09:11:03Z", false, false),
        ("2026-11-20T09:11:04Z", true, true),
        ("2026-11-20T09:12:04Z", true, true),
        ("2026-11-20T09:12:05Z", true, true),
        ("2026-11-20T09:12:06Z", false, true),
        ("2026-11-20T09:12:09Z", false, true),
        ("2026-11-20T09:12:10Z", false, false),
    ] {
        let found = found("2026-11-20T09:00:00Z", updated_at);
        assert_eq!(record.is_of(&found), ours, "{updated_at}");
        let [soon, late] = [3, 4].map(Duration::from_secs);
        let just_written = |after| record.can_be_just_written(&found, after);
        assert_eq!(just_written(soon), ours_if_read_soon, "{updated_at}");
        assert_eq!(just_written(late), ours, "{updated_at}");
    }
}

#[test]
fn a_secret_with_another_visibility_than_was_written_is_not_deleted() {
    let delete = Verdict::Step(StepKind::Delete, StepReason::NoLongerWanted);
    let leave = Verdict::Step(StepKind::Leave, StepReason::NoLongerWantedAndChanged);
    let rules = Rules {
        prune: true,
        ..Rules::default()
    };
    for (written, shown, expected) in [
        (Some(Visibility::Private), VisibilityKind::Private, delete),
        (Some(Visibility::Private), VisibilityKind::All, leave),
        (None, VisibilityKind::All, delete),
    ] {
        let record = Record {
            digest: digest(b'a'),
            written: Written::At(time("2026-11-20T09:12:04Z")),
            visibility: written,
        };
        let found = Found {
            visibility: Some(shown),
            ..found("2026-11-20T08:00:00Z", "2026-11-20T09:12:04Z")
        };
        let verdict = judge(None, Some(&found), Some(&record), rules);
        assert_eq!(verdict, expected, "{record:?} {found:?}");
    }
}

#[test]
fn a_secret_created_long_after_a_lost_write_is_not_ours() {
    let record = Record {
        visibility: None,
        digest: digest(b'a'),
        written: Written::Begun(time("2026-11-20T09:12:04Z")),
    };
    let wanted = Some(Wanted::Present {
        digest: Some(digest(b'a')),
        access: None,
    });
    let (unconfirmed, foreign) = (
        Verdict::Step(StepKind::Write, StepReason::Unconfirmed),
        Verdict::Step(StepKind::Leave, StepReason::NotOurs),
    );
    for (created_at, expected) in [
        ("2026-11-20T08:00:00Z", unconfirmed),
        ("2026-11-20T09:12:04Z", unconfirmed),
        ("2026-11-20T09:12:05Z", foreign),
    ] {
        let found = found(created_at, "2026-11-20T10:00:00Z");
        let verdict = judge(wanted, Some(&found), Some(&record), Rules::default());
        assert_eq!(verdict, expected, "{created_at}");
    }
}

#[test]
fn a_new_value_says_that_somebody_else_had_changed_the_secret() {
    let record = Record {
        visibility: None,
        digest: digest(b'a'),
        written: Written::At(time("2026-11-20T09:12:04Z")),
    };
    let wanted = Some(Wanted::Present {
        digest: Some(digest(b'b')),
        access: None,
    });
    for (updated_at, reason) in [
        ("2026-11-20T09:12:04Z", StepReason::NewValue),
        ("2026-11-20T10:00:00Z", StepReason::NewValueAndChanged),
    ] {
        let found = found("2026-11-20T08:00:00Z", updated_at);
        let verdict = judge(wanted, Some(&found), Some(&record), Rules::default());
        assert_eq!(
            verdict,
            Verdict::Step(StepKind::Write, reason),
            "{updated_at}"
        );
    }
}

#[test]
fn a_change_after_a_lost_write_is_kept_where_changes_are() {
    let record = Record {
        visibility: None,
        digest: digest(b'a'),
        written: Written::Begun(time("2026-11-20T09:12:04Z")),
    };
    let wanted = Some(Wanted::Present {
        digest: Some(digest(b'a')),
        access: None,
    });
    let rules = Rules {
        keep_changed: true,
        ..Rules::default()
    };
    let found = found("2026-11-20T08:00:00Z", "2026-11-20T09:12:05Z");
    let verdict = judge(wanted, Some(&found), Some(&record), rules);
    let kept = Verdict::Step(StepKind::Leave, StepReason::ChangedElsewhere);
    assert_eq!(verdict, kept);
}
