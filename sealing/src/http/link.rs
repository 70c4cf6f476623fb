//! The `Link` header that holds the address of the next page (RFC 8288).

use http::{HeaderMap, header::LINK};
use url::{Origin, Url};

/// Returns the address of the next page, if there is one; it never leaves `origin`.
///
/// The paths in GitHub's links are not those of the description (`/organizations/{id}/…` instead of
/// `/orgs/{org}/…`), so the link is followed as it is.
pub(crate) fn next(
    headers: &HeaderMap,
    current: &Url,
    origin: &Origin,
) -> Result<Option<Url>, &'static str> {
    for header in headers.get_all(LINK) {
        let header = header.to_str().map_err(|_| "is not text")?;
        if let Some(target) = find(header, "next")? {
            let url = current.join(target).map_err(|_| "is no address")?;
            return match url.origin() == *origin {
                true => Ok(Some(url)),
                false => Err("leads away from the API's own address"),
            };
        }
    }
    Ok(None)
}

/// Returns the number of the last page, if a link leads there.
pub(crate) fn last_page(headers: &HeaderMap, current: &Url) -> Option<usize> {
    let mut links = headers.get_all(LINK).iter();
    let target = links.find_map(|header| find(header.to_str().ok()?, "last").ok()?)?;
    let last = current.join(target).ok()?;
    let number = last.query_pairs().find(|(name, _)| name == "page")?.1;
    number.parse().ok()
}

/// Returns the target of the link with this relation.
fn find<'h>(mut rest: &'h str, relation: &str) -> Result<Option<&'h str>, &'static str> {
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Ok(None);
        }
        let opened = rest
            .strip_prefix('<')
            .ok_or("is malformed: no address in angle brackets")?;
        let (target, parameters) = opened
            .split_once('>')
            .ok_or("is malformed: its address does not end")?;
        let (has_relation, after) = read_parameters(parameters, relation)?;
        if has_relation {
            return Ok(Some(target));
        }
        rest = after;
    }
}

/// Returns whether the parameters have this relation, and what follows them.
fn read_parameters<'h>(mut rest: &'h str, relation: &str) -> Result<(bool, &'h str), &'static str> {
    let mut has_relation = false;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        let Some(parameter) = rest.strip_prefix(';') else {
            return match rest.is_empty() || rest.starts_with(',') {
                true => Ok((has_relation, rest)),
                false => Err("is malformed: something follows its address"),
            };
        };
        let end = parameter.find(['=', ';', ',']).unwrap_or(parameter.len());
        let (name, after) = parameter.split_at(end);
        let Some(value) = after.strip_prefix('=') else {
            rest = after;
            continue;
        };
        let value = value.trim_start_matches([' ', '\t']);
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => {
                split_quotation(quoted).ok_or("is malformed: a quotation does not end")?
            }
            None => value.split_at(value.find([';', ',']).unwrap_or(value.len())),
        };
        if name.trim().eq_ignore_ascii_case("rel") {
            has_relation |= value
                .split_ascii_whitespace()
                .any(|rel| rel.eq_ignore_ascii_case(relation));
        }
        rest = after;
    }
}

/// Returns what is quoted, and what follows the quotation mark that ends it: one after a backslash
/// does not.
fn split_quotation(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    let end = text.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header::LINK};
    use url::Url;

    use super::{find, last_page};

    fn find_next(header: &str) -> Result<Option<&str>, &'static str> {
        find(header, "next")
    }

    #[test]
    fn the_next_link_is_found_among_others() {
        let header = "<https://h/a?page=1>; rel=\"prev\", <https://h/a,b?page=3>; title=\"a, b\"; rel=\"last next\"";
        assert_eq!(find_next(header), Ok(Some("https://h/a,b?page=3")));
    }

    #[test]
    fn a_quotation_mark_after_a_backslash_ends_no_quotation() {
        let header = r#"</1>; title="\", </2>; rel=next"; rel="prev", </3>; rel="next""#;
        assert_eq!(find_next(header), Ok(Some("/3")));
    }

    #[test]
    fn a_relation_needs_no_quotes_and_has_no_case() {
        assert_eq!(find_next("</2> ; REL=Next"), Ok(Some("/2")));
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert_eq!(find_next("<https://h/a?page=1>; rel=\"first\""), Ok(None));
    }

    #[test]
    fn a_link_that_breaks_off_is_an_error() {
        assert!(find_next("<https://h/a?page=2").is_err());
        assert!(find_next("<https://h/a?page=2>; rel=\"next").is_err());
        assert!(find_next("https://h/a?page=2; rel=\"next\"").is_err());
    }

    #[test]
    fn the_last_page_is_known_by_its_number() {
        let current = Url::parse("https://h/a").expect("an address");
        let last = |header| {
            let headers = HeaderMap::from_iter([(LINK, HeaderValue::from_static(header))]);
            last_page(&headers, &current)
        };
        let links =
            "<https://h/b?page=2>; rel=\"next\", <https://h/b?per_page=9&page=12>; rel=last";
        assert_eq!(last(links), Some(12));
        assert_eq!(last("<https://h/b?page=2>; rel=\"next\""), None);
        assert_eq!(last("<https://h/b?after=x>; rel=\"last\""), None);
        assert_eq!(last("<https://h/b?page=12>; rel=\"last"), None);
    }
}
