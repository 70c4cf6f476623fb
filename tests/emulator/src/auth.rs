//! Who sends a request, and whether that is enough for the operation.

use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;

use crate::answer::Refusal;
use crate::operation::Operation;
use crate::token::{Access, Token};
use crate::world::{OrganizationState, World};

/// What an operation asks of a token.
#[derive(Clone, Copy)]
pub(crate) enum Need {
    ReadSecrets,
    WriteSecrets,
    WriteSecretsAndReadMetadata,
    ReadMetadata,
}

impl Need {
    pub(crate) fn of(operation: Operation) -> Self {
        match operation {
            Operation::ListSecrets
            | Operation::PublicKey
            | Operation::Secret
            | Operation::SelectedRepositories => Self::ReadSecrets,
            Operation::SetSecret | Operation::DeleteSecret | Operation::SetSelectedRepositories => {
                Self::WriteSecrets
            }
            Operation::AddSelectedRepository | Operation::RemoveSelectedRepository => {
                Self::WriteSecretsAndReadMetadata
            }
            Operation::Repository => Self::ReadMetadata,
        }
    }

    /// The scope that a classic token needs.
    pub(crate) fn scope(self) -> &'static str {
        match self {
            Self::ReadMetadata => "repo",
            _ => "admin:org",
        }
    }

    /// What `X-Accepted-GitHub-Permissions` says: a comma means that both are needed.
    pub(crate) fn permissions(self) -> &'static str {
        match self {
            Self::ReadSecrets => "organization_codespaces_secrets=read",
            Self::WriteSecrets => "organization_codespaces_secrets=write",
            Self::WriteSecretsAndReadMetadata => {
                "organization_codespaces_secrets=write,metadata=read"
            }
            Self::ReadMetadata => "metadata=read",
        }
    }

    pub(crate) fn secrets(self) -> Option<Access> {
        match self {
            Self::ReadSecrets => Some(Access::Read),
            Self::WriteSecrets | Self::WriteSecretsAndReadMetadata => Some(Access::Write),
            Self::ReadMetadata => None,
        }
    }

    pub(crate) fn metadata(self) -> bool {
        matches!(self, Self::WriteSecretsAndReadMetadata | Self::ReadMetadata)
    }
}

/// The token that the request carries.
pub(crate) fn authenticate(world: &World, headers: &HeaderMap) -> Result<Token, Refusal> {
    if !headers.contains_key(AUTHORIZATION) {
        return Err(Refusal::new(401, "Requires authentication"));
    }
    bearer(headers)
        .and_then(|secret| world.token(secret))
        .ok_or_else(|| Refusal::new(401, "Bad credentials"))
}

/// What stands in the `Authorization` header, known or not.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let secret = secret.trim();
    let accepted = ["bearer", "token"]
        .iter()
        .any(|it| scheme.eq_ignore_ascii_case(it));
    (accepted && !secret.is_empty()).then_some(secret)
}

/// Lets a token through to an operation on the organization's secrets.
pub(crate) fn authorize(
    token: &Token,
    organization: &OrganizationState,
    need: Need,
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
