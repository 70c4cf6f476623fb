//! The operations on a secret's selected repositories.

use std::{collections::BTreeSet, time::SystemTime};

use serde_json::{Value, json};

use crate::{
    answer::Answer,
    api::{input, locate::Site, paging::Page, repositories::minimal},
    recorded::RecordedRequest,
    refusal::Refusal,
    secret::Visibility,
    world::World,
};

/// The list of a secret that is not `selected` is empty: GitHub's description gives this operation
/// no 409.
pub(crate) fn list(
    world: &mut World,
    site: &Site,
    name: &str,
    request: &RecordedRequest,
) -> Result<Answer, Refusal> {
    let vault = world.vault_mut(&site.place);
    let secret = vault.secret(name).ok_or_else(Refusal::not_found)?;
    let (name, selected) = (secret.name.clone(), secret.selected.clone());
    let page = Page::of(request);
    let origin = request.origin();
    let repositories: Vec<Value> = page
        .cut(selected.iter())
        .filter_map(|id| world.selectable(&site.place, *id))
        .map(|(organization, repository)| minimal(organization, repository, &origin))
        .collect();
    let address = format!("{origin}{}/{name}/repositories", site.numeric_path);
    let body = json!({ "total_count": selected.len(), "repositories": repositories });
    Ok(Answer::json(200, &body).link(page.link(&address, selected.len())))
}

/// An unknown repository is 404: GitHub's description gives this operation no 422.
pub(crate) fn set(
    world: &mut World,
    site: &Site,
    name: &str,
    body: &[u8],
) -> Result<Answer, Refusal> {
    let ids = input::selection(body)?;
    let ids = world.all_selectable(&site.place, &ids);
    change(world, site, name, |selected| {
        *selected = ids.ok_or_else(Refusal::not_found)?;
        Ok(())
    })
}

pub(crate) fn add(world: &mut World, site: &Site, name: &str, id: u64) -> Result<Answer, Refusal> {
    change_one(world, site, name, id, |selected| selected.insert(id))
}

/// Removing a repository that was not selected succeeds.
pub(crate) fn remove(
    world: &mut World,
    site: &Site,
    name: &str,
    id: u64,
) -> Result<Answer, Refusal> {
    change_one(world, site, name, id, |selected| selected.remove(&id))
}

fn change_one(
    world: &mut World,
    site: &Site,
    name: &str,
    id: u64,
    change_set: impl FnOnce(&mut BTreeSet<u64>) -> bool,
) -> Result<Answer, Refusal> {
    let exists = world.selectable(&site.place, id).is_some();
    change(world, site, name, |selected| {
        if !exists {
            return Err(Refusal::not_found());
        }
        change_set(selected);
        Ok(())
    })
}

fn change(
    world: &mut World,
    site: &Site,
    name: &str,
    change: impl FnOnce(&mut BTreeSet<u64>) -> Result<(), Refusal>,
) -> Result<Answer, Refusal> {
    let vault = world.vault_mut(&site.place);
    let secret = vault.secret_mut(name).ok_or_else(Refusal::not_found)?;
    if secret.visibility != Some(Visibility::Selected) {
        return Err(Refusal::new(
            409,
            "The secret's visibility is not \"selected\".",
        ));
    }
    change(&mut secret.selected)?;
    secret.updated_at = SystemTime::now();
    Ok(Answer::empty(204))
}
