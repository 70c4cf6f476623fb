//! Types without an end: the generator puts a box where a type contains itself, but does not look
//! into the types of other crates.

use std::collections::{BTreeMap, BTreeSet};

use syn::{
    Item, TypePath,
    visit::{self, Visit},
};

use super::types::name;

/// What keeps its parts elsewhere in memory.
const POINTERS: [&str; 4] = ["BTreeMap", "Box", "HashMap", "Vec"];

/// Returns why types could not be compiled because one of them contains itself.
pub(super) fn check(items: &[Item]) -> Result<(), String> {
    let types = items.iter().filter_map(|item| {
        let mut parts = Parts::default();
        parts.visit_item(item);
        Some((name(item)?.to_string(), parts.0))
    });
    let mut types: BTreeMap<String, BTreeSet<String>> = types.collect();
    let known: BTreeSet<String> = types.keys().cloned().collect();
    types
        .values_mut()
        .for_each(|parts| parts.retain(|part| known.contains(part)));
    loop {
        let ended = types.iter().filter(|(_, parts)| parts.is_empty());
        let ended: BTreeSet<String> = ended.map(|(name, _)| name.clone()).collect();
        if ended.is_empty() {
            break;
        }
        types.retain(|name, parts| {
            parts.retain(|part| !ended.contains(part));
            !ended.contains(name)
        });
    }
    // Each of those that are left contains another one, so enough steps lead into a ring.
    let Some(mut own) = types.keys().next() else {
        return Ok(());
    };
    for _ in 0..types.len() {
        own = types[own].iter().next().unwrap_or(own);
    }
    Err(format!(
        "`{own}` contains itself without an end, because of an `x-rust-type` in the overlay"
    ))
}

/// The names of the types that a type contains.
#[derive(Default)]
struct Parts(BTreeSet<String>);

impl<'a> Visit<'a> for Parts {
    fn visit_attribute(&mut self, _: &'a syn::Attribute) {}

    fn visit_type_path(&mut self, ty: &'a TypePath) {
        let Some(last) = ty.path.segments.last() else {
            return;
        };
        let is_foreign = ty.path.leading_colon.is_some();
        if !is_foreign {
            self.0.insert(last.ident.to_string());
        }
        if !(is_foreign && POINTERS.iter().any(|name| last.ident == name)) {
            visit::visit_type_path(self, ty);
        }
    }
}
