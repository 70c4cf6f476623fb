//! What the library says of GitHub's operations, held against GitHub's own description.

use std::collections::{BTreeMap, BTreeSet};

use contract_tests::Description;
use github_secrets::{Action, Operation, OwnerKind, Store};

#[test]
fn the_operations_are_those_of_the_description_with_their_methods_and_paths() {
    let described: BTreeSet<_> = Description::load()
        .operations()
        .iter()
        .map(|it| (it.id.clone(), it.method.clone(), it.path.clone()))
        .collect();
    let ours: BTreeSet<_> = Operation::all()
        .map(|it| (it.id(), it.method().to_owned(), it.path()))
        .collect();
    assert_eq!(ours, described);
}

#[test]
fn only_the_change_of_access_shares_the_id_of_another_operation() {
    let mut by_id = BTreeMap::<_, Vec<_>>::new();
    for operation in Operation::all() {
        by_id
            .entry(operation.id())
            .or_default()
            .push(operation.action());
    }
    for (id, actions) in by_id {
        match actions.as_slice() {
            [_] => {}
            [first, second] => {
                let both = [*first, *second];
                assert!(both.contains(&Some(Action::Set)), "{id}");
                assert!(both.contains(&Some(Action::SetAccess)), "{id}");
            }
            more => panic!("{id}: {more:?}"),
        }
    }
}

/// What a token needs below a path.
struct Needs {
    path: &'static str,
    /// The scope of a classic token.
    scope: &'static str,
    /// The permission of another token.
    permission: &'static str,
    /// The access that reading takes; writing always takes `write`.
    to_read: &'static str,
}

const fn needs(path: &'static str, scope: &'static str, permission: &'static str) -> Needs {
    Needs {
        path,
        scope,
        permission,
        to_read: "read",
    }
}

/// From GitHub's list of permissions for fine-grained tokens, and for the scopes from the texts of
/// its description.
const NEEDS: [Needs; 15] = [
    needs("/orgs/{org}/actions/", "admin:org", "organization_secrets"),
    needs(
        "/orgs/{org}/agents/",
        "admin:org",
        "organization_agent_secrets",
    ),
    needs(
        "/orgs/{org}/codespaces/",
        "admin:org",
        "organization_codespaces_secrets",
    ),
    needs(
        "/orgs/{org}/dependabot/",
        "admin:org",
        "organization_dependabot_secrets",
    ),
    needs(
        "/orgs/{org}/private-registries",
        "admin:org",
        "organization_private_registries",
    ),
    needs("/repos/{owner}/{repo}/actions/", "repo", "secrets"),
    needs("/repos/{owner}/{repo}/agents/", "repo", "agent_secrets"),
    Needs {
        to_read: "write",
        ..needs(
            "/repos/{owner}/{repo}/codespaces/",
            "repo",
            "codespaces_secrets",
        )
    },
    needs(
        "/repos/{owner}/{repo}/dependabot/",
        "repo",
        "dependabot_secrets",
    ),
    needs(
        "/repos/{owner}/{repo}/environments/",
        "repo",
        "environments",
    ),
    needs(
        "/user/codespaces/",
        "codespace:secrets",
        "codespaces_user_secrets",
    ),
    // Any token of a user reads it; this one is what the secrets of the user take.
    needs("/user", "codespace:secrets", "codespaces_user_secrets"),
    needs("/orgs/{org}/repos", "repo", "metadata"),
    needs("/repos/{owner}/{repo}/environments", "repo", "actions"),
    needs("/repos/{owner}/{repo}", "repo", "metadata"),
];

#[test]
fn every_operation_needs_the_permissions_that_github_lists() {
    for operation in Operation::all() {
        let (id, path) = (operation.id(), operation.path());
        let mut rows = NEEDS.iter().filter(|row| path.starts_with(row.path));
        let row = rows.next().expect("a row of the table");
        let access = match operation.method() {
            "GET" => row.to_read,
            _ => "write",
        };
        let mut permission = format!("{}={access}", row.permission);
        // The token has to see a repository that it selects.
        if path.ends_with("/repositories/{repository_id}") {
            permission += ",metadata=read";
        }
        let told = operation.permissions();
        assert_eq!(told.classic_scope, row.scope, "{id}");
        assert_eq!(told.fine_grained(), permission, "{id}");
        let words = told.to_string();
        assert!(
            words.contains(row.scope) && words.contains(&permission),
            "{words}"
        );
    }
}

#[test]
fn every_operation_is_found_by_its_owner_its_store_and_its_action() {
    for operation in Operation::all() {
        let found = match (operation.owner(), operation.store(), operation.action()) {
            (Some(owner), Some(store), Some(action)) => Operation::new(owner, store, action),
            (Some(OwnerKind::Organization), None, None) => {
                operation.registry_action().map(Operation::registry)
            }
            _ => continue,
        };
        assert_eq!(found, Some(operation));
    }
    for store in Store::ALL {
        let environment = Operation::new(OwnerKind::Environment, store, Action::Set);
        assert_eq!(environment.is_some(), store == Store::Actions);
        let user = Operation::new(OwnerKind::User, store, Action::Set);
        assert_eq!(user.is_some(), store == Store::Codespaces);
        let access = Operation::new(OwnerKind::Organization, store, Action::SetAccess);
        assert_eq!(access.is_some(), store != Store::Agents);
    }
}
