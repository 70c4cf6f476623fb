//! One type for every place of secrets. An operation on a secret is a product of owner, store and
//! action: where all stores have an action, the type has a method that builds the request to any.

use std::collections::HashMap;

use syn::{
    AngleBracketedGenericArguments, Expr, Field, Generics, Ident, ImplItemFn, Item, ItemEnum,
    ItemImpl, Pat, Type, Variant, parse_quote,
};

use crate::{
    Error, Words,
    escape::{code, escaped},
    tidy::{Argument, Method, Piece, unique},
    words::{Action, Call, Dispatch, Store},
};

/// Returns the type and its methods, or nothing if the words name no such type or `methods` are
/// none on secrets.
///
/// The errors name the stores that do not fit into the product.
pub(crate) fn dispatch(words: &Words, methods: &[Method]) -> Result<Vec<Item>, Vec<Error>> {
    let Some(dispatch) = &words.dispatch else {
        return Ok(Vec::new());
    };
    let product = Product::of(words, dispatch, methods)?;
    if product.places.is_empty() {
        return Ok(Vec::new());
    }
    let implementation = product.implementation()?;
    Ok(vec![
        Item::Enum(product.definition()),
        Item::Impl(implementation),
    ])
}

/// What the client's modules, or the code that is generated, call by these names.
const TAKEN: [&str; 18] = [
    "Client", "Clone", "Copy", "Debug", "Err", "Error", "Method", "None", "Ok", "Option", "Part",
    "Request", "Response", "Some", "i64", "reqwest", "str", "types",
];

struct Product<'a> {
    words: &'a Words,
    dispatch: &'a Dispatch,
    name: Ident,
    /// The stores that at least one method is for.
    places: Vec<Place<'a>>,
}

/// A store of an owner, with the methods for its secrets.
struct Place<'a> {
    store: &'a Store,
    variant: Ident,
    /// The arguments that name the owner.
    fields: Vec<&'a Argument>,
    methods: Vec<(&'a Action, &'a Method)>,
}

