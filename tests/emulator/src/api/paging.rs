//! Pages of a list, cut and linked as GitHub does it.

use serde_json::{Value, json};

use crate::{
    api::{context::Context, list_edits::ListEdits},
    recorded::RecordedRequest,
    response::Response,
};

const DEFAULT_SIZE: usize = 30;
const MOST: usize = 100;

/// How the body of a response holds a list.
pub(crate) enum Form {
    /// An object with the number of all entries, and with a page of them in this field.
    Counted(&'static str),
    /// The page itself.
    Bare,
}

/// Responds with the page of a list that the request asks for. Links to other pages have this path.
pub(crate) fn list<T>(
    context: &Context<'_>,
    path: &str,
    form: Form,
    entries: impl ExactSizeIterator<Item = T>,
    describe: impl Fn(T) -> Value,
) -> Response {
    let page = Page::of(context.request);
    let (described, total) = page.describe(entries, describe, context.edits);
    let reported = context.edits.total_count.unwrap_or(total as u64);
    let body = match form {
        Form::Counted(field) => json!({ "total_count": reported, field: described }),
        Form::Bare => described.into(),
    };
    let address = format!("{}{path}", context.request.origin());
    let response = Response::json(200, &body);
    match page.link(&address, total) {
        Some(links) => response.header("link", &links),
        None => response,
    }
}

/// The page that a query asks for. What is not a positive number counts as the default, as it does
/// at GitHub.
struct Page<'a> {
    number: usize,
    size: usize,
    /// The parameters of the query that links repeat.
    others: Vec<&'a str>,
}

impl<'a> Page<'a> {
    fn of(request: &'a RecordedRequest) -> Self {
        let query = request.query().unwrap_or_default();
        let size = positive(query, "per_page").unwrap_or(DEFAULT_SIZE);
        Self {
            number: positive(query, "page").unwrap_or(1),
            size: size.min(MOST),
            others: query
                .split('&')
                .filter(|pair| !pair.is_empty() && parameter(pair).0 != "page")
                .collect(),
        }
    }

    /// Returns the entries of the page, and how many there are on all pages.
    fn describe<T>(
        &self,
        entries: impl ExactSizeIterator<Item = T>,
        describe: impl Fn(T) -> Value,
        edits: &ListEdits,
    ) -> (Vec<Value>, usize) {
        if edits.hidden.is_empty() {
            let total = entries.len();
            return (self.cut(entries).map(describe).collect(), total);
        }
        let visible: Vec<Value> = entries
            .map(describe)
            .filter(|entry| !edits.hides(entry))
            .collect();
        let total = visible.len();
        (self.cut(visible.into_iter()).collect(), total)
    }

    fn cut<T>(&self, entries: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        entries
            .skip((self.number - 1).saturating_mul(self.size))
            .take(self.size)
    }

    /// Returns the `Link` header, or `None` if everything fits into one page.
    fn link(&self, address: &str, entries: usize) -> Option<String> {
        let last = entries.div_ceil(self.size).max(1);
        let mut relations = Vec::new();
        if self.number > 1 {
            relations.push(("prev", last.min(self.number - 1)));
        }
        if self.number < last {
            relations.extend([("next", self.number + 1), ("last", last)]);
        }
        if self.number > 1 {
            relations.push(("first", 1));
        }
        let others: String = self.others.iter().map(|pair| self.repeated(pair)).collect();
        let links: Vec<_> = relations
            .iter()
            .map(|(relation, page)| format!("<{address}?{others}page={page}>; rel=\"{relation}\""))
            .collect();
        (!links.is_empty()).then(|| links.join(", "))
    }

    /// Returns a parameter as links repeat it: with the size that counts, or not at all.
    fn repeated(&self, pair: &str) -> String {
        match parameter(pair) {
            ("per_page", value) if number(value).is_some() => format!("per_page={}&", self.size),
            ("per_page", _) => String::new(),
            _ => format!("{pair}&"),
        }
    }
}

/// Returns the first value of a parameter in a query.
pub(crate) fn value<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut parameters = query.split('&').map(parameter);
    parameters.find(|it| it.0 == name).map(|it| it.1)
}

fn positive(query: &str, name: &str) -> Option<usize> {
    value(query, name).and_then(number)
}

fn parameter(pair: &str) -> (&str, &str) {
    pair.split_once('=').unwrap_or((pair, ""))
}

fn number(value: &str) -> Option<usize> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    // A number too large to count is a page beyond the last.
    let number = digits.then(|| value.parse().unwrap_or(usize::MAX))?;
    (number > 0).then_some(number)
}
