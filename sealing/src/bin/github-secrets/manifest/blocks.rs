//! The blocks of a file: which secrets should be, or should not be, in which places.

use std::collections::{BTreeMap, BTreeSet};

use github_secrets::{Place, SecretName, Store};

use super::{
    node::{Content, Fields, Node, texts, wrong_kind},
    repositories::{NamedSets, Owners, Selection, parse},
    source::{NO_SOURCE, ValueSource},
};
use crate::input::{Fault, Faults, shown};

/// Secrets and places.
pub(super) struct Block {
    pub(super) line: usize,
    pub(super) action: BlockAction,
    pub(super) target: Target,
    pub(super) secrets: Vec<BlockSecret>,
}

pub(super) enum BlockAction {
    Set {
        /// For an organization and for the user.
        access: Option<BlockAccess>,
        keep_access: bool,
    },
    Delete,
}

/// Who can use the secrets, before patterns are replaced.
pub(super) enum BlockAccess {
    All,
    Private,
    /// `None` for no repository.
    Selected(Option<Selection>),
}

pub(super) enum Target {
    Repositories {
        selection: Selection,
        environment: Option<String>,
        stores: BTreeSet<Store>,
    },
    Organization {
        login: String,
        stores: BTreeSet<Store>,
    },
    User,
}

/// A secret of a block; one that is deleted has no source.
pub(super) struct BlockSecret {
    pub(super) line: usize,
    pub(super) name: SecretName,
    pub(super) source: Option<ValueSource>,
}

const SET_KEYS: [&str; 8] = [
    "repos",
    "env",
    "org",
    "user",
    "apps",
    "access",
    "keep_access",
    "secrets",
];
const DELETE_KEYS: [&str; 6] = ["repos", "env", "org", "user", "apps", "secrets"];

/// Returns the blocks of a file, in its order.
pub(super) fn blocks(root: &Fields<'_>, sets: &NamedSets, faults: &mut Faults) -> Vec<Block> {
    let mut blocks = Vec::new();
    for key in ["set", "delete"] {
        let is_set = key == "set";
        let Some(list) = root.list(key, "tables", faults) else {
            continue;
        };
        for node in list {
            let Content::Table(members) = &node.content else {
                let entry = format!("an entry of {key}");
                wrong_kind::<()>(&entry, node, "a table", faults);
                continue;
            };
            let known: &[&str] = if is_set { &SET_KEYS } else { &DELETE_KEYS };
            let fields = Fields::new(node.line, members, known, faults);
            blocks.extend(block(&fields, is_set, sets, faults));
        }
    }
    blocks.sort_by_key(|block| block.line);
    blocks
}

fn block(
    fields: &Fields<'_>,
    is_set: bool,
    sets: &NamedSets,
    faults: &mut Faults,
) -> Option<Block> {
    let line = fields.line;
    let target = target(fields, sets, faults);
    let secrets = secrets(fields, is_set, faults);
    let action = if is_set {
        action(fields, target.as_ref(), sets, faults)
    } else {
        Some(BlockAction::Delete)
    };
    Some(Block {
        line,
        action: action?,
        target: target?,
        secrets: secrets?,
    })
}

fn target(fields: &Fields<'_>, sets: &NamedSets, faults: &mut Faults) -> Option<Target> {
    let line = fields.line;
    let given: Vec<&str> = ["repos", "org", "user"]
        .into_iter()
        .filter(|key| fields.has(key))
        .collect();
    let stores = stores(fields, faults);
    let environment = environment(fields, faults);
    match given[..] {
        ["repos"] => {
            let selection = selection(fields, "repos", Owners::Any, sets, faults)?;
            let environment = environment.ok()?;
            Some(Target::Repositories {
                selection,
                environment,
                stores: stores?,
            })
        }
        ["org"] => {
            let (login, line) = fields.text("org", faults)?;
            if let Err(error) = Place::organization(login, Store::Actions) {
                faults.push(Fault::new(line, error.to_string()));
                return None;
            }
            let login = login.to_owned();
            Some(Target::Organization {
                login,
                stores: stores?,
            })
        }
        ["user"] => {
            let member = fields.get("user")?;
            if fields.boolean("user", faults)? {
                return Some(Target::User);
            }
            let message = "user has to be true; or leave it out, and give repos or org";
            faults.push(Fault::new(member.line, message));
            None
        }
        [] => {
            let message = "the block has no place; give repos, org or user";
            faults.push(Fault::new(line, message));
            None
        }
        _ => {
            let given = given.join(" and ");
            let message = format!("the block has {given}; give one of them in each block");
            faults.push(Fault::new(line, message));
            None
        }
    }
}

