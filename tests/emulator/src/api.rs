//! From a request to GitHub's response.
//!
//! The token is authenticated and the limits are counted here. Then `locate` finds what the
//! operation is about, for a token that may use it, and the other modules read or change it.

pub(crate) mod authorization;
mod body;
mod context;
mod graphql;
mod graphql_query;
pub(crate) mod list_edits;
mod locate;
mod opening;
mod paging;
mod registries;
mod registry_body;
mod repositories;
mod root;
mod schemas;
mod secrets;
mod selection;

use crate::{
    operation::{Operation, path::Owner, secret_call::SecretCall},
    recorded::RecordedRequest,
    refusal::Refusal,
    response::Response,
    rules::{DEFAULT_VERSION, Rules},
    token::Token,
    world::World,
};
use authorization::{authenticate, user};
use context::{Context, version};
use list_edits::ListEdits;

/// What an error names that belongs to no operation.
pub(crate) const DOCUMENTATION: &str = "https://docs.github.com/rest";
const VERSIONS: [&str; 2] = [DEFAULT_VERSION, "2026-03-10"];

/// Carries out a request while `concurrent` requests are in progress, this one included. A list
/// that it responds with has these edits.
pub(crate) fn respond(
    world: &mut World,
    request: &RecordedRequest,
    concurrent: usize,
    edits: &ListEdits,
) -> Response {
    let agent = request.header("user-agent").unwrap_or_default();
    if agent.trim().is_empty() {
        return Response::empty(403).body(
            "text/plain; charset=utf-8",
            "Forbidden: a request needs a User-Agent header.\n",
        );
    }
    let token = match authenticate(world, &request.parts.headers) {
        Ok(token) => token,
        Err(refusal) => return refusal.into_response("", DOCUMENTATION),
    };
    let operation = Operation::of(&request.parts.method, request.path());
    let admitted = admit(world, &token, request, operation.as_ref(), concurrent);
    let response = match operation {
        None => admitted
            .and_then(|()| Err(unknown(request)))
            .unwrap_or_else(|refusal| refusal.into_response("", DOCUMENTATION)),
        Some(operation) => {
            let context = Context {
                request,
                token: &token,
                need: operation.need(),
                edits,
            };
            let response = admitted
                .and_then(|()| carry_out(world, &context, &operation))
                .unwrap_or_else(|refusal| {
                    refusal.into_response(operation.resource(), operation.documentation())
                });
            token
                .headers(&context.need)
                .iter()
                .fold(response, |response, (name, value)| {
                    response.header(name, value)
                })
        }
    };
    response.header("x-github-api-version-selected", version(request))
}

/// Replaces the key pair that a request would use.
pub(crate) fn rotate_key(world: &mut World, request: &RecordedRequest) {
    let Some(operation) = Operation::of(&request.parts.method, request.path()) else {
        return;
    };
    let Ok(token) = authenticate(world, &request.parts.headers) else {
        return;
    };
    let context = Context {
        request,
        token: &token,
        need: operation.need(),
        edits: &ListEdits::default(),
    };
    match &operation {
        Operation::Secrets(owner, rules, _) => {
            if let Ok(site) = locate::find_site(world, &context, owner, rules) {
                world.vault_mut(&site.place).rotate_key();
            }
        }
        Operation::Registries(path, _) => {
            let found = locate::find_organization_on_plan(world, &context, path);
            let login = found.map(|found| found.settings.login.clone());
            if let Ok(login) = login
                && let Some(organization) = world.organization_mut(&login)
            {
                organization.registries.rotate_key();
            }
        }
        Operation::Organization(_)
        | Operation::Repositories(_)
        | Operation::Repository(_)
        | Operation::Environments(_)
        | Operation::Environment(..)
        | Operation::Root
        | Operation::User
        | Operation::GraphQl => {}
    }
}

