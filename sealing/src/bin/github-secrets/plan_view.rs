//! A plan, shown: as text, as Markdown or as JSON.

mod json;
mod markdown;
mod text;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use github_secrets::{
    Place, Timestamp, VisibilityKind,
    sync::{AccessChange, Plan, PlannedPlace, Problem, Step, StepKind, StepReason},
};
use indicatif::HumanDuration;

pub(crate) use self::{json::json, markdown::append_markdown, text::text};
use crate::planning::{Match, Planned};

/// A token of a GitHub App lasts as long.
const LIFE_OF_A_TOKEN: Duration = Duration::from_secs(60 * 60);

/// Steps that are the same but for their places, or the problem of a place.
pub(crate) struct Line<'p> {
    sign: char,
    /// The secret, or the place of a problem.
    subject: String,
    action: &'static str,
    places: Vec<&'p Place>,
    /// What else there is to say.
    remark: String,
}

/// A plan as people read it.
pub(crate) struct View<'p> {
    lines: Vec<Line<'p>>,
    /// The lines below the table.
    summary: Vec<String>,
}

impl<'p> View<'p> {
    /// Returns the view of a plan. With `all`, each step has a line of its own.
    pub(crate) fn new(planned: &'p Planned<'_>, all: bool, has_values: bool) -> Self {
        let plan = &planned.plan;
        let mut lines = steps(plan, all);
        lines.extend(plan.places().iter().filter_map(problem));
        if plan.deletes() > plan.max_deletes() {
            lines.push(Line {
                sign: 'x',
                subject: format!("{} deletes", plan.deletes()),
                action: "too many",
                places: Vec::new(),
                remark: format!(
                    "max_deletes is {}: nothing will be deleted; raise it to allow this",
                    plan.max_deletes()
                ),
            });
        }
        Self {
            lines,
            summary: summary(plan, &planned.matches, has_values),
        }
    }
}

/// Writes first, then deletes, then what is left alone.
fn rank(kind: StepKind) -> u8 {
    match kind {
        StepKind::Create | StepKind::Write => 0,
        StepKind::Delete => 1,
        _ => 2,
    }
}

fn steps(plan: &Plan, all: bool) -> Vec<Line<'_>> {
    let mut groups: BTreeMap<_, Line<'_>> = BTreeMap::new();
    let places = plan.places().iter().filter(|place| place.problem.is_none());
    for (place, step) in places.flat_map(|place| place.steps.iter().map(move |step| (place, step)))
    {
        if step.kind == StepKind::Keep {
            continue;
        }
        let (sign, action, remark) = described(step);
        // What differs from place to place has its own line.
        let alone = all || step.access.is_some() || shows_time(step.reason);
        let key = (
            rank(step.kind),
            step.name.as_str().to_ascii_uppercase(),
            step.kind,
            step.reason,
            alone.then(|| place.place.clone()),
        );
        let line = groups.entry(key).or_insert_with(|| Line {
            sign,
            subject: step.name.to_string(),
            action,
            places: Vec::new(),
            remark,
        });
        line.places.push(&place.place);
    }
    groups.into_values().collect()
}

fn shows_time(reason: StepReason) -> bool {
    matches!(
        reason,
        StepReason::ChangedElsewhere
            | StepReason::NewValueAndChanged
            | StepReason::NoLongerWantedAndChanged
    )
}

