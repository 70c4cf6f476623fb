//! Writes a method of the generator as a function that builds its request and does not send it.

use syn::{Expr, Ident, ItemFn, Type, parse_quote};

use super::methods::{Method, Piece, Scalar};

impl Method {
    /// Returns the function that builds this request.
    pub(crate) fn function(&self) -> ItemFn {
        let Self {
            name, docs, output, ..
        } = self;
        let names = self.arguments.iter().map(|argument| &argument.name);
        let types = self.arguments.iter().map(|argument| &argument.ty);
        let request = self.request();
        parse_quote! {
            #(#[doc = #docs])*
            pub fn #name(#(#names: #types),*) -> Request<#output> {
                #request
            }
        }
    }

    fn request(&self) -> Expr {
        let constructor: Ident = if self.output == parse_quote!(()) {
            parse_quote!(empty)
        } else {
            parse_quote!(json)
        };
        let verb = Ident::new(&self.verb.to_string().to_uppercase(), self.verb.span());
        let path = self.path.iter().map(|piece| -> Expr {
            match piece {
                Piece::Fixed(text) => parse_quote!(Part::Fixed(#text)),
                Piece::Argument(name) => {
                    let part = self.part(name);
                    parse_quote!(#part(#name))
                }
            }
        });
        let statuses = self
            .statuses
            .iter()
            .map(|status| syn::LitInt::new(&status.to_string(), self.verb.span()));
        let mut request: Expr = parse_quote! {
            Request::#constructor(Method::#verb, &[#(#path),*], &[#(#statuses),*])
        };
        for (name, argument) in &self.queries {
            let part = self.part(argument);
            request = if self.is_optional(argument) {
                parse_quote!(#request.query(#name, #argument.map(#part)))
            } else {
                parse_quote!(#request.query(#name, Some(#part(#argument))))
            };
        }
        let Some(body) = &self.body else {
            return request;
        };
        match self.argument(body).map(|argument| &argument.ty) {
            Some(Type::Reference(_)) => parse_quote!(#request.with_body(#body)),
            _ => parse_quote!(#request.with_body(&#body)),
        }
    }

    /// Returns the constructor of the part of a URL that an argument becomes.
    fn part(&self, argument: &Ident) -> Expr {
        match self
            .argument(argument)
            .and_then(|argument| argument.scalar())
        {
            Some((Scalar::Integer, _)) => parse_quote!(Part::Integer),
            _ => parse_quote!(Part::Text),
        }
    }

    /// Returns whether an argument of the query can be left out.
    pub(crate) fn is_optional(&self, argument: &Ident) -> bool {
        self.argument(argument)
            .and_then(|argument| argument.scalar())
            .is_some_and(|(_, optional)| optional)
    }
}
