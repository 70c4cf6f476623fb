//! From a file to a plan: what `plan` and `apply` have in common.

use std::collections::{BTreeMap, BTreeSet};

use github_secrets::{
    AnyAccess, GitHub, ListedRepository, NewSecret, Place, RepositoryRef, Visibility,
    sync::{AccessRule, Desired, Plan, State, SyncError},
};

use crate::{
    context::Context,
    emulator::{Contents, owner_of},
    failure::Failure,
    manifest::{Expansion, Listed, Manifest, MatchedPattern, Values, Wish, WishKind},
    options::sync::SyncOptions,
    session::Session,
    state_file::{self, Lock, StateFile},
};

/// A plan, and where it comes from.
pub(crate) struct Planned<'a> {
    pub(crate) session: Session<'a>,
    pub(crate) plan: Plan,
    pub(crate) matches: Vec<Match>,
    /// Where the state is kept; `None` if it is not.
    pub(crate) state: Option<StateFile>,
    /// Keeps other runs away.
    pub(crate) lock: Option<Lock>,
}

/// What a pattern takes.
pub(crate) struct Match {
    pub(crate) pattern: String,
    pub(crate) line: usize,
    pub(crate) repositories: Vec<String>,
    /// How many of them have had no secret of this sync.
    pub(crate) new: usize,
}

/// What a plan is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be shown.
    Show,
    /// To be shown to somebody who may not have the values.
    ShowWithoutValues,
    /// To be carried out.
    Apply,
}

/// Reads the file, the state and the values, in this order and before anything is sent, and makes
/// the plan.
///
/// # Errors
///
/// Returns [`Failure::Usage`] and [`Failure::Failed`] if something of it cannot be used, and the
/// library's error if no plan can be made.
pub(crate) async fn plan<'a>(
    options: &SyncOptions,
    purpose: Purpose,
    context: &'a Context,
) -> Result<Planned<'a>, Failure> {
    let console = &context.console;
    let manifest = Manifest::read(&options.file)?;
    let emulated = context.connection.emulator;
    let file = StateFile::new(&manifest.state);
    let is_kept = !emulated && purpose != Purpose::ShowWithoutValues;
    let mut lock = None;
    let state = if is_kept {
        let key = state_file::key()?;
        if purpose == Purpose::Apply {
            lock = Some(file.lock()?);
        }
        let (state, exists) = file.read(key)?;
        if !exists {
            let path = file.path().display();
            console.note(format_args!(
                "there is no state {path} yet: existing secrets are treated as written by somebody else"
            ));
        }
        state
    } else {
        State::new(state_file::passing_key()?)
    };
    let values = match purpose {
        Purpose::ShowWithoutValues => None,
        Purpose::Show | Purpose::Apply => Some(manifest.values()?),
    };
    for note in values.iter().flat_map(|values| &values.notes) {
        console.note(note);
    }

    let (places, repositories) = match emulated {
        true => contents(&manifest)?,
        false => Default::default(),
    };
    let contents = Contents::none().repositories(repositories.iter().map(String::as_str));
    let session = Session::open_with(context, &places, contents, options.limits()).await?;
    let known = state.repositories();
    let listed = list(&manifest, &session, &known).await?;
    let listing: Vec<Listed> = listed.iter().map(Listed::from).collect();
    let Expansion { wishes, patterns } = manifest.expand(&listing)?;
    let mut desired = desired(wishes, values.as_ref())?;
    let matches = matches(patterns, &listed, &known);
    desired.add_known_repositories(listed);
    let plan = session
        .github
        .plan(desired, state, options.options(&manifest));
    let plan = session.read(async { Ok(plan.await) }).await?;
    let plan = plan.map_err(|error| failure(error, &file))?;
    Ok(Planned {
        session,
        plan,
        matches,
        state: is_kept.then_some(file),
        lock,
    })
}

fn failure(error: SyncError, file: &StateFile) -> Failure {
    match error {
        SyncError::GitHub(error) => error.into(),
        SyncError::State(error) => Failure::Failed(format!("{}: {error}", file.path().display())),
        error => Failure::Failed(error.to_string()),
    }
}

