//! The next page is the one that the header names, and never anywhere else.

#![no_main]

use std::fmt::Write;

use arbitrary::{Arbitrary, Unstructured};
use github_secrets::fuzzing::next_link;
use http::{HeaderMap, HeaderValue, header::LINK};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    arbitrary_header(data);
    if let Ok(links) = Vec::<Link>::arbitrary(&mut Unstructured::new(data)) {
        well_formed_header(&links);
    }
});

fn arbitrary_header(data: &[u8]) {
    let mut headers = HeaderMap::new();
    for line in data.split(|byte| *byte == b'\n') {
        if let Ok(line) = HeaderValue::from_bytes(line) {
            headers.append(LINK, line);
        }
    }
    let current = current();
    if let Ok(Some(next)) = next_link(&headers, &current, &current.origin()) {
        assert_eq!(next.origin(), current.origin());
        let named = headers
            .get_all(LINK)
            .iter()
            .filter_map(|line| line.to_str().ok());
        let mut targets = named.flat_map(|line| {
            let opened = line.match_indices('<').map(|(at, _)| &line[at + 1..]);
            opened.filter_map(|opened| Some(opened.split_once('>')?.0))
        });
        assert!(targets.any(|target| current.join(target).is_ok_and(|url| url == next)));
    }
}

/// A link as RFC 8288 writes it, of which `page` is a path below the API's own address.
#[derive(Debug, Arbitrary)]
struct Link {
    page: u16,
    before: Option<Parameter>,
    relations: Vec<Relation>,
    quoted: bool,
    after: Option<Parameter>,
}

#[derive(Debug, Arbitrary)]
enum Relation {
    Next,
    Last,
    Nextdoor,
}

#[derive(Debug, Arbitrary)]
enum Parameter {
    Flag,
    Token,
    Title(Vec<Piece>),
}

/// What a quoted text can hold that could be mistaken for structure.
#[derive(Debug, Arbitrary)]
enum Piece {
    Comma,
    Semicolon,
    Link,
    Relation,
    QuotedPair,
}

fn well_formed_header(links: &[Link]) {
    let mut header = String::new();
    for (index, link) in links.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(header, "{separator}{}", link.text()).expect("a String takes all");
    }
    let Ok(header) = HeaderValue::try_from(header) else {
        return;
    };
    let wanted = links.iter().find(|link| link.is_next());
    let wanted = wanted.map(|link| current().join(&link.target()).expect("an address"));
    let found = next_link(
        &HeaderMap::from_iter([(LINK, header)]),
        &current(),
        &current().origin(),
    );
    assert_eq!(found, Ok(wanted));
}

impl Link {
    fn target(&self) -> String {
        format!(
            "https://api.github.com/organizations/1/codespaces/secrets?page={}",
            self.page
        )
    }

    /// A relation that stands in no quotation marks can only be one.
    fn relations(&self) -> &[Relation] {
        let count = if self.quoted {
            self.relations.len()
        } else {
            self.relations.len().min(1)
        };
        &self.relations[..count]
    }

    fn is_next(&self) -> bool {
        self.relations()
            .iter()
            .any(|relation| matches!(relation, Relation::Next))
    }

    fn text(&self) -> String {
        let names = self.relations().iter().map(|relation| match relation {
            Relation::Next => "next",
            Relation::Last => "LAST",
            Relation::Nextdoor => "nextdoor",
        });
        let names = names.collect::<Vec<_>>().join(" ");
        let quote = if self.quoted { "\"" } else { "" };
        let mut text = format!("<{}>", self.target());
        text.extend(self.before.iter().map(Parameter::text));
        if !self.relations().is_empty() {
            text += &format!("; rel={quote}{names}{quote}");
        }
        text.extend(self.after.iter().map(Parameter::text));
        text
    }
}

impl Parameter {
    fn text(&self) -> String {
        match self {
            Self::Flag => ";crossorigin".to_owned(),
            Self::Token => "; hreflang = en".to_owned(),
            Self::Title(pieces) => {
                let pieces = pieces.iter().map(|piece| match piece {
                    Piece::Comma => ", ",
                    Piece::Semicolon => "; ",
                    Piece::Link => "<https://api.github.com/elsewhere>",
                    Piece::Relation => "rel=next",
                    Piece::QuotedPair => "\\\"",
                });
                format!("; title=\"{}\"", pieces.collect::<String>())
            }
        }
    }
}

fn current() -> Url {
    Url::parse("https://api.github.com/orgs/acme/codespaces/secrets?per_page=100")
        .expect("an address")
}
