//! Texts with `{variables}`, in which there can be others.

use crate::{
    bounds::{Budget, Excess},
    escape::code,
};

/// How deeply variables may be nested.
const MOST_NESTED: usize = 8;

/// Returns `text` with each `{name}` replaced. What keeps that from ending was refused when the
/// words were read, and ends the text here.
pub(super) fn fill(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> String {
    let unlimited = Budget::new(usize::MAX);
    let template = Template::new(variable, &unlimited);
    template.fill(text).unwrap_or_default()
}

/// Fills texts with variables, within a budget.
pub(super) struct Template<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    budget: &'a Budget,
}

impl<'a> Template<'a> {
    pub(super) fn new(variable: &'a dyn Fn(&str) -> Option<String>, budget: &'a Budget) -> Self {
        Self { variable, budget }
    }

    /// Returns `text` with each `{name}` replaced by the variable of that name, if there is one.
    pub(super) fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        self.fill_into(&mut filled, text, &mut Vec::new())?;
        Ok(filled)
    }

    fn fill_into(
        &self,
        filled: &mut String,
        text: &str,
        within: &mut Vec<String>,
    ) -> Result<(), String> {
        self.budget.spend(1 + text.len()).map_err(excess)?;
        let mut rest = text;
        while let Some((before, name, after)) = next(rest) {
            filled.push_str(before);
            match (self.variable)(name) {
                Some(_) if within.iter().any(|outer| outer == name) => {
                    return Err(format!("the variable {} is made of itself", code(name)));
                }
                Some(_) if within.len() == MOST_NESTED => {
                    let name = code(name);
                    return Err(format!(
                        "{name} is the last of more than {MOST_NESTED} variables in each other"
                    ));
                }
                Some(value) => {
                    within.push(name.to_owned());
                    self.fill_into(filled, &value, within)?;
                    within.pop();
                }
                None => filled.push_str(&format!("{{{name}}}")),
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(())
    }
}

fn excess(excess: Excess) -> String {
    let Excess::Values(limit) = excess else {
        return excess.reason();
    };
    format!("its texts would have more than {limit} characters")
}

/// Returns the first `{name}` of a text, with the text before and after it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}
