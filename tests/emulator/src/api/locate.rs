//! From the owner in a path to a place that exists.

use crate::{
    api::{
        auth::{authorize, see, user},
        operation::{OrganizationPath, Owner, RepositoryPath},
    },
    permission::Need,
    place::{Place, encoded},
    recorded::RecordedRequest,
    refusal::Refusal,
    repository::Repository,
    rules::Rules,
    token::Token,
    world::{OrganizationState, World},
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
    token: &Token,
    owner: &Owner,
    rules: &'static Rules,
    need: &Need,
    request: &RecordedRequest,
) -> Result<Site, Refusal> {
    match owner {
        Owner::Organization(path) => {
            let found = find_organization(world, token, path, need)?;
            let place = Place::organization(&found.settings.login, rules.store);
            let numeric_path = format!("/organizations/{}/{}/secrets", found.id, rules.store);
            Ok(Site::new(rules, place, numeric_path, Some(found)))
        }
        Owner::Repository(path) => {
            let (owner, found) = find_repository(world, token, path, request)?;
            check(token, owner, found, need)?;
            let place = Place::repository(full_name(owner, found), rules.store);
            let numeric_path = format!("/repositories/{}/{}/secrets", found.id, rules.store);
            Ok(Site::new(rules, place, numeric_path, Some(owner)))
        }
        Owner::Environment(path, name) => {
            let (owner, found) = find_repository(world, token, path, request)?;
            check(token, owner, found, need)?;
            let name = found
                .environment_named(name)
                .ok_or_else(Refusal::not_found)?;
            let place = Place::environment(full_name(owner, found), name);
            let numeric_path = format!(
                "/repositories/{}/environments/{}/secrets",
                found.id,
                encoded(name)
            );
            Ok(Site::new(rules, place, numeric_path, Some(owner)))
        }
        Owner::User => {
            let place = Place::user_named(user(token, need)?);
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

/// Finds an organization whose secrets and registries a token may use.
pub(crate) fn find_organization<'a>(
    world: &'a World,
    token: &Token,
    path: &OrganizationPath,
    need: &Need,
) -> Result<&'a OrganizationState, Refusal> {
    let mut organizations = world.organizations.iter();
    let organization = organizations
        .find(|it| match path {
            OrganizationPath::Login(login) => it.is(login),
            OrganizationPath::LoginOrId(name) => it.is(name) || name.parse() == Ok(it.id),
        })
        .ok_or_else(Refusal::not_found)?;
    authorize(token, organization, need)?;
    if organization.settings.plan {
        Ok(organization)
    } else {
        Err(Refusal::not_found())
    }
}

/// Finds a repository that a token can see, or redirects from a former name of it.
pub(crate) fn find_repository<'a>(
    world: &'a World,
    token: &Token,
    path: &RepositoryPath,
    request: &RecordedRequest,
) -> Result<(&'a OrganizationState, &'a Repository), Refusal> {
    let (owner, name) = match path {
        RepositoryPath::Id(id) => {
            let (organization, repository) = world
                .repositories()
                .find(|(_, repository)| repository.id == *id)
                .ok_or_else(Refusal::not_found)?;
            see(token, organization, repository)?;
            return Ok((organization, repository));
        }
        RepositoryPath::Name { owner, name } => (owner, name),
    };
    let present = world
        .organization(owner)
        .and_then(|it| Some((it, it.repository_named(name)?)));
    if let Some((organization, repository)) = present {
        see(token, organization, repository)?;
        return Ok((organization, repository));
    }
    let (organization, repository) = world
        .repositories()
        .find(|(organization, repository)| {
            repository.was_named(&organization.settings.login, owner, name)
        })
        .ok_or_else(Refusal::not_found)?;
    see(token, organization, repository)?;
    Err(moved(repository, request))
}

/// Checks whether a token may do what is needed in a repository that it can see.
fn check(
    token: &Token,
    organization: &OrganizationState,
    repository: &Repository,
    need: &Need,
) -> Result<(), Refusal> {
    authorize(token, organization, need)?;
    if repository.archived && need.writes {
        let message = "Repository was archived so is read-only.";
        return Err(Refusal::new(403, message));
    }
    Ok(())
}

/// Redirects to the same operation under the repository's id.
fn moved(repository: &Repository, request: &RecordedRequest) -> Refusal {
    // What follows `/repos/{owner}/{repo}`, the query included.
    let path = request.path();
    let rest = path.match_indices('/').nth(3).map(|(at, _)| at);
    let rest = request.target().get(rest.unwrap_or(path.len())..);
    let rest = rest.unwrap_or_default();
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
