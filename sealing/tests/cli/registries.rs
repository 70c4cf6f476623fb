use github_secrets_emulator::{Emulator, Fault, Matcher, Visibility};
use serde_json::Value;

use crate::{
    assert_ran,
    program::{Run, emulator, on, writes},
};

const NPM: &str = "registries create --org acme --type npm_registry --url https://npm.acme.example";

async fn with_npm() -> Emulator {
    let emulator = emulator().await;
    on(&emulator, &format!("{NPM} --visibility private")).run("old");
    emulator
}

#[tokio::test]
async fn a_registry_with_a_token_is_created_and_opened() {
    let emulator = emulator().await;

    let ran = on(&emulator, &format!("{NPM} --repos website --replaces-base")).run("npm token");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    created NPM_REGISTRY_SECRET
    ");
    let [registry] = &emulator.registries("acme")[..] else {
        panic!("one registry");
    };
    assert_eq!(registry.value(), Some(&b"npm token"[..]));
    assert_eq!(registry.auth_type(), "token");
    assert_eq!(registry.selected_repository_ids(), [1_296_280]);
    assert!(registry.replaces_base());
}

#[tokio::test]
async fn a_registry_with_a_password_has_its_user_name() {
    let emulator = emulator().await;
    let create = format!("{NPM} --username deploy --visibility all --json");

    let ran = on(&emulator, &create).run("password");

    let created: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(created["name"], "NPM_REGISTRY_SECRET");
    let [registry] = &emulator.registries("acme")[..] else {
        panic!("one registry");
    };
    assert_eq!(registry.auth_type(), "username_password");
    assert_eq!(
        (registry.username(), registry.value()),
        (Some("deploy"), Some(&b"password"[..]))
    );
}

#[tokio::test]
async fn each_provider_of_oidc_takes_its_own_options_and_no_value() {
    let providers = [
        ("azure", "--tenant-id T --client-id C"),
        (
            "aws",
            "--aws-region R --account-id A --role-name N --domain D --domain-owner O",
        ),
        ("jfrog", "--provider-name P --identity-mapping-name I"),
        (
            "cloudsmith",
            "--namespace N --service-slug S --audience A --api-host api.x.example",
        ),
        (
            "gcp",
            "--workload-identity-provider W --service-account S --audience A",
        ),
    ];
    for (provider, options) in providers {
        let emulator = emulator().await;
        let create = format!("{NPM} --visibility all --oidc {provider} {options}");

        let ran = on(&emulator, &create).run("");

        assert_eq!(ran.code, 0, "{ran}");
        let registry = &emulator.registries("acme")[0];
        assert_eq!(registry.auth_type(), format!("oidc_{provider}"));
        assert_eq!(registry.settings().len(), options.matches("--").count());
        assert_eq!(registry.value(), None);
        let shown = on(&emulator, "registries show NPM_REGISTRY_SECRET --org acme").run("");
        for (name, value) in options
            .split("--")
            .filter_map(|option| option.trim().split_once(' '))
        {
            assert!(shown.rows().contains(&vec![name, value]), "{name}: {shown}");
        }
    }
}

