//! The bodies of the operations on private registries.

use std::collections::BTreeMap;

use hyper::Uri;
use serde_json::Value;

use crate::{
    api::body::{Body, Sealed, SentIds, ids_without_selected, missing},
    refusal::Refusal,
    registry::StoredRegistry,
    rules::Ids,
    secret::Visibility,
};

const TYPES: [&str; 15] = [
    "cargo_registry",
    "composer_repository",
    "docker_registry",
    "git_source",
    "goproxy_server",
    "helm_registry",
    "hex_organization",
    "hex_repository",
    "maven_repository",
    "npm_registry",
    "nuget_feed",
    "pub_repository",
    "python_index",
    "rubygems_server",
    "terraform_registry",
];

/// How a registry authenticates.
struct Auth {
    name: &'static str,
    /// Whether it has a value, which is sealed.
    sealed: bool,
    required: &'static [&'static str],
    optional: &'static [&'static str],
}

const AUTHS: [Auth; 7] = [
    Auth {
        name: "token",
        sealed: true,
        required: &[],
        optional: &[],
    },
    Auth {
        name: "username_password",
        sealed: true,
        required: &[],
        optional: &[],
    },
    Auth {
        name: "oidc_azure",
        sealed: false,
        required: &["tenant_id", "client_id"],
        optional: &[],
    },
    Auth {
        name: "oidc_aws",
        sealed: false,
        required: &[
            "aws_region",
            "account_id",
            "role_name",
            "domain",
            "domain_owner",
        ],
        optional: &["audience"],
    },
    Auth {
        name: "oidc_jfrog",
        sealed: false,
        required: &["jfrog_oidc_provider_name"],
        optional: &["audience", "identity_mapping_name"],
    },
    Auth {
        name: "oidc_cloudsmith",
        sealed: false,
        required: &["namespace", "service_slug", "audience"],
        optional: &["api_host"],
    },
    Auth {
        name: "oidc_gcp",
        sealed: false,
        required: &["workload_identity_provider"],
        optional: &["service_account", "audience"],
    },
];

/// The body of the operation that creates a registry.
pub(crate) struct NewRegistry {
    pub(crate) registry_type: String,
    pub(crate) url: String,
    pub(crate) username: Option<String>,
    pub(crate) replaces_base: bool,
    pub(crate) auth_type: String,
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) sealed: Option<Sealed>,
    pub(crate) visibility: Visibility,
    pub(crate) selected: SentIds,
}

impl NewRegistry {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let body = Body::parse(body)?;
        for field in ["registry_type", "url", "visibility"] {
            body.require(field)?;
        }
        let auth = auth(&body)?.unwrap_or(&AUTHS[0]);
        let settings = settings(&body, auth)?;
        for field in auth.required {
            if !settings.contains_key(*field) {
                return Err(missing(field));
            }
        }
        if auth.sealed {
            body.require("encrypted_value")?;
        }
        let (visibility, selected) = access(&body, None)?.ok_or_else(|| missing("visibility"))?;
        Ok(Self {
            registry_type: registry_type(&body)?.ok_or_else(|| missing("registry_type"))?,
            url: url(&body)?.ok_or_else(|| missing("url"))?,
            username: username(&body)?.flatten(),
            replaces_base: body.boolean("replaces_base")?.unwrap_or_default(),
            auth_type: auth.name.to_owned(),
            settings,
            sealed: sealed(&body, auth)?,
            visibility,
            selected,
        })
    }
}

/// What a registry is to become.
pub(crate) struct RegistryUpdate {
    pub(crate) registry_type: String,
    pub(crate) url: String,
    pub(crate) username: Option<String>,
    pub(crate) replaces_base: bool,
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) sealed: Option<Sealed>,
    pub(crate) access: Option<(Visibility, SentIds)>,
}

