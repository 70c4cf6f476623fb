//! The lists of an organization's repositories and of a repository's environments.

use crate::{
    api::{
        authorization::see,
        context::Context,
        paging::{self, Form, value},
        schemas::{environment, minimal_repository},
    },
    repository::Repository,
    response::Response,
    world::organization_state::OrganizationState,
};

/// Lists the repositories that the token can see, without their number. The emulator keeps them in
/// the order of their creation, which is also that of their last changes.
pub(crate) fn list(organization: &OrganizationState, context: &Context<'_>) -> Response {
    let query = context.request.query().unwrap_or_default();
    let kind = value(query, "type").unwrap_or("all");
    let mut repositories: Vec<&Repository> = organization
        .settings
        .repositories
        .iter()
        .filter(|repository| is_of_type(repository, kind))
        .filter(|repository| see(context.token, organization, repository).is_ok())
        .collect();
    let by_name = value(query, "sort") == Some("full_name");
    if by_name {
        repositories.sort_by_key(|repository| repository.name.to_lowercase());
    }
    // By name they ascend by default, and by time they descend.
    let ascending = match value(query, "direction") {
        Some("asc") => true,
        Some("desc") => false,
        _ => by_name,
    };
    if !ascending {
        repositories.reverse();
    }
    let path = format!("/organizations/{}/repos", organization.id);
    let origin = context.request.origin();
    let entries = repositories.into_iter();
    paging::list(context, &path, Form::Bare, entries, |repository| {
        minimal_repository(organization, repository, &origin)
    })
}

/// Returns whether the parameter `type` asks for the repository. There are no forks.
fn is_of_type(repository: &Repository, kind: &str) -> bool {
    match kind {
        "public" => repository.public,
        "private" => !repository.public,
        "forks" => false,
        _ => true,
    }
}

pub(crate) fn environments(
    organization: &OrganizationState,
    repository: &Repository,
    context: &Context<'_>,
) -> Response {
    let path = format!("/repositories/{}/environments", repository.id);
    let origin = context.request.origin();
    let entries = repository.environments.iter();
    let form = Form::Counted("environments");
    paging::list(context, &path, form, entries, |it| {
        environment(organization, repository, it, &origin)
    })
}
