use syn::{
    Expr, Ident, Stmt, Token, Type, parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

/// Makes the body of a generated method say only what is its own; `url` and `send`, which all
/// methods share, are written by hand in the client crate. That spares half of its compile time,
/// and the segments of a path reach `url` as they are.
///
/// The error says where a method is not of the form that is known here.
pub(crate) fn shorten(function: &mut syn::ImplItemFn) -> Result<(), String> {
    let unknown = |what: &str| format!("the generator writes a method of another form: {what}");
    let statements = &function.block.stmts;
    let [url, _, _, request, _, _, _, _, _, outcome] = statements.as_slice() else {
        return Err(unknown(
            "its statements, for example for a header parameter",
        ));
    };
    let segments = init(url).and_then(|url| segments(url, &function.sig.inputs));
    let segments = segments.ok_or_else(|| unknown("its URL"))?;
    let request = init(request).and_then(builder);
    let mut request = request.ok_or_else(|| unknown("its request"))?.clone();
    WithoutHeaders.visit_expr_mut(&mut request);
    function.block = parse_quote!({
        let url = self.url(&[#(#segments),*])?;
        let response = self.send(#request).await?;
        #outcome
    });
    Ok(())
}

/// Takes `header(ACCEPT, "application/json")` out of a request, since `send` adds it.
struct WithoutHeaders;

impl VisitMut for WithoutHeaders {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = expr
            && call.method == "header"
        {
            *expr = (*call.receiver).clone();
        }
    }
}

/// What a `let` binds its variable to.
fn init(statement: &Stmt) -> Option<&Expr> {
    match statement {
        Stmt::Local(local) => local.init.as_ref().map(|init| &*init.expr),
        _ => None,
    }
}

/// The segments of a path from `format!("{}/orgs/{}", self.baseurl,
/// encode_path(&org.to_string()))`.
fn segments(url: &Expr, inputs: &Punctuated<syn::FnArg, Token![,]>) -> Option<Vec<Expr>> {
    let Expr::Macro(format) = url else {
        return None;
    };
    let arguments = format
        .mac
        .parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        .ok()?;
    let mut arguments = arguments.into_iter();
    let Expr::Lit(syn::ExprLit {
        lit: syn::Lit::Str(template),
        ..
    }) = arguments.next()?
    else {
        return None;
    };
    let mut values = arguments.skip(1);
    let template = template.value();
    let segments = template.strip_prefix("{}/")?.split('/').map(|segment| {
        if segment == "{}" {
            let name = encoded(values.next()?)?;
            Some(if is_text(&name, inputs) {
                parse_quote!(#name)
            } else {
                parse_quote!(&#name.to_string())
            })
        } else {
            Some(parse_quote!(#segment))
        }
    });
    segments.collect()
}

/// The variable in `encode_path(&org.to_string())`.
fn encoded(value: Expr) -> Option<Ident> {
    let Expr::Call(call) = value else {
        return None;
    };
    let Some(Expr::Reference(reference)) = call.args.into_iter().next() else {
        return None;
    };
    let Expr::MethodCall(to_string) = *reference.expr else {
        return None;
    };
    match *to_string.receiver {
        Expr::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    }
}

/// Whether the argument `name` is a `&str`.
fn is_text(name: &Ident, inputs: &Punctuated<syn::FnArg, Token![,]>) -> bool {
    inputs.iter().any(|input| match input {
        syn::FnArg::Typed(input) => {
            let named = matches!(&*input.pat, syn::Pat::Ident(pat) if pat.ident == *name);
            named && matches!(&*input.ty, Type::Reference(_))
        }
        syn::FnArg::Receiver(_) => false,
    })
}

/// The builder in `builder.headers(header_map).build()?`.
fn builder(request: &Expr) -> Option<&Expr> {
    let Expr::Try(request) = request else {
        return None;
    };
    let Expr::MethodCall(build) = &*request.expr else {
        return None;
    };
    match &*build.receiver {
        Expr::MethodCall(headers) if headers.method == "headers" => Some(&headers.receiver),
        _ => None,
    }
}
