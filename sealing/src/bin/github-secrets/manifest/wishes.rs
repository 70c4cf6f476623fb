//! From blocks to single secrets of single places, each wanted in one way.

use std::collections::{BTreeMap, btree_map};

use github_secrets::{
    AnyAccess, OwnerError, Place, Repositories, RepositoryRef, SecretName, Visibility,
};

use super::{
    blocks::{Block, BlockAccess, BlockAction, BlockSecret, Target},
    repositories::NamedSets,
    resolver::{Listed, MatchedPattern, Resolver},
    source::ValueSource,
};
use crate::input::{Fault, Faults, shown, shown_text};

/// What the file says about one secret of one place.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) place: Place,
    pub(crate) name: SecretName,
    pub(crate) kind: WishKind,
    /// The line of the name; the first one if several blocks say the same.
    pub(crate) line: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum WishKind {
    Set {
        source: ValueSource,
        access: AnyAccess,
        keep_access: bool,
    },
    Delete,
}

/// All that a file says.
#[derive(Debug, Default)]
pub(crate) struct Expansion {
    /// In the order of places, and of names within a place; no secret comes twice.
    pub(crate) wishes: Vec<Wish>,
    /// What each pattern takes, in the order of their lists.
    pub(crate) patterns: Vec<MatchedPattern>,
}

/// More secrets than any owner's stores hold; a file that names more has a mistake in it.
const MAX_WISHES: usize = 1_000_000;

/// Returns the wishes of the blocks. Without a listing, patterns take nothing, and everything that
/// can be checked is.
pub(super) fn expand(
    blocks: &[Block],
    sets: &NamedSets,
    listing: Option<&[Listed]>,
    faults: &mut Faults,
) -> Expansion {
    let mut resolver = Resolver::new(sets, listing);
    let mut wishes = Wishes::default();
    let mut count = 0;
    for block in blocks {
        let places = places(&block.target, &mut resolver, faults);
        let access = access(block, &mut resolver, faults);
        count += places.len() * block.secrets.len();
        if count > MAX_WISHES {
            let message = format!(
                "with this block the file has more than {MAX_WISHES} secrets; divide it into \
                 several files"
            );
            faults.push(Fault::new(block.line, message));
            break;
        }
        for place in &places {
            for secret in &block.secrets {
                wishes.add(place, secret, kind(block, secret, &access));
            }
        }
    }
    wishes.conflicts.report(faults);
    Expansion {
        wishes: wishes
            .all
            .into_values()
            .flat_map(BTreeMap::into_values)
            .collect(),
        patterns: resolver.patterns,
    }
}

fn places<'a>(target: &'a Target, resolver: &mut Resolver<'a>, faults: &mut Faults) -> Vec<Place> {
    let (line, places): (usize, Result<Vec<Place>, OwnerError>) = match target {
        Target::User => return vec![Place::user()],
        Target::Organization { login, stores } => {
            let places = stores
                .iter()
                .map(|store| Place::organization(login, *store));
            (1, places.collect())
        }
        Target::Repositories {
            selection,
            environment,
            stores,
        } => {
            let names = resolver.resolve(selection, faults);
            let places = names.iter().flat_map(|name| match environment {
                Some(environment) => vec![Place::environment(name, environment)],
                None => {
                    let stores = stores.iter();
                    stores
                        .map(|store| Place::repository(name, *store))
                        .collect()
                }
            });
            (selection.line, places.collect())
        }
    };
    // The names of the file are checked: what is left are those of a listing.
    places.unwrap_or_else(|error| {
        faults.push(Fault::new(
            line,
            format!("a listed repository is not valid: {error}"),
        ));
        Vec::new()
    })
}

fn access<'a>(block: &'a Block, resolver: &mut Resolver<'a>, faults: &mut Faults) -> AnyAccess {
    let BlockAction::Set {
        access: Some(access),
        ..
    } = &block.action
    else {
        return AnyAccess::None;
    };
    let repositories = match access {
        BlockAccess::All => return Visibility::All.into(),
        BlockAccess::Private => return Visibility::Private.into(),
        BlockAccess::Selected(None) => Repositories::none(),
        BlockAccess::Selected(Some(selection)) => resolver
            .resolve(selection, faults)
            .iter()
            .map(String::as_str)
            .collect(),
    };
    match block.target {
        Target::User => repositories.into(),
        _ => Visibility::Selected(repositories).into(),
    }
}

