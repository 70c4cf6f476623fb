//! What the library sends for every kind of argument, held against GitHub's own description.

use std::collections::BTreeSet;

use contract_tests::{Description, Request, github};
use github_secrets::{
    Error, GitHub, NewRegistry, NewSecret, Oidc, Organization, Owner, RegistryAuth, RegistryType,
    RegistryUpdate, Repositories, SecretRepositories, Secrets, Store, User, Visibility,
};
use github_secrets_emulator::Emulator;

const NAME: &str = "DB_PASSWORD";
const WEBSITE: u64 = 1_296_280;

/// Calls everything that takes an argument, in every store and with every kind of argument.
async fn call_everything(github: &GitHub) -> Result<(), Error> {
    let (org, repo) = (github.org("acme")?, github.repo("acme/website")?);
    for store in Store::ALL {
        organization(&org.secrets(store), store).await?;
        plain(&repo.secrets(store)).await?;
    }
    plain(&repo.environment("production")?).await?;
    user(&github.user().codespaces()).await?;
    for auth in every_auth() {
        registry(&org, auth).await?;
    }
    Ok(())
}

async fn organization(secrets: &Secrets<Organization>, store: Store) -> Result<(), Error> {
    for visibility in [
        Visibility::All,
        Visibility::Private,
        Visibility::selected_none(),
        Visibility::selected([WEBSITE]),
        Visibility::selected(["Hello-World", "acme/website"]),
    ] {
        secrets.set(NAME, "value", visibility.clone()).await?;
        secrets.rotate(NAME, "another").await?;
        let new = NewSecret::new("_api_key2", vec![0; 49_104])?.visibility(visibility);
        complete(secrets, new).await?;
    }
    repositories(&secrets.repositories(NAME)?).await?;
    let elsewhere = Visibility::selected(["Hello-World"]);
    secrets.set_access(NAME, elsewhere).await?;
    if store != Store::Agents {
        secrets.set_access(NAME, Visibility::All).await?;
        secrets
            .set_access(NAME, Visibility::selected_none())
            .await?;
    }
    secrets.delete(NAME).await
}

async fn user(secrets: &Secrets<User>) -> Result<(), Error> {
    for repositories in [
        Repositories::none(),
        Repositories::selected([WEBSITE]),
        Repositories::selected(["acme/Hello-World", "acme/website"]),
    ] {
        secrets.set(NAME, "value", repositories.clone()).await?;
        secrets.rotate(NAME, "another").await?;
        let new = NewSecret::new("_api_key2", vec![0; 49_104])?.repositories(repositories);
        complete(secrets, new).await?;
    }
    repositories(&secrets.repositories(NAME)?).await?;
    secrets.delete(NAME).await
}

/// For owners whose secrets are for nobody but themselves.
async fn plain<O: Owner<Access = ()>>(secrets: &Secrets<O>) -> Result<(), Error> {
    for value in [vec![], vec![0; 49_104]] {
        secrets.set(NAME, value).await?;
    }
    secrets.rotate(NAME, "another").await?;
    complete(secrets, NewSecret::new("_api_key2", "value")?).await?;
    secrets.delete(NAME).await
}

async fn complete<O: Owner>(secrets: &Secrets<O>, new: NewSecret<O::Access>) -> Result<(), Error> {
    let batch = secrets.set_all([new]).await?;
    batch.finish().await.expect("a complete batch");
    Ok(())
}

async fn repositories<O: Owner>(selected: &SecretRepositories<O>) -> Result<(), Error> {
    selected.set([WEBSITE, 1_296_269]).await?;
    selected.set(Vec::<u64>::new()).await?;
    selected.set(["acme/Hello-World"]).await?;
    selected.add("acme/website").await?;
    selected.remove(1_296_269).await
}

fn every_auth() -> Vec<RegistryAuth> {
    let text = str::to_owned;
    let mut every = vec![
        RegistryAuth::token("value"),
        RegistryAuth::username_password("octocat", "value"),
    ];
    every.extend(
        [
            Oidc::Azure {
                tenant_id: text("tenant"),
                client_id: text("client"),
            },
            Oidc::Aws {
                region: text("us-east-1"),
                account_id: text("123456789012"),
                role_name: text("role"),
                domain: text("domain"),
                domain_owner: text("123456789012"),
                audience: Some(text("audience")),
            },
            Oidc::Jfrog {
                provider_name: text("provider"),
                audience: Some(text("audience")),
                identity_mapping_name: Some(text("mapping")),
            },
            Oidc::Cloudsmith {
                namespace: text("acme"),
                service_slug: text("service"),
                audience: text("audience"),
                api_host: Some(text("api.cloudsmith.io")),
            },
            Oidc::Gcp {
                workload_identity_provider: text("projects/1/locations/global"),
                service_account: Some(text("account@acme.example")),
                audience: Some(text("audience")),
            },
        ]
        .map(RegistryAuth::Oidc),
    );
    every
}

async fn registry(org: &Organization, auth: RegistryAuth) -> Result<(), Error> {
    let registries = org.private_registries();
    let oidc = match &auth {
        RegistryAuth::Oidc(oidc) => Some(oidc.clone()),
        _ => None,
    };
    let selected = Visibility::selected(["website"]);
    let url = "https://maven.acme.example/releases";
    let new = NewRegistry::new(RegistryType::MavenRepository, url, auth, selected)?;
    let name = registries.create(new.replaces_base(true)).await?.name;
    let mut updates = vec![
        RegistryUpdate::new().replaces_base(false),
        RegistryUpdate::new().url("https://maven.acme.example/snapshots"),
        RegistryUpdate::new().visibility(Visibility::All),
        RegistryUpdate::new().visibility(Visibility::selected([WEBSITE])),
        RegistryUpdate::new().visibility(Visibility::selected_none()),
    ];
    updates.push(match oidc {
        Some(oidc) => RegistryUpdate::new().oidc(oidc),
        None => RegistryUpdate::new()
            .value("another")
            .username(Some("hubot".to_owned())),
    });
    for update in updates {
        registries.update(&name, update).await?;
    }
    registries.delete(&name).await.map(|_| ())
}

#[tokio::test]
async fn every_request_is_one_that_the_description_allows() {
    let emulator = Emulator::builder().environment("acme/website", "production");
    let emulator = emulator.start().await.expect("an emulator");
    let github = github::builder(emulator.url()).build().expect("settings");
    call_everything(&github).await.expect("all calls succeed");

    let description = Description::load();
    let mut called = BTreeSet::new();
    for request in emulator.requests().iter().map(Request::from) {
        let objections = description.objections(&request);
        assert_eq!(objections, [""; 0], "{}", request.line());
        called.extend(description.operation(&request).map(|it| &it.id));
    }
    let writes = description
        .operations()
        .iter()
        .filter(|it| it.method != "GET");
    let never: Vec<_> = writes
        .map(|it| &it.id)
        .filter(|id| !called.contains(id))
        .collect();
    assert_eq!(never, [""; 0], "never called");
}