/// Refuses what the emulator does not imitate, in words that GitHub does not use.
fn unknown(request: &RecordedRequest) -> Refusal {
    let (method, path) = (request.method(), request.path());
    let message = format!(
        "github-secrets-emulator does not imitate {method} {path}. This is not a response of \
         GitHub's."
    );
    Refusal::new(404, message)
}

/// Checks what concerns every request alike.
fn admit(
    world: &mut World,
    token: &Token,
    request: &RecordedRequest,
    operation: Option<&Operation>,
    concurrent: usize,
) -> Result<(), Refusal> {
    let version = version(request);
    if !VERSIONS.contains(&version) {
        let known = VERSIONS.join(" and ");
        let message = format!("{version:?} is not a version of the API; use {known}.");
        return Err(Refusal::new(400, message));
    }
    let reads = matches!(request.method(), "GET" | "HEAD");
    // The query is a read, although it is sent with POST.
    let writes = !reads && !matches!(operation, Some(Operation::GraphQl));
    world.meter.admit(&token.secret, writes, concurrent)
}

fn carry_out(
    world: &mut World,
    context: &Context<'_>,
    operation: &Operation,
) -> Result<Response, Refusal> {
    let origin = context.request.origin();
    match operation {
        Operation::Secrets(owner, rules, call) => {
            carry_out_on_secrets(world, context, owner, rules, call)
        }
        Operation::Registries(path, call) => registries::respond(world, context, path, call),
        Operation::Organization(path) => {
            let organization = locate::find_organization(world, context, path)?;
            Ok(Response::json(
                200,
                &schemas::organization(organization, &origin),
            ))
        }
        Operation::Repositories(path) => {
            let organization = locate::find_organization(world, context, path)?;
            Ok(repositories::list(organization, context))
        }
        Operation::Repository(path) => {
            let (organization, repository) = locate::find_repository(world, context, path)?;
            let body = schemas::full_repository(organization, repository, &origin);
            Ok(Response::json(200, &body))
        }
        Operation::Environments(path) => {
            let (organization, repository) = locate::find_repository_to_read(world, context, path)?;
            Ok(repositories::environments(
                organization,
                repository,
                context,
            ))
        }
        Operation::Environment(path, name) => {
            let (organization, repository) = locate::find_repository_to_read(world, context, path)?;
            let environment = repository
                .environment_named(name)
                .ok_or_else(Refusal::not_found)?;
            let body = schemas::environment(organization, repository, environment, &origin);
            Ok(Response::json(200, &body))
        }
        Operation::Root => Ok(Response::json(200, &root::describe(&origin))),
        Operation::User => {
            let login = user(context)?;
            let (id, login) = world.user(login).ok_or_else(Refusal::not_found)?;
            Ok(Response::json(200, &schemas::user(id, login, &origin)))
        }
        Operation::GraphQl => Ok(graphql::respond(world, context)),
    }
}

fn carry_out_on_secrets(
    world: &mut World,
    context: &Context<'_>,
    owner: &Owner,
    rules: &'static Rules,
    call: &SecretCall,
) -> Result<Response, Refusal> {
    let site = locate::find_site(world, context, owner, rules)?;
    let body = context.request.body();
    match call {
        SecretCall::List => Ok(secrets::list(world, &site, context)),
        SecretCall::ListOrganizationSecrets => {
            Ok(secrets::list_organization_secrets(world, &site, context))
        }
        SecretCall::PublicKey => Ok(secrets::public_key(world, &site)),
        SecretCall::Read(name) => secrets::read(world, &site, name, context),
        SecretCall::Set(name) => secrets::set(world, &site, name, body, context.version()),
        SecretCall::Delete(name) => secrets::delete(world, &site, name),
        SecretCall::ListRepositories(name) => selection::list(world, &site, name, context),
        SecretCall::SetRepositories(name) => selection::set(world, &site, name, body),
        SecretCall::AddRepository(name, id) => selection::add(world, &site, name, *id),
        SecretCall::RemoveRepository(name, id) => selection::remove(world, &site, name, *id),
    }
}
