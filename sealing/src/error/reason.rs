//! What a refused request means, as far as GitHub's headers and known messages show it.

use std::fmt;

use super::head::{GitHubMessage, ResponseHead};

/// The reason why GitHub refused a request, if it is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The token is wrong, expired or revoked.
    BadToken,
    /// A scope or a permission of the token is missing, or a role of its owner.
    MissingPermission,
    /// The token has to be authorized for the organization's single sign-on.
    SingleSignOn,
    /// The organization's IP allow list does not contain this machine's address.
    IpAllowList,
    /// The repository is archived, so nothing in it can be changed.
    Archived,
    /// The organization's plan does not include the feature.
    Plan,
    /// The store holds as many secrets as it can.
    Quota,
    /// The lifetime of the fine-grained token is longer than the organization or enterprise allows.
    TokenLifetime,
    /// The organization or enterprise does not accept this kind of token.
    TokenKind,
    /// The OAuth app that the token belongs to is not approved by the organization.
    UnapprovedApp,
    /// The account of the token's owner is suspended.
    Suspended,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::BadToken => "bad token",
            Self::MissingPermission => "missing permission",
            Self::SingleSignOn => "single sign-on",
            Self::IpAllowList => "IP allow list",
            Self::Archived => "archived repository",
            Self::Plan => "plan",
            Self::Quota => "quota",
            Self::TokenLifetime => "token lifetime",
            Self::TokenKind => "kind of token",
            Self::UnapprovedApp => "unapproved app",
            Self::Suspended => "suspended account",
        })
    }
}

/// What a message is known to mean; the message itself is never printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Known(Reason),
    /// The sealed box does not open with the key it names, or the key is not current.
    Sealing,
    /// The ids of repositories have the wrong JSON type.
    IdType,
    /// A part of the request is invalid, other than the box.
    Field(Field),
    /// There is no message, or none that is known.
    Unknown,
}

/// A part of a request that GitHub does not accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Name,
    Value,
    Visibility,
    Repositories,
    Other,
}

impl Cause {
    /// Sources: [terraform-provider-github#2315] for sealing, [cli/cli#6934] for ids,
    /// [cli/cli#7176] for archived repositories, [scorecard#1504] for single sign-on.
    ///
    /// [terraform-provider-github#2315]: https://github.com/integrations/terraform-provider-github/issues/2315
    /// [cli/cli#6934]: https://github.com/cli/cli/issues/6934
    /// [cli/cli#7176]: https://github.com/cli/cli/issues/7176
    /// [scorecard#1504]: https://github.com/ossf/scorecard/issues/1504
    pub(crate) fn of(head: &ResponseHead, message: Option<&GitHubMessage>) -> Self {
        let message =
            message.map_or_else(String::new, |message| message.expose().to_ascii_lowercase());
        match head.status() {
            401 => Self::Known(Reason::BadToken),
            402 => Self::Known(Reason::Plan),
            403 | 404 => Self::of_denial(head, &message),
            _ => Self::of_invalid(&message),
        }
    }

    fn of_denial(head: &ResponseHead, message: &str) -> Self {
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        if asks_for_sign_on(head) || says(&["saml enforcement"]) {
            Self::Known(Reason::SingleSignOn)
        } else if says(&["ip allow list"]) {
            Self::Known(Reason::IpAllowList)
        } else if says(&["was archived"]) {
            Self::Known(Reason::Archived)
        } else if says(&["upgrade to", "upgrade your"]) {
            Self::Known(Reason::Plan)
        } else if message.contains("lifetime") && message.contains("token") {
            Self::Known(Reason::TokenLifetime)
        } else if says(&["forbids access via", "does not allow access via"]) {
            Self::Known(Reason::TokenKind)
        } else if says(&[
            "oauth app access restrictions",
            "oauth application access restrictions",
        ]) {
            Self::Known(Reason::UnapprovedApp)
        } else if message.contains("suspended") && says(&["account", "user"]) {
            Self::Known(Reason::Suspended)
        } else if lacks_scope(head)
            || says(&["not accessible by", "must have admin", "must be an org"])
        {
            Self::Known(Reason::MissingPermission)
        } else {
            Self::Unknown
        }
    }

    fn of_invalid(message: &str) -> Self {
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        if says(&["improperly encrypted", "key_id", "key id", "public key"]) {
            Self::Sealing
        } else if message.contains("selected_repository_ids") && message.contains("type")
            || says(&["is not an integer", "is not a string"])
        {
            Self::IdType
        } else if message.contains("secrets") && says(&["limit", "maximum", "at most"]) {
            Self::Known(Reason::Quota)
        } else if says(&[
            "secret names",
            r#""field":"name""#,
            r#""field":"secret_name""#,
        ]) {
            Self::Field(Field::Name)
        } else if says(&["too large"]) {
            Self::Field(Field::Value)
        } else if says(&["repositor"]) {
            Self::Field(Field::Repositories)
        } else if says(&[r#""field":"visibility""#]) {
            Self::Field(Field::Visibility)
        } else if says(&["does not match"]) {
            Self::Field(Field::Other)
        } else {
            Self::Unknown
        }
    }
}

/// Returns whether the headers name something that the token needs: a 404 then does not mean that
/// nothing is there.
pub(crate) fn names_what_is_missing(head: &ResponseHead) -> bool {
    asks_for_sign_on(head) || lacks_scope(head)
}

/// Lists that leave out what needs single sign-on have the header as well, without an address.
fn asks_for_sign_on(head: &ResponseHead) -> bool {
    head.sso()
        .is_some_and(|sso| head.status() == 403 || sso.contains("url="))
}

/// Returns whether a classic token has none of the scopes that GitHub accepts.
pub(crate) fn lacks_scope(head: &ResponseHead) -> bool {
    let (Some(held), Some(accepted)) = (head.oauth_scopes(), head.accepted_oauth_scopes()) else {
        return false;
    };
    let mut accepted = accepted.split(',').map(str::trim);
    !accepted.any(|wanted| {
        let mut held = held.split(',').map(str::trim);
        wanted.is_empty() || held.any(|held| includes(held, wanted))
    })
}

/// Returns whether a scope is another one or includes it, by GitHub's [list of scopes].
///
/// [list of scopes]: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
fn includes(held: &str, wanted: &str) -> bool {
    let above: &[&str] = match wanted {
        "write:org" => &["admin:org"],
        "read:org" => &["admin:org", "write:org"],
        "public_repo" | "repo:status" | "repo_deployment" | "repo:invite" | "security_events" => {
            &["repo"]
        }
        "codespace:secrets" => &["codespace"],
        "read:user" | "user:email" | "user:follow" => &["user"],
        _ => &[],
    };
    held == wanted || above.contains(&held)
}
