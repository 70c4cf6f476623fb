mod methods;
mod types;

use std::collections::HashSet;
use std::mem;

use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Item, parse_quote};

use methods::shorten;
use types::{Directions, name};

/// Leaves out of a generated file what a user of the client should not meet.
///
/// The error says why the client crate could not compile the file.
pub(crate) fn tidy(file: &mut syn::File) -> Result<(), String> {
    let mut tidy = Tidy::default();
    tidy.visit_file_mut(file);
    tidy.fault.map_or(Ok(()), Err)
}

#[derive(Default)]
struct Tidy {
    directions: Directions,
    fault: Option<String>,
}

/// What a path that starts with `::` may start with: the dependencies of the client crate.
const CRATES: [&str; 4] = ["progenitor_client", "reqwest", "serde", "std"];

impl Tidy {
    /// Two schemas, or two operations, can be so alike in their names that they become one name.
    fn unique<'a>(&mut self, kind: &str, names: impl Iterator<Item = &'a syn::Ident>) {
        let mut seen = HashSet::new();
        for name in names {
            if !seen.insert(name) {
                self.fault = Some(format!("it has two {kind} with the name `{name}`"));
            }
        }
    }
}

impl VisitMut for Tidy {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        // `types`, `Client` and what they need are public already; what is imported for the methods, they need no longer.
        file.items.retain(|item| match item {
            Item::Mod(module) => module.ident != "prelude",
            Item::Use(import) => matches!(import.vis, syn::Visibility::Public(_)),
            Item::Const(constant) => constant.ident != "_",
            _ => true,
        });
        self.directions.visit_file(file);
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        // `Client::new` builds an HTTP client of its own, and panics when that fails.
        let of_client =
            matches!(&*item.self_ty, syn::Type::Path(path) if path.path.is_ident("Client"));
        item.items.retain(|item| {
            !matches!(item, syn::ImplItem::Fn(function) if of_client && function.sig.ident == "new")
        });
        self.unique(
            "methods",
            item.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(&function.sig.ident),
                _ => None,
            }),
        );
        visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        if function.sig.asyncness.is_some() {
            if let Err(fault) = shorten(function) {
                self.fault = Some(fault);
            }
            let errors = "\n# Errors\n\nReturns an error if the request fails, or if the response is not a success.";
            function.attrs.push(parse_quote!(#[doc = #errors]));
        }
        visit_mut::visit_impl_item_fn_mut(self, function);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            self.unique("types", items.iter().filter_map(name));
            if module.ident == "types" {
                mem::take(&mut self.directions).fit(items);
            }
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        // Each type comes with its JSON schema as documentation; that is what openapi/github.json is for.
        let (mut in_schema, mut blank, mut begun) = (false, false, false);
        for attribute in mem::take(attributes) {
            let Some(text) = doc(&attribute) else {
                attributes.push(attribute);
                continue;
            };
            for line in text.split('\n').map(str::trim_end) {
                in_schema |= line.contains("<details>");
                if line.is_empty() {
                    blank = begun;
                } else if !in_schema {
                    if mem::take(&mut blank) {
                        attributes.push(parse_quote!(#[doc = ""]));
                    }
                    let indent = if line.starts_with(' ') { "" } else { " " };
                    let line = format!("{indent}{line}");
                    attributes.push(parse_quote!(#[doc = #line]));
                    begun = true;
                }
                in_schema &= !line.contains("</details>");
            }
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let first = path
            .segments
            .first()
            .filter(|_| path.leading_colon.is_some());
        if let Some(name) = first.map(|segment| segment.ident.to_string())
            && !CRATES.contains(&name.as_str())
        {
            self.fault = Some(format!(
                "it needs the crate `{name}`, which the client does not depend on: change the schema in the overlay"
            ));
        }
        visit_mut::visit_path_mut(self, path);
    }
}

fn doc(attribute: &syn::Attribute) -> Option<String> {
    match &attribute.meta {
        syn::Meta::NameValue(syn::MetaNameValue {
            path,
            value:
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }),
            ..
        }) if path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}
