//! From the owner in a path to a place that exists.

use crate::{
    api::{
        authorization::{authorize, see, user},
        context::Context,
    },
    operation::path::{OrganizationPath, Owner, RepositoryPath},
    place::{Place, encoded},
    recorded::RecordedRequest,
    refusal::Refusal,
    repository::Repository,
    rules::Rules,
    world::{World, organization_state::OrganizationState},
};

/// The place that a request is about.
pub(crate) struct Site {
    pub(crate) place: Place,
    pub(crate) rules: &'static Rules,
    /// Where its secrets are, by names.
    pub(crate) path: String,
    /// Where its secrets are in the links between pages: by numeric ids.
    pub(crate) numeric_path: String,
    /// How many secrets it holds at most.
    pub(crate) limit: usize,
}

/// Finds the place for a token that may do what is needed there.
pub(crate) fn find_site(
    world: &World,
    context: &Context<'_>,
    owner: &Owner,
    rules: &'static Rules,
) -> Result<Site, Refusal> {
    match owner {
        Owner::Organization(path) => {
            let found = find_organization_on_plan(world, context, path)?;
            let place = Place::organization(&found.settings.login, rules.store);
            let numeric_path = format!("/organizations/{}/{}/secrets", found.id, rules.store);
            Ok(Site::new(rules, place, numeric_path, Some(found)))
        }
        Owner::Repository(path) => {
            let (owner, found) = find_repository(world, context, path)?;
            check(context, owner, found)?;
            let place = Place::repository(full_name(owner, found), rules.store);
            let numeric_path = format!("/repositories/{}/{}/secrets", found.id, rules.store);
            Ok(Site::new(rules, place, numeric_path, Some(owner)))
        }
        Owner::Environment(path, name) => {
            let (owner, found) = find_repository(world, context, path)?;
            check(context, owner, found)?;
            let environment = found.environment_named(name);
            let name = &environment.ok_or_else(Refusal::not_found)?.name;
            let place = Place::environment(full_name(owner, found), name);
            let numeric_path = format!(
                "/repositories/{}/environments/{}/secrets",
                found.id,
                encoded(name)
            );
            Ok(Site::new(rules, place, numeric_path, Some(owner)))
        }
        Owner::User => {
            let place = Place::user_named(user(context)?);
            let path = "/user/codespaces/secrets".to_owned();
            let site = Site::new(rules, place, path.clone(), None);
            Ok(Site { path, ..site })
        }
    }
}

impl Site {
    fn new(
        rules: &'static Rules,
        place: Place,
        numeric_path: String,
        organization: Option<&OrganizationState>,
    ) -> Self {
        Self {
            path: format!("/{place}/secrets"),
            numeric_path,
            limit: organization
                .and_then(|it| it.settings.secret_limit)
                .unwrap_or(rules.limit),
            place,
            rules,
        }
    }
}

/// Finds an organization for a token that may do what is needed in it.
pub(crate) fn find_organization<'a>(
    world: &'a World,
    context: &Context<'_>,
    path: &OrganizationPath,
) -> Result<&'a OrganizationState, Refusal> {
    let organization = world
        .organizations
        .iter()
        .find(|it| match path {
            OrganizationPath::Login(login) => it.is(login),
            OrganizationPath::LoginOrId(name) => it.is(name) || name.parse() == Ok(it.id),
        })
        .ok_or_else(Refusal::not_found)?;
    authorize(context.token, organization, &context.need)?;
    Ok(organization)
}

/// Finds an organization whose plan has secrets and registries.
pub(crate) fn find_organization_on_plan<'a>(
    world: &'a World,
    context: &Context<'_>,
    path: &OrganizationPath,
) -> Result<&'a OrganizationState, Refusal> {
    let organization = find_organization(world, context, path)?;
    if organization.settings.plan {
        Ok(organization)
    } else {
        Err(Refusal::not_found())
    }
}

/// Finds a repository that a token can see, or redirects from a former name of it.
pub(crate) fn find_repository<'a>(
    world: &'a World,
    context: &Context<'_>,
    path: &RepositoryPath,
) -> Result<(&'a OrganizationState, &'a Repository), Refusal> {
    let (owner, name) = match path {
        RepositoryPath::Id(id) => {
            let (organization, repository) = world
                .repositories()
                .find(|(_, repository)| repository.id == *id)
                .ok_or_else(Refusal::not_found)?;
            see(context.token, organization, repository)?;
            return Ok((organization, repository));
        }
        RepositoryPath::Name { owner, name } => (owner, name),
    };
    if let Some((organization, repository)) = world.repository(owner, name) {
        see(context.token, organization, repository)?;
        return Ok((organization, repository));
    }
    let (organization, repository) = world
        .repository_once(owner, name)
        .ok_or_else(Refusal::not_found)?;
    see(context.token, organization, repository)?;
    Err(moved(repository, context.request))
}

/// Finds a repository that is public, or that a token may read as is needed.
pub(crate) fn find_repository_to_read<'a>(
    world: &'a World,
    context: &Context<'_>,
    path: &RepositoryPath,
) -> Result<(&'a OrganizationState, &'a Repository), Refusal> {
    let (organization, repository) = find_repository(world, context, path)?;
    if !repository.public {
        authorize(context.token, organization, &context.need)?;
    }
    Ok((organization, repository))
}

/// Checks whether a token may do what is needed in a repository that it can see.
fn check(
    context: &Context<'_>,
    organization: &OrganizationState,
    repository: &Repository,
) -> Result<(), Refusal> {
    authorize(context.token, organization, &context.need)?;
    if repository.archived && context.need.writes {
        let message = "Repository was archived so is read-only.";
        return Err(Refusal::new(403, message));
    }
    Ok(())
}

/// Redirects to the same operation under the repository's id.
fn moved(repository: &Repository, request: &RecordedRequest) -> Refusal {
    let path = request.path();
    let fourth_slash = path.match_indices('/').nth(3);
    let start = fourth_slash.map_or(path.len(), |(at, _)| at);
    // What follows `/repos/{owner}/{repo}`, the query included.
    let rest = request.target().get(start..).unwrap_or_default();
    let location = format!("{}/repositories/{}{rest}", request.origin(), repository.id);
    let status = match request.method() {
        "GET" | "HEAD" => 301,
        _ => 307,
    };
    Refusal::moved(status, location)
}

fn full_name(organization: &OrganizationState, repository: &Repository) -> String {
    format!("{}/{}", organization.settings.login, repository.name)
}
