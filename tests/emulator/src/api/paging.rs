//! Pages of a list, cut and linked as GitHub does it.

use serde_json::{Value, json};

use crate::{
    api::{context::Context, list_edits::ListEdits},
    recorded::RecordedRequest,
    response::Response,
};

const DEFAULT_SIZE: usize = 30;
const MOST: usize = 100;

/// Responds with the page of a list that the request asks for, and with the number of all entries.
///
/// The entries are in a field with this name. Links to other pages have this path.
pub(crate) fn list<T>(
    context: &Context<'_>,
    path: &str,
    field: &str,
    entries: impl ExactSizeIterator<Item = T>,
    describe: impl Fn(T) -> Value,
) -> Response {
    let page = Page::of(context.request);
    let (described, total) = page.describe(entries, describe, context.edits);
    let reported = context.edits.total_count.unwrap_or(total as u64);
    let body = json!({ "total_count": reported, field: described });
    let address = format!("{}{path}", context.request.origin());
    let response = Response::json(200, &body);
    match page.link(&address, total) {
        Some(links) => response.header("link", &links),
        None => response,
    }
}

/// The page that a query asks for. What is not a positive number counts as the default, as it does
/// at GitHub.
struct Page {
    number: usize,
    size: usize,
    size_given: bool,
}

impl Page {
    fn of(request: &RecordedRequest) -> Self {
        let parameter = |name| positive(request.query().unwrap_or_default(), name);
        let size = parameter("per_page");
        Self {
            number: parameter("page").unwrap_or(1),
            size: size.unwrap_or(DEFAULT_SIZE).min(MOST),
            size_given: size.is_some(),
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
        let size = if self.size_given {
            format!("per_page={}&", self.size)
        } else {
            String::new()
        };
        let links: Vec<_> = relations
            .iter()
            .map(|(relation, page)| format!("<{address}?{size}page={page}>; rel=\"{relation}\""))
            .collect();
        (!links.is_empty()).then(|| links.join(", "))
    }
}

fn positive(query: &str, name: &str) -> Option<usize> {
    let (_, value) = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|it| it.0 == name)?;
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    // A number too large to count is a page beyond the last.
    let number = digits.then(|| value.parse().unwrap_or(usize::MAX))?;
    (number > 0).then_some(number)
}
