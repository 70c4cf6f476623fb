//! Pages of a list, cut and linked as GitHub does it.

use crate::recorded::RecordedRequest;

const DEFAULT_SIZE: usize = 30;
const MOST: usize = 100;

/// The page that a query asks for. What is not a positive number counts as the default, as it does
/// at GitHub.
pub(crate) struct Page {
    number: usize,
    size: usize,
    size_given: bool,
}

impl Page {
    pub(crate) fn of(request: &RecordedRequest) -> Self {
        let parameter = |name| positive(request.query().unwrap_or_default(), name);
        let size = parameter("per_page");
        Self {
            number: parameter("page").unwrap_or(1),
            size: size.unwrap_or(DEFAULT_SIZE).min(MOST),
            size_given: size.is_some(),
        }
    }

    /// Returns the items of the page.
    pub(crate) fn cut<T>(&self, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        items
            .skip((self.number - 1).saturating_mul(self.size))
            .take(self.size)
    }

    /// Returns the `Link` header, or `None` if everything fits into one page.
    pub(crate) fn link(&self, address: &str, items: usize) -> Option<String> {
        let last = items.div_ceil(self.size).max(1);
        let mut links = Vec::new();
        if self.number > 1 {
            links.push(("prev", last.min(self.number - 1)));
        }
        if self.number < last {
            links.extend([("next", self.number + 1), ("last", last)]);
        }
        if self.number > 1 {
            links.push(("first", 1));
        }
        let size = if self.size_given {
            format!("per_page={}&", self.size)
        } else {
            String::new()
        };
        let links: Vec<_> = links
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
