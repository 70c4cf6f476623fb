//! Private registries as GitHub's API writes them.

use github_secrets_client::types::{
    CreatePrivateRegistry, PrivateRegistry as Found, PrivateRegistryPage, RegistryAuthType,
    RegistryType as FoundType, RegistryVisibility, UpdatePrivateRegistry,
};

use super::{
    oidc::Oidc,
    registry::PrivateRegistry,
    settings::{NewRegistry, RegistryAuth, RegistryType, RegistryUpdate},
};
use crate::{
    Access, RegistryError, SealedValue, VisibilityKind,
    http::{Entry, Page},
};

/// Returns the request that creates a registry.
pub(crate) fn creation(
    registry: &NewRegistry,
    access: &Access,
    sealed: Option<SealedValue>,
) -> Result<CreatePrivateRegistry, RegistryError> {
    let name = registry.registry_type.as_str();
    let registry_type: FoundType = name
        .parse()
        .map_err(|_| RegistryError::UnknownType(name.to_owned()))?;
    let (key_id, encrypted_value) = sealed.map(SealedValue::into_parts).unzip();
    let (visibility, selected_repository_ids) = visibility(access);
    let (auth_type, username) = match &registry.auth {
        RegistryAuth::Token(_) => (RegistryAuthType::Token, None),
        RegistryAuth::UsernamePassword { username, .. } => {
            (RegistryAuthType::UsernamePassword, Some(username.clone()))
        }
        RegistryAuth::Oidc(oidc) => (oidc.auth_type(), None),
    };
    let mut body = CreatePrivateRegistry {
        registry_type,
        url: registry.url.clone(),
        username,
        replaces_base: Some(registry.replaces_base),
        encrypted_value,
        key_id,
        visibility,
        selected_repository_ids,
        auth_type: Some(auth_type),
        account_id: None,
        api_host: None,
        audience: None,
        aws_region: None,
        client_id: None,
        domain: None,
        domain_owner: None,
        identity_mapping_name: None,
        jfrog_oidc_provider_name: None,
        namespace: None,
        role_name: None,
        service_account: None,
        service_slug: None,
        tenant_id: None,
        workload_identity_provider: None,
    };
    if let RegistryAuth::Oidc(oidc) = &registry.auth {
        oidc.write_creation(&mut body);
    }
    Ok(body)
}

/// Returns the request that changes a registry. What is `found` now is sent along where leaving it
/// out could mean a default.
pub(crate) fn change(
    update: &RegistryUpdate,
    found: &Found,
    access: Option<&Access>,
    sealed: Option<SealedValue>,
) -> UpdatePrivateRegistry {
    let (key_id, encrypted_value) = sealed.map(SealedValue::into_parts).unzip();
    let (visibility, ids) = access.map(visibility).unzip();
    let mut body = UpdatePrivateRegistry {
        registry_type: None,
        url: update.url.clone(),
        username: update.username.clone(),
        replaces_base: Some(update.replaces_base.unwrap_or(found.replaces_base)),
        encrypted_value,
        key_id,
        visibility,
        selected_repository_ids: ids.flatten(),
        auth_type: None,
        account_id: None,
        api_host: None,
        audience: None,
        aws_region: None,
        client_id: None,
        domain: None,
        domain_owner: None,
        identity_mapping_name: None,
        jfrog_oidc_provider_name: None,
        namespace: None,
        role_name: None,
        service_account: None,
        service_slug: None,
        tenant_id: None,
        workload_identity_provider: None,
    };
    if let Some(oidc) = &update.oidc {
        oidc.write_update(&mut body);
    }
    body
}

fn visibility(access: &Access) -> (RegistryVisibility, Option<Vec<i64>>) {
    match access {
        Access::All => (RegistryVisibility::All, None),
        Access::Private => (RegistryVisibility::Private, None),
        Access::Selected(ids) => {
            let ids = ids.iter().map(|id| id.cast_signed());
            (RegistryVisibility::Selected, Some(ids.collect()))
        }
    }
}

pub(crate) fn read_page(page: PrivateRegistryPage) -> Page<PrivateRegistry> {
    let registries = page.configurations.into_iter();
    Page {
        total: Some(page.total_count),
        entries: registries.map(|found| read(found, None)).collect(),
    }
}

/// Returns a page of registries as GitHub writes them.
pub(crate) fn found_page(page: PrivateRegistryPage) -> Page<Found> {
    Page {
        total: Some(page.total_count),
        entries: page.configurations.into_iter().map(Ok).collect(),
    }
}

