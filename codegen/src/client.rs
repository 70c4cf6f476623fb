use std::any::Any;
use std::cell::Cell;
use std::mem;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use syn::parse_quote;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};

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

/// The source of the client for the operations of `description`.
///
/// # Errors
///
/// When the generator refuses an operation, or makes something that the client crate cannot compile.
pub fn client(description: &Description) -> Result<String, Error> {
    // An overlay can leave components behind that nothing refers to any more.
    let operations: Vec<&str> = description.operations().into_keys().collect();
    match generate(&description.only(&operations)?) {
        Ok(file) => Ok(format!("{HEADER}{}", prettyplease::unparse(&file))),
        Err(reason) => Err(blame(description, reason)),
    }
}

/// The error that names the operation which the generator refuses even when it is alone.
fn blame(description: &Description, reason: String) -> Error {
    for operation in description.operations().into_keys() {
        match description.only(&[operation]).map(|alone| generate(&alone)) {
            Ok(Ok(_)) => {}
            Ok(Err(reason)) => {
                return Error::Operation {
                    operation: operation.to_owned(),
                    reason,
                };
            }
            Err(error) => return error,
        }
    }
    Error::Client { reason }
}

fn generate(description: &Description) -> Result<syn::File, String> {
    let document = serde_json::from_value(description.value().clone())
        .map_err(|error| format!("the description is malformed: {error}"))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(parse_quote!(::std::sync::Arc<dyn crate::Transport>));
    let tokens = catch_panic(|| Generator::new(&settings).generate_tokens(&document))?
        .map_err(|error| one_line(&error.to_string()))?;
    let mut file =
        syn::parse2(tokens).map_err(|error| format!("the source does not parse: {error}"))?;
    let mut tidy = Tidy::default();
    tidy.visit_file_mut(&mut file);
    match tidy.unknown_crate {
        None => Ok(file),
        Some(name) => Err(format!(
            "it needs the crate `{name}`, which the client does not depend on: change the schema in the overlay"
        )),
    }
}

/// Leaves out of the generated file what a user of the client should not meet.
#[derive(Default)]
struct Tidy {
    unknown_crate: Option<String>,
}

/// What a path that starts with `::` may start with: the dependencies of the client crate.
const CRATES: [&str; 4] = ["progenitor_client", "reqwest", "serde", "std"];

impl VisitMut for Tidy {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        // `types`, `Client` and what they need are public already.
        file.items
            .retain(|item| !matches!(item, syn::Item::Mod(module) if module.ident == "prelude"));
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        // `Client::new` builds an HTTP client of its own, and panics when that fails.
        let of_client =
            matches!(&*item.self_ty, syn::Type::Path(path) if path.path.is_ident("Client"));
        item.items.retain(|item| {
            !matches!(item, syn::ImplItem::Fn(function) if of_client && function.sig.ident == "new")
        });
        visit_mut::visit_item_impl_mut(self, item);
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        if function.sig.asyncness.is_some() {
            let errors = "\n# Errors\n\nWhen there is no answer, or the answer is no success.";
            function.attrs.push(parse_quote!(#[doc = #errors]));
        }
        visit_mut::visit_impl_item_fn_mut(self, function);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            let redacted: Vec<syn::Item> = items.iter_mut().filter_map(redact).collect();
            items.extend(redacted);
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_lit_str_mut(&mut self, text: &mut syn::LitStr) {
        // The generator sends the version of the API under the name that its own servers know.
        if text.value() == "api-version" {
            *text = syn::LitStr::new("x-github-api-version", text.span());
        }
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        // Each type comes with its JSON schema as documentation; that is what openapi/github.json is for.
        let mut in_schema = false;
        for attribute in mem::take(attributes) {
            let Some(text) = doc(&attribute) else {
                attributes.push(attribute);
                continue;
            };
            for line in text.trim_end().lines().map(str::trim_end) {
                in_schema |= line.contains("<details>");
                if !in_schema {
                    let indent = if line.is_empty() || line.starts_with(' ') {
                        ""
                    } else {
                        " "
                    };
                    let line = format!("{indent}{line}");
                    attributes.push(parse_quote!(#[doc = #line]));
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
            self.unknown_crate = Some(name);
        }
        visit_mut::visit_path_mut(self, path);
    }
}

/// A `Debug` for a type that holds a sealed value, in the place of the one that would print it.
fn redact(item: &mut syn::Item) -> Option<syn::Item> {
    let syn::Item::Struct(item) = item else {
        return None;
    };
    let sealed = item.fields.iter().any(|field| {
        field
            .ident
            .as_ref()
            .is_some_and(|name| name == "encrypted_value")
    });
    if !sealed {
        return None;
    }
    for attribute in item
        .attrs
        .iter_mut()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let derives = attribute
            .parse_args_with(Punctuated::<syn::Path, syn::Token![,]>::parse_terminated)
            .ok()?;
        let derives = derives.iter().filter(|path| !path.is_ident("Debug"));
        *attribute = parse_quote!(#[derive(#(#derives),*)]);
    }
    let (name, text) = (&item.ident, item.ident.to_string());
    Some(parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#text).finish_non_exhaustive()
            }
        }
    })
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

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
