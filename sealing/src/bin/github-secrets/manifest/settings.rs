//! What a file says about the run as a whole.

use std::path::{Path, PathBuf};

use super::node::{Content, Fields, Member, wrong_kind};
use crate::input::{Fault, Faults, Source};

pub(super) struct Settings {
    pub(super) state: Option<PathBuf>,
    pub(super) prune: bool,
    pub(super) max_deletes: usize,
    pub(super) changed_elsewhere: ChangedElsewhere,
}

/// What happens to a secret of this file that somebody else has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangedElsewhere {
    Overwrite,
    /// It is reported, and left alone.
    Keep,
}

const VERSION: i64 = 1;
const MAX_DELETES: usize = 10;
const KEYS: [&str; 9] = [
    "version",
    "state",
    "prune",
    "max_deletes",
    "changed_elsewhere",
    "repositories",
    "set",
    "delete",
    "registry",
];

/// Returns the members of the file; `None` if it is of a version that is not known, since nothing
/// can be said of the rest then.
pub(super) fn root<'a>(members: &'a [Member], faults: &mut Faults) -> Option<Fields<'a>> {
    let version = members.iter().find(|it| it.key.as_str() == "version");
    match version.map(|member| (&member.value, &member.value.content)) {
        Some((node, Content::Integer(version))) if *version != VERSION => {
            let message = format!(
                "this is version {version} of the file; this program reads version {VERSION}"
            );
            faults.push(Fault::new(node.line, message));
            return None;
        }
        Some((_, Content::Integer(_))) => {}
        Some((node, _)) => {
            wrong_kind::<()>("version", node, "the number 1", faults);
        }
        None => faults.push(Fault::new(
            1,
            "version is missing; begin the file with version 1",
        )),
    }
    let root = Fields::new(1, members, &KEYS, faults);
    if let Some(registry) = root.get("registry") {
        let message = "private registries are not supported yet; remove them from the file";
        faults.push(Fault::new(registry.line, message));
    }
    if !root.has("set") && !root.has("delete") {
        faults.push(Fault::new(
            1,
            "the file has no set and no delete; add [[set]]",
        ));
    }
    Some(root)
}

pub(super) fn settings(root: &Fields<'_>, file: &Source, faults: &mut Faults) -> Settings {
    let state = state(root, file, faults);
    let prune = root.boolean("prune", faults).unwrap_or_default();
    let max_deletes = root.number("max_deletes", faults).unwrap_or(MAX_DELETES);
    let changed_elsewhere = changed_elsewhere(root, faults).unwrap_or(ChangedElsewhere::Overwrite);
    Settings {
        state,
        prune,
        max_deletes,
        changed_elsewhere,
    }
}

fn state(root: &Fields<'_>, file: &Source, faults: &mut Faults) -> Option<PathBuf> {
    if root.has("state") {
        let (text, line) = root.text("state", faults)?;
        let path = folder(file).join(text);
        let is_file = matches!(file, Source::File(file) if *file == path);
        if is_file || text.contains('\0') {
            faults.push(Fault::new(line, "state has to be the path of another file"));
            return None;
        }
        return Some(path);
    }
    match file {
        Source::File(path) => Some(path.with_extension("state")),
        Source::Stdin => {
            let message = "state is missing; standard input has no name to derive it from";
            faults.push(Fault::new(1, message));
            None
        }
    }
}

/// Returns the folder that paths in the file are relative to.
pub(super) fn folder(file: &Source) -> PathBuf {
    match file {
        Source::File(path) => path.parent().unwrap_or(Path::new("")).to_owned(),
        Source::Stdin => PathBuf::new(),
    }
}

fn changed_elsewhere(root: &Fields<'_>, faults: &mut Faults) -> Option<ChangedElsewhere> {
    match root.text("changed_elsewhere", faults)? {
        ("overwrite", _) => Some(ChangedElsewhere::Overwrite),
        ("keep", _) => Some(ChangedElsewhere::Keep),
        (_, line) => {
            let message = "changed_elsewhere has to be \"overwrite\" or \"keep\"";
            faults.push(Fault::new(line, message));
            None
        }
    }
}