impl<'a> Product<'a> {
    fn of(
        words: &'a Words,
        dispatch: &'a Dispatch,
        methods: &'a [Method],
    ) -> Result<Self, Vec<Error>> {
        let routes: HashMap<(String, String), &Method> = methods
            .iter()
            .map(|method| ((method.verb.to_string(), route(method)), method))
            .collect();
        let (mut places, mut problems) = (Vec::new(), Vec::new());
        for store in &words.stores {
            let methods = words.actions.iter().filter_map(|action| {
                let path = erased(&format!("{}{}", store.path, action.path));
                let method = routes.get(&(action.method.clone(), path))?;
                Some((action, *method))
            });
            let methods: Vec<_> = methods.collect();
            let Some((_, first)) = methods.first() else {
                continue;
            };
            let variant = variant(words, store);
            let count = store.path.matches('{').count();
            let fields = fields(first, count);
            for (action, method) in &methods {
                if !same(&fields, &self::fields(method, count)) {
                    let reason = format!("its path has other parameters than `{}`", first.name);
                    problems.push(misfit(&variant, action, reason));
                }
            }
            places.push(Place {
                store,
                variant: ident(&variant).map_err(|error| vec![error])?,
                fields,
                methods,
            });
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let refuse = |reason: String| vec![Error::NotWords { reason }];
        let name = ident(&dispatch.name).map_err(|error| vec![error])?;
        if TAKEN.iter().any(|taken| name == taken) {
            return Err(refuse(format!(
                "`{name}` has another meaning in the client"
            )));
        }
        let variants = places.iter().map(|place| &place.variant);
        unique(&format!("`{name}` has two variants"), variants).map_err(refuse)?;
        Ok(Self {
            words,
            dispatch,
            name,
            places,
        })
    }

    fn definition(&self) -> ItemEnum {
        let name = &self.name;
        let summary = doc(&self.dispatch.summary);
        let variants = self.places.iter().map(|place| self.variant(place));
        let borrows: Option<Generics> = self.borrows().then(|| parse_quote!(<'a>));
        parse_quote! {
            #[doc = #summary]
            #[derive(Clone, Copy, Debug)]
            pub enum #name #borrows { #(#variants),* }
        }
    }

    fn variant(&self, place: &Place<'_>) -> Variant {
        let variant = &place.variant;
        let summary = doc(&capitalized(
            &self.words.variant(place.store, self.dispatch),
        ));
        let fields = place.fields.iter().map(|field| -> Field {
            let Argument { name, ty } = field;
            let ty: Type = match ty {
                Type::Reference(reference) => {
                    let elem = &reference.elem;
                    parse_quote!(&'a #elem)
                }
                ty => ty.clone(),
            };
            let text = self.words.parameter(&name.to_string()).map(doc);
            let docs = text.iter();
            parse_quote!(#(#[doc = #docs])* #name: #ty)
        });
        let fields: Vec<Field> = fields.collect();
        if fields.is_empty() {
            parse_quote!(#[doc = #summary] #variant)
        } else {
            parse_quote!(#[doc = #summary] #variant { #(#fields),* })
        }
    }

    /// Returns whether a variant borrows anything.
    fn borrows(&self) -> bool {
        let mut fields = self.places.iter().flat_map(|place| &place.fields);
        fields.any(|field| matches!(field.ty, Type::Reference(_)))
    }

    fn implementation(&self) -> Result<ItemImpl, Vec<Error>> {
        let mut functions = Vec::new();
        let mut problems = Vec::new();
        for action in &self.words.actions {
            let Some(call) = &action.dispatch else {
                continue;
            };
            match self.function(action, call) {
                Ok(function) => functions.extend(function),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let name = &self.name;
        let names = functions
            .iter()
            .map(|function: &ImplItemFn| &function.sig.ident);
        unique(&format!("`{name}` has two methods"), names)
            .map_err(|reason| vec![Error::NotWords { reason }])?;
        let borrows: Option<AngleBracketedGenericArguments> =
            self.borrows().then(|| parse_quote!(<'_>));
        Ok(parse_quote!(impl #name #borrows { #(#functions)* }))
    }

    /// Returns the method for an action, if any store has it.
    fn function(&self, action: &Action, call: &Call) -> Result<Option<ImplItemFn>, Error> {
        let places = self.places.iter().filter_map(|place| {
            let (_, method) = place
                .methods
                .iter()
                .find(|(it, _)| it.path == action.path && it.method == action.method)?;
            Some((place, *method))
        });
        let places: Vec<(&Place<'_>, &Method)> = places.collect();
        // The first store with the most parameters decides what the others may leave out.
        let own = |(place, method): &&(&Place<'_>, &Method)| place.own(method).len();
        let Some((at, wide)) = places.iter().rev().max_by_key(own) else {
            return Ok(None);
        };
        let arguments = at.own(wide);
        for place in &places {
            let (at, method) = place;
            if let Some(reason) = at.refuses(method, &arguments, wide) {
                return Err(misfit(&at.variant.to_string(), action, reason));
            }
        }
        let partial = places.len() < self.places.len();
        let arms = places
            .iter()
            .map(|(place, method)| place.arm(method, partial));
        let rest: Option<syn::Arm> = partial.then(|| parse_quote!(_ => None,));
        let rest = rest.iter();
        let output = &wide.output;
        let output: Type = if partial {
            parse_quote!(Option<Request<#output>>)
        } else {
            parse_quote!(Request<#output>)
        };
        let docs = self.docs(call, &arguments, partial.then_some(&places));
        let name = ident(&call.name)?;
        let names = arguments.iter().map(|argument| &argument.name);
        let types = arguments.iter().map(|argument| &argument.ty);
        Ok(Some(parse_quote! {
            #(#[doc = #docs])*
            pub fn #name(self, #(#names: #types),*) -> #output {
                match self { #(#arms)* #(#rest)* }
            }
        }))
    }

    fn docs(
        &self,
        call: &Call,
        arguments: &[&Argument],
        only: Option<&Vec<(&Place<'_>, &Method)>>,
    ) -> Vec<String> {
        let mut lines = vec![doc(&call.summary)];
        if let Some(places) = only {
            let names = places
                .iter()
                .map(|(place, _)| format!("[`Self::{}`]", place.variant));
            lines.push(String::new());
            lines.push(doc("Returns `None` except for:"));
            lines.extend(names.map(|name| doc(&format!("- {name}"))));
        }
        let words = arguments.iter().filter_map(|argument| {
            let text = self.words.parameter(&argument.name.to_string())?;
            Some(doc(&format!("- `{}`: {text}", argument.name)))
        });
        let words: Vec<String> = words.collect();
        if !words.is_empty() {
            lines.extend([String::new(), doc("Arguments:")]);
            lines.extend(words);
        }
        lines
    }
}

impl Place<'_> {
    /// Returns the arguments of a method that do not name the owner.
    fn own<'m>(&self, method: &'m Method) -> Vec<&'m Argument> {
        let arguments = method.arguments.iter();
        arguments
            .filter(|argument| !self.has(&argument.name))
            .collect()
    }

    fn has(&self, name: &Ident) -> bool {
        self.fields.iter().any(|field| field.name == *name)
    }

    /// Returns why a method of this store cannot be called with `arguments`, those of another
    /// store's method.
    fn refuses(&self, method: &Method, arguments: &[&Argument], other: &Method) -> Option<String> {
        if method.output != other.output {
            return Some(format!("it returns something else than `{}`", other.name));
        }
        let unknown = method.arguments.iter().find(|own| {
            !self.has(&own.name)
                && !arguments
                    .iter()
                    .any(|it| it.name == own.name && it.ty == own.ty)
        });
        let missing = arguments.iter().find(|argument| {
            let is_query = other.queries.iter().any(|(_, name)| *name == argument.name);
            self.has(&argument.name) || method.argument(&argument.name).is_none() && !is_query
        });
        let argument = unknown.or(missing.copied())?;
        Some(format!(
            "its parameter `{}` is not that of `{}`",
            argument.name, other.name
        ))
    }

    fn arm(&self, method: &Method, partial: bool) -> syn::Arm {
        let variant = &self.variant;
        let fields = self.fields.iter().map(|field| &field.name);
        let pattern: Pat = if self.fields.is_empty() {
            parse_quote!(Self::#variant)
        } else {
            parse_quote!(Self::#variant { #(#fields),* })
        };
        let name = &method.name;
        let arguments = method.arguments.iter().map(|argument| &argument.name);
        let call: Expr = parse_quote!(#name(#(#arguments),*));
        if partial {
            parse_quote!(#pattern => Some(#call),)
        } else {
            parse_quote!(#pattern => #call,)
        }
    }
}

/// Returns the first arguments of the path.
fn fields(method: &Method, count: usize) -> Vec<&Argument> {
    let names = method.in_path().take(count);
    names.filter_map(|name| method.argument(name)).collect()
}

fn same(one: &[&Argument], other: &[&Argument]) -> bool {
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|(one, other)| one.name == other.name && one.ty == other.ty)
}

/// Returns the path of a method with `{}` for each argument.
fn route(method: &Method) -> String {
    let pieces = method.path.iter().map(|piece| match piece {
        Piece::Fixed(text) => text.as_str(),
        Piece::Argument(_) => "{}",
    });
    pieces.collect()
}

/// Returns a path of the description with `{}` for each parameter.
fn erased(path: &str) -> String {
    let mut pieces = path.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |path, piece| {
        let rest = piece.split_once('}').map_or("", |(_, rest)| rest);
        format!("{path}{{}}{rest}")
    })
}

/// Returns the name of a store's variant: an owner with a single store needs no name of the store.
fn variant(words: &Words, store: &Store) -> String {
    let siblings = words.stores.iter().filter(|it| it.owner == store.owner);
    let owner = capitalized(&store.owner);
    if siblings.count() > 1 {
        format!("{owner}{}", capitalized(&store.store))
    } else {
        owner
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn doc(line: &str) -> String {
    format!(" {}", escaped(line))
}

fn ident(name: &str) -> Result<Ident, Error> {
    syn::parse_str(name).map_err(|_| Error::NotWords {
        reason: format!("{} cannot be a name in Rust", code(name)),
    })
}

fn misfit(store: &str, action: &Action, reason: String) -> Error {
    let action = action
        .dispatch
        .as_ref()
        .map_or(&action.path, |call| &call.name);
    Error::Dispatch {
        store: store.to_owned(),
        action: action.clone(),
        reason,
    }
}
