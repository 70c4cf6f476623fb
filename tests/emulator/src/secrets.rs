//! The operations on an organization's secrets.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::input::{Sealed, SetSecret};
use crate::paging::Page;
use crate::recorded::RecordedRequest;
use crate::secret::{StoredSecret, Visibility, timestamp};
use crate::world::OrganizationState;

/// GitHub documents 48 KB. Whether that is meant before or after sealing is not said: the emulator
/// holds the sealed box to it, so that a client which gets through here gets through either way.
const SEALED_BOX_LIMIT: usize = 48 * 1024;

pub(crate) fn public_key(organization: &OrganizationState) -> Answer {
    let keys = &organization.keys;
    Answer::json(200, &json!({ "key_id": keys.id(), "key": keys.public() }))
}

pub(crate) fn list(organization: &OrganizationState, request: &RecordedRequest) -> Answer {
    let page = Page::of(request);
    let origin = request.origin();
    let secrets: Vec<Value> = page
        .cut(organization.secrets.values())
        .map(|secret| described(organization, secret, &origin))
        .collect();
    let total = organization.secrets.len();
    let address = format!(
        "{origin}/organizations/{}/codespaces/secrets",
        organization.id
    );
    let body = json!({ "total_count": total, "secrets": secrets });
    Answer::json(200, &body).link(page.link(&address, total))
}

pub(crate) fn read(
    organization: &OrganizationState,
    name: &str,
    request: &RecordedRequest,
) -> Result<Answer, Refusal> {
    let secret = organization.secret(name)?;
    Ok(Answer::json(
        200,
        &described(organization, secret, &request.origin()),
    ))
}

pub(crate) fn delete(organization: &mut OrganizationState, name: &str) -> Result<Answer, Refusal> {
    let name = organization.secret(name)?.name.clone();
    organization.secrets.remove(&name);
    Ok(Answer::empty(204))
}

pub(crate) fn set(
    organization: &mut OrganizationState,
    name: &str,
    body: &[u8],
) -> Result<Answer, Refusal> {
    let SetSecret {
        sealed,
        visibility,
        selected,
    } = SetSecret::parse(body)?;
    let name = checked_name(name)?;
    let opened = sealed
        .map(|sealed| open(organization, sealed))
        .transpose()?;
    let selected = organization.known_repositories(&selected).ok_or_else(|| {
        Refusal::invalid(
            "selected_repository_ids",
            "invalid",
            "A selected repository is not one of the organization's.",
        )
    })?;
    let now = SystemTime::now();
    let key_id = organization.keys.id().to_owned();
    match (organization.secrets.get_mut(&name), opened) {
        (Some(secret), opened) => {
            if let Some(value) = opened {
                secret.value = value;
                secret.key_id = key_id;
            }
            secret.visibility = visibility;
            secret.selected = selected;
            secret.updated_at = now;
            Ok(Answer::empty(204))
        }
        (None, None) => Err(Refusal::invalid(
            "encrypted_value",
            "missing_field",
            "A secret that does not exist yet needs encrypted_value and key_id.",
        )),
        (None, Some(value)) => {
            let limit = organization.settings.secret_limit;
            if organization.secrets.len() >= limit {
                let message = format!("The organization has its {limit} secrets.");
                return Err(Refusal::invalid("name", "custom", message));
            }
            let secret = StoredSecret {
                name: name.clone(),
                value,
                key_id,
                visibility,
                selected,
                created_at: now,
                updated_at: now,
            };
            organization.secrets.insert(name, secret);
            Ok(Answer::json(201, &json!({})))
        }
    }
}

/// `codespaces-org-secret` of GitHub's description.
fn described(organization: &OrganizationState, secret: &StoredSecret, origin: &str) -> Value {
    let mut object = json!({
        "name": secret.name,
        "visibility": secret.visibility.as_str(),
        "created_at": timestamp(secret.created_at),
        "updated_at": timestamp(secret.updated_at),
    });
    if secret.visibility == Visibility::Selected {
        let login = &organization.settings.login;
        let name = &secret.name;
        object["selected_repositories_url"] =
            format!("{origin}/orgs/{login}/codespaces/secrets/{name}/repositories").into();
    }
    object
}

/// The name as it is stored: in upper case.
fn checked_name(name: &str) -> Result<String, Refusal> {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let legal = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let name_refused = |message| Err(Refusal::invalid("name", "invalid", message));
    if !starts_well || !legal {
        return name_refused(
            "A secret's name is letters (a-z, A-Z), digits and underscores, no digit first.",
        );
    }
    let name = name.to_ascii_uppercase();
    if name.starts_with("GITHUB_") {
        return name_refused("Secret names must not start with GITHUB_.");
    }
    Ok(name)
}

fn open(organization: &OrganizationState, sealed: Sealed) -> Result<Vec<u8>, Refusal> {
    let keys = &organization.keys;
    if sealed.key_id != keys.id() {
        return Err(Refusal::invalid(
            "key_id",
            "invalid",
            "The key_id is not that of the organization's current public key.",
        ));
    }
    if sealed.sealed_box.len() > SEALED_BOX_LIMIT {
        return Err(Refusal::invalid(
            "encrypted_value",
            "custom",
            "Value is too large",
        ));
    }
    keys.open(&sealed.sealed_box).ok_or_else(|| {
        Refusal::invalid(
            "encrypted_value",
            "invalid",
            "Bad request - the secret is improperly encrypted: the sealed box does not open",
        )
    })
}
