//! A file as a tree in which each key and each value has its line: what TOML and JSON have in
//! common.

use zeroize::Zeroizing;

use crate::input::{Fault, Faults, shown_text};

/// A value, and the line that it begins on.
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) content: Content,
}

pub(super) enum Content {
    /// A text can be a secret in the wrong place.
    Text(Zeroizing<String>),
    Integer(i64),
    Boolean(bool),
    List(Vec<Node>),
    /// In the order of the file; no key comes twice.
    Table(Vec<Member>),
    /// A value that nothing here can be.
    Other(&'static str),
}

/// A key, with its line, and its value.
pub(super) struct Member {
    pub(super) line: usize,
    pub(super) key: Zeroizing<String>,
    pub(super) value: Node,
}

/// Deeper files than this are refused: nothing is nested as deeply as that.
pub(super) const MAX_DEPTH: usize = 16;
pub(super) const TOO_DEEP: &str = "the value is nested too deeply";

impl Node {
    /// Returns the kind of value, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match &self.content {
            Content::Text(_) => "a string",
            Content::Integer(_) => "a number",
            Content::Boolean(_) => "a boolean",
            Content::List(_) => "a list",
            Content::Table(_) => "a table",
            Content::Other(kind) => kind,
        }
    }
}

/// The members of a table, of which each is taken once.
pub(super) struct Fields<'a> {
    pub(super) line: usize,
    members: Vec<&'a Member>,
    known: &'static [&'static str],
}

impl<'a> Fields<'a> {
    /// Returns the members of a table whose keys are among those that are `known`; of the others
    /// it says that they are not.
    pub(super) fn new(
        line: usize,
        members: &'a [Member],
        known: &'static [&'static str],
        faults: &mut Faults,
    ) -> Self {
        let is_known = |member: &&Member| known.contains(&member.key.as_str());
        let (members, unknown): (Vec<_>, Vec<_>) = members.iter().partition(is_known);
        for member in unknown {
            let named = shown_text(&member.key).map_or(String::new(), |key| format!(" {key}"));
            let keys = known.join(", ");
            let message = format!("the key{named} is not known here; the keys are {keys}");
            faults.push(Fault::new(member.line, message));
        }
        Self {
            line,
            members,
            known,
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn get(&self, key: &str) -> Option<&'a Member> {
        debug_assert!(self.known.contains(&key), "{key}");
        let mut members = self.members.iter().copied();
        members.find(|member| member.key.as_str() == key)
    }

    /// Returns a text that is not empty, and its line.
    pub(super) fn text(&self, key: &str, faults: &mut Faults) -> Option<(&'a str, usize)> {
        let node = &self.get(key)?.value;
        match &node.content {
            Content::Text(text) if text.is_empty() => {
                faults.push(Fault::new(node.line, format!("{key} is empty")));
                None
            }
            Content::Text(text) => Some((text, node.line)),
            _ => wrong_kind(key, node, "a string", faults),
        }
    }

    pub(super) fn boolean(&self, key: &str, faults: &mut Faults) -> Option<bool> {
        let node = &self.get(key)?.value;
        match node.content {
            Content::Boolean(boolean) => Some(boolean),
            _ => wrong_kind(key, node, "true or false", faults),
        }
    }

    /// Returns a number that is not negative.
    pub(super) fn number(&self, key: &str, faults: &mut Faults) -> Option<usize> {
        let node = &self.get(key)?.value;
        let number = match node.content {
            Content::Integer(number) => usize::try_from(number).ok(),
            _ => return wrong_kind(key, node, "a number", faults),
        };
        if number.is_none() {
            let message = format!("{key} has to be a whole number from 0");
            faults.push(Fault::new(node.line, message));
        }
        number
    }

    /// Returns the entries of a list that is not empty.
    pub(super) fn list(&self, key: &str, of: &str, faults: &mut Faults) -> Option<&'a [Node]> {
        let node = &self.get(key)?.value;
        match &node.content {
            Content::List(list) if list.is_empty() => {
                let message = format!("{key} is empty; remove it, or name {of}");
                faults.push(Fault::new(node.line, message));
                None
            }
            Content::List(list) => Some(list),
            _ => wrong_kind(key, node, &format!("a list of {of}"), faults),
        }
    }
}

/// Says that a value is of another kind than the one that is expected.
pub(super) fn wrong_kind<T>(
    key: &str,
    node: &Node,
    expected: &str,
    faults: &mut Faults,
) -> Option<T> {
    let kind = node.kind();
    let message = format!("{key} is {kind}; it has to be {expected}");
    faults.push(Fault::new(node.line, message));
    None
}

/// Returns the texts of a list, with their lines; of other entries it says what they are.
pub(super) fn texts<'a>(key: &str, list: &'a [Node], faults: &mut Faults) -> Vec<(&'a str, usize)> {
    let mut texts = Vec::new();
    for node in list {
        match &node.content {
            Content::Text(text) => texts.push((text.as_str(), node.line)),
            _ => {
                let kind = node.kind();
                let message = format!("an entry of {key} is {kind}; it has to be a string");
                faults.push(Fault::new(node.line, message));
            }
        }
    }
    texts
}
