//! A private registry, as GitHub returns it.

use super::{oidc::Oidc, settings::RegistryType};
use crate::{Timestamp, VisibilityKind, http::Entry};

/// A private registry, without its secret value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrivateRegistry {
    /// The name that GitHub gave it.
    pub name: String,
    /// The kind of registry.
    pub registry_type: RegistryType,
    /// The address.
    pub url: Option<String>,
    /// The user name.
    pub username: Option<String>,
    /// Whether it replaces the public registry of its kind.
    pub replaces_base: bool,
    /// GitHub's name for the way in which it authenticates: `token`, for example.
    pub auth_type: String,
    /// The settings for OIDC, if it authenticates in that way.
    pub oidc: Option<Oidc>,
    /// The repositories that can use it.
    pub visibility: VisibilityKind,
    /// The ids of the selected repositories. Only `create` returns them; GitHub does not return
    /// them later.
    pub selected_repository_ids: Option<Vec<u64>>,
    /// The time of creation.
    pub created_at: Timestamp,
    /// The time of the last change.
    pub updated_at: Timestamp,
}

impl Entry for PrivateRegistry {
    fn key(&self) -> String {
        self.name.clone()
    }
}
