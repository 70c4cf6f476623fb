//! Who sends a request, and whether that is enough for the operation.

use hyper::{HeaderMap, header::AUTHORIZATION};

use crate::{
    api::context::Context,
    permission::Need,
    refusal::Refusal,
    repository::Repository,
    token::Token,
    world::{World, organization_state::OrganizationState},
};

/// Returns the token that the request carries.
pub(crate) fn authenticate(world: &World, headers: &HeaderMap) -> Result<Token, Refusal> {
    if !headers.contains_key(AUTHORIZATION) {
        return Err(Refusal::new(401, "Requires authentication"));
    }
    bearer(headers)
        .and_then(|secret| world.token(secret))
        .ok_or_else(|| Refusal::new(401, "Bad credentials"))
}

/// Returns the token in the `Authorization` header, known or not.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let secret = rest.trim();
    let accepted = ["bearer", "token"]
        .iter()
        .any(|it| scheme.eq_ignore_ascii_case(it));
    (accepted && !secret.is_empty()).then_some(secret)
}

/// Lets a token through to an operation on an organization or one of its repositories.
pub(crate) fn authorize(
    token: &Token,
    organization: &OrganizationState,
    need: &Need,
) -> Result<(), Refusal> {
    let settings = &organization.settings;
    let refusal = match &settings.authorization_url {
        Some(url) if !token.signed_on(&settings.login) => Refusal::new(
            403,
            "Resource protected by organization SAML enforcement: authorize the token for it.",
        )
        .header("x-github-sso", format!("required; url={url}")),
        _ if !token.meets(need) => Refusal::new(403, token.refusal()),
        _ => return Ok(()),
    };
    Err(if settings.hidden {
        Refusal::not_found()
    } else {
        refusal
    })
}

/// Hides a private repository from a token that may not read its metadata: GitHub does not admit
/// that it exists.
pub(crate) fn see(
    token: &Token,
    organization: &OrganizationState,
    repository: &Repository,
) -> Result<(), Refusal> {
    if repository.public {
        return Ok(());
    }
    if !token.meets(&Need::METADATA) {
        return Err(Refusal::not_found());
    }
    authorize(token, organization, &Need::METADATA)
}

/// Lets a user's token through to an operation on the user's secrets, and returns whose it is.
pub(crate) fn user<'a>(context: &Context<'a>) -> Result<&'a str, Refusal> {
    let Context { token, need, .. } = context;
    token
        .user()
        .filter(|_| token.meets(need))
        .ok_or_else(|| Refusal::new(403, token.refusal()))
}
