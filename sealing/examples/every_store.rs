//! Goes through every store: sets, updates, lists, rotates and deletes a secret in each, changes
//! its access where it has any, and creates, updates and deletes two private registries.
//!
//! Without arguments it starts an emulator and works on that. With `--api-url URL` it works on any
//! server, with the token in GITHUB_TOKEN, and expects the organization `acme`, its repository
//! `acme/website` and an environment `production` there.

use std::{env, error::Error as StdError, fmt};

use github_secrets::{
    GitHub, NewRegistry, Oidc, Organization, Owner, PrivateRegistries, RegistryAuth, RegistryType,
    RegistryUpdate, Repositories, SecretRepositories, Secrets, Store, Stored, User, Visibility,
};
use github_secrets_emulator::Emulator;

type Result<T> = std::result::Result<T, Box<dyn StdError>>;

const NAME: &str = "DB_PASSWORD";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    match (
        arguments.next().as_deref(),
        arguments.next(),
        arguments.next(),
    ) {
        (None, ..) => {
            let emulator = Emulator::start().await?;
            println!("emulator at {}", emulator.url());
            run(&emulator.url()).await
        }
        (Some("--api-url"), Some(url), None) => run(&url).await,
        _ => Err("usage: every_store [--api-url URL]".into()),
    }
}

async fn run(api_url: &str) -> Result<()> {
    let token = env::var("GITHUB_TOKEN").unwrap_or_else(|_| "any-token-will-do".to_owned());
    let github = GitHub::builder().api_url(api_url).token(token).build()?;

    let org = github.org("acme")?;
    for store in Store::ALL {
        let place = format!("organization, {store}");
        organization(&place, &org.secrets(store)).await?;
    }
    let repo = github.repo("acme/website")?;
    plain("repository, actions", &repo.actions()).await?;
    plain("repository, agents", &repo.agents()).await?;
    plain("repository, codespaces", &repo.codespaces()).await?;
    plain("repository, dependabot", &repo.dependabot()).await?;
    for (store, shared) in [
        ("actions", repo.actions().organization_secrets()),
        ("agents", repo.agents().organization_secrets()),
    ] {
        let count = shared.all().await?.len();
        say(
            &format!("repository, {store}"),
            format!("{count} from the organization"),
        );
    }
    plain("environment", &repo.environment("production")?).await?;
    user("user, codespaces", &github.user().codespaces()).await?;
    registries("private registries", &org.private_registries()).await
}

async fn organization(place: &str, secrets: &Secrets<Organization>) -> Result<()> {
    let private = secrets
        .set(NAME, "correct horse", Visibility::Private)
        .await?;
    say(place, private);
    let website = Visibility::selected(["website"]);
    say(place, secrets.set(NAME, "battery staple", website).await?);

    let nobody = Visibility::selected_none();
    secrets.set_access(NAME, nobody).await?;
    say(place, "selected no repository");
    if secrets.store() != Store::Agents {
        // Agents secrets change their visibility only together with their value.
        secrets.set_access(NAME, Visibility::All).await?;
        say(place, "shared with all repositories");
        secrets
            .set_access(NAME, Visibility::selected_none())
            .await?;
        say(place, "selected no repository");
    }
    select(place, &secrets.repositories(NAME)?, "website").await?;
    rotate_and_delete(place, secrets).await
}

async fn user(place: &str, secrets: &Secrets<User>) -> Result<()> {
    let website = Repositories::selected(["acme/website"]);
    let created = secrets.set(NAME, "correct horse", website.clone()).await?;
    say(place, created);
    say(place, secrets.set(NAME, "battery staple", website).await?);

    select(place, &secrets.repositories(NAME)?, "acme/website").await?;
    rotate_and_delete(place, secrets).await
}

/// Selects a repository, deselects it, and selects it again.
async fn select<O: Owner>(
    place: &str,
    repositories: &SecretRepositories<O>,
    repository: &str,
) -> Result<()> {
    repositories.add(repository).await?;
    say(place, format!("added {repository}"));
    repositories.remove(repository).await?;
    say(place, format!("removed {repository}"));
    repositories.set([repository]).await?;
    for selected in repositories.list().all().await? {
        say(place, format!("selected {}", selected.full_name));
    }
    Ok(())
}

/// For a repository or an environment, whose secrets have no access to choose.
async fn plain<O: Owner<Access = ()>>(place: &str, secrets: &Secrets<O>) -> Result<()> {
    let created: Stored = secrets.set(NAME, "correct horse").await?;
    say(place, created);
    say(place, secrets.set(NAME, "battery staple").await?);
    rotate_and_delete(place, secrets).await
}

async fn rotate_and_delete<O: Owner>(place: &str, secrets: &Secrets<O>) -> Result<()> {
    for secret in secrets.list().all().await? {
        say(place, format!("listed {}", secret.name));
    }
    secrets.rotate(NAME, "a better horse").await?;
    say(place, "rotated");
    secrets.delete(NAME).await?;
    match secrets.find(NAME).await? {
        None => say(place, "deleted"),
        Some(secret) => return Err(format!("{} is still there", secret.name).into()),
    }
    Ok(())
}

async fn registries(place: &str, registries: &PrivateRegistries) -> Result<()> {
    let sealed = NewRegistry::new(
        RegistryType::NpmRegistry,
        "https://npm.acme.example",
        RegistryAuth::username_password("acme", "correct horse"),
        Visibility::selected(["website"]),
    )?;
    let oidc = NewRegistry::new(
        RegistryType::NugetFeed,
        "https://nuget.acme.example/v3/index.json",
        RegistryAuth::Oidc(Oidc::Azure {
            tenant_id: "11111111-2222-3333-4444-555555555555".to_owned(),
            client_id: "66666666-7777-8888-9999-000000000000".to_owned(),
        }),
        Visibility::Private,
    )?;
    for (registry, update) in [
        (sealed, RegistryUpdate::new().value("a better horse")),
        (oidc, RegistryUpdate::new().replaces_base(true)),
    ] {
        let created = registries.create(registry).await?;
        say(
            place,
            format!("created {} ({})", created.name, created.auth_type),
        );
        registries.update(&created.name, update).await?;
        say(place, format!("updated {}", created.name));
        let listed = registries.list().all().await?.len();
        say(place, format!("listed {listed}"));
        registries.delete(&created.name).await?;
        match registries.find(&created.name).await? {
            None => say(place, format!("deleted {}", created.name)),
            Some(registry) => return Err(format!("{} is still there", registry.name).into()),
        }
    }
    Ok(())
}

fn say(place: &str, step: impl fmt::Display) {
    println!("{place:<26} {step}");
}