fn kind(block: &Block, secret: &BlockSecret, access: &AnyAccess) -> WishKind {
    match (&block.action, &secret.source) {
        (BlockAction::Set { keep_access, .. }, Some(source)) => WishKind::Set {
            source: source.clone(),
            access: access.clone(),
            keep_access: *keep_access,
        },
        _ => WishKind::Delete,
    }
}

#[derive(Default)]
struct Wishes {
    all: BTreeMap<Place, BTreeMap<SecretName, Wish>>,
    conflicts: Conflicts,
}

impl Wishes {
    fn add(&mut self, place: &Place, secret: &BlockSecret, kind: WishKind) {
        let name = secret.name.clone();
        let of_place = self.all.entry(place.clone()).or_default();
        match of_place.entry(name.clone()) {
            btree_map::Entry::Vacant(vacant) => {
                let (place, line) = (place.clone(), secret.line);
                vacant.insert(Wish {
                    place,
                    name,
                    kind,
                    line,
                });
            }
            btree_map::Entry::Occupied(first) => {
                let first = first.get();
                if let Some(difference) = difference(&first.kind, &kind) {
                    self.conflicts.add(first, secret.line, difference);
                }
            }
        }
    }
}

/// Returns what two wishes disagree about.
fn difference(first: &WishKind, second: &WishKind) -> Option<&'static str> {
    match (first, second) {
        (WishKind::Delete, WishKind::Delete) => None,
        (WishKind::Delete, WishKind::Set { .. }) => Some("is set here, and deleted"),
        (WishKind::Set { .. }, WishKind::Delete) => Some("is deleted here, and set"),
        (
            WishKind::Set {
                source,
                access,
                keep_access,
            },
            WishKind::Set {
                source: other_source,
                access: other_access,
                keep_access: other_keep,
            },
        ) => {
            if source != other_source {
                Some("has a different source from the one")
            } else if !same_access(access, other_access) {
                Some("has a different access from the one")
            } else if keep_access != other_keep {
                Some("has a different keep_access from the one")
            } else {
                None
            }
        }
    }
}

/// Two spellings of a repository are one. Both lists are in the order of the names in lower case.
fn same_access(access: &AnyAccess, other: &AnyAccess) -> bool {
    match (selected(access), selected(other)) {
        (None, None) => access == other,
        (Some(one), Some(other)) => one.iter().map(folded).eq(other.iter().map(folded)),
        _ => false,
    }
}

fn selected(access: &AnyAccess) -> Option<&Repositories> {
    match access {
        AnyAccess::Visibility(Visibility::Selected(repositories))
        | AnyAccess::Repositories(repositories) => Some(repositories),
        _ => None,
    }
}

fn folded(repository: &RepositoryRef) -> String {
    repository.to_string().to_ascii_lowercase()
}

/// What blocks disagree about: each pair of lines once, however many places it concerns.
#[derive(Default)]
struct Conflicts(BTreeMap<(usize, usize, SecretName), Conflict>);

struct Conflict {
    difference: &'static str,
    place: Place,
    more: usize,
}

impl Conflicts {
    fn add(&mut self, first: &Wish, line: usize, difference: &'static str) {
        let key = (line, first.line, first.name.clone());
        match self.0.entry(key) {
            btree_map::Entry::Occupied(mut known) => known.get_mut().more += 1,
            btree_map::Entry::Vacant(vacant) => {
                vacant.insert(Conflict {
                    difference,
                    place: first.place.clone(),
                    more: 0,
                });
            }
        }
    }

    fn report(self, faults: &mut Faults) {
        for ((line, first, name), conflict) in self.0 {
            let Conflict {
                difference,
                place,
                more,
            } = conflict;
            let name = shown(&name).unwrap_or("the secret");
            let place = place.to_string();
            let place = shown_text(&place).unwrap_or("one place");
            let more = match more {
                0 => String::new(),
                1 => " and 1 more place".to_owned(),
                more => format!(" and {more} more places"),
            };
            let message = format!(
                "{name} {difference} on line {first}, in {place}{more}; leave it out of one of \
                 them"
            );
            faults.push(Fault::new(line, message));
        }
    }
}
