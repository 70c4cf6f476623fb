mod methods;
mod types;

use std::{collections::HashSet, mem};

use syn::{
    Item, parse_quote,
    visit::Visit,
    visit_mut::{self, VisitMut},
};

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

const NEW_WITH_CLIENT: &str = "\
Creates a client for the API at `baseurl`, such as `https://api.github.com/`.

`inner` sends each request with `client`; `Arc::new(())` sends it unchanged.";

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
        // `types`, `Client` and what they need are public already; what is imported for the
        // methods, they need no longer.
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
        if function.sig.ident == "new_with_client" {
            function.attrs = vec![parse_quote!(#[doc = #NEW_WITH_CLIENT])];
            // Parsed once, the base need not be parsed again with each request.
            if let Some(syn::FnArg::Typed(baseurl)) = function.sig.inputs.first_mut() {
                baseurl.ty = parse_quote!(reqwest::Url);
            }
            function.block = parse_quote!({
                Self {
                    baseurl,
                    client,
                    inner,
                }
            });
        }
        visit_mut::visit_impl_item_fn_mut(self, function);
    }

    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        if field.ident.as_ref().is_some_and(|name| name == "baseurl") {
            field.ty = parse_quote!(reqwest::Url);
        }
        visit_mut::visit_field_mut(self, field);
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
        let texts: Vec<String> = attributes.iter().filter_map(doc).collect();
        if texts.is_empty() {
            return;
        }
        // Documentation goes first, as it does in code written by hand.
        let lines = tidy_lines(&texts.join("\n"));
        let others = mem::take(attributes);
        attributes.extend(lines.iter().map(|line| parse_quote!(#[doc = #line])));
        attributes.extend(others.into_iter().filter(|it| doc(it).is_none()));
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

/// The lines of a documentation: without the JSON schema that comes with each type, and with a full
/// stop after the first sentence, which the generator takes away.
fn tidy_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut in_schema = false;
    for line in text.lines().map(str::trim_end) {
        in_schema |= line.contains("<details>");
        let blank = line.is_empty();
        let doubled = blank && lines.last().is_none_or(String::is_empty);
        if !in_schema && !doubled {
            let indent = if blank || line.starts_with(' ') {
                ""
            } else {
                " "
            };
            lines.push(format!("{indent}{line}"));
        }
        in_schema &= !line.contains("</details>");
    }
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let alone = lines.get(1).is_none_or(String::is_empty);
    if let Some(first) = lines
        .first_mut()
        .filter(|first| alone && !first.ends_with('.'))
    {
        first.push('.');
    }
    lines
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
