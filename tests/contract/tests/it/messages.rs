//! The words of every error of every operation: about the store, the owner and the secret at hand.

use std::sync::{Arc, Mutex, PoisonError};

use contract_tests::{Description, Reply, Wire, calls, github};
use github_secrets::{Action, Error, GitHub, Operation, OwnerKind, RegistryAction};

/// A server that refuses one operation, and responds well to the others.
struct Refusing {
    refused: Arc<Mutex<(String, Reply)>>,
    github: GitHub,
    _wire: Wire,
}

impl Refusing {
    fn new() -> Self {
        let refused = Arc::new(Mutex::new((String::new(), Reply::closed())));
        let refusing = Arc::clone(&refused);
        let description = Description::load();
        let wire = Wire::serve(move |request| {
            let refused = refusing.lock().unwrap_or_else(PoisonError::into_inner);
            match description.operation(request) {
                Some(operation) if operation.id == refused.0 => refused.1.clone(),
                _ => github::success(request),
            }
        });
        Self {
            refused,
            github: github::builder(wire.url()).build().expect("settings"),
            _wire: wire,
        }
    }

    /// The error of an operation that gets this reply, if it is one.
    async fn error(&self, operation: Operation, reply: Reply) -> Option<Error> {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = (operation.id(), reply);
        calls::call(&self.github, operation).await.err()
    }
}

/// One reply for each text that an error can have.
fn replies() -> Vec<Reply> {
    let scopes = |reply: Reply, held: &str| {
        reply
            .header("X-OAuth-Scopes", held)
            .header("X-Accepted-OAuth-Scopes", "admin:org")
    };
    let mut replies = vec![
        Reply::closed(),
        Reply::text(200, "text/html", "<html>"),
        github::refusal(403, "Must have admin rights."),
        scopes(github::refusal(403, "Must have admin rights."), "admin:org"),
        github::refusal(403, "Repository was archived so is read-only."),
        github::refusal(403, "Upgrade to GitHub Team to enable this feature."),
        github::refusal(403, "the organization has an IP allow list enabled"),
        github::refusal(403, "Resource protected by organization SAML enforcement."),
        scopes(github::refusal(404, "Not Found"), "repo"),
        scopes(github::refusal(404, "Not Found"), "admin:org"),
        github::refusal(404, "Not Found").header("X-Accepted-GitHub-Permissions", "secrets=read"),
        github::refusal(422, "improperly encrypted secret"),
        github::refusal(422, "/selected_repository_ids/0 is not of type string"),
        github::refusal(422, "You have reached the maximum of 100 secrets."),
        github::refusal(422, "Secret names are odd."),
    ];
    let plain = [400, 401, 402, 403, 404, 408, 409, 410, 418, 422, 500, 503];
    replies.extend(plain.map(|status| github::refusal(status, "GitHub's words")));
    replies
}

/// The stores, in the words of the errors and of GitHub's permissions.
const STORES: [&str; 5] = [
    "actions",
    "agent",
    "codespaces",
    "dependabot",
    "private registr",
];

/// The word for what an operation is about; the lookup of a repository is about no store.
fn own_store(operation: Operation) -> Option<&'static str> {
    let id = operation.id();
    let path = id.split('/').next().expect("a category");
    STORES
        .into_iter()
        .find(|store| path.replace('-', " ").starts_with(store))
}

fn owner(operation: Operation) -> &'static str {
    match operation.owner() {
        None if operation.path().starts_with("/orgs/") => "acme",
        Some(OwnerKind::Organization) => "acme",
        Some(OwnerKind::Environment) => "the environment \"review/eu west\" of acme/website",
        Some(OwnerKind::User) => "the user",
        None if operation.path() == "/user" => "the user",
        _ => "acme/website",
    }
}

/// Operations that are about one secret or registry with a name.
fn name(operation: Operation) -> Option<&'static str> {
    match (operation.action(), operation.registry_action()) {
        (None, None) => None,
        (Some(Action::List | Action::PublicKey | Action::ListOrganizationSecrets), _) => None,
        (_, Some(RegistryAction::List | RegistryAction::PublicKey | RegistryAction::Create)) => {
            None
        }
        (Some(_), _) => Some(calls::NAME),
        (_, Some(_)) => Some(calls::REGISTRY),
    }
}

