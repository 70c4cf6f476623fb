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
        if let Some(target) = find_next(header)? {
            let url = current.join(target).map_err(|_| "is no address")?;
            return match url.origin() == *origin {
                true => Ok(Some(url)),
                false => Err("leads away from the API's own address"),
            };
        }
    }
    Ok(None)
}

/// Returns the target of the link whose relation is `next`.
fn find_next(mut rest: &str) -> Result<Option<&str>, &'static str> {
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
        let (is_next, after) = read_parameters(parameters)?;
        if is_next {
            return Ok(Some(target));
        }
        rest = after;
    }
}

/// Returns whether the parameters say `rel="next"`, and what follows them.
fn read_parameters(mut rest: &str) -> Result<(bool, &str), &'static str> {
    let mut is_next = false;
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        let Some(parameter) = rest.strip_prefix(';') else {
            return match rest.is_empty() || rest.starts_with(',') {
                true => Ok((is_next, rest)),
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
            is_next |= value
                .split_ascii_whitespace()
                .any(|rel| rel.eq_ignore_ascii_case("next"));
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
    use super::find_next;

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
}