/// Returns the sign, the action, and what else there is to say of a step.
fn described(step: &Step) -> (char, &'static str, String) {
    let at = |time: Option<Timestamp>| time.map(|time| format!(" at {time}")).unwrap_or_default();
    let changed = format!("changed by somebody else{}", at(step.updated_at));
    match (step.kind, step.reason) {
        (StepKind::Create, StepReason::DeletedElsewhere) => {
            ('+', "create", "was deleted by somebody else".to_owned())
        }
        (StepKind::Create, _) => ('+', "create", String::new()),
        (StepKind::Delete, StepReason::Unwanted) => (
            '-',
            "delete",
            "the file says that it must not exist; cannot be undone".to_owned(),
        ),
        (StepKind::Delete, _) => (
            '-',
            "delete",
            "no longer in the file; cannot be undone".to_owned(),
        ),
        (StepKind::Leave, StepReason::NotOurs) => (
            '?',
            "left alone",
            "exists, and was not written from this file; --take-over overwrites it".to_owned(),
        ),
        (StepKind::Leave, StepReason::NoLongerWanted) => (
            '?',
            "left alone",
            "no longer in the file; prune = true deletes it".to_owned(),
        ),
        (StepKind::Leave, StepReason::NoLongerWantedAndUnconfirmed) => (
            '?',
            "left alone",
            "no longer in the file, and a write of an earlier run was not confirmed".to_owned(),
        ),
        (StepKind::Leave, StepReason::NoLongerWantedAndArchived) => (
            '?',
            "left alone",
            "no longer in the file; the repository is archived".to_owned(),
        ),
        (StepKind::Leave, StepReason::NoLongerWantedAndChanged) => (
            '?',
            "left alone",
            format!("no longer in the file, and {changed}"),
        ),
        (StepKind::Leave, _) => ('?', "left alone", changed),
        (_, StepReason::NewValue) => ('~', "update", "new value".to_owned()),
        (_, StepReason::NewValueAndChanged) => ('!', "overwrite", format!("new value; {changed}")),
        (_, StepReason::Unconfirmed) => (
            '~',
            "update",
            "a write of an earlier run was not confirmed".to_owned(),
        ),
        (_, StepReason::Access) => ('~', "update", access(step.access.as_ref())),
        (_, StepReason::AccessAndChanged) => {
            let access = access(step.access.as_ref());
            ('!', "overwrite", format!("{access}; {changed}"))
        }
        (_, StepReason::TakenOver) => (
            '!',
            "overwrite",
            "exists, and was not written from this file".to_owned(),
        ),
        (_, StepReason::ChangedElsewhere) => ('!', "overwrite", changed),
        (_, reason) => ('~', "update", reason.to_string()),
    }
}

fn access(change: Option<&AccessChange>) -> String {
    let Some(change) = change else {
        return "new access; written with its value".to_owned();
    };
    let mut parts = Vec::new();
    if change.before.as_ref() != Some(&change.after) {
        let before = change
            .before
            .as_ref()
            .map_or("unknown", |kind| kind_of(kind));
        parts.push(format!("{before} -> {}", kind_of(&change.after)));
    }
    parts.extend(change.added.iter().map(|name| format!("+ {name}")));
    parts.extend(change.removed.iter().map(|name| format!("- {name}")));
    format!("access: {}; written with its value", parts.join(", "))
}

fn kind_of(kind: &VisibilityKind) -> &str {
    match kind {
        VisibilityKind::All => "all",
        VisibilityKind::Private => "private",
        VisibilityKind::Selected => "selected",
        VisibilityKind::Other(other) => other,
        _ => "unknown",
    }
}

fn problem(place: &PlannedPlace) -> Option<Line<'_>> {
    let problem = place.problem.as_ref()?;
    let action = match problem {
        Problem::Archived => "archived",
        Problem::Full { .. } => "full",
        Problem::Same(_) => "duplicate",
        Problem::NotFound { .. } => "not found",
        _ => "unreadable",
    };
    let mut remark = match problem {
        Problem::Unreadable(error) => crate::failure::chain(error),
        problem => problem.to_string(),
    };
    let skipped = place.steps.iter().filter(|step| step.is_change()).count();
    match skipped {
        0 => {}
        1 => remark.push_str("; 1 secret is skipped"),
        skipped => remark.push_str(&format!("; {skipped} secrets are skipped")),
    }
    Some(Line {
        sign: 'x',
        subject: format!("{:#}", place.place),
        action,
        places: Vec::new(),
        remark,
    })
}