impl RegistryUpdate {
    /// Parses the body of the operation that updates a registry. What it leaves out stays, but for
    /// `replaces_base`, which GitHub's description gives a default here too.
    pub(crate) fn parse(body: &[u8], present: &StoredRegistry) -> Result<Self, Refusal> {
        let body = Body::parse(body)?;
        let of_present = AUTHS.iter().find(|auth| auth.name == present.auth_type);
        let auth = match (auth(&body)?, of_present) {
            (Some(asked), Some(present)) if asked.name != present.name => {
                let message = format!(
                    "auth_type is {:?} and cannot be changed: delete the registry, then create it.",
                    present.name
                );
                return Err(Refusal::invalid("auth_type", "invalid", message));
            }
            (_, Some(present)) => present,
            (_, None) => return Err(Refusal::not_found()),
        };
        let mut settings = present.settings.clone();
        settings.extend(self::settings(&body, auth)?);
        Ok(Self {
            registry_type: registry_type(&body)?.unwrap_or_else(|| present.registry_type.clone()),
            url: url(&body)?.unwrap_or_else(|| present.url.clone()),
            username: username(&body)?.unwrap_or_else(|| present.username.clone()),
            replaces_base: body.boolean("replaces_base")?.unwrap_or_default(),
            settings,
            sealed: sealed(&body, auth)?,
            access: access(&body, Some(present.visibility))?,
        })
    }
}

fn auth(body: &Body) -> Result<Option<&'static Auth>, Refusal> {
    let Some(name) = body.text("auth_type")? else {
        return Ok(None);
    };
    AUTHS
        .iter()
        .find(|auth| auth.name == name)
        .map(Some)
        .ok_or_else(|| not_one_of("auth_type", name, &AUTHS.map(|auth| auth.name)))
}

fn registry_type(body: &Body) -> Result<Option<String>, Refusal> {
    match body.text("registry_type")? {
        Some(name) if !TYPES.contains(&name) => Err(not_one_of("registry_type", name, &TYPES)),
        name => Ok(name.map(str::to_owned)),
    }
}

fn url(body: &Body) -> Result<Option<String>, Refusal> {
    let absolute = |url: &str| {
        url.parse::<Uri>()
            .is_ok_and(|url| url.scheme().is_some() && url.host().is_some_and(|it| !it.is_empty()))
    };
    match body.text("url")? {
        Some(url) if !absolute(url) => {
            let message = format!("Invalid request.\n\nurl {url:?} is not an absolute URL.");
            Err(Refusal::invalid("url", "invalid", message))
        }
        url => Ok(url.map(str::to_owned)),
    }
}

/// Returns the user name if the body has the field, which is null for none.
fn username(body: &Body) -> Result<Option<Option<String>>, Refusal> {
    match body.field("username") {
        Some(Value::Null) => Ok(Some(None)),
        _ => Ok(body.text("username")?.map(|name| Some(name.to_owned()))),
    }
}

/// Returns the settings of this kind of authentication, and refuses those of another.
fn settings(body: &Body, auth: &Auth) -> Result<BTreeMap<String, String>, Refusal> {
    let mut settings = BTreeMap::new();
    let fields = AUTHS.iter();
    for field in fields.flat_map(|auth| auth.required.iter().chain(auth.optional)) {
        let Some(value) = body.text(field)? else {
            continue;
        };
        if !auth.required.contains(field) && !auth.optional.contains(field) {
            let message = format!("{field} does not go with the auth_type {:?}.", auth.name);
            return Err(Refusal::invalid(field, "invalid", message));
        }
        settings.insert((*field).to_owned(), value.to_owned());
    }
    Ok(settings)
}

fn sealed(body: &Body, auth: &Auth) -> Result<Option<Sealed>, Refusal> {
    if !auth.sealed {
        for field in ["encrypted_value", "key_id"] {
            if body.field(field).is_some() {
                let message = format!("{field} does not go with the auth_type {:?}.", auth.name);
                return Err(Refusal::invalid(field, "invalid", message));
            }
        }
    }
    body.sealed()
}

/// Returns who can use the registry if the body says it, `present` being the visibility until now.
fn access(
    body: &Body,
    present: Option<Visibility>,
) -> Result<Option<(Visibility, SentIds)>, Refusal> {
    let visibility = body.visibility()?;
    let selected = body.repository_ids(Ids::Integer)?;
    match (visibility.or(present), selected) {
        (Some(Visibility::Selected), Some(ids)) => Ok(Some((Visibility::Selected, ids))),
        (_, Some(_)) => Err(ids_without_selected()),
        (_, None) => Ok(visibility.map(|visibility| (visibility, SentIds::new()))),
    }
}

fn not_one_of(field: &'static str, found: &str, allowed: &[&str]) -> Refusal {
    let names = allowed.join(", ");
    let message = format!("Invalid request.\n\n{field} is one of {names}, not {found:?}.");
    Refusal::invalid(field, "invalid", message)
}
