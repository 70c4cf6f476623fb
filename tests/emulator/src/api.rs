//! From a request to the answer that GitHub gives.

use crate::answer::{Answer, Refusal};
use crate::auth::{Need, authenticate, authorize};
use crate::operation::{Call, Route};
use crate::recorded::RecordedRequest;
use crate::repositories;
use crate::secrets;
use crate::selection;
use crate::token::Token;
use crate::world::World;

/// What an error names that belongs to no operation.
pub(crate) const DOCUMENTATION: &str = "https://docs.github.com/rest";
const VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// Does what the request asks for, `concurrent` requests being under way.
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
        Err(refusal) => return refusal.into_answer(DOCUMENTATION),
    };
    let route = Route::of(&request.parts.method, request.path());
    let operation = route.as_ref().map(Route::operation);
    let documentation = operation.map_or(DOCUMENTATION, |it| it.documentation_url());
    let mut answer = admit(world, &token, request, concurrent)
        .and_then(|()| respond(world, &token, request, route))
        .unwrap_or_else(|refusal| refusal.into_answer(documentation))
        .header("x-github-api-version-selected", version(request));
    if let Some(operation) = operation {
        for (name, value) in token.headers(Need::of(operation)) {
            answer = answer.header(name, &value);
        }
    }
    answer
}

fn version(request: &RecordedRequest) -> &str {
    request
        .header("x-github-api-version")
        .unwrap_or(VERSIONS[0])
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
        let message = format!("{version:?} is no version of the API; known are {known}.");
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
    route: Option<Route>,
) -> Result<Answer, Refusal> {
    let route = route.ok_or_else(Refusal::not_found)?;
    let need = Need::of(route.operation());
    match route {
        Route::Secrets(path, call) => {
            let organization = world
                .organization_at(&path)
                .ok_or_else(Refusal::not_found)?;
            authorize(token, organization, need)?;
            if !organization.settings.plan {
                return Err(Refusal::not_found());
            }
            match call {
                Call::ListSecrets => Ok(secrets::list(organization, request)),
                Call::PublicKey => Ok(secrets::public_key(organization)),
                Call::Secret(name) => secrets::read(organization, &name, request),
                Call::SetSecret(name) => secrets::set(organization, &name, request.body()),
                Call::DeleteSecret(name) => secrets::delete(organization, &name),
                Call::SelectedRepositories(name) => selection::list(organization, &name, request),
                Call::SetSelectedRepositories(name) => {
                    selection::set(organization, &name, request.body())
                }
                Call::AddSelectedRepository(name, id) => selection::add(organization, &name, id),
                Call::RemoveSelectedRepository(name, id) => {
                    selection::remove(organization, &name, id)
                }
            }
        }
        Route::Repository { owner, name } => {
            repositories::by_name(world, token, &owner, &name, &request.origin())
        }
        Route::RepositoryById(id) => repositories::by_id(world, token, id, &request.origin()),
    }
}
