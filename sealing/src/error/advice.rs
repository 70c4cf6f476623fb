//! The words for a refused request: what it means, and what to do.

use std::fmt::{self, Write};

use super::{
    head::ResponseHead,
    reason::{Cause, Field, Reason, lacks_scope},
    target::Target,
};
use crate::{Action, OwnerKind, RegistryAction, Store, place::OwnerName};

pub(crate) fn write(
    f: &mut fmt::Formatter<'_>,
    target: &Target,
    head: &ResponseHead,
    cause: Cause,
) -> fmt::Result {
    match (head.status(), cause) {
        (401, _) => f.write_str(
            "GitHub does not accept the token: it is wrong, expired or revoked; use a valid one, \
             and do not retry with this one, since GitHub then locks its owner out",
        ),
        (402 | 403, Cause::Known(reason)) => denied(f, target, head, reason),
        (403, _) => write!(
            f,
            "GitHub denied the request without a documented reason; check that the token includes {} \
             and that its owner has access, or read GitHub's own message",
            target.operation.permissions()
        ),
        (404, cause) => not_found(f, target, head, cause),
        (409, _) => conflict(f, target),
        (422, cause) => invalid(f, target, cause),
        (400, _) => {
            f.write_str("GitHub could not parse the request, or does not support this API version")
        }
        (408 | 500.., _) => f.write_str("GitHub is temporarily unavailable; try again later"),
        _ => f.write_str("GitHub refuses the request"),
    }
}

/// Writes the reason of a 403.
fn denied(
    f: &mut fmt::Formatter<'_>,
    target: &Target,
    head: &ResponseHead,
    reason: Reason,
) -> fmt::Result {
    match reason {
        Reason::SingleSignOn => sign_on(f, head),
        Reason::IpAllowList => f.write_str(
            "the organization's IP allow list does not contain this machine's address; \
             run this from an allowed address, or have the address added",
        ),
        Reason::Archived => f.write_str(
            "the repository is archived and so read-only; unarchive it before changing its secrets",
        ),
        Reason::Plan => f.write_str("the plan does not include this feature; upgrade it first"),
        Reason::TokenLifetime => f.write_str(
            "the token's lifetime is longer than the organization or enterprise allows; create one \
             that expires sooner",
        ),
        Reason::TokenKind => f.write_str(
            "the organization or enterprise does not accept this kind of token; use another kind, \
             such as a fine-grained token or a GitHub App's",
        ),
        Reason::UnapprovedApp => f.write_str(
            "the organization has not approved the OAuth app that the token belongs to; have an \
             owner approve it, or use another kind of token",
        ),
        Reason::Suspended => f.write_str(
            "the account of the token's owner is suspended; use a token of another account",
        ),
        _ => missing_permission(f, target, head),
    }
}

fn sign_on(f: &mut dyn Write, head: &ResponseHead) -> fmt::Result {
    match head.sso().and_then(|sso| sso.split_once("url=")) {
        Some((_, url)) => write!(
            f,
            "authorize the token for the organization's single sign-on at {url}"
        ),
        None => f.write_str("authorize the token for the organization's single sign-on"),
    }
}

fn missing_permission(f: &mut dyn Write, target: &Target, head: &ResponseHead) -> fmt::Result {
    if scope(f, head)? {
        return Ok(());
    }
    match (head.oauth_scopes(), head.accepted_permissions()) {
        (Some(_), _) => suffice(f, &target.owner),
        (None, Some(accepted)) => write!(f, "the token lacks the permission {accepted}"),
        (None, None) => write!(
            f,
            "the token lacks {}; the GITHUB_TOKEN of a workflow cannot manage secrets",
            target.operation.permissions()
        ),
    }
}

/// Writes that a token's scopes suffice, so that its owner is who may not do it.
fn suffice(f: &mut dyn Write, owner: &OwnerName) -> fmt::Result {
    f.write_str("the token's scopes are enough, but its owner lacks access")?;
    let administered: &dyn fmt::Display = match owner.repository() {
        Some(repository) => repository,
        None if matches!(owner, OwnerName::User) => return Ok(()),
        None => owner,
    };
    write!(f, "; ask an administrator of {administered} for it")
}

/// Writes the scopes that a classic token has and needs, if the headers say that one is missing.
fn scope(f: &mut dyn Write, head: &ResponseHead) -> Result<bool, fmt::Error> {
    let (Some(held), Some(accepted), true) = (
        head.oauth_scopes(),
        head.accepted_oauth_scopes(),
        lacks_scope(head),
    ) else {
        return Ok(false);
    };
    match held.trim() {
        "" => f.write_str("the token has no scopes")?,
        held => write!(f, "the token has scope `{held}`")?,
    }
    write!(f, " but needs `{accepted}`")?;
    Ok(true)
}