fn summary(plan: &Plan, matches: &[Match], has_values: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let places = plan.places();
    for place in places {
        if let Some(former) = &place.renamed_from {
            lines.push(format!("{former} was renamed to {}", place.place));
        }
    }
    for found in matches {
        let number = found.repositories.len();
        let noun = if number == 1 {
            "repository"
        } else {
            "repositories"
        };
        lines.push(format!(
            "{} (line {}) matches {number} {noun}, {} of them not in the state yet",
            found.pattern, found.line, found.new
        ));
    }
    match plan.unreachable_secrets() {
        0 => {}
        1 => lines.push(
            "1 secret of the state is in a place that no longer exists or is hidden from the token"
                .to_owned(),
        ),
        number => lines.push(format!(
            "{number} secrets of the state are in places that no longer exist or are hidden from \
             the token"
        )),
    }
    let problems = places.iter().filter(|place| place.problem.is_some());
    let has_problem = problems.clone().next().is_some();
    let are_deletes_held = has_problem || plan.deletes() > plan.max_deletes();
    let full = places.iter().filter(|place| place.problem.is_none());
    lines.extend(full.filter_map(|place| room(place, are_deletes_held)));
    let skipped = problems
        .flat_map(|place| &place.steps)
        .filter(|step| step.is_change())
        .count();
    let unmanaged: usize = places.iter().map(|place| place.unmanaged.len()).sum();
    let counts = [
        (plan.writes(), "to write"),
        (plan.deletes(), "to delete"),
        (plan.count(StepKind::Leave), "left alone"),
        (skipped, "skipped"),
        (plan.count(StepKind::Keep), "unchanged"),
        (unmanaged, "not managed by this file"),
    ];
    let counts = counts.iter().enumerate();
    let counts = counts.filter(|(index, (number, _))| *index < 2 || *number > 0);
    let counts: Vec<String> = counts
        .map(|(_, (number, what))| format!("{number} {what}"))
        .collect();
    lines.push(counts.join(", "));
    if has_problem && plan.deletes() > 0 {
        lines.push("nothing is deleted as long as a place has a problem".to_owned());
    }
    if !has_values {
        lines.push(
            "values were not compared: existing secrets may still get a new value".to_owned(),
        );
    }
    if !plan.is_empty() {
        lines.push(cost(plan));
    }
    lines
}

/// Says of a full place what its deletes make room for.
fn room(place: &PlannedPlace, are_deletes_held: bool) -> Option<String> {
    let new = match place.later() {
        0 => return None,
        1 => "1 new secret".to_owned(),
        later => format!("{later} new secrets"),
    };
    let place = &place.place;
    Some(if are_deletes_held {
        format!("{place} is full: without its deletes there is no room for {new}")
    } else {
        format!("{place} is full: its deletes come first, to make room for {new}")
    })
}

/// Says what it takes to carry a plan out.
fn cost(plan: &Plan) -> String {
    let (requests, estimate) = (plan.requests(), plan.estimate());
    let mut text = format!("about {requests} requests");
    if !estimate.is_zero() {
        let time = HumanDuration(estimate);
        text.push_str(&format!(
            "; within GitHub's rate limits they take about {time}"
        ));
    }
    if estimate > LIFE_OF_A_TOKEN {
        text.push_str(
            ". The token of a GitHub App lasts an hour: use --time-limit 50m, and run it again",
        );
    }
    text
}

impl Line<'_> {
    /// Returns the places in words.
    fn places(&self) -> String {
        match &self.places[..] {
            [] => String::new(),
            [place] => place.to_string(),
            places => format!("{} places: {}", places.len(), summed_up(places)),
        }
    }
}

/// Returns several places in words: by their repositories if they are alike in all of them.
fn summed_up(places: &[&Place]) -> String {
    const SHOWN: usize = 3;
    let mut by_site: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for place in places {
        let site = match place.environment_name() {
            Some(name) => format!("environment {name}"),
            None => place.store().to_string(),
        };
        let repository = place.full_name().unwrap_or_default();
        by_site.entry(site).or_default().insert(repository);
    }
    let repositories: BTreeSet<&BTreeSet<String>> = by_site.values().collect();
    match repositories.first() {
        Some(same) if repositories.len() == 1 && same.len() > 1 => {
            let sites: Vec<&str> = by_site.keys().map(String::as_str).collect();
            format!("{} repositories, {}", same.len(), sites.join(" and "))
        }
        _ => {
            let names = places.iter().take(SHOWN).map(ToString::to_string);
            let mut names = names.collect::<Vec<_>>().join(", ");
            if places.len() > SHOWN {
                names.push_str(&format!(" and {} more", places.len() - SHOWN));
            }
            names
        }
    }
}