impl Entry for Found {
    fn key(&self) -> String {
        self.name.clone()
    }
}

/// Returns whether a registry is what a creation sent, as far as GitHub returns that: it has
/// everything that was sent, and no setting that was not.
pub(crate) fn is_of(found: &Found, sent: &CreatePrivateRegistry) -> bool {
    // Every field is named, so that a new one is not forgotten.
    let Found {
        account_id,
        api_host,
        audience,
        auth_type,
        aws_region,
        client_id,
        created_at: _,
        domain,
        domain_owner,
        identity_mapping_name,
        jfrog_oidc_provider_name,
        name: _,
        namespace,
        registry_type,
        replaces_base,
        role_name,
        selected_repository_ids,
        service_account,
        service_slug,
        tenant_id,
        updated_at: _,
        url,
        username,
        visibility,
        workload_identity_provider,
    } = found;
    let settings = [
        (account_id, &sent.account_id),
        (audience, &sent.audience),
        (aws_region, &sent.aws_region),
        (client_id, &sent.client_id),
        (domain, &sent.domain),
        (domain_owner, &sent.domain_owner),
        (identity_mapping_name, &sent.identity_mapping_name),
        (jfrog_oidc_provider_name, &sent.jfrog_oidc_provider_name),
        (namespace, &sent.namespace),
        (role_name, &sent.role_name),
        (service_account, &sent.service_account),
        (service_slug, &sent.service_slug),
        (tenant_id, &sent.tenant_id),
        (username, &sent.username),
        (workload_identity_provider, &sent.workload_identity_provider),
    ];
    let auth_type = auth_type.as_deref().unwrap_or(DEFAULT_AUTH_TYPE);
    let sent_auth_type = sent.auth_type.map(|auth_type| auth_type.to_string());
    let is_default_host = sent.api_host.is_none() && api_host.as_deref() == Some(DEFAULT_API_HOST);
    settings.iter().all(|(found, sent)| found == sent)
        && (*api_host == sent.api_host || is_default_host)
        && sent_auth_type.is_none_or(|sent| sent == auth_type)
        && *registry_type == sent.registry_type.to_string()
        && url.as_ref() == Some(&sent.url)
        && sent.replaces_base.is_none_or(|sent| sent == *replaces_base)
        && *visibility == sent.visibility.to_string()
        && (selected_repository_ids.is_none() || sent.selected_repository_ids.is_some())
}

/// The default in GitHub's description.
const DEFAULT_AUTH_TYPE: &str = "token";

/// The default that GitHub documents for Cloudsmith.
const DEFAULT_API_HOST: &str = "api.cloudsmith.io";

/// Returns a setting of a registry that an update leaves out, so that it stays.
pub(crate) fn left_out(found: &Found, sent: &UpdatePrivateRegistry) -> Option<&'static str> {
    let optional = [
        ("api_host", &found.api_host, &sent.api_host),
        ("audience", &found.audience, &sent.audience),
        (
            "identity_mapping_name",
            &found.identity_mapping_name,
            &sent.identity_mapping_name,
        ),
        (
            "service_account",
            &found.service_account,
            &sent.service_account,
        ),
    ];
    let mut left_out = optional
        .iter()
        .filter(|(_, found, sent)| found.is_some() && sent.is_none())
        // What is left out has this value anyway.
        .filter(|(_, found, _)| found.as_deref() != Some(DEFAULT_API_HOST));
    left_out.next().map(|(field, ..)| *field)
}

/// Returns a registry in the library's own terms; `selected` are the ids that were sent.
pub(crate) fn read(
    found: Found,
    selected: Option<Vec<u64>>,
) -> Result<PrivateRegistry, &'static str> {
    let time = |text: &str| text.parse().map_err(|_| "a registry has an invalid time");
    Ok(PrivateRegistry {
        created_at: time(&found.created_at)?,
        updated_at: time(&found.updated_at)?,
        oidc: Oidc::read(&found),
        name: found.name,
        registry_type: RegistryType::read(found.registry_type),
        url: found.url,
        username: found.username,
        replaces_base: found.replaces_base,
        auth_type: found
            .auth_type
            .unwrap_or_else(|| DEFAULT_AUTH_TYPE.to_owned()),
        visibility: VisibilityKind::new(found.visibility),
        selected_repository_ids: selected,
    })
}
