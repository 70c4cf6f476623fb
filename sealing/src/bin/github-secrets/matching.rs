//! From patterns for the names of repositories to places.

use std::collections::BTreeMap;

use github_secrets::{ListedRepository, Place};

use crate::{
    console::Console, failure::Failure, options::places::NamedPlaces, pattern::RepositoryPattern,
    session::Session,
};

/// More names than this are counted, and not listed.
const MOST_SHOWN: usize = 20;

/// Returns the places that a command line names, each once and in order. It lists the repositories
/// of each owner of a pattern, and says which ones a pattern takes.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if a pattern takes no repository, and the library's error if the
/// repositories cannot be listed.
pub(crate) async fn find_places(
    named: NamedPlaces,
    session: &Session<'_>,
    console: &Console,
) -> Result<Vec<Place>, Failure> {
    let mut places = named.places.clone();
    let mut listed: BTreeMap<String, Vec<ListedRepository>> = BTreeMap::new();
    for pattern in &named.patterns {
        let owner = pattern.login.to_ascii_lowercase();
        if !listed.contains_key(&owner) {
            let all = session.github.org(&pattern.login)?.repositories().all();
            let mut all = session.read(all).await?;
            all.sort_unstable_by_key(|repository| repository.id);
            listed.insert(owner.clone(), all);
        }
        let all = listed.get(&owner).into_iter().flatten();
        let matching = all.filter(|repository| pattern.name.matches(&repository.name));
        let (archived, taken): (Vec<_>, Vec<_>) =
            matching.partition(|repository| repository.archived == Some(true));
        let names: Vec<&str> = taken.iter().map(|found| found.name.as_str()).collect();
        console.note(describe(pattern, &names, archived.len())?);
        for name in names {
            places.extend(named.of(&format!("{}/{name}", pattern.login))?);
        }
    }
    Ok(places.into_iter().collect())
}

/// Says what a pattern takes.
fn describe(
    pattern: &RepositoryPattern,
    names: &[&str],
    archived: usize,
) -> Result<String, Failure> {
    let text = &pattern.text;
    let left_out = match archived {
        0 => String::new(),
        1 => "; 1 that is archived is left out".to_owned(),
        archived => format!("; {archived} that are archived are left out"),
    };
    if names.is_empty() {
        let but = if archived > 0 {
            " that is not archived"
        } else {
            ", or none that the token may see"
        };
        return Err(Failure::Usage(format!(
            "{text} matches no repository{but}; nothing was changed"
        )));
    }
    let (count, shown) = (names.len(), listed(names));
    let noun = if count == 1 {
        "repository"
    } else {
        "repositories"
    };
    Ok(format!("{text} matches {count} {noun}: {shown}{left_out}"))
}

/// Returns names in one line: the first ones, and how many more there are.
pub(crate) fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(MOST_SHOWN).copied();
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if names.len() > MOST_SHOWN {
        text.push_str(&format!(" and {} more", names.len() - MOST_SHOWN));
    }
    text
}
