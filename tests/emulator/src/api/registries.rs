//! The operations on an organization's private registries.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    api::{
        body::{SentIds, not_selectable},
        context::Context,
        locate,
        opening::{no_room, open},
        paging::{self, Form},
        registry_body::{NewRegistry, RegistryUpdate},
    },
    operation::{path::OrganizationPath, registry_call::RegistryCall},
    place::{Place, Store},
    refusal::Refusal,
    registry::StoredRegistry,
    response::Response,
    secret::{Visibility, timestamp},
    world::World,
};

pub(crate) fn respond(
    world: &mut World,
    context: &Context<'_>,
    path: &OrganizationPath,
    call: &RegistryCall,
) -> Result<Response, Refusal> {
    let found = locate::find_organization_on_plan(world, context, path)?;
    let login = found.settings.login.clone();
    let body = context.request.body();
    match call {
        RegistryCall::List => {
            let path = format!("/organizations/{}/private-registries", found.id);
            let registries = found.registries.iter();
            Ok(paging::list(
                context,
                &path,
                Form::Counted("configurations"),
                registries,
                described,
            ))
        }
        RegistryCall::PublicKey => {
            let keys = &found.registries.keys;
            let key = json!({ "key_id": keys.id(), "key": keys.public() });
            Ok(Response::json(200, &key))
        }
        RegistryCall::Read(name) => {
            let registry = found.registries.named(name);
            registry
                .map(|registry| Response::json(200, &described(registry)))
                .ok_or_else(Refusal::not_found)
        }
        RegistryCall::Create => create(world, &login, body),
        RegistryCall::Update(name) => update(world, &login, name, body),
        RegistryCall::Delete(name) => world
            .organization_mut(&login)
            .and_then(|it| it.registries.remove(name))
            .map(|_| Response::empty(204))
            .ok_or_else(Refusal::not_found),
    }
}

fn create(world: &mut World, login: &str, body: &[u8]) -> Result<Response, Refusal> {
    let new = NewRegistry::parse(body)?;
    let selected = selected(world, login, &new.selected)?;
    let now = world.now();
    let organization = world
        .organization_mut(login)
        .ok_or_else(Refusal::not_found)?;
    let keys = &organization.registries.keys;
    let value = new.sealed.map(|sealed| open(keys, &sealed)).transpose()?;
    let registry = StoredRegistry {
        name: organization.registries.free_name(&new.registry_type),
        registry_type: new.registry_type,
        url: new.url,
        username: new.username,
        replaces_base: new.replaces_base,
        auth_type: new.auth_type,
        settings: new.settings,
        key_id: value.is_some().then(|| keys.id().to_owned()),
        value,
        visibility: new.visibility,
        selected,
        created_at: now,
        updated_at: now,
    };
    let body = described_once(&registry);
    put(world, login, registry)?;
    Ok(Response::json(201, &body))
}

fn update(world: &mut World, login: &str, name: &str, body: &[u8]) -> Result<Response, Refusal> {
    let organization = world.organization(login).ok_or_else(Refusal::not_found)?;
    let present = organization.registries.named(name);
    let mut registry = present.ok_or_else(Refusal::not_found)?.clone();
    let update = RegistryUpdate::parse(body, &registry)?;
    if let Some(sealed) = update.sealed {
        let keys = &organization.registries.keys;
        registry.value = Some(open(keys, &sealed)?);
        registry.key_id = Some(keys.id().to_owned());
    }
    if let Some((visibility, ids)) = update.access {
        registry.visibility = visibility;
        registry.selected = selected(world, login, &ids)?;
    }
    registry.registry_type = update.registry_type;
    registry.url = update.url;
    registry.username = update.username;
    registry.replaces_base = update.replaces_base;
    registry.settings = update.settings;
    registry.updated_at = world.now();
    put(world, login, registry)?;
    Ok(Response::empty(204))
}

fn put(world: &mut World, login: &str, registry: StoredRegistry) -> Result<(), Refusal> {
    if !world.has_room_for(registry.size()) {
        return Err(no_room());
    }
    if let Some(organization) = world.organization_mut(login) {
        organization.registries.put(registry);
    }
    Ok(())
}

/// Checks that the repositories are the organization's, as for secrets of any store.
fn selected(world: &World, login: &str, ids: &SentIds) -> Result<BTreeSet<u64>, Refusal> {
    let place = Place::organization(login, Store::Dependabot);
    world.all_selectable(&place, ids).ok_or_else(not_selectable)
}

/// Describes a registry as only the response to its creation does: with its selected repositories,
/// and with a user name that is not null.
fn described_once(registry: &StoredRegistry) -> Value {
    let mut object = described(registry);
    if let (None, Some(fields)) = (&registry.username, object.as_object_mut()) {
        fields.remove("username");
    }
    if registry.visibility == Visibility::Selected {
        object["selected_repository_ids"] = registry.selected_repository_ids().into();
    }
    object
}

/// Describes a registry as lists and reads do: without its value and its selected repositories.
fn described(registry: &StoredRegistry) -> Value {
    let mut object = json!({
        "name": registry.name,
        "registry_type": registry.registry_type,
        "auth_type": registry.auth_type,
        "url": registry.url,
        "username": registry.username,
        "replaces_base": registry.replaces_base,
        "visibility": registry.visibility.as_str(),
        "created_at": timestamp(registry.created_at),
        "updated_at": timestamp(registry.updated_at),
    });
    for (name, value) in &registry.settings {
        object[name] = value.as_str().into();
    }
    object
}
