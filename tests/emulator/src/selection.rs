//! The operations on a secret's selected repositories.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::input;
use crate::paging::Page;
use crate::recorded::RecordedRequest;
use crate::repositories::minimal;
use crate::secret::{StoredSecret, Visibility};
use crate::world::OrganizationState;

/// Of a secret that is not `selected`, GitHub's description gives this operation no 409: the list
/// is empty.
pub(crate) fn list(
    organization: &OrganizationState,
    name: &str,
    request: &RecordedRequest,
) -> Result<Answer, Refusal> {
    let secret = organization.secret(name)?;
    let page = Page::of(request);
    let origin = request.origin();
    let repositories: Vec<Value> = page
        .cut(secret.selected.iter())
        .filter_map(|id| organization.repository(*id))
        .map(|repository| minimal(organization, repository, &origin))
        .collect();
    let total = secret.selected.len();
    let address = format!(
        "{origin}/organizations/{}/codespaces/secrets/{}/repositories",
        organization.id, secret.name
    );
    let body = json!({ "total_count": total, "repositories": repositories });
    Ok(Answer::json(200, &body).link(page.link(&address, total)))
}

/// An unknown repository is 404: the description gives this operation no 422.
pub(crate) fn set(
    organization: &mut OrganizationState,
    name: &str,
    body: &[u8],
) -> Result<Answer, Refusal> {
    let ids = input::selection(body)?;
    let ids = organization.known_repositories(&ids);
    change(organization, name, |secret| {
        secret.selected = ids.ok_or_else(Refusal::not_found)?;
        Ok(())
    })
}

pub(crate) fn add(
    organization: &mut OrganizationState,
    name: &str,
    id: u64,
) -> Result<Answer, Refusal> {
    let id = organization.repository(id).map(|repository| repository.id);
    change(organization, name, |secret| {
        secret.selected.insert(id.ok_or_else(Refusal::not_found)?);
        Ok(())
    })
}

/// A repository that was not selected is removed without complaint.
pub(crate) fn remove(
    organization: &mut OrganizationState,
    name: &str,
    id: u64,
) -> Result<Answer, Refusal> {
    let id = organization.repository(id).map(|repository| repository.id);
    change(organization, name, |secret| {
        secret.selected.remove(&id.ok_or_else(Refusal::not_found)?);
        Ok(())
    })
}

fn change(
    organization: &mut OrganizationState,
    name: &str,
    change: impl FnOnce(&mut StoredSecret) -> Result<(), Refusal>,
) -> Result<Answer, Refusal> {
    let secret = organization.secret_mut(name)?;
    if secret.visibility != Visibility::Selected {
        return Err(Refusal::new(
            409,
            "The secret's visibility is not \"selected\".",
        ));
    }
    change(secret)?;
    secret.updated_at = SystemTime::now();
    Ok(Answer::empty(204))
}
