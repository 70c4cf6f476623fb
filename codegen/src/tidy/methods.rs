//! Takes the methods that the generator writes apart: each sends its request itself, where the
//! client wants a value. A method of a form that is not known here is refused, so that another
//! release of the generator cannot slip through. What is left is written in `functions.rs`.

use syn::{
    Arm, Expr, ExprMethodCall, FnArg, GenericArgument, Ident, Lit, Pat, PathArguments, ReturnType,
    Stmt, Token, Type, parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use super::docs::lines;

/// What a method of the client asks of the API.
pub(crate) struct Method {
    pub(crate) name: Ident,
    /// The lines of the documentation.
    pub(crate) docs: Vec<String>,
    pub(crate) arguments: Vec<Argument>,
    /// The HTTP method, in lower case.
    pub(crate) verb: Ident,
    pub(crate) path: Vec<Piece>,
    pub(crate) queries: Vec<(String, Ident)>,
    pub(crate) body: Option<Ident>,
    pub(crate) statuses: Vec<u16>,
    /// What a success is read into, `()` if it has no body.
    pub(crate) output: Type,
}

pub(crate) struct Argument {
    pub(crate) name: Ident,
    /// The type, without lifetimes.
    pub(crate) ty: Type,
}

/// A piece of a path.
#[derive(Clone, PartialEq)]
pub(crate) enum Piece {
    Fixed(String),
    Argument(Ident),
}

/// An argument of a type that a path or a query can have.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Scalar {
    Text,
    Integer,
}

impl Method {
    /// Takes a method apart. The error says where it is not of the form that is known here.
    pub(crate) fn parse(function: &syn::ImplItemFn) -> Result<Self, String> {
        let unknown = |what: &str| format!("the generator writes a method of another form: {what}");
        let statements = function.block.stmts.as_slice();
        let [url, _, _, request, _, _, _, _, _, outcome] = statements else {
            return Err(unknown(
                "its statements, for example for a header parameter",
            ));
        };
        let arguments = arguments(&function.sig.inputs).ok_or_else(|| unknown("its arguments"))?;
        let path = init(url).and_then(path).ok_or_else(|| unknown("its URL"))?;
        let request = init(request)
            .and_then(Request::parse)
            .ok_or_else(|| unknown("its request"))?;
        let output = output(&function.sig.output)
            .ok_or_else(|| unknown("what it returns, for example failures with a body"))?;
        let (statuses, is_read) = successes(outcome)
            .ok_or_else(|| unknown("its successes, which must be single statuses with JSON"))?;
        if is_read == (output == parse_quote!(())) {
            return Err(unknown("what it reads"));
        }
        let method = Self {
            name: function.sig.ident.clone(),
            docs: lines(&function.attrs),
            arguments,
            verb: request.verb,
            path,
            queries: request.queries,
            body: request.body,
            statuses,
            output,
        };
        method.check()?;
        Ok(method)
    }

    /// Returns the argument with this name.
    pub(crate) fn argument(&self, name: &Ident) -> Option<&Argument> {
        self.arguments
            .iter()
            .find(|argument| argument.name == *name)
    }

    /// Returns the arguments in the path.
    pub(crate) fn in_path(&self) -> impl Iterator<Item = &Ident> {
        self.path.iter().filter_map(|piece| match piece {
            Piece::Argument(name) => Some(name),
            Piece::Fixed(_) => None,
        })
    }

    /// Returns why the client crate could not compile this method, if that is so.
    fn check(&self) -> Result<(), String> {
        let queries = self.queries.iter().map(|(_, name)| name);
        let used: Vec<&Ident> = self
            .in_path()
            .chain(queries)
            .chain(self.body.as_ref())
            .collect();
        let scalars = used.len() - usize::from(self.body.is_some());
        for name in &used[..scalars] {
            let in_path = self.in_path().any(|it| it == *name);
            let scalar = self.argument(name).and_then(Argument::scalar);
            if scalar.is_none_or(|(_, optional)| optional && in_path) {
                return Err(format!(
                    "its parameter `{name}` must be a string or an integer"
                ));
            }
        }
        for argument in &self.arguments {
            let uses = used.iter().filter(|name| ***name == argument.name).count();
            let namesakes = self.arguments.iter().filter(|it| it.name == argument.name);
            if uses != 1 || namesakes.count() != 1 {
                return Err(format!(
                    "its parameter `{}` is not used once",
                    argument.name
                ));
            }
        }
        Ok(())
    }
}

