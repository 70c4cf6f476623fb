//! From a request to the answer that GitHub gives.

use crate::answer::{Answer, Refusal};
use crate::auth::{Need, authenticate, authorize};
use crate::operation::{Call, Route};
use crate::recorded::RecordedRequest;
use crate::secrets;
use crate::token::Token;
use crate::world::World;

const DOCUMENTATION: &str = "https://docs.github.com/rest";
const VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// Does what the request asks for, `concurrent` requests being under way.
pub(crate) fn answer(world: &mut World, request: &RecordedRequest, concurrent: usize) -> Answer {
    if request
        .header("user-agent")
        .is_none_or(|agent| agent.trim().is_empty())
    {
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
    let version = request
        .header("x-github-api-version")
        .unwrap_or(VERSIONS[0]);
    let mut answer = known_version(version)
        .and_then(|()| {
            world
                .meter
                .admit(&token.secret, &request.parts.method, concurrent)
        })
        .and_then(|()| {
            respond(
                world,
                &token,
                request,
                route.ok_or_else(Refusal::not_found)?,
            )
        })
        .unwrap_or_else(|refusal| refusal.into_answer(documentation))
        .header("x-github-api-version-selected", version);
    for (name, value) in operation
        .map(|it| token.headers(Need::of(it)))
        .unwrap_or_default()
    {
        answer = answer.header(name, &value);
    }
    answer
}

fn known_version(version: &str) -> Result<(), Refusal> {
    if VERSIONS.contains(&version) {
        return Ok(());
    }
    let message = format!(
        "{version:?} is no version of the API; known are {}.",
        VERSIONS.join(" and ")
    );
    Err(Refusal::new(400, message))
}

fn respond(
    world: &mut World,
    token: &Token,
    request: &RecordedRequest,
    route: Route,
) -> Result<Answer, Refusal> {
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
                Call::PublicKey => Ok(secrets::public_key(organization)),
                Call::SetSecret(name) => secrets::set(organization, &name, request.body()),
                _ => Err(Refusal::not_found()),
            }
        }
        Route::Repository { .. } | Route::RepositoryById(_) => Err(Refusal::not_found()),
    }
}
