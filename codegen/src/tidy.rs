//! Makes the client's source of what the generator writes: the types, and a function for each
//! method. Everything else that the generator writes is its own machinery, which the client does
//! without.

mod docs;
mod functions;
mod methods;
mod names;
mod sizes;
mod types;

use std::mem;

use syn::{
    Attribute, ImplItem, Item, ItemImpl, ItemMod, Type, parse_quote,
    visit_mut::{self, VisitMut},
};

use self::{
    docs::{doc, lines},
    names::check_type,
    types::Directions,
};

pub(crate) use self::{
    methods::{Argument, Method, Piece},
    names::unique,
};

/// What the client's source is made of.
pub(crate) struct Tidied {
    pub(crate) types: ItemMod,
    pub(crate) methods: Vec<Method>,
}

/// What a path that starts with `::` may start with: the dependencies of the client crate.
const CRATES: [&str; 2] = ["serde", "std"];

/// Takes types and methods from a file of the generator.
///
/// The error says why the client crate could not compile them.
pub(crate) fn tidy(file: syn::File) -> Result<Tidied, String> {
    let mut types = None;
    let mut methods = Vec::new();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => types = Some(module),
            Item::Impl(item) if is_of_client(&item) => methods.extend(self::methods(&item)?),
            _ => {}
        }
    }
    let mut types = types.ok_or("the generator writes no types")?;
    if let Some((_, items)) = &mut types.content {
        Directions::of(&methods).fit(items)?;
    }
    unique(
        "it has two methods",
        methods.iter().map(|method| &method.name),
    )?;
    let mut tidy = Tidy { fault: None };
    tidy.visit_item_mod_mut(&mut types);
    for argument in methods.iter_mut().flat_map(|method| &mut method.arguments) {
        tidy.visit_type_mut(&mut argument.ty);
    }
    for method in &mut methods {
        tidy.visit_type_mut(&mut method.output);
    }
    if let Some(fault) = tidy.fault {
        return Err(fault);
    }
    if let Some((_, items)) = &types.content {
        names::check(items)?;
        sizes::check(items)?;
    }
    for method in &methods {
        let arguments = method.arguments.iter().map(|argument| &argument.ty);
        arguments.chain([&method.output]).try_for_each(check_type)?;
    }
    Ok(Tidied { types, methods })
}

/// Returns whether these are the methods that are generated, or those that create a client.
fn is_of_client(item: &ItemImpl) -> bool {
    let client: Type = parse_quote!(Client);
    item.trait_.is_none() && *item.self_ty == client
}

fn methods(item: &ItemImpl) -> Result<Vec<Method>, String> {
    let functions = item.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) if !creates_client(function) => Some(function),
        _ => None,
    });
    functions.map(Method::parse).collect()
}

fn creates_client(function: &syn::ImplItemFn) -> bool {
    let names = ["new", "new_with_client"];
    function.sig.asyncness.is_none() && names.iter().any(|name| function.sig.ident == name)
}

/// Tidies documentation, and looks for what the client does not have.
struct Tidy {
    fault: Option<String>,
}

impl VisitMut for Tidy {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let lines = lines(attributes);
        if lines.is_empty() {
            return;
        }
        // Documentation goes first, as it does in code written by hand.
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
                "it needs the crate `{name}`, which the client does not depend on: change the \
                 schema in the overlay"
            ));
        }
        visit_mut::visit_path_mut(self, path);
    }
}
