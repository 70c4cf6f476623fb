//! The words of every error of every operation: about the store, the owner and the secret at hand.

use std::sync::{Arc, Mutex, PoisonError};

use contract_tests::{Description, Reply, Wire, calls, github};
use github_secrets::{Action, Error, GitHub, Operation, OwnerKind, RegistryAction, Store};

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
        scopes(github::refusal(403, "Forbidden"), ""),
        github::refusal(403, "Forbidden").header("X-GitHub-SSO", "required; url=https://sso"),
        github::refusal(403, "forbids access via a token if its lifetime is greater"),
        github::refusal(403, "forbids access via a personal access token (classic)"),
        github::refusal(403, "has enabled OAuth App access restrictions"),
        github::refusal(403, "Sorry. Your account was suspended."),
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
            "the token has no access to them",
            "admin:org",
        ] {
            assert!(message.contains(words), "{words:?} is not in: {message}");
        }
    }
}

#[tokio::test]
async fn what_each_operation_was_to_do_is_said() {
    let server = Refusing::new();
    let mut said = Vec::new();
    // The name of the store is the only difference between the others.
    let told = Operation::all().filter(|it| matches!(it.store(), None | Some(Store::Actions)));
    for operation in told {
        let error = server
            .error(operation, github::refusal(418, "GitHub's words"))
            .await;
        let message = error.expect("refused").to_string();
        said.push(
            message
                .split(": GitHub")
                .next()
                .unwrap_or_default()
                .to_owned(),
        );
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
    could not list the Actions secrets of acme
    could not fetch the public key for the Actions secrets of acme
    could not read the Actions secret DB_PASSWORD of acme
    could not create or update the Actions secret DB_PASSWORD of acme
    could not change who can use the Actions secret DB_PASSWORD of acme
    could not delete the Actions secret DB_PASSWORD of acme
    could not list the repositories selected for the Actions secret DB_PASSWORD of acme
    could not set the repositories selected for the Actions secret DB_PASSWORD of acme
    could not select a repository for the Actions secret DB_PASSWORD of acme
    could not deselect a repository for the Actions secret DB_PASSWORD of acme
    could not list the Actions secrets of acme/website
    could not fetch the public key for the Actions secrets of acme/website
    could not read the Actions secret DB_PASSWORD of acme/website
    could not create or update the Actions secret DB_PASSWORD of acme/website
    could not delete the Actions secret DB_PASSWORD of acme/website
    could not list the organization's secrets shared with acme/website
    could not list the Actions secrets of the environment "review/eu west" of acme/website
    could not fetch the public key for the Actions secrets of the environment "review/eu west" of acme/website
    could not read the Actions secret DB_PASSWORD of the environment "review/eu west" of acme/website
    could not create or update the Actions secret DB_PASSWORD of the environment "review/eu west" of acme/website
    could not delete the Actions secret DB_PASSWORD of the environment "review/eu west" of acme/website
    could not list the private registries of acme
    could not fetch the public key for the private registries of acme
    could not read the private registry NPM_REGISTRY_SECRET of acme
    could not create a private registry of acme
    could not update the private registry NPM_REGISTRY_SECRET of acme
    could not delete the private registry NPM_REGISTRY_SECRET of acme
    could not look up the repository acme/website
    could not list the repositories of acme
    could not list the environments of acme/website
    could not look up the user
    "#);
}

/// Operations whose refusals have texts of their own.
const TELLING: [&str; 12] = [
    "actions/create-or-update-org-secret",
    "actions/get-org-public-key",
    "actions/add-selected-repo-to-org-secret",
    "actions/create-or-update-repo-secret",
    "actions/get-repo-secret",
    "actions/create-or-update-environment-secret",
    "actions/delete-environment-secret",
    "agents/create-or-update-org-secret",
    "codespaces/create-or-update-secret-for-authenticated-user",
    "codespaces/list-secrets-for-authenticated-user",
    "codespaces/add-repository-for-secret-for-authenticated-user",
    "private-registries/create-org-private-registry",
];

#[tokio::test]
async fn what_a_refusal_means_and_what_helps_is_said() {
    let server = Refusing::new();
    let change = Operation::all().find(|it| it.action() == Some(Action::SetAccess));
    let mut said = Vec::new();
    for operation in TELLING.map(calls::operation).into_iter().chain([change]) {
        let operation = operation.expect("an operation");
        for reply in replies() {
            let Some(error) = server.error(operation, reply).await else {
                continue;
            };
            let message = error.to_string();
            let words = message
                .split_once(": ")
                .map_or(message.as_str(), |(_, words)| words);
            let words = words.split(" (").next().unwrap_or_default().to_owned();
            if !said.contains(&words) {
                said.push(words);
            }
        }
    }
    insta::assert_snapshot!(said.join("\n"), @"
    the connection broke before the response was complete
    the status is not one that GitHub documents; check that the API address is GitHub's; the change may have taken effect, and repeating it is safe
    the token lacks the scope admin:org
    the token's scopes are enough, but its owner lacks access; ask an administrator of acme for it
    the repository is archived and so read-only; unarchive it before changing its secrets
    the plan does not include this feature; upgrade it first
    the organization's IP allow list does not contain this machine's address; run this from an allowed address, or have the address added
    authorize the token for the organization's single sign-on
    the organization or a selected repository does not exist, or the token has no access to it; the token has scope `repo` but needs `admin:org`
    the organization or a selected repository does not exist, or the token has no access to it
    the organization or a selected repository does not exist, or the token has no access to it; it needs the permission secrets=read
    the token has no scopes but needs `admin:org`
    authorize the token for the organization's single sign-on at https://sso
    the token's lifetime is longer than the organization or enterprise allows; create one that expires sooner
    the organization or enterprise does not accept this kind of token; use another kind, such as a fine-grained token or a GitHub App's
    the organization has not approved the OAuth app that the token belongs to; have an owner approve it, or use another kind of token
    the account of the token's owner is suspended; use a token of another account
    GitHub reports that the value is not sealed to its key, although the key was fetched again; try again later
    GitHub accepts the ids of repositories neither as numbers nor as strings
    the store is full: GitHub documents a limit of 1,000 secrets
    GitHub does not accept the name
    GitHub could not parse the request, or does not support this API version
    GitHub does not accept the token: it is wrong, expired or revoked; use a valid one, and do not retry with this one, since GitHub then locks its owner out
    GitHub denied the request without a documented reason; check that the token includes the scope admin:org
    the organization or a selected repository does not exist, or the token has no access to it; it needs the scope admin:org
    GitHub is temporarily unavailable; try again later; the change may have taken effect, and repeating it is safe
    the secret's visibility has to be `selected` before single repositories can be selected; change its visibility first
    GitHub refuses the request
    GitHub does not accept the request; check the name and the repositories, and that the store is not full: GitHub documents a limit of 1,000 secrets
    the body does not match GitHub's description
    this can mean three things: the organization does not exist; its plan has no organization secrets, which need GitHub Team or Enterprise; or the token has no access to them; the token has scope `repo` but needs `admin:org`
    this can mean three things: the organization does not exist; its plan has no organization secrets, which need GitHub Team or Enterprise; or the token has no access to them
    this can mean three things: the organization does not exist; its plan has no organization secrets, which need GitHub Team or Enterprise; or the token has no access to them; it needs the permission secrets=read
    GitHub does not accept the request; check what it sets. GitHub's own message is left out here, because it can repeat what was sent
    this can mean three things: the organization does not exist; its plan has no organization secrets, which need GitHub Team or Enterprise; or the token has no access to them; it needs the scope admin:org
    GitHub is temporarily unavailable; try again later
    it does not exist, or the token has no access to it; the token has scope `repo` but needs `admin:org`
    it does not exist, or the token has no access to it
    it does not exist, or the token has no access to it; it needs the permission secrets=read
    it does not exist, or the token has no access to it; it needs the scope admin:org
    the token lacks the scope repo
    the token's scopes are enough, but its owner lacks access; ask an administrator of acme/website for it
    acme/website does not exist, or the token has no access to it; the token has scope `repo` but needs `admin:org`
    acme/website does not exist, or the token has no access to it
    acme/website does not exist, or the token has no access to it; it needs the permission secrets=read
    the store is full: GitHub documents a limit of 100 secrets
    GitHub denied the request without a documented reason; check that the token includes the scope repo
    acme/website does not exist, or the token has no access to it; it needs the scope repo
    GitHub reports a conflict with the current state; check it before you try again
    GitHub does not accept the request; check the name and the repositories, and that the store is not full: GitHub documents a limit of 100 secrets
    this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token has no access to it; the token has scope `repo` but needs `admin:org`
    this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token has no access to it
    this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token has no access to it; it needs the permission secrets=read
    this can mean three things: the repository does not exist; it has no such environment, which has to be created first; or the token has no access to it; it needs the scope repo
    this can mean three things: the repository does not exist; it has no such environment, which has to be created first, or no such secret; or the token has no access to it; the token has scope `repo` but needs `admin:org`
    this can mean three things: the repository does not exist; it has no such environment, which has to be created first, or no such secret; or the token has no access to it
    this can mean three things: the repository does not exist; it has no such environment, which has to be created first, or no such secret; or the token has no access to it; it needs the permission secrets=read
    this can mean three things: the repository does not exist; it has no such environment, which has to be created first, or no such secret; or the token has no access to it; it needs the scope repo
    the store is full: GitHub documents no limit for this store, and a limit of 100 secrets for others
    GitHub does not accept the request; check the name and the repositories, and that the store is not full: GitHub documents no limit for this store, and a limit of 100 secrets for others
    the token lacks the scope codespace:secrets
    the token's scopes are enough, but its owner lacks access
    a selected repository does not exist, or the token has no access to it or the user's secrets; the token has scope `repo` but needs `admin:org`
    a selected repository does not exist, or the token has no access to it or the user's secrets
    a selected repository does not exist, or the token has no access to it or the user's secrets; it needs the permission secrets=read
    GitHub denied the request without a documented reason; check that the token includes the scope codespace:secrets
    a selected repository does not exist, or the token has no access to it or the user's secrets; it needs the scope codespace:secrets
    the token has no access to a user's secrets; an installation token of a GitHub App has no user; the token has scope `repo` but needs `admin:org`
    the token has no access to a user's secrets; an installation token of a GitHub App has no user
    the token has no access to a user's secrets; an installation token of a GitHub App has no user; it needs the permission secrets=read
    the token has no access to a user's secrets; an installation token of a GitHub App has no user; it needs the scope codespace:secrets
    it does not exist, or the token has no access to it; it needs the scope codespace:secrets
    the status is not one that GitHub documents; check that the API address is GitHub's; it may have taken effect, so check before you repeat it
    acme does not exist, or the token has no access to it; the token has scope `repo` but needs `admin:org`
    acme does not exist, or the token has no access to it
    acme does not exist, or the token has no access to it; it needs the permission secrets=read
    the store is full: GitHub documents no limit
    acme does not exist, or the token has no access to it; it needs the scope admin:org
    GitHub is temporarily unavailable; try again later; it may have taken effect, so check before you repeat it
    GitHub may require the value together with the access: use `set` for both; or a repository does not belong to the organization
    ");
}