impl Argument {
    /// Returns what a path or a query makes of this argument, and whether it can be left out.
    pub(crate) fn scalar(&self) -> Option<(Scalar, bool)> {
        let types: [(Type, Scalar, bool); 4] = [
            (parse_quote!(&str), Scalar::Text, false),
            (parse_quote!(Option<&str>), Scalar::Text, true),
            (parse_quote!(i64), Scalar::Integer, false),
            (parse_quote!(Option<i64>), Scalar::Integer, true),
        ];
        types
            .into_iter()
            .find_map(|(ty, scalar, optional)| (ty == self.ty).then_some((scalar, optional)))
    }
}

/// Returns the arguments without the receiver.
fn arguments(inputs: &Punctuated<FnArg, Token![,]>) -> Option<Vec<Argument>> {
    let arguments = inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => Some(input),
        FnArg::Receiver(_) => None,
    });
    let argument = |input: &syn::PatType| {
        let Pat::Ident(pattern) = &*input.pat else {
            return None;
        };
        let mut ty = (*input.ty).clone();
        WithoutLifetimes.visit_type_mut(&mut ty);
        let name = pattern.ident.clone();
        Some(Argument { name, ty })
    };
    arguments.map(argument).collect()
}

struct WithoutLifetimes;

impl VisitMut for WithoutLifetimes {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }
}

/// Returns what a `let` binds its variable to.
fn init(statement: &Stmt) -> Option<&Expr> {
    match statement {
        Stmt::Local(local) => local.init.as_ref().map(|init| &*init.expr),
        _ => None,
    }
}

/// Returns the path in `format!("{}/orgs/{}", self.baseurl, encode_path(&org.to_string()))`.
fn path(url: &Expr) -> Option<Vec<Piece>> {
    let Expr::Macro(format) = url else {
        return None;
    };
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
    let arguments = format.mac.parse_body_with(arguments).ok()?;
    let mut arguments = arguments.iter();
    let template = text(arguments.next()?)?;
    let mut values = arguments.skip(1);
    let mut path = Vec::new();
    for (index, fixed) in template.strip_prefix("{}")?.split("{}").enumerate() {
        if index > 0 {
            path.push(Piece::Argument(encoded(values.next()?)?));
        }
        if !fixed.is_empty() {
            path.push(Piece::Fixed(fixed.to_owned()));
        }
    }
    Some(path)
}

/// Returns the variable in `encode_path(&org.to_string())`.
fn encoded(value: &Expr) -> Option<Ident> {
    let Expr::Call(call) = value else {
        return None;
    };
    let Expr::Reference(reference) = call.args.first()? else {
        return None;
    };
    let Expr::MethodCall(to_string) = &*reference.expr else {
        return None;
    };
    variable(&to_string.receiver)
}

/// The chain of calls that builds a request.
struct Request {
    verb: Ident,
    queries: Vec<(String, Ident)>,
    body: Option<Ident>,
}

impl Request {
    /// Takes `self.client.put(url).json(&body).headers(header_map).build()?` apart.
    fn parse(request: &Expr) -> Option<Self> {
        let Expr::Try(request) = request else {
            return None;
        };
        let headers = call(&call(&request.expr, "build")?.receiver, "headers")?;
        let (mut queries, mut body) = (Vec::new(), None);
        let mut next = &*headers.receiver;
        loop {
            let Expr::MethodCall(call) = next else {
                return None;
            };
            match call.method.to_string().as_str() {
                "query" => queries.insert(0, query(call.args.first()?)?),
                "json" if body.is_none() => body = Some(referred(call.args.first()?)?),
                "header" if is_accept(call) => {}
                "get" | "put" | "post" | "delete" | "patch" | "head"
                    if *call.receiver == parse_quote!(self.client) =>
                {
                    let verb = call.method.clone();
                    return Some(Self {
                        verb,
                        queries,
                        body,
                    });
                }
                _ => return None,
            }
            next = &call.receiver;
        }
    }
}