fn selection(
    fields: &Fields<'_>,
    key: &'static str,
    owners: Owners<'_>,
    sets: &NamedSets,
    faults: &mut Faults,
) -> Option<Selection> {
    let line = fields.get(key)?.value.line;
    let list = fields.list(key, "repositories", faults)?;
    let selection = parse(key, list, line, owners, Some(sets), faults);
    // The faults of the entries are reported already, and they explain an empty list.
    (!selection.entries.is_empty()).then_some(selection)
}

/// Returns the name of the environment, and checks that there can be one here.
fn environment(fields: &Fields<'_>, faults: &mut Faults) -> Result<Option<String>, ()> {
    let Some(member) = fields.get("env") else {
        return Ok(None);
    };
    for (key, owner) in [("org", "an organization"), ("user", "a user")] {
        if fields.has(key) {
            let message = format!("{owner} has no environments; leave out env, or give repos");
            faults.push(Fault::new(member.line, message));
            return Err(());
        }
    }
    let (name, line) = fields.text("env", faults).ok_or(())?;
    match Place::environment("owner/name", name) {
        Ok(_) => Ok(Some(name.to_owned())),
        Err(error) => {
            faults.push(Fault::new(line, error.to_string()));
            Err(())
        }
    }
}

/// Returns the stores; Actions alone if none is given.
fn stores(fields: &Fields<'_>, faults: &mut Faults) -> Option<BTreeSet<Store>> {
    let Some(member) = fields.get("apps") else {
        return Some(BTreeSet::from([Store::Actions]));
    };
    let elsewhere = [
        (
            "env",
            "an environment has Actions secrets only; leave out apps",
        ),
        ("user", "a user has Codespaces secrets only; leave out apps"),
    ];
    for (key, message) in elsewhere {
        if fields.has(key) {
            faults.push(Fault::new(member.line, message));
            return None;
        }
    }
    let list = fields.list("apps", "actions, agents, codespaces, dependabot", faults)?;
    let mut lines = BTreeMap::new();
    let texts = texts("apps", list, faults);
    let is_complete = texts.len() == list.len();
    for (text, line) in texts {
        let Ok(store) = text.parse::<Store>() else {
            let message = "an entry of apps is not a store; the stores are actions, agents, \
                           codespaces, dependabot";
            faults.push(Fault::new(line, message));
            return None;
        };
        if let Some(first) = lines.insert(store, line) {
            let message = format!("{store} is on line {first} already; remove one of them");
            faults.push(Fault::new(line, message));
        }
    }
    is_complete.then(|| lines.into_keys().collect())
}

fn action(
    fields: &Fields<'_>,
    target: Option<&Target>,
    sets: &NamedSets,
    faults: &mut Faults,
) -> Option<BlockAction> {
    let keep_access = fields.boolean("keep_access", faults);
    if fields.has("repos") {
        for key in ["access", "keep_access"] {
            if let Some(member) = fields.get(key) {
                let message = format!(
                    "a repository's or environment's secrets cannot be shared; leave out {key}"
                );
                faults.push(Fault::new(member.line, message));
            }
        }
        return Some(BlockAction::Set {
            access: None,
            keep_access: false,
        });
    }
    let owners = match target? {
        Target::Organization { login, .. } => Owners::Only(login),
        Target::Repositories { .. } | Target::User => Owners::Any,
    };
    Some(BlockAction::Set {
        access: Some(access(fields, owners, sets, faults)?),
        keep_access: keep_access.unwrap_or_default(),
    })
}

