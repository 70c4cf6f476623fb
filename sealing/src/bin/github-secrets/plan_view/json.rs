//! A plan as JSON, for programs.

use serde_json::{Value, json};

use crate::planning::Planned;

/// The number of the form, which changes when programs would have to.
const FORMAT: u32 = 1;

/// Returns the plan as JSON.
///
/// # Errors
///
/// Returns the error of serializing it.
pub(crate) fn json(planned: &Planned<'_>, has_values: bool) -> serde_json::Result<Value> {
    let patterns = planned.matches.iter().map(|found| {
        json!({
            "pattern": found.pattern,
            "repositories": found.repositories,
            "new": found.new,
        })
    });
    let mut plan = serde_json::to_value(&planned.plan)?;
    plan["format"] = FORMAT.into();
    plan["values_compared"] = has_values.into();
    plan["patterns"] = patterns.collect();
    Ok(plan)
}
