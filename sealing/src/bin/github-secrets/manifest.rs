//! The file that `plan` and `apply` read: which secrets should be where, with no value in it.
//!
//! It is read in steps. [`Manifest::read`] finds all that is wrong with the file itself,
//! [`Manifest::values`] reads the values, and [`Manifest::expand`] replaces patterns by what was
//! listed of [`Manifest::owners_to_list`]. Each step lists all its faults, with their lines.

mod blocks;
mod json;
mod node;
mod repositories;
mod resolver;
mod settings;
mod source;
#[cfg(test)]
mod tests;
mod toml;
mod values;
mod wishes;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use self::{
    blocks::{Block, BlockAccess, BlockAction, Target},
    node::Content,
    repositories::{EntryKind, NamedSets, Selection},
    settings::Settings,
    values::Inputs,
};
pub(crate) use self::{
    resolver::{Listed, MatchedPattern},
    settings::ChangedElsewhere,
    source::ValueSource,
    values::Values,
    wishes::{Expansion, Wish, WishKind},
};
use crate::{
    failure::Failure,
    input::{Fault, Faults, Source, Undone, decode, read},
    pattern::RepositoryPattern,
};

/// A file without faults.
pub(crate) struct Manifest {
    /// Where digests and times are kept.
    pub(crate) state: PathBuf,
    /// Whether what leaves the file is deleted.
    pub(crate) prune: bool,
    /// A run that would delete more deletes nothing.
    pub(crate) max_deletes: usize,
    pub(crate) changed_elsewhere: ChangedElsewhere,
    file: Source,
    sets: NamedSets,
    blocks: Vec<Block>,
}

/// A longer file is not one that people review.
const MAX_MIB: usize = 1;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Format {
    Toml,
    Json,
}

