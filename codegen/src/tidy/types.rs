//! Fits each type to its use.

use std::collections::HashSet;

use syn::{
    Fields, Ident, Item, parse_quote,
    punctuated::Punctuated,
    visit::{self, Visit},
    visit_mut::VisitMut,
};

use super::methods::Method;

/// The names of the types that are sent, and of those that are received.
pub(crate) struct Directions {
    sent: HashSet<String>,
    received: HashSet<String>,
}

impl Directions {
    /// Returns the types in the arguments of the methods, and in what they return.
    pub(crate) fn of(methods: &[Method]) -> Self {
        let sent = methods.iter().flat_map(|method| {
            let types = method.arguments.iter().map(|argument| &argument.ty);
            types.flat_map(|ty| Names::of(|names| names.visit_type(ty)))
        });
        let received = methods
            .iter()
            .flat_map(|method| Names::of(|names| names.visit_type(&method.output)));
        Self {
            sent: sent.collect(),
            received: received.collect(),
        }
    }

    /// Adds the types that these types are made of.
    fn reach(&mut self, types: &[Item]) {
        for names in [&mut self.sent, &mut self.received] {
            let mut known = 0;
            while known < names.len() {
                known = names.len();
                let reached = types.iter().filter(|item| {
                    name(item).is_some_and(|name| names.contains(&name.to_string()))
                });
                let reached: Vec<String> = reached
                    .flat_map(|item| Names::of(|names| names.visit_item(item)))
                    .collect();
                names.extend(reached);
            }
        }
    }

    /// Fits each type to its use: a type that is only sent cannot be read, one that is only
    /// received cannot be written, and one that holds a sealed value does not print it.
    ///
    /// The error says which field of a type would not be sent as it is set.
    pub(crate) fn fit(mut self, types: &mut Vec<Item>) -> Result<(), String> {
        self.reach(types);
        let mut redacted = Vec::new();
        for item in types.iter_mut() {
            let Some(name) = name(item).cloned() else {
                continue;
            };
            let text = name.to_string();
            if let Some(field) = defaulted(item).filter(|_| self.sent.contains(&text)) {
                return Err(format!(
                    "`{text}` has the field `{field}`, which would be left out if it is empty, or \
                     always be sent: make it nullable in the overlay, without a default"
                ));
            }
            match (self.sent.contains(&text), self.received.contains(&text)) {
                (true, false) => do_not_derive(item, "Deserialize"),
                (false, true) => {
                    do_not_derive(item, "Serialize");
                    let is_read = derives(item, "Deserialize");
                    Unskipped { is_read }.visit_item_mut(item);
                }
                _ => {}
            }
            if is_sealed(item) {
                do_not_derive(item, "Debug");
                redacted.push(parse_quote! {
                    impl ::std::fmt::Debug for #name {
                        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                            f.debug_struct(#text).finish_non_exhaustive()
                        }
                    }
                });
            }
        }
        types.extend(redacted);
        Ok(())
    }
}

/// The last name of each path.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn of(visit: impl FnOnce(&mut Self)) -> Vec<String> {
        let mut names = Self::default();
        visit(&mut names);
        names.0
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_path(&mut self, path: &'a syn::Path) {
        self.0
            .extend(path.segments.last().map(|last| last.ident.to_string()));
        visit::visit_path(self, path);
    }
}

/// Returns the name of a struct or an enum.
pub(crate) fn name(item: &Item) -> Option<&Ident> {
    match item {
        Item::Struct(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        _ => None,
    }
}

/// Removes a trait from what is derived for an item.
fn do_not_derive(item: &mut Item, name: &str) {
    let attributes = match item {
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        _ => return,
    };
    for attribute in attributes {
        if let Some(paths) = derived(attribute) {
            let kept = paths.iter().filter(|path| !is_named(path, name));
            *attribute = parse_quote!(#[derive(#(#kept),*)]);
        }
    }
}

fn derives(item: &Item, name: &str) -> bool {
    let attributes = match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        _ => return false,
    };
    let mut paths = attributes.iter().filter_map(derived).flatten();
    paths.any(|path| is_named(&path, name))
}

/// Returns what an attribute derives, if it derives something.
fn derived(attribute: &syn::Attribute) -> Option<Punctuated<syn::Path, syn::Token![,]>> {
    let is_derive = attribute.path().is_ident("derive");
    let paths = is_derive.then(|| attribute.parse_args_with(Punctuated::parse_terminated));
    paths?.ok()
}

fn is_named(path: &syn::Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// Returns the parts of an attribute that is for serde.
fn serde_parts(attribute: &syn::Attribute) -> Option<Punctuated<syn::Meta, syn::Token![,]>> {
    let is_serde = attribute.path().is_ident("serde");
    let parts = is_serde.then(|| attribute.parse_args_with(Punctuated::parse_terminated));
    parts?.ok()
}

/// Removes what says when a field is not serialized, and everything that serde would read if the
/// type reads itself.
struct Unskipped {
    is_read: bool,
}

impl VisitMut for Unskipped {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<syn::Attribute>) {
        attributes.retain_mut(|attribute| {
            if !attribute.path().is_ident("serde") {
                return true;
            }
            if !self.is_read {
                return false;
            }
            let Some(parts) = serde_parts(attribute) else {
                return true;
            };
            let is_kept = |part: &&syn::Meta| !part.path().is_ident("skip_serializing_if");
            let kept: Vec<_> = parts.iter().filter(is_kept).collect();
            let is_empty = kept.is_empty();
            *attribute = parse_quote!(#[serde(#(#kept),*)]);
            !is_empty
        });
    }
}

/// Returns a field that has a default, if there is one: an `Option` has none.
fn defaulted(item: &Item) -> Option<&Ident> {
    let mut fields = fields(item).into_iter().flatten();
    let field = fields.find(|field| {
        let mut parts = field.attrs.iter().filter_map(serde_parts).flatten();
        parts.any(|part| part.path().is_ident("default"))
    });
    field.and_then(|field| field.ident.as_ref())
}

/// Returns whether a type is a sealed value or a part of one, or has one in a field or a variant.
fn is_sealed(item: &Item) -> bool {
    let variants = match item {
        Item::Enum(item) => item.variants.iter().map(|it| &it.ident).collect(),
        _ => Vec::new(),
    };
    let fields = fields(item).into_iter().flatten();
    let fields = fields.filter_map(|field| field.ident.as_ref());
    let mut names = name(item).into_iter().chain(variants).chain(fields);
    names.any(|name| {
        let name = name.to_string().replace('_', "").to_lowercase();
        name.contains("encryptedvalue")
    })
}

/// Returns the fields of a struct, or those of each variant of an enum.
pub(crate) fn fields(item: &Item) -> Vec<&Fields> {
    match item {
        Item::Struct(item) => vec![&item.fields],
        Item::Enum(item) => item.variants.iter().map(|it| &it.fields).collect(),
        _ => Vec::new(),
    }
}
