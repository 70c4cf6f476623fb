//! The operations on the secrets of a place.

use std::{collections::BTreeSet, time::SystemTime};

use serde_json::{Value, json};

use crate::{
    api::{
        body::{SetSecret, not_selectable},
        context::Context,
        locate::Site,
        opening::{no_room, open},
        paging::{self, Form},
    },
    place::Place,
    refusal::Refusal,
    repository::Repository,
    response::Response,
    rules::Sharing,
    secret::{StoredSecret, Visibility, timestamp},
    world::World,
};

pub(crate) fn public_key(world: &mut World, site: &Site) -> Response {
    let keys = &world.vault_mut(&site.place).keys;
    Response::json(200, &json!({ "key_id": keys.id(), "key": keys.public() }))
}

pub(crate) fn list(world: &mut World, site: &Site, context: &Context<'_>) -> Response {
    let secrets = world.vault_mut(&site.place).secrets.values();
    let origin = context.request.origin();
    paging::list(
        context,
        &site.numeric_path,
        Form::Counted("secrets"),
        secrets,
        |secret| described_in(site, secret, &origin),
    )
}

/// Lists the organization's secrets that the repository can use. It does not say their visibility.
pub(crate) fn list_organization_secrets(
    world: &World,
    site: &Site,
    context: &Context<'_>,
) -> Response {
    let place = Place::organization(site.place.owner(), site.place.store());
    let repository = world
        .organization(site.place.owner())
        .zip(site.place.repository_name())
        .and_then(|(organization, name)| organization.repository_named(name));
    let vault = world.vault(&place).into_iter();
    let shared: Vec<&StoredSecret> = vault
        .flat_map(|vault| vault.secrets.values())
        .filter(|secret| repository.is_some_and(|repository| reaches(secret, repository)))
        .collect();
    let path = site
        .numeric_path
        .replace("/secrets", "/organization-secrets");
    paging::list(
        context,
        &path,
        Form::Counted("secrets"),
        shared.into_iter(),
        described,
    )
}

pub(crate) fn read(
    world: &mut World,
    site: &Site,
    name: &str,
    context: &Context<'_>,
) -> Result<Response, Refusal> {
    let vault = world.vault_mut(&site.place);
    let secret = vault.secret(name).ok_or_else(Refusal::not_found)?;
    let body = described_in(site, secret, &context.request.origin());
    Ok(Response::json(200, &body))
}

pub(crate) fn delete(world: &mut World, site: &Site, name: &str) -> Result<Response, Refusal> {
    let secrets = &mut world.vault_mut(&site.place).secrets;
    secrets
        .remove(&name.to_ascii_uppercase())
        .map(|_| Response::empty(204))
        .ok_or_else(Refusal::not_found)
}

pub(crate) fn set(
    world: &mut World,
    site: &Site,
    name: &str,
    body: &[u8],
    version: &str,
) -> Result<Response, Refusal> {
    let sent = SetSecret::parse(body, site.rules, version)?;
    let name = checked_name(name)?;
    let change = Change::opened(world, site, sent)?;
    let added = change.value.as_ref().map_or(0, Vec::len) + name.len();
    if !world.has_room_for(added) {
        return Err(no_room());
    }
    let now = world.now();
    let vault = world.vault_mut(&site.place);
    if let Some(secret) = vault.secret_mut(&name) {
        change.apply(secret, now);
        return Ok(Response::empty(204));
    }
    let secret = change.create(name, now)?;
    if vault.secrets.len() >= site.limit {
        let message = format!("The limit of {} secrets is reached.", site.limit);
        return Err(Refusal::invalid("name", "custom", message));
    }
    vault.secrets.insert(secret.name.clone(), secret);
    Ok(Response::json(201, &json!({})))
}

/// What a PUT makes of a secret.
struct Change {
    value: Option<Vec<u8>>,
    key_id: String,
    visibility: Option<Visibility>,
    selected: BTreeSet<u64>,
}

impl Change {
    /// Decrypts the value and checks the repositories.
    fn opened(world: &mut World, site: &Site, sent: SetSecret) -> Result<Self, Refusal> {
        let keys = &world.vault_mut(&site.place).keys;
        let value = sent.sealed.map(|sealed| open(keys, &sealed)).transpose()?;
        let key_id = keys.id().to_owned();
        let selected = world.all_selectable(&site.place, &sent.selected);
        Ok(Self {
            value,
            key_id,
            visibility: sent.visibility,
            selected: selected.ok_or_else(not_selectable)?,
        })
    }

    fn apply(self, secret: &mut StoredSecret, now: SystemTime) {
        if let Some(value) = self.value {
            (secret.value, secret.key_id) = (value, self.key_id);
        }
        (secret.visibility, secret.selected) = (self.visibility, self.selected);
        secret.updated_at = now;
    }

    fn create(self, name: String, now: SystemTime) -> Result<StoredSecret, Refusal> {
        Ok(StoredSecret {
            name,
            value: self.value.ok_or_else(|| {
                let message = "A secret that does not exist yet needs encrypted_value and key_id.";
                Refusal::invalid("encrypted_value", "missing_field", message)
            })?,
            key_id: self.key_id,
            visibility: self.visibility,
            selected: self.selected,
            created_at: now,
            updated_at: now,
        })
    }
}

/// Describes a secret as lists and reads do: those of organizations and users say who can use it.
fn described_in(site: &Site, secret: &StoredSecret, origin: &str) -> Value {
    let mut object = described(secret);
    if site.rules.sharing == Sharing::None {
        return object;
    }
    if let Some(visibility) = secret.visibility {
        object["visibility"] = visibility.as_str().into();
    }
    if secret.visibility == Some(Visibility::Selected) {
        let path = format!("{}/{}/repositories", site.path, secret.name);
        object["selected_repositories_url"] = format!("{origin}{path}").into();
    }
    object
}

fn described(secret: &StoredSecret) -> Value {
    json!({
        "name": secret.name,
        "created_at": timestamp(secret.created_at),
        "updated_at": timestamp(secret.updated_at),
    })
}

/// Returns whether a repository can use an organization's secret.
fn reaches(secret: &StoredSecret, repository: &Repository) -> bool {
    match secret.visibility {
        Some(Visibility::All) => true,
        Some(Visibility::Private) => !repository.public,
        Some(Visibility::Selected) => secret.selected.contains(&repository.id),
        None => false,
    }
}

/// Checks a name and returns it as it is stored: in upper case.
fn checked_name(name: &str) -> Result<String, Refusal> {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let legal = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !starts_well || !legal {
        let message = "A secret's name has letters (a-z, A-Z), digits and underscores, and does \
                       not start with a digit.";
        return Err(Refusal::invalid("name", "invalid", message));
    }
    let name = name.to_ascii_uppercase();
    if name.starts_with("GITHUB_") {
        let message = "Secret names must not start with GITHUB_.";
        return Err(Refusal::invalid("name", "invalid", message));
    }
    Ok(name)
}