#[tokio::test]
async fn options_of_another_provider_or_missing_ones_are_refused() {
    let emulator = emulator().await;
    let create = format!("{NPM} --visibility all");

    let missing = on(&emulator, &format!("{create} --oidc azure --tenant-id T")).run("");
    let other = on(
        &emulator,
        &format!("{create} --oidc gcp --workload-identity-provider W --domain D"),
    )
    .run("");
    let without = on(&emulator, &format!("{create} --tenant-id T")).run("");
    let kind = on(
        &emulator,
        "registries create --org acme --type npm --url https://x.example",
    )
    .run("");
    let url = on(
        &emulator,
        "registries create --org acme --type npm_registry --url npm -v all",
    )
    .run("v");

    assert_ran!(missing, @"
    exit code 2
    [stderr]
    error: this OIDC provider needs --client-id
    ");
    assert_ran!(other, @"
    exit code 2
    [stderr]
    error: --domain is not a setting of this OIDC provider; see --help
    ");
    assert_ran!(without, @"
    exit code 2
    [stderr]
    error: the following required arguments were not provided:
      --oidc <PROVIDER>

    Usage: github-secrets registries create --org <LOGIN> --type <TYPE> --url <URL> --oidc <PROVIDER> --visibility <KIND> --tenant-id <ID> --api-url <URL>

    For more information, try '--help'.
    ");
    assert_ran!(kind, @"
    exit code 2
    [stderr]
    error: invalid value '…' for '--type <TYPE>': not a kind of registry; use maven_repository, nuget_feed, goproxy_server, npm_registry, rubygems_server, cargo_registry, composer_repository, docker_registry, git_source, helm_registry, hex_organization, hex_repository, pub_repository, python_index or terraform_registry

    For more information, try '--help'.
    ");
    assert_ran!(url, @"
    exit code 2
    [stderr]
    error: the registry's address is not a URL of the form https://HOST/PATH, without a user name or a password
    ");
    assert_eq!(emulator.requests().len(), 0);
}

#[tokio::test]
async fn registries_are_listed_and_shown() {
    let emulator = with_npm().await;

    let list = on(&emulator, "registries list --org acme").run("");
    let show = on(&emulator, "registries show NPM_REGISTRY_SECRET --org acme").run("");
    let json = on(&emulator, "registries list --org acme --json").run("");
    let missing = on(&emulator, "registries show OTHER --org acme").run("");

    assert_ran!(list, @"
    exit code 0
    [stdout]
    NPM_REGISTRY_SECRET→npm_registry→https://npm.acme.example→private→TIME
    ");
    assert_ran!(show, @"
    exit code 0
    [stdout]
    name→NPM_REGISTRY_SECRET
    type→npm_registry
    url→https://npm.acme.example
    replaces base→false
    auth type→token
    visibility→private
    created→TIME
    updated→TIME
    ");
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json[0]["registry_type"], "npm_registry");
    assert_ran!(missing, @"
    exit code 1
    [stderr]
    error: there is no private registry of this name, or the token has no access to it
    ");
}

#[tokio::test]
async fn an_update_changes_what_is_said_and_nothing_else() {
    let emulator = with_npm().await;
    let update = "registries update NPM_REGISTRY_SECRET --org acme";
    let registry = || emulator.registries("acme").remove(0);

    let url = on(&emulator, &format!("{update} --url https://other.example")).run("ignored");
    assert_ran!(url, @"
    exit code 0
    [stdout]
    updated NPM_REGISTRY_SECRET
    ");
    assert_eq!(registry().url(), "https://other.example");
    assert_eq!(registry().value(), Some(&b"old"[..]));

    on(&emulator, &format!("{update} --new-value")).run("new");
    assert_eq!(registry().value(), Some(&b"new"[..]));

    on(
        &emulator,
        &format!("{update} --repos website --replaces-base true"),
    )
    .run("");
    assert_eq!(registry().visibility(), Visibility::Selected);
    assert!(registry().replaces_base());
    assert_eq!(registry().url(), "https://other.example");

    let before = writes(&emulator);
    let nothing = on(&emulator, update).run("new");
    assert_ran!(nothing, @"
    exit code 2
    [stderr]
    error: no option says what to change; see --help
    ");
    assert_eq!(writes(&emulator), before);
}

#[tokio::test]
async fn a_deletion_whose_response_was_lost_does_not_say_that_the_registry_existed() {
    let emulator = with_npm().await;
    let delete = Matcher::operation("private-registries/delete-org-private-registry");
    let lost = Fault::dropped().after_write().on(delete);
    for name in ["NPM_REGISTRY_SECRET", "OTHER"] {
        emulator.fault(lost.clone().on(Matcher::path(name)));
    }

    let delete = "registries delete NPM_REGISTRY_SECRET OTHER --org acme";
    let ran = on(&emulator, delete).run("");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    deleted or did not exist→NPM_REGISTRY_SECRET
    deleted or did not exist→OTHER
    [stderr]
    2 registries: 2 deleted or did not exist
    ");
    assert!(emulator.registries("acme").is_empty());
}

#[tokio::test]
async fn registries_are_deleted() {
    let emulator = with_npm().await;

    let ran = on(
        &emulator,
        "registries delete NPM_REGISTRY_SECRET OTHER --org acme",
    )
    .run("");

    assert_ran!(ran, @"
    exit code 3
    [stdout]
    deleted→NPM_REGISTRY_SECRET
    failed→OTHER
    [stderr]
    error: could not delete the private registry OTHER of acme: it does not exist, or the token has no access to it (status 404, request ID)
    2 registries: 1 deleted, 1 failed
    ");
    assert!(emulator.registries("acme").is_empty());
}