#[tokio::test]
async fn every_error_speaks_of_the_store_the_owner_and_the_secret_at_hand() {
    let server = Refusing::new();
    for operation in Operation::all() {
        let id = operation.id();
        let mut errors = 0;
        for reply in replies() {
            let Some(error) = server.error(operation, reply).await else {
                continue;
            };
            errors += 1;
            let message = error.to_string();
            if matches!(error, Error::Repository(_)) {
                assert!(message.contains("acme/website"), "{id}: {message}");
                continue;
            }
            assert_eq!(error.operation(), Some(operation), "{message}");
            assert!(message.starts_with("could not "), "{id}: {message}");
            assert!(message.contains(owner(operation)), "{id}: {message}");
            if let Some(name) = name(operation) {
                assert!(message.contains(name), "{id}: {message}");
            }
            let lower = message.to_lowercase();
            let own = own_store(operation);
            if operation.action() != Some(Action::ListOrganizationSecrets)
                && let Some(own) = own
            {
                assert!(lower.contains(own), "{id}: {message}");
            }
            // The name of a permission is none of a store.
            let permission = operation.permissions().permission;
            let others = STORES.into_iter().filter(|other| Some(*other) != own);
            for other in others.filter(|other| !permission.starts_with(other)) {
                assert!(!lower.contains(other), "{id} speaks of {other}: {message}");
            }
        }
        assert!(errors >= 20, "{id}: only {errors} errors");
    }
}

/// What an error says: lower case at the beginning, no full stop, no double space, no blank.
#[tokio::test]
async fn every_error_is_a_sentence_that_can_stand_within_another() {
    let server = Refusing::new();
    for operation in Operation::all() {
        for reply in replies() {
            let Some(error) = server.error(operation, reply).await else {
                continue;
            };
            let message = error.to_string();
            assert!(message.starts_with(char::is_lowercase), "{message}");
            assert!(!message.ends_with('.'), "{message}");
            for odd in ["  ", "\n", " ,", " ;", ";;", "::", ": :", "()", "\"\""] {
                assert!(!message.contains(odd), "{odd:?} in {message}");
            }
            assert!(message.len() < 600, "{} bytes: {message}", message.len());
        }
    }
}

#[tokio::test]
async fn a_404_of_a_write_does_not_say_that_the_secret_is_missing() {
    let server = Refusing::new();
    for (owner, words) in [
        (
            OwnerKind::Organization,
            "the organization or a selected repository does not exist",
        ),
        (OwnerKind::Repository, "acme/website does not exist"),
        (OwnerKind::Environment, "no such environment"),
        (OwnerKind::User, "a selected repository does not exist"),
    ] {
        let sets = Operation::all().filter(|it| it.owner() == Some(owner));
        for set in sets.filter(|it| it.action() == Some(Action::Set)) {
            let error = server.error(set, github::refusal(404, "Not Found")).await;
            let message = error.expect("an error").to_string();
            assert!(message.contains(words), "{message}");
            assert!(!message.contains("no such secret"), "{message}");
        }
    }
}

#[tokio::test]
async fn an_organization_that_is_not_found_can_mean_three_things() {
    let server = Refusing::new();
    for operation in Operation::all() {
        let is_key = operation.action() == Some(Action::PublicKey)
            || operation.registry_action() == Some(RegistryAction::PublicKey);
        if operation.owner() != Some(OwnerKind::Organization) || !is_key {
            continue;
        }
        let error = server
            .error(operation, github::refusal(404, "Not Found"))
            .await;
        let error = error.expect("an error");
        assert!(matches!(error, Error::NotFound(_)), "{error:?}");
        let message = error.to_string();
        for words in [
            "this can mean three things",
            "the organization does not exist",
            "GitHub Team or Enterprise",
            "the token may not see them",
            "admin:org",
        ] {
            assert!(message.contains(words), "{words:?} is not in: {message}");
        }
    }
}
