//! The operations on a secret's selected repositories.

use std::collections::BTreeSet;

use crate::{
    api::{
        body,
        context::Context,
        locate::Site,
        paging::{self, Form},
        schemas::minimal_repository,
    },
    refusal::Refusal,
    response::Response,
    secret::Visibility,
    world::World,
};

/// The list of a secret that is not `selected` is empty: GitHub's description gives this operation
/// no 409.
pub(crate) fn list(
    world: &mut World,
    site: &Site,
    name: &str,
    context: &Context<'_>,
) -> Result<Response, Refusal> {
    let vault = world.vault_mut(&site.place);
    let secret = vault.secret(name).ok_or_else(Refusal::not_found)?;
    let path = format!("{}/{}/repositories", site.numeric_path, secret.name);
    let selected = secret.selected.clone();
    let repositories = world.selected(&site.place, &selected);
    let origin = context.request.origin();
    Ok(paging::list(
        context,
        &path,
        Form::Counted("repositories"),
        repositories.into_iter(),
        |(organization, repository)| minimal_repository(organization, repository, &origin),
    ))
}

/// An unknown repository is 404: GitHub's description gives this operation no 422.
pub(crate) fn set(
    world: &mut World,
    site: &Site,
    name: &str,
    body: &[u8],
) -> Result<Response, Refusal> {
    let sent = body::selection(body)?;
    let ids = world.all_selectable(&site.place, &sent);
    change(world, site, name, |selected| {
        *selected = ids.ok_or_else(Refusal::not_found)?;
        Ok(())
    })
}

pub(crate) fn add(
    world: &mut World,
    site: &Site,
    name: &str,
    id: u64,
) -> Result<Response, Refusal> {
    change_one(world, site, name, id, |selected| selected.insert(id))
}

/// Removing a repository that was not selected succeeds.
pub(crate) fn remove(
    world: &mut World,
    site: &Site,
    name: &str,
    id: u64,
) -> Result<Response, Refusal> {
    change_one(world, site, name, id, |selected| selected.remove(&id))
}

fn change_one(
    world: &mut World,
    site: &Site,
    name: &str,
    id: u64,
    change_set: impl FnOnce(&mut BTreeSet<u64>) -> bool,
) -> Result<Response, Refusal> {
    let exists = world.is_selectable(&site.place, id);
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
) -> Result<Response, Refusal> {
    let now = world.now();
    let vault = world.vault_mut(&site.place);
    let secret = vault.secret_mut(name).ok_or_else(Refusal::not_found)?;
    if secret.visibility != Some(Visibility::Selected) {
        return Err(Refusal::new(
            409,
            "The secret's visibility is not \"selected\".",
        ));
    }
    change(&mut secret.selected)?;
    secret.updated_at = now;
    Ok(Response::empty(204))
}