fn access(
    fields: &Fields<'_>,
    owners: Owners<'_>,
    sets: &NamedSets,
    faults: &mut Faults,
) -> Option<BlockAccess> {
    let is_user = matches!(owners, Owners::Any);
    let expected = if is_user {
        "a list of repositories: [\"OWNER/NAME\"], or []"
    } else {
        "\"all\", \"private\" or a list of repositories, or []"
    };
    let Some(member) = fields.get("access") else {
        let message = format!("access is missing; give {expected}");
        faults.push(Fault::new(fields.line, message));
        return None;
    };
    match &member.value.content {
        Content::Text(text) if !is_user && text.as_str() == "all" => Some(BlockAccess::All),
        Content::Text(text) if !is_user && text.as_str() == "private" => Some(BlockAccess::Private),
        Content::Text(_) => {
            let message = format!("access has to be {expected}");
            faults.push(Fault::new(member.value.line, message));
            None
        }
        Content::List(list) if list.is_empty() => Some(BlockAccess::Selected(None)),
        Content::List(_) => {
            let selection = selection(fields, "access", owners, sets, faults)?;
            Some(BlockAccess::Selected(Some(selection)))
        }
        _ => wrong_kind("access", &member.value, expected, faults),
    }
}

fn secrets(fields: &Fields<'_>, is_set: bool, faults: &mut Faults) -> Option<Vec<BlockSecret>> {
    let Some(member) = fields.get("secrets") else {
        faults.push(Fault::new(fields.line, "secrets is missing"));
        return None;
    };
    let node = &member.value;
    let mut secrets = Secrets::default();
    match &node.content {
        Content::Table(members) if is_set && !members.is_empty() => {
            for member in members {
                secrets.add(&member.key, member.line, faults, |name| {
                    source(name, &member.value).map(Some)
                });
            }
        }
        Content::List(list) if !list.is_empty() => {
            for (text, line) in texts("secrets", list, faults) {
                secrets.add(text, line, faults, |name| {
                    Ok(is_set.then(|| ValueSource::variable(name.as_str())))
                });
            }
        }
        Content::Table(members) if !members.is_empty() => {
            let message = "what is deleted has no source; secrets has to be a list of names";
            faults.push(Fault::new(node.line, message));
        }
        Content::Table(_) | Content::List(_) => {
            faults.push(Fault::new(node.line, "secrets is empty; name a secret"));
        }
        _ => {
            let expected = if is_set {
                "a list of names, or a table of NAME = \"SOURCE\""
            } else {
                "a list of names"
            };
            return wrong_kind("secrets", node, expected, faults);
        }
    }
    (!secrets.all.is_empty()).then_some(secrets.all)
}

/// The secrets of one block, each once.
#[derive(Default)]
struct Secrets {
    all: Vec<BlockSecret>,
    lines: BTreeMap<SecretName, usize>,
}

impl Secrets {
    fn add(
        &mut self,
        name: &str,
        line: usize,
        faults: &mut Faults,
        source: impl FnOnce(&SecretName) -> Result<Option<ValueSource>, Fault>,
    ) {
        let name = match SecretName::new(name) {
            Ok(name) => name,
            Err(error) => return faults.push(Fault::new(line, error.to_string())),
        };
        if let Some(first) = self.lines.insert(name.clone(), line) {
            let shown = shown(&name).unwrap_or("the name");
            let message = format!(
                "{shown} is on line {first} already, in the same case or another, which GitHub \
                 ignores; remove one of them"
            );
            faults.push(Fault::new(line, message));
        }
        match source(&name) {
            Ok(source) => self.all.push(BlockSecret { line, name, source }),
            Err(fault) => faults.push(fault),
        }
    }
}

fn source(name: &SecretName, node: &Node) -> Result<ValueSource, Fault> {
    let parsed = match &node.content {
        Content::Text(text) => ValueSource::parse(text),
        _ => Err(NO_SOURCE),
    };
    parsed.map_err(|problem| {
        let subject = shown(name).unwrap_or("the secret");
        Fault::new(node.line, format!("{subject} {problem}"))
    })
}