/// Returns a call of this method.
fn call<'a>(expr: &'a Expr, method: &str) -> Option<&'a ExprMethodCall> {
    match expr {
        Expr::MethodCall(call) if call.method == method => Some(call),
        _ => None,
    }
}

/// Returns whether a call adds the header that every request has.
fn is_accept(call: &ExprMethodCall) -> bool {
    let value: Expr = parse_quote!(::reqwest::header::HeaderValue::from_static(
        "application/json",
    ));
    let name: Expr = parse_quote!(::reqwest::header::ACCEPT);
    call.args.iter().eq([&name, &value])
}

/// Returns name and variable in `&progenitor_client::QueryParam::new("page", &page)`.
fn query(parameter: &Expr) -> Option<(String, Ident)> {
    let Expr::Reference(reference) = parameter else {
        return None;
    };
    let Expr::Call(call) = &*reference.expr else {
        return None;
    };
    if *call.func != parse_quote!(progenitor_client::QueryParam::new) {
        return None;
    }
    Some((text(call.args.first()?)?, referred(call.args.get(1)?)?))
}

/// Returns the variable in `&body`.
fn referred(value: &Expr) -> Option<Ident> {
    match value {
        Expr::Reference(reference) => variable(&reference.expr),
        _ => None,
    }
}

fn variable(value: &Expr) -> Option<Ident> {
    match value {
        Expr::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    }
}

fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(syn::ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

/// `T` of `Result<ResponseValue<T>, Error<()>>`.
fn output(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    let [value, error] = generics(result, "Result")?.try_into().ok()?;
    let [value] = generics(value, "ResponseValue")?.try_into().ok()?;
    (*error == parse_quote!(Error<()>)).then(|| value.clone())
}

/// Returns the type arguments of the type with this name.
fn generics<'a>(ty: &'a Type, name: &str) -> Option<Vec<&'a Type>> {
    let Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let types = arguments.args.iter().map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect::<Option<_>>().filter(|_| last.ident == name)
}

/// Returns the statuses that `match response.status().as_u16()` takes for a success, and whether
/// their bodies are read.
fn successes(outcome: &Stmt) -> Option<(Vec<u16>, bool)> {
    let Stmt::Expr(Expr::Match(outcome), _) = outcome else {
        return None;
    };
    let (mut statuses, mut read) = (Vec::new(), Vec::new());
    for arm in &outcome.arms {
        match decoder(arm)?.as_str() {
            // Everything but the successes is refused, whatever is said of it.
            "ErrorResponse" | "UnexpectedResponse" => continue,
            "from_response" => read.push(true),
            "empty" => read.push(false),
            _ => return None,
        }
        statuses.push(status(&arm.pat)?);
    }
    let first = *read.first()?;
    read.iter()
        .all(|it| *it == first)
        .then_some((statuses, first))
}

fn status(pattern: &Pat) -> Option<u16> {
    match pattern {
        Pat::Lit(syn::ExprLit {
            lit: Lit::Int(status),
            ..
        }) => status.base10_parse().ok(),
        _ => None,
    }
}

/// Returns the last name of the function that an arm calls, inside of `{ }`, `Ok()`, `Err()` and
/// `.await`.
fn decoder(arm: &Arm) -> Option<String> {
    let mut expr = &*arm.body;
    loop {
        expr = match expr {
            Expr::Block(block) => match block.block.stmts.as_slice() {
                [Stmt::Expr(expr, None)] => expr,
                _ => return None,
            },
            Expr::Await(future) => &future.base,
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else {
                    return None;
                };
                let name = path.path.segments.last()?.ident.to_string();
                if name != "Ok" && name != "Err" {
                    return Some(name);
                }
                call.args.first()?
            }
            _ => return None,
        };
    }
}
