//! Names in which each `*` matches any text, and repositories by such names.

use crate::input::shown_text;

/// A pattern for names that GitHub compares without case.
#[derive(Clone, Debug)]
pub(crate) struct Pattern(String);

impl Pattern {
    pub(crate) const ANY: char = '*';

    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_ascii_lowercase())
    }

    /// Returns whether the pattern matches the whole name.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let Some((first, rest)) = self.0.split_once(Self::ANY) else {
            return self.0 == name;
        };
        let (middle, last) = rest.rsplit_once(Self::ANY).unwrap_or(("", rest));
        let inner = name.strip_prefix(first);
        let Some(mut inner) = inner.and_then(|inner| inner.strip_suffix(last)) else {
            return false;
        };
        // Each part at the first place where it fits leaves the most room for the others.
        for part in middle.split(Self::ANY) {
            let Some(at) = inner.find(part) else {
                return false;
            };
            inner = &inner[at + part.len()..];
        }
        true
    }
}

/// Repositories of one owner, by a pattern for their names.
pub(crate) struct RepositoryPattern {
    /// As it was written.
    pub(crate) text: String,
    pub(crate) login: String,
    pub(crate) name: Pattern,
}

impl RepositoryPattern {
    /// Returns the pattern that a full name is, unless it has a `*` in the login.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let (login, name) = text.split_once('/')?;
        if login.contains(Pattern::ANY) || name.is_empty() {
            return None;
        }
        Some(Self {
            text: text.to_owned(),
            login: login.to_owned(),
            name: Pattern::new(name),
        })
    }

    /// Returns whether the pattern matches the repository with this full name.
    pub(crate) fn matches(&self, full_name: &str) -> bool {
        let (login, name) = full_name.split_once('/').unwrap_or((full_name, ""));
        self.login.eq_ignore_ascii_case(login) && self.name.matches(name)
    }

    /// Returns the full name of a repository that matches.
    pub(crate) fn example(&self, star: &str) -> String {
        self.text.replace(Pattern::ANY, star)
    }

    /// Returns what messages call it.
    pub(crate) fn shown(&self) -> &str {
        shown_text(&self.text).unwrap_or("the pattern")
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name, matches) in [
            ("svc-*", "svc-api", true),
            ("svc-*", "svc-", true),
            ("svc-*", "my-svc-api", false),
            ("SVC-*", "svc-Api", true),
            ("*-api", "svc-api", true),
            ("*-api", "svc-api-2", false),
            ("*", "", true),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "acb", false),
            ("*b*b*", "bb", true),
            ("*b*b*", "b", false),
            ("**", "x", true),
            ("a*é*", "aé", true),
            ("api", "api", true),
            ("api", "apis", false),
        ] {
            let found = Pattern::new(pattern).matches(name);
            assert_eq!(found, matches, "{pattern} {name}");
        }
    }
}
