//! A registry as it is printed.

use std::io;

use github_secrets::{Oidc, Place, PrivateRegistry};
use serde::Serialize;

use crate::{console::Console, report::Subject, table::print_fields};

/// What the help of `list` and `show` says about `--json`.
macro_rules! json_registry {
    () => {
        "\
With --json a registry is an object with place (such as orgs/acme/private-registries), name,
registry_type, url, username, replaces_base, auth_type, visibility, created_at and updated_at, and
oidc and selected_repository_ids where they apply. GitHub does not return values."
    };
}
pub(super) use json_registry;

#[derive(Serialize)]
pub(super) struct Shown {
    place: String,
    pub(super) name: String,
    pub(super) registry_type: String,
    pub(super) url: Option<String>,
    username: Option<String>,
    replaces_base: bool,
    auth_type: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    oidc: Vec<Setting>,
    pub(super) visibility: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    selected_repository_ids: Option<Vec<u64>>,
    created_at: String,
    pub(super) updated_at: String,
}

/// A setting of OIDC.
#[derive(Serialize)]
struct Setting {
    name: &'static str,
    value: String,
}

impl Shown {
    pub(super) fn new(registry: PrivateRegistry, organization: &Place) -> Self {
        Self {
            place: Subject::Registries.place(organization, true),
            name: registry.name,
            registry_type: registry.registry_type.to_string(),
            url: registry.url,
            username: registry.username,
            replaces_base: registry.replaces_base,
            auth_type: registry.auth_type,
            oidc: registry.oidc.map(settings).unwrap_or_default(),
            visibility: registry.visibility.to_string(),
            selected_repository_ids: registry.selected_repository_ids,
            created_at: registry.created_at.to_string(),
            updated_at: registry.updated_at.to_string(),
        }
    }

    pub(super) async fn print(self, console: &Console) -> io::Result<()> {
        let ids = self.selected_repository_ids.map(|ids| {
            let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
            ids.join(",")
        });
        let mut fields = vec![
            ("name", Some(self.name)),
            ("type", Some(self.registry_type)),
            ("url", self.url),
            ("username", self.username),
            ("replaces base", Some(self.replaces_base.to_string())),
            ("auth type", Some(self.auth_type)),
            ("visibility", Some(self.visibility)),
            ("repository ids", ids),
            ("created", Some(self.created_at)),
            ("updated", Some(self.updated_at)),
        ];
        fields.extend(
            self.oidc
                .into_iter()
                .map(|setting| (setting.name, Some(setting.value))),
        );
        print_fields(console, &fields).await
    }
}

/// Returns the settings by the names of the options that set them.
fn settings(oidc: Oidc) -> Vec<Setting> {
    let all = match oidc {
        Oidc::Azure {
            tenant_id,
            client_id,
        } => vec![
            ("tenant-id", Some(tenant_id)),
            ("client-id", Some(client_id)),
        ],
        Oidc::Aws {
            region,
            account_id,
            role_name,
            domain,
            domain_owner,
            audience,
        } => vec![
            ("aws-region", Some(region)),
            ("account-id", Some(account_id)),
            ("role-name", Some(role_name)),
            ("domain", Some(domain)),
            ("domain-owner", Some(domain_owner)),
            ("audience", audience),
        ],
        Oidc::Jfrog {
            provider_name,
            audience,
            identity_mapping_name,
        } => vec![
            ("provider-name", Some(provider_name)),
            ("identity-mapping-name", identity_mapping_name),
            ("audience", audience),
        ],
        Oidc::Cloudsmith {
            namespace,
            service_slug,
            audience,
            api_host,
        } => vec![
            ("namespace", Some(namespace)),
            ("service-slug", Some(service_slug)),
            ("api-host", api_host),
            ("audience", Some(audience)),
        ],
        Oidc::Gcp {
            workload_identity_provider,
            service_account,
            audience,
        } => vec![
            (
                "workload-identity-provider",
                Some(workload_identity_provider),
            ),
            ("service-account", service_account),
            ("audience", audience),
        ],
        _ => Vec::new(),
    };
    all.into_iter()
        .filter_map(|(name, value)| value.map(|value| Setting { name, value }))
        .collect()
}
