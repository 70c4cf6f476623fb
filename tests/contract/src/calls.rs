//! Every operation, called through the library's public methods.

use github_secrets::{
    Action, AnyAccess, AnySecrets, Error, GitHub, ListedRepository, NewRegistry, Operation,
    Organization, OwnerKind, Pages, Place, PrivateRegistries, PrivateRegistry, RegistryAction,
    RegistryAuth, RegistryType, RegistryUpdate, Repositories, Secret, Store, Visibility,
};
use serde_json::{Value, json};

/// The repository that the calls are about.
pub const REPOSITORY: &str = "acme/website";

/// The environment that the calls are about: a name that has to be encoded.
pub const ENVIRONMENT: &str = "review/eu west";

/// The secret that the calls are about.
pub const NAME: &str = "DB_PASSWORD";

/// The registry that the calls are about.
pub const REGISTRY: &str = "NPM_REGISTRY_SECRET";

/// Returns the operation with this id; of a write with and without a value, the one with it.
pub fn operation(id: &str) -> Option<Operation> {
    let mut operations = Operation::all().filter(|it| it.action() != Some(Action::SetAccess));
    operations.find(|operation| operation.id() == id)
}

/// Calls an operation, and returns what the library says in the words of GitHub's description.
///
/// # Errors
///
/// Returns the error of the call.
pub async fn call(github: &GitHub, operation: Operation) -> Result<Value, Error> {
    let org = github.org("acme")?;
    if let Some(action) = operation.registry_action() {
        return registry(&org.private_registries(), action).await;
    }
    let (Some(owner), Some(store), Some(action)) =
        (operation.owner(), operation.store(), operation.action())
    else {
        return listing(github, &org, operation).await;
    };
    secrets(&github.secrets(&place(owner, store)?), action).await
}

fn place(owner: OwnerKind, store: Store) -> Result<Place, Error> {
    Ok(match owner {
        OwnerKind::Organization => Place::organization("acme", store)?,
        OwnerKind::Repository => Place::repository(REPOSITORY, store)?,
        OwnerKind::Environment => Place::environment(REPOSITORY, ENVIRONMENT)?,
        OwnerKind::User => Place::user(),
        other => panic!("nothing here calls {other:?}"),
    })
}

/// A registry to create, for the calls.
pub fn new_registry() -> NewRegistry {
    let auth = RegistryAuth::token("value");
    let url = "https://npm.acme.example";
    NewRegistry::new(RegistryType::NpmRegistry, url, auth, Visibility::Private).expect("settings")
}

async fn secrets(secrets: &AnySecrets, action: Action) -> Result<Value, Error> {
    match action {
        Action::List => list(secrets.list(), secret).await,
        Action::ListOrganizationSecrets => list(secrets.organization_secrets()?, secret).await,
        Action::PublicKey => key(secrets.public_key().await),
        Action::Find => Ok(json!(secrets.find(NAME).await?.map(secret))),
        Action::Set => stored(secrets.set(NAME, "value", access(secrets)).await),
        Action::SetAccess => {
            let changed = secrets.set_access(NAME, Visibility::All).await?;
            assert!(changed, "the access was another one");
            Ok(Value::Null)
        }
        Action::Delete => done(secrets.delete(NAME).await),
        Action::ListRepositories => {
            list(secrets.repositories(NAME)?.list(), listed_repository).await
        }
        Action::SetRepositories => done(secrets.repositories(NAME)?.set([1]).await),
        Action::AddRepository => done(secrets.repositories(NAME)?.add(1).await),
        Action::RemoveRepository => done(secrets.repositories(NAME)?.remove(1).await),
        other => panic!("nothing here calls {other:?}"),
    }
}

fn access(secrets: &AnySecrets) -> AnyAccess {
    match secrets.place().kind() {
        OwnerKind::Organization => Visibility::selected([1]).into(),
        OwnerKind::User => Repositories::selected([1]).into(),
        _ => AnyAccess::None,
    }
}

async fn registry(registries: &PrivateRegistries, action: RegistryAction) -> Result<Value, Error> {
    match action {
        RegistryAction::List => list(registries.list(), private_registry).await,
        RegistryAction::PublicKey => key(registries.public_key().await),
        RegistryAction::Find => Ok(json!(
            registries.find(REGISTRY).await?.map(private_registry)
        )),
        RegistryAction::Create => {
            let created = registries.create(new_registry()).await?;
            Ok(private_registry(created))
        }
        RegistryAction::Update => {
            let update = RegistryUpdate::new().value("value");
            done(registries.update(REGISTRY, update).await)
        }
        RegistryAction::Delete => done(registries.delete(REGISTRY).await.map(|_| ())),
        other => panic!("nothing here calls {other:?}"),
    }
}

async fn listing(
    github: &GitHub,
    org: &Organization,
    operation: Operation,
) -> Result<Value, Error> {
    match operation.id().as_str() {
        "repos/list-for-org" => list(org.repositories(), listed_repository).await,
        "repos/get-all-environments" => {
            let environments = github.repo(REPOSITORY)?.environments();
            list(
                environments,
                |one| json!({ "id": one.id, "name": one.name }),
            )
            .await
        }
        "users/get-authenticated" => Ok(json!(github.user().id().await?)),
        // Repositories are looked up by the calls that take their names.
        "repos/get" => {
            let selected = org.codespaces().repositories(NAME)?;
            done(selected.add("website").await)
        }
        other => panic!("nothing here calls {other}"),
    }
}

fn done(result: Result<(), Error>) -> Result<Value, Error> {
    result.map(|()| Value::Null)
}

fn stored(result: Result<github_secrets::Stored, Error>) -> Result<Value, Error> {
    result.map(|stored| json!(stored.to_string()))
}

fn key(result: Result<github_secrets::PublicKey, Error>) -> Result<Value, Error> {
    result.map(|key| json!({ "key_id": key.id(), "key": key.as_bytes() }))
}

async fn list<T>(pages: Pages<T>, describe: impl Fn(T) -> Value) -> Result<Value, Error> {
    let entries = pages.all().await?.into_iter();
    Ok(entries.map(describe).collect())
}

fn secret(secret: Secret) -> Value {
    json!({
        "name": secret.name,
        "visibility": secret.visibility.map(|it| it.to_string()),
        "created_at": secret.created_at.to_string(),
        "updated_at": secret.updated_at.to_string(),
    })
}

fn listed_repository(repository: ListedRepository) -> Value {
    json!({
        "id": repository.id,
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "visibility": repository.visibility,
        "html_url": repository.html_url,
        "archived": repository.archived,
    })
}

fn private_registry(registry: PrivateRegistry) -> Value {
    json!({
        "name": registry.name,
        "registry_type": registry.registry_type.to_string(),
        "url": registry.url,
        "username": registry.username,
        "replaces_base": registry.replaces_base,
        "auth_type": registry.auth_type,
        "visibility": registry.visibility.to_string(),
        "created_at": registry.created_at.to_string(),
        "updated_at": registry.updated_at.to_string(),
    })
}