/// Lists the repositories of the owners of patterns.
///
/// # Errors
///
/// Returns the library's error if they cannot be listed, and [`Failure::Failed`] if a list is not
/// whole: a repository in which secrets were written is there, and not in the list.
async fn list(
    manifest: &Manifest,
    session: &Session<'_>,
    known: &BTreeMap<u64, String>,
) -> Result<Vec<ListedRepository>, Failure> {
    let mut all = Vec::new();
    for owner in manifest.owners_to_list() {
        let listed = session.github.org(owner)?.repositories().all();
        let listed = session.read(listed).await?;
        let ids: BTreeSet<u64> = listed.iter().map(|one| one.id).collect();
        for (id, name) in known {
            let is_of_owner = owner_of(name).eq_ignore_ascii_case(owner);
            if is_of_owner && !ids.contains(id) && is_there(&session.github, *id, name).await? {
                return Err(Failure::Failed(format!(
                    "the list of {owner}'s repositories is incomplete: {name} exists but is \
                     missing from it; run it again"
                )));
            }
        }
        all.extend(listed);
    }
    Ok(all)
}

/// Returns whether a repository exists and still belongs to the owner it had.
async fn is_there(github: &GitHub, id: u64, name: &str) -> Result<bool, Failure> {
    let found = github.repo(name)?.find().await?;
    Ok(found.is_some_and(|found| {
        found.id == id && owner_of(&found.full_name).eq_ignore_ascii_case(owner_of(name))
    }))
}

/// Returns what an emulator has to hold: places, and the names of other repositories.
fn contents(manifest: &Manifest) -> Result<(Vec<Place>, Vec<String>), Failure> {
    let listing = manifest.example_listing();
    let Expansion { wishes, .. } = manifest.expand(&listing)?;
    let places: BTreeSet<Place> = wishes.iter().map(|wish| wish.place.clone()).collect();
    let mut repositories: BTreeSet<String> = wishes.iter().flat_map(selected).collect();
    repositories.extend(listing.into_iter().map(|one| one.full_name));
    Ok((
        places.into_iter().collect(),
        repositories.into_iter().collect(),
    ))
}

fn selected(wish: &Wish) -> Vec<String> {
    let WishKind::Set { access, .. } = &wish.kind else {
        return Vec::new();
    };
    let repositories = match access {
        AnyAccess::Visibility(Visibility::Selected(repositories))
        | AnyAccess::Repositories(repositories) => repositories,
        _ => return Vec::new(),
    };
    let name = |one: &RepositoryRef| match (one, wish.place.login()) {
        (RepositoryRef::Name(name), Some(login)) if !name.contains('/') => {
            Some(format!("{login}/{name}"))
        }
        (RepositoryRef::Name(name), _) => Some(name.clone()),
        _ => None,
    };
    repositories.iter().filter_map(name).collect()
}

fn desired(wishes: Vec<Wish>, values: Option<&Values>) -> Result<Desired, Failure> {
    let mut desired = Desired::new();
    for Wish {
        place, name, kind, ..
    } in wishes
    {
        let wished = match kind {
            WishKind::Delete => desired.delete(place, name),
            WishKind::Set {
                source,
                access,
                keep_access,
            } => {
                let rule = if keep_access {
                    AccessRule::Keep
                } else {
                    AccessRule::Exact
                };
                match values {
                    None => desired.set_without_value(place, name, access, rule),
                    Some(values) => {
                        let value = values.get(&source).cloned().ok_or_else(|| {
                            Failure::Failed(format!("the value of {name} was not read"))
                        })?;
                        let new = NewSecret::new(name, value)?.access(access);
                        desired.set_with_rule(place, new, rule)
                    }
                }
            }
        };
        wished.map_err(|error| Failure::Failed(error.to_string()))?;
    }
    Ok(desired)
}

fn matches(
    patterns: Vec<MatchedPattern>,
    listed: &[ListedRepository],
    known: &BTreeMap<u64, String>,
) -> Vec<Match> {
    let ids: BTreeMap<String, u64> = listed
        .iter()
        .map(|one| (one.full_name.to_ascii_lowercase(), one.id))
        .collect();
    let is_new = |name: &&String| {
        let id = ids.get(&name.to_ascii_lowercase());
        id.is_none_or(|id| !known.contains_key(id))
    };
    let matches = patterns.into_iter().map(|pattern| Match {
        new: pattern.repositories.iter().filter(is_new).count(),
        pattern: pattern.text,
        line: pattern.line,
        repositories: pattern.repositories,
    });
    matches.collect()
}
