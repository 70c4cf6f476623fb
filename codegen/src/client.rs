use std::any::Any;
use std::cell::Cell;
use std::collections::HashSet;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

use progenitor::{CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use serde_json::Value;
use syn::parse_quote;

use crate::cycles::made_of_itself;
use crate::tidy::tidy;
use crate::{Description, Error};

const HEADER: &str = "\
// Made by `cargo xtask regen` with progenitor from openapi/github.json and openapi/overlay.json. Do not edit it:
// take another operation in openapi/operations.json, or say in openapi/overlay.json what should be different.

#![cfg_attr(rustfmt, rustfmt_skip)]
#![allow(
    missing_docs,
    reason = \"a description has no words for a variant, and an operation just taken has none yet\"
)]

";

/// Returns the source of the client for the operations of `description`.
///
/// # Errors
///
/// When the generator refuses operations, or makes something that the client crate cannot compile: an error for each
/// operation that is refused even when it is alone, or one for all of them together.
pub fn client(description: &Description) -> Result<String, Vec<Error>> {
    // An overlay can leave components behind that nothing refers to any more.
    let operations: Vec<&str> = description.operations().into_keys().collect();
    match generate(&description.only(&operations)) {
        Ok(file) => Ok(format!("{HEADER}{}", prettyplease::unparse(&file))),
        Err(reason) => Err(blame(description, reason)),
    }
}

fn blame(description: &Description, reason: String) -> Vec<Error> {
    let operations = description.operations().into_keys();
    let refused = operations.filter_map(|operation| {
        let reason = generate(&description.only(&[operation])).err()?;
        Some(Error::Operation {
            operation: operation.to_owned(),
            reason,
        })
    });
    let refused: Vec<Error> = refused.collect();
    if refused.is_empty() {
        vec![Error::Client { reason }]
    } else {
        refused
    }
}

fn generate(description: &Description) -> Result<syn::File, String> {
    let mut document = description.value().clone();
    forget_undescribed(&mut document);
    if let Some(name) = made_of_itself(&document) {
        return Err(format!("the schema `{name}` is made of itself"));
    }
    let document = serde_json::from_value(document)
        .map_err(|error| format!("the description is malformed: {error}"))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_crate("std", CrateVers::Any, None)
        .with_inner_type(parse_quote!(::std::sync::Arc<dyn crate::Transport>));
    let tokens = catch_panic(|| Generator::new(&settings).generate_tokens(&document))?
        .map_err(|error| one_line(&error.to_string()))?;
    let mut file =
        syn::parse2(tokens).map_err(|error| format!("the source does not parse: {error}"))?;
    tidy(&mut file)?;
    Ok(file)
}

/// Takes fields that are required, but not described, from what is required: there is no type to read them into.
fn forget_undescribed(value: &mut Value) {
    if let Value::Object(object) = value {
        let described = object.get("properties").and_then(Value::as_object);
        let described: Option<HashSet<String>> = described.map(|p| p.keys().cloned().collect());
        if let (Some(described), Some(Value::Array(required))) =
            (described, object.get_mut("required"))
        {
            required.retain(|name| name.as_str().is_none_or(|name| described.contains(name)));
        }
        object.values_mut().for_each(forget_undescribed);
    } else if let Value::Array(items) = value {
        items.iter_mut().for_each(forget_undescribed);
    }
}

/// What `run` returns, or the message of its panic, which is not printed.
fn catch_panic<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    thread_local!(static QUIET: Cell<bool> = const { Cell::new(false) });
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let outer = panic::take_hook();
        panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            if !QUIET.get() {
                outer(info);
            }
        }));
    });
    QUIET.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    QUIET.set(false);
    result.map_err(|payload| message(&*payload))
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    match text {
        Some(text) if text.contains("response_types.len() <= 1") => {
            "its successes, or its failures, differ in their bodies, and a method has one type for each".to_owned()
        }
        Some(text) => format!("the generator gave up with: {}", one_line(text)),
        None => "the generator gave up".to_owned(),
    }
}

/// The beginning of what the generator said, which can be a dump of many lines.
fn one_line(text: &str) -> String {
    const CHARACTERS: usize = 160;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
