//! The operations on an organization's private registries.

use crate::operation::path::segment;

/// An operation on private registries.
#[derive(Clone)]
pub(crate) enum RegistryCall {
    List,
    PublicKey,
    Create,
    Read(String),
    Update(String),
    Delete(String),
}

impl RegistryCall {
    /// Every operation, its path parameter empty.
    pub(crate) const ALL: [Self; 6] = [
        Self::List,
        Self::PublicKey,
        Self::Create,
        Self::Read(String::new()),
        Self::Update(String::new()),
        Self::Delete(String::new()),
    ];

    pub(crate) fn of(method: &str, segments: &[&str]) -> Option<Self> {
        Some(match (method, segments) {
            ("GET", []) => Self::List,
            ("GET", ["public-key"]) => Self::PublicKey,
            ("POST", []) => Self::Create,
            ("GET", [name]) => Self::Read(segment(name)?),
            ("PATCH", [name]) => Self::Update(segment(name)?),
            ("DELETE", [name]) => Self::Delete(segment(name)?),
            _ => return None,
        })
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::List => "list-org-private-registries",
            Self::PublicKey => "get-org-public-key",
            Self::Create => "create-org-private-registry",
            Self::Read(_) => "get-org-private-registry",
            Self::Update(_) => "update-org-private-registry",
            Self::Delete(_) => "delete-org-private-registry",
        }
    }

    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::Create | Self::Update(_) | Self::Delete(_))
    }
}
