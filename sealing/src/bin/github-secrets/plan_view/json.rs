//! A plan as JSON, for programs.

use github_secrets::{
    Secret,
    sync::{PlannedPlace, Step, StepKind, Why},
};
use serde_json::{Value, json};

use super::kind_of;
use crate::{failure::chain, planning::Planned};

/// The number of the form, which changes when programs would have to.
const FORMAT: u32 = 1;

/// Returns the plan as JSON.
pub(crate) fn json(planned: &Planned<'_>, has_values: bool) -> Value {
    let plan = &planned.plan;
    let patterns = planned.matches.iter().map(|found| {
        json!({
            "pattern": found.pattern,
            "repositories": found.repositories,
            "new": found.new,
        })
    });
    json!({
        "format": FORMAT,
        "values_compared": has_values,
        "writes": plan.writes(),
        "deletes": plan.deletes(),
        "max_deletes": plan.max_deletes(),
        "unseen": plan.unseen(),
        "requests": plan.requests(),
        "estimate_seconds": plan.estimate().as_secs(),
        "patterns": patterns.collect::<Value>(),
        "places": plan.places().iter().map(place).collect::<Value>(),
    })
}

fn place(place: &PlannedPlace) -> Value {
    let problem = place.problem.as_ref().map(|problem| chain(problem));
    json!({
        "place": match place.problem {
            None => place.place.to_string(),
            Some(_) => format!("{:#}", place.place),
        },
        "renamed_from": place.renamed_from.as_ref().map(ToString::to_string),
        "problem": problem,
        "steps": place.steps.iter().map(step).collect::<Value>(),
        "others": place.others.iter().map(other).collect::<Value>(),
    })
}

fn step(step: &Step) -> Value {
    let access = step.access.as_ref().map(|access| {
        json!({
            "before": access.before.as_ref().map(kind_of),
            "after": kind_of(&access.after),
            "added": access.added,
            "removed": access.removed,
        })
    });
    json!({
        "name": step.name.as_str(),
        "action": action(step.kind),
        "why": why(step.why),
        "updated_at": step.updated_at.map(|time| time.to_string()),
        "access": access,
    })
}

fn other(secret: &Secret) -> Value {
    json!({
        "name": secret.name,
        "created_at": secret.created_at.to_string(),
        "updated_at": secret.updated_at.to_string(),
    })
}

fn action(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Create => "create",
        StepKind::Write => "write",
        StepKind::Delete => "delete",
        StepKind::Leave => "leave",
        _ => "keep",
    }
}

fn why(why: Why) -> &'static str {
    match why {
        Why::New => "new",
        Why::DeletedElsewhere => "deleted_elsewhere",
        Why::NewValue => "new_value",
        Why::NewValueAndChanged => "new_value_and_changed",
        Why::Unconfirmed => "unconfirmed",
        Why::Access => "access",
        Why::AccessAndChanged => "access_and_changed",
        Why::ChangedElsewhere => "changed_elsewhere",
        Why::TakenOver => "taken_over",
        Why::NotOurs => "not_ours",
        Why::Unwanted => "unwanted",
        Why::NoLongerWanted => "no_longer_wanted",
        Why::NoLongerWantedAndChanged => "no_longer_wanted_and_changed",
        Why::NoLongerWantedAndUnconfirmed => "no_longer_wanted_and_unconfirmed",
        Why::NoLongerWantedAndArchived => "no_longer_wanted_and_archived",
        Why::Unchanged => "unchanged",
        Why::NotCompared => "not_compared",
        Why::Absent => "absent",
        _ => "other",
    }
}