/// Writes everything that a 404 can mean: GitHub does not distinguish these.
fn not_found(
    f: &mut fmt::Formatter<'_>,
    target: &Target,
    head: &ResponseHead,
    cause: Cause,
) -> fmt::Result {
    let operation = target.operation;
    let is_key = operation.action() == Some(Action::PublicKey)
        || operation.registry_action() == Some(RegistryAction::PublicKey);
    // A write creates what does not exist, so its 404 is about the owner.
    let writes = operation.action() == Some(Action::Set);
    let named = target.name.is_some() && !writes;
    match operation.owner() {
        Some(OwnerKind::Organization) if is_key => f.write_str(
            "this can mean three things: the organization does not exist; its plan has no \
             organization secrets, which need GitHub Team or Enterprise; or the token has no access to \
             them",
        )?,
        Some(OwnerKind::Environment) => write!(
            f,
            "this can mean three things: the repository does not exist; it has no such \
             environment, which has to be created first{}; or the token has no access to it",
            if named { ", or no such secret" } else { "" }
        )?,
        Some(OwnerKind::Organization) if writes => f.write_str(
            "the organization or a selected repository does not exist, or the token has no access to it",
        )?,
        Some(OwnerKind::User) if writes => f.write_str(
            "a selected repository does not exist, or the token has no access to it or the user's \
             secrets",
        )?,
        Some(OwnerKind::User) if !named => f.write_str(
            "the token has no access to a user's secrets; an installation token of a GitHub App has no \
             user",
        )?,
        _ if named => f.write_str("it does not exist, or the token has no access to it")?,
        _ => write!(
            f,
            "{} does not exist, or the token has no access to it",
            target.owner
        )?,
    }
    if cause == Cause::Known(Reason::SingleSignOn) {
        f.write_str("; ")?;
        return sign_on(f, head);
    }
    match (head.oauth_scopes(), head.accepted_permissions()) {
        _ if lacks_scope(head) => {
            f.write_str("; ")?;
            scope(f, head).map(|_| ())
        }
        (Some(_), _) => Ok(()),
        (None, Some(accepted)) => write!(f, "; it needs the permission {accepted}"),
        (None, None) => write!(f, "; it needs {}", operation.permissions()),
    }
}

fn conflict(f: &mut fmt::Formatter<'_>, target: &Target) -> fmt::Result {
    let advice = match target.operation.owner() {
        Some(OwnerKind::Organization) => {
            "the secret's visibility has to be `selected` before single repositories can be \
             selected; change its visibility first"
        }
        _ => "GitHub reports a conflict with the current state; check it before you try again",
    };
    f.write_str(advice)
}

fn invalid(f: &mut fmt::Formatter<'_>, target: &Target, cause: Cause) -> fmt::Result {
    let operation = target.operation;
    match (operation.action(), cause) {
        (_, Cause::Known(Reason::Quota)) => {
            f.write_str("the store is full: ")?;
            quota(f, target)
        }
        (Some(Action::Set), Cause::Sealing) => f.write_str(
            "GitHub reports that the value is not sealed to its key, although the key was fetched \
             again; try again later",
        ),
        (Some(Action::SetAccess), _) => f.write_str(
            "GitHub may require the value together with the access: use `set` for both; or a \
             repository does not belong to the organization",
        ),
        (_, Cause::IdType) => {
            f.write_str("GitHub accepts the ids of repositories neither as numbers nor as strings")
        }
        (_, Cause::Field(Field::Name)) => f.write_str("GitHub does not accept the name"),
        (_, Cause::Field(Field::Value)) => f.write_str("the value is too large for GitHub"),
        (_, Cause::Field(Field::Visibility)) => {
            f.write_str("GitHub does not accept the visibility for this owner")
        }
        (_, Cause::Field(Field::Repositories)) => f.write_str(
            "GitHub does not accept the selected repositories; check that each exists and belongs \
             to the owner of the secret",
        ),
        (Some(Action::Set), _) => {
            f.write_str(
                "GitHub does not accept the request; check the name and the repositories, and \
                 that the store is not full: ",
            )?;
            quota(f, target)
        }
        _ => f.write_str(
            "GitHub does not accept the request; check what it sets. GitHub's own message is left \
             out here, because it can repeat what was sent",
        ),
    }
}

/// Writes the number of secrets that GitHub documents as a store's limit.
fn quota(f: &mut fmt::Formatter<'_>, target: &Target) -> fmt::Result {
    let operation = target.operation;
    match (operation.owner(), operation.store()) {
        (Some(OwnerKind::Organization), Some(Store::Actions)) => {
            f.write_str("GitHub documents a limit of 1,000 secrets")
        }
        (_, Some(Store::Agents | Store::Dependabot)) => f.write_str(
            "GitHub documents no limit for this store, and a limit of 100 secrets for others",
        ),
        (_, Some(_)) => f.write_str("GitHub documents a limit of 100 secrets"),
        (_, None) => f.write_str("GitHub documents no limit"),
    }
}
