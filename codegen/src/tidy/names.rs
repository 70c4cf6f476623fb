//! Names and types that the client crate could not compile: two names of a description can be so
//! alike that they become one in Rust, and a name can hide what the generated code uses.

use std::collections::HashSet;

use syn::{
    AngleBracketedGenericArguments, GenericArgument, Ident, Item, ItemImpl, Path, PathArguments,
    Type, TypePath, parse_quote,
    visit::{self, Visit},
    visit_mut::{self, VisitMut},
};

use super::types::{fields, name};

/// The standard prelude: the code in the module of types uses some of these names without a path,
/// and no type there may hide them.
const PRELUDE: &str = "AsMut AsRef Box Clone Copy Debug Default DoubleEndedIterator Drop Eq Err \
    ExactSizeIterator Extend Fn FnMut FnOnce From FromIterator Hash Into IntoIterator Iterator \
    None Ok Option Ord PartialEq PartialOrd Result Send Sized Some String Sync ToOwned ToString \
    TryFrom TryInto Vec";

/// The types outside of the client that a field or an argument can have, with the number of their
/// parameters.
const FOREIGN: [(&str, usize); 13] = [
    ("std::boxed::Box", 1),
    ("std::collections::BTreeMap", 2),
    ("std::collections::HashMap", 2),
    ("std::net::IpAddr", 0),
    ("std::net::Ipv4Addr", 0),
    ("std::net::Ipv6Addr", 0),
    ("std::num::NonZeroU16", 0),
    ("std::num::NonZeroU32", 0),
    ("std::num::NonZeroU64", 0),
    ("std::num::NonZeroU8", 0),
    ("std::option::Option", 1),
    ("std::string::String", 0),
    ("std::vec::Vec", 1),
];

/// Returns why the types could not be compiled because of their names or those of their parts.
pub(super) fn check(items: &[Item]) -> Result<(), String> {
    unique("it has two types", items.iter().filter_map(name))?;
    implementations(items)?;
    for item in items {
        let Some(owner) = name(item) else {
            continue;
        };
        if PRELUDE.split(' ').any(|taken| owner == taken) {
            return Err(format!(
                "it has a type with the name `{owner}`, which has another meaning in Rust"
            ));
        }
        for fields in fields(item) {
            let names = fields.iter().filter_map(|field| field.ident.as_ref());
            unique(&format!("`{owner}` has two fields"), names)?;
        }
        if let Item::Enum(item) = item {
            let variants = item.variants.iter().map(|variant| &variant.ident);
            unique(&format!("`{owner}` has two variants"), variants)?;
        }
        let mut foreign = Foreign { fault: None };
        fields(item)
            .into_iter()
            .for_each(|fields| foreign.visit_fields(fields));
        if let Some(fault) = foreign.fault {
            return Err(format!("`{owner}` {fault}"));
        }
    }
    Ok(())
}

/// Returns why the types could not be compiled because one of them is made of another in two ways.
fn implementations(items: &[Item]) -> Result<(), String> {
    let mut seen: HashSet<(Path, &Type)> = HashSet::new();
    for item in items {
        let Item::Impl(ItemImpl {
            trait_: Some((path, _)),
            self_ty,
            ..
        }) = item
        else {
            continue;
        };
        let mut path = path.clone();
        WithoutTrailing.visit_path_mut(&mut path);
        if !seen.insert((path, self_ty)) {
            let owner = match &**self_ty {
                Type::Path(ty) => ty.path.segments.last().map(|last| last.ident.to_string()),
                _ => None,
            };
            return Err(format!(
                "`{}` has two alternatives of one type",
                owner.unwrap_or_default()
            ));
        }
    }
    Ok(())
}

/// Makes `Vec<T,>` and `Vec<T>` the same.
struct WithoutTrailing;

impl VisitMut for WithoutTrailing {
    fn visit_angle_bracketed_generic_arguments_mut(
        &mut self,
        arguments: &mut AngleBracketedGenericArguments,
    ) {
        arguments.args.pop_punct();
        visit_mut::visit_angle_bracketed_generic_arguments_mut(self, arguments);
    }
}

/// Returns why a type used in a method could not be compiled.
pub(super) fn check_type(ty: &Type) -> Result<(), String> {
    let mut foreign = Foreign { fault: None };
    foreign.visit_type(ty);
    foreign
        .fault
        .map_or(Ok(()), |fault| Err(format!("a method {fault}")))
}

pub(crate) fn unique<'a>(what: &str, names: impl Iterator<Item = &'a Ident>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(format!("{what} with the name `{name}`"));
        }
    }
    Ok(())
}

/// Looks for types of other crates that are not known here.
struct Foreign {
    fault: Option<String>,
}

impl<'a> Visit<'a> for Foreign {
    fn visit_type_path(&mut self, ty: &'a TypePath) {
        let segments = &ty.path.segments;
        let names: Vec<String> = segments.iter().map(|it| it.ident.to_string()).collect();
        let path = names.join("::");
        if ty.path.leading_colon.is_some() {
            let parameters = match segments.last().map(|last| &last.arguments) {
                Some(PathArguments::AngleBracketed(arguments)) => arguments.args.len(),
                _ => 0,
            };
            if !FOREIGN.contains(&(path.as_str(), parameters)) {
                self.fault = Some(format!(
                    "needs the type `{path}` with {parameters} parameters, which the client does \
                     not have: change the schema in the overlay"
                ));
            } else if path.ends_with("Map") && !has_string_keys(ty) {
                self.fault = Some(format!(
                    "needs the type `{path}` with keys that are not strings, which the client does \
                     not have: change the schema in the overlay"
                ));
            }
        }
        visit::visit_type_path(self, ty);
    }
}

fn has_string_keys(map: &TypePath) -> bool {
    let string: Type = parse_quote!(::std::string::String);
    match map.path.segments.last().map(|last| &last.arguments) {
        Some(PathArguments::AngleBracketed(arguments)) => {
            matches!(arguments.args.first(), Some(GenericArgument::Type(key)) if *key == string)
        }
        _ => false,
    }
}