impl Manifest {
    /// Reads a file in TOML or JSON; `-` is JSON on standard input.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Usage`] if the name of the file does not say what it is, and
    /// [`Failure::Failed`] if it cannot be read, or with everything that is wrong with it.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let extension = path.extension().map(|it| it.to_ascii_lowercase());
        let extension = extension.as_ref().and_then(|it| it.to_str());
        let (file, format) = match extension {
            _ if path == "-" => (Source::Stdin, Format::Json),
            Some("toml") => (Source::File(path.to_owned()), Format::Toml),
            Some("json") => (Source::File(path.to_owned()), Format::Json),
            _ => {
                return Err(Failure::Usage(
                    "the name of the file has to end with .toml or .json; use - for JSON on \
                     standard input, such as that of `yq -o json`"
                        .to_owned(),
                ));
            }
        };
        let bytes = read(&file, MAX_MIB, "the file")?;
        Self::parse(file, format, &bytes)
    }

    fn parse(file: Source, format: Format, bytes: &[u8]) -> Result<Self, Failure> {
        let mut faults = Faults::default();
        let manifest = match decode(bytes) {
            Ok((text, _)) => Self::of_text(file.clone(), format, text, &mut faults),
            Err(fault) => {
                faults.push(fault);
                None
            }
        };
        checked(manifest, faults, &file, Undone::Sent)
    }

    fn of_text(file: Source, format: Format, text: &str, faults: &mut Faults) -> Option<Self> {
        let node = match format {
            Format::Toml => toml::parse(text, faults)?,
            Format::Json => json::parse(text, faults)?,
        };
        let Content::Table(members) = &node.content else {
            return None;
        };
        let root = settings::root(members, faults)?;
        let Settings {
            state,
            prune,
            max_deletes,
            changed_elsewhere,
        } = settings::settings(&root, &file, faults);
        let sets = repositories::named_sets(&root, faults);
        let blocks = blocks::blocks(&root, &sets, faults);
        if matches!(file, Source::Stdin) {
            refuse_stdin(&blocks, faults);
        }
        let manifest = Self {
            state: state?,
            prune,
            max_deletes,
            changed_elsewhere,
            file,
            sets,
            blocks,
        };
        if faults.is_empty() {
            wishes::expand(&manifest.blocks, &manifest.sets, None, faults);
        }
        Some(manifest)
    }

    /// Returns the owners whose repositories have to be listed: those of patterns.
    pub(crate) fn owners_to_list(&self) -> Vec<&str> {
        let mut owners = BTreeMap::new();
        for pattern in self.patterns() {
            let login = pattern.login.as_str();
            owners.entry(login.to_ascii_lowercase()).or_insert(login);
        }
        owners.into_values().collect()
    }

    /// Returns a listing in which each pattern has a match, for an emulator.
    pub(crate) fn example_listing(&self) -> Vec<Listed> {
        let mut names = BTreeMap::new();
        for selection in self.selections() {
            for entry in &selection.entries {
                if let EntryKind::Pattern(pattern) | EntryKind::Except(pattern) = &entry.kind {
                    for star in ["1", "2"] {
                        let name = pattern.example(star);
                        names.insert(name.to_ascii_lowercase(), name);
                    }
                }
            }
        }
        let listed = names.into_values().map(|full_name| Listed {
            full_name,
            archived: false,
        });
        listed.collect()
    }

    /// Returns the wishes for each secret of each place.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Failed`] with the patterns that match nothing, and with the blocks that
    /// disagree.
    pub(crate) fn expand(&self, listing: &[Listed]) -> Result<Expansion, Failure> {
        let mut faults = Faults::default();
        let expansion = wishes::expand(&self.blocks, &self.sets, Some(listing), &mut faults);
        checked(Some(expansion), faults, &self.file, Undone::Written)
    }

    /// Reads the values, each source once.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Failed`] with all that cannot be read, or stored.
    pub(crate) fn values(&self) -> Result<Values, Failure> {
        self.values_from(&Inputs::of_program(&settings::folder(&self.file)))
    }

    fn values_from(&self, inputs: &Inputs<'_>) -> Result<Values, Failure> {
        let mut faults = Faults::default();
        let values = values::read(&self.blocks, inputs, &mut faults);
        checked(Some(values), faults, &self.file, Undone::Sent)
    }

    fn patterns(&self) -> impl Iterator<Item = &RepositoryPattern> {
        let entries = self.selections().into_iter().flat_map(|it| &it.entries);
        entries.filter_map(|entry| match &entry.kind {
            EntryKind::Pattern(pattern) => Some(pattern),
            _ => None,
        })
    }

    /// Returns the lists of the blocks and the named sets that they use.
    fn selections(&self) -> Vec<&Selection> {
        let mut selections = Vec::new();
        for block in &self.blocks {
            if let Target::Repositories { selection, .. } = &block.target {
                selections.push(selection);
            }
            if let BlockAction::Set {
                access: Some(BlockAccess::Selected(Some(selection))),
                ..
            } = &block.action
            {
                selections.push(selection);
            }
        }
        let mut sets = BTreeMap::new();
        for entry in selections.iter().flat_map(|it| &it.entries) {
            if let EntryKind::Set(name) = &entry.kind {
                sets.insert(name, self.sets.get(name));
            }
        }
        selections.extend(sets.into_values().flatten());
        selections
    }
}

/// Standard input cannot be the file and a value.
fn refuse_stdin(blocks: &[Block], faults: &mut Faults) {
    for secret in blocks.iter().flat_map(|block| &block.secrets) {
        if secret.source.as_ref().is_some_and(ValueSource::is_stdin) {
            let message = "the source stdin: is this file itself; use env: or file:";
            faults.push(Fault::new(secret.line, message));
        }
    }
}

fn checked<T>(
    result: Option<T>,
    faults: Faults,
    file: &Source,
    undone: Undone,
) -> Result<T, Failure> {
    match result {
        Some(result) if faults.is_empty() => Ok(result),
        _ => Err(Failure::Failed(faults.report(file, undone))),
    }
}
