//! From a request to GitHub's answer.

pub(crate) mod auth;
pub(crate) mod call;
mod input;
mod locate;
mod opening;
pub(crate) mod operation;
mod paging;
mod registries;
mod repositories;
mod secrets;
mod selection;

use crate::{
    answer::Answer, permission::Need, recorded::RecordedRequest, refusal::Refusal,
    rules::DEFAULT_VERSION, token::Token, world::World,
};
use auth::authenticate;
use call::Call;
use operation::Route;

/// What an error names that belongs to no operation.
pub(crate) const DOCUMENTATION: &str = "https://docs.github.com/rest";
const VERSIONS: [&str; 2] = [DEFAULT_VERSION, "2026-03-10"];

/// Carries out a request while `concurrent` requests are in progress, this one included.
pub(crate) fn answer(world: &mut World, request: &RecordedRequest, concurrent: usize) -> Answer {
    let agent = request.header("user-agent").unwrap_or_default();
    if agent.trim().is_empty() {
        return Answer::empty(403).body(
            "text/plain; charset=utf-8",
            "Forbidden: a request needs a User-Agent header.\n",
        );
    }
    let token = match authenticate(world, &request.parts.headers) {
        Ok(token) => token,
        Err(refusal) => return refusal.into_answer("", DOCUMENTATION),
    };
    let route = Route::of(&request.parts.method, request.path());
    let need = route.as_ref().map(Route::need);
    let (resource, documentation) = match &route {
        Some(route) => (route.resource(), route.documentation()),
        None => ("", DOCUMENTATION),
    };
    let mut answer = admit(world, &token, request, concurrent)
        .and_then(|()| match (&route, &need) {
            (Some(route), Some(need)) => respond(world, &token, request, route, need),
            _ => Err(Refusal::not_found()),
        })
        .unwrap_or_else(|refusal| refusal.into_answer(resource, documentation))
        .header("x-github-api-version-selected", version(request));
    for (name, value) in need.iter().flat_map(|need| token.headers(need)) {
        answer = answer.header(name, &value);
    }
    answer
}

/// Replaces the key pair that a request would use.
pub(crate) fn rotate_key(world: &mut World, request: &RecordedRequest) {
    let Some(route) = Route::of(&request.parts.method, request.path()) else {
        return;
    };
    let Ok(token) = authenticate(world, &request.parts.headers) else {
        return;
    };
    let need = route.need();
    match &route {
        Route::Secrets(owner, rules, _) => {
            if let Ok(site) = locate::find_site(world, &token, owner, rules, &need, request) {
                world.vault_mut(&site.place).rotate_key();
            }
        }
        Route::Registries(path, _) => {
            let found = locate::find_organization(world, &token, path, &need);
            let login = found.map(|found| found.settings.login.clone());
            if let Ok(login) = login
                && let Some(organization) = world.organization_mut(&login)
            {
                organization.registries.rotate_key();
            }
        }
        Route::Repository(_) => {}
    }
}

fn version(request: &RecordedRequest) -> &str {
    request
        .header("x-github-api-version")
        .unwrap_or(DEFAULT_VERSION)
}

/// Checks what concerns every request alike.
fn admit(
    world: &mut World,
    token: &Token,
    request: &RecordedRequest,
    concurrent: usize,
) -> Result<(), Refusal> {
    let version = version(request);
    if !VERSIONS.contains(&version) {
        let known = VERSIONS.join(" and ");
        let message = format!("{version:?} is not a version of the API; use {known}.");
        return Err(Refusal::new(400, message));
    }
    world
        .meter
        .admit(&token.secret, &request.parts.method, concurrent)
}

fn respond(
    world: &mut World,
    token: &Token,
    request: &RecordedRequest,
    route: &Route,
    need: &Need,
) -> Result<Answer, Refusal> {
    let (owner, rules, call) = match route {
        Route::Secrets(owner, rules, call) => (owner, rules, call),
        Route::Registries(path, call) => {
            return registries::answer(world, token, path, call, need, request);
        }
        Route::Repository(path) => {
            let (organization, repository) = locate::find_repository(world, token, path, request)?;
            let body = repositories::full(organization, repository, &request.origin());
            return Ok(Answer::json(200, &body));
        }
    };
    let site = locate::find_site(world, token, owner, rules, need, request)?;
    match call {
        Call::List => Ok(secrets::list(world, &site, request)),
        Call::ListOrganizationSecrets => {
            Ok(secrets::list_organization_secrets(world, &site, request))
        }
        Call::PublicKey => Ok(secrets::public_key(world, &site)),
        Call::Read(name) => secrets::read(world, &site, name, request),
        Call::Set(name) => secrets::set(world, &site, name, request.body(), version(request)),
        Call::Delete(name) => secrets::delete(world, &site, name),
        Call::ListRepositories(name) => selection::list(world, &site, name, request),
        Call::SetRepositories(name) => selection::set(world, &site, name, request.body()),
        Call::AddRepository(name, id) => selection::add(world, &site, name, *id),
        Call::RemoveRepository(name, id) => selection::remove(world, &site, name, *id),
    }
}
