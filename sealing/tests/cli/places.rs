//! Several places in one run.

use github_secrets_emulator::{Emulator, Organization, Place, Repository, Store, StoredSecret};
use serde_json::{Value, json};

use crate::{
    assert_ran,
    program::{Ran, Run, file, on, opened, program, writes},
};

/// An organization with the repositories `a` and `b`, each with an environment.
async fn acme(secrets: &[(&str, &str)]) -> Emulator {
    let repository = |id, name| Repository::new(id, name).environment("production");
    let acme = Organization::new("acme")
        .repository(repository(1, "a"))
        .repository(repository(2, "b"));
    let mut builder = Emulator::builder().organization(acme);
    for (place, name) in secrets {
        builder = builder.secret(place.parse().unwrap(), StoredSecret::new(*name, "old"));
    }
    builder.start().await.unwrap()
}

/// The rows, which come in the order in which the secrets finish.
fn sorted(ran: &Ran) -> Vec<&str> {
    let mut rows: Vec<_> = ran.stdout.lines().collect();
    rows.sort_unstable();
    rows
}

/// Where the emulator holds secrets.
fn held(emulator: &Emulator) -> Vec<String> {
    let secrets = emulator.all_secrets().into_iter();
    let mut held: Vec<_> = secrets
        .map(|(place, secret)| format!("{place}/{}", secret.name()))
        .collect();
    held.sort_unstable();
    held
}

#[tokio::test]
async fn one_value_goes_into_every_repository_and_store_with_a_place_in_each_row() {
    let emulator = acme(&[("repos/acme/b/dependabot", "TOKEN")]).await;

    let options = "-R acme/a -R acme/b,ACME/A --app actions,dependabot --app actions";
    let ran = on(&emulator, &format!("set TOKEN {options}")).run("value");

    assert_eq!(
        sorted(&ran),
        [
            "created\trepos/acme/a/actions\tTOKEN",
            "created\trepos/acme/a/dependabot\tTOKEN",
            "created\trepos/acme/b/actions\tTOKEN",
            "updated\trepos/acme/b/dependabot\tTOKEN",
        ]
    );
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (
            0,
            "setting TOKEN in 4 places\n4 secrets in 4 places: 3 created, 1 updated\n"
        )
    );
    for place in ["repos/acme/a/dependabot", "repos/acme/b/actions"] {
        assert_eq!(opened(&emulator, place, "TOKEN").unwrap(), "value");
    }
    let requests = emulator.requests().len();
    assert_eq!((requests, writes(&emulator)), (8, 4));
}

#[tokio::test]
async fn all_stores_and_the_environment_of_each_repository_can_be_named() {
    let emulator = acme(&[]).await;

    let all = on(&emulator, "set A --org acme --app all --visibility all").run("value");
    let environments = on(&emulator, "set A -R acme/a,acme/b --env production").run("value");

    assert_eq!((all.code, environments.code), (0, 0));
    assert_eq!(
        held(&emulator),
        [
            "orgs/acme/actions/A",
            "orgs/acme/agents/A",
            "orgs/acme/codespaces/A",
            "orgs/acme/dependabot/A",
            "repos/acme/a/environments/production/A",
            "repos/acme/b/environments/production/A",
        ]
    );
    assert_ran!(program("set A -R a/b --env production --app all").run(""), @"
    exit code 2
    [stderr]
    error: an environment has Actions secrets only; leave out --app or --env
    ");
}

#[tokio::test]
async fn a_file_is_imported_into_each_place() {
    let emulator = acme(&[]).await;
    let path = file("places.env", "A=1\nB=2\n");

    let ran = on(&emulator, &format!("import {path} -R acme/a,acme/b")).run("");

    assert_eq!(sorted(&ran).len(), 4, "{ran}");
    assert_eq!(
        ran.stderr,
        "importing 2 secrets into each of 2 places\n4 secrets in 2 places: 4 created\n"
    );
    for place in ["repos/acme/a/actions", "repos/acme/b/actions"] {
        let values = ["A", "B"].map(|name| opened(&emulator, place, name).unwrap());
        assert_eq!(values, ["1", "2"]);
    }
}

#[tokio::test]
async fn a_rotation_leaves_out_the_places_without_the_secret() {
    let emulator = acme(&[("repos/acme/a/actions", "TOKEN")]).await;

    let ran = on(&emulator, "rotate TOKEN -R acme/a,acme/b").run("new");

    assert_eq!(
        sorted(&ran),
        [
            "failed\trepos/acme/b/actions\tTOKEN",
            "updated\trepos/acme/a/actions\tTOKEN"
        ]
    );
    assert_eq!(ran.code, 3, "{ran}");
    assert_eq!(held(&emulator), ["repos/acme/a/actions/TOKEN"]);
    let value = opened(&emulator, "repos/acme/a/actions", "TOKEN");
    assert_eq!(value.unwrap(), "new");
}

#[tokio::test]
async fn secrets_are_deleted_in_each_place_where_they_are() {
    let secrets = [
        ("repos/acme/a/actions", "A"),
        ("repos/acme/a/actions", "B"),
        ("repos/acme/b/actions", "B"),
    ];
    let emulator = acme(&secrets).await;

    let delete = "delete A B -R acme/a,acme/b,acme/gone --if-exists";
    let ran = on(&emulator, delete).run("");

    let rows = sorted(&ran);
    let is_row = |row: &&&str| !row.contains("acme/gone");
    let rows: Vec<_> = rows.iter().filter(is_row).collect();
    assert_eq!(
        rows,
        [
            &"deleted\trepos/acme/a/actions\tA",
            &"deleted\trepos/acme/a/actions\tB",
            &"deleted\trepos/acme/b/actions\tB",
            &"did not exist\trepos/acme/b/actions\tA",
        ]
    );
    // A repository that is not there is no secret that is not there.
    assert_eq!(ran.code, 3, "{ran}");
    assert!(ran.stderr.contains("acme/gone does not exist"), "{ran}");
    assert!(held(&emulator).is_empty());

    let again = on(&emulator, "delete A --repo acme/a --if-exists").run("");
    assert_ran!(again, @"
    exit code 0
    [stdout]
    did not exist→A
    [stderr]
    1 secret: 1 did not exist
    ");
}

#[tokio::test]
async fn each_result_is_a_line_of_json_that_a_program_can_read() {
    let emulator = acme(&[]).await;
    let path = file("json.env", "A=1\nB=2\n");

    let import = format!("import {path} -R acme/a,acme/gone --json");
    let ran = on(&emulator, &import).run("");

    let mut rows: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    rows.sort_by_key(|row| (row["place"].to_string(), row["result"].to_string()));
    let created = |name| json!({"place": "repos/acme/a/actions", "name": name, "result": "created", "error": null});
    assert_eq!(rows.len(), 4, "{ran}");
    assert!(rows[..2].contains(&created("A")) && rows[..2].contains(&created("B")));
    assert_eq!(rows[2]["result"], "failed");
    let error = rows[2]["error"].as_str().unwrap();
    assert!(error.contains("acme/gone does not exist"), "{error}");
    assert_eq!(rows[3]["result"], "not tried");
    let reason = "every other secret of this place would fail with the same error";
    assert_eq!(rows[3]["error"], reason);
    // The same is said where people look.
    let said = format!("error: repos/acme/gone/actions: 1 secret not tried: {reason}\n");
    assert!(ran.stderr.contains(&said), "{ran}");
    assert_eq!(ran.code, 3);

    for one in [
        "set C --json",
        "rotate C --json",
        "delete C --json",
        "delete C --json --if-exists",
    ] {
        let ran = on(&emulator, &format!("{one} -R acme/a")).run("value");
        let row: Value = serde_json::from_str(&ran.stdout).unwrap();
        let place_and_name = (row["place"].as_str(), row["name"].as_str());
        assert_eq!(place_and_name, (Some("repos/acme/a/actions"), Some("C")));
    }
}

#[tokio::test]
async fn a_list_of_several_places_says_where_each_secret_is_and_what_cannot_be_read() {
    let secrets = [
        ("repos/acme/a/actions", "A"),
        ("repos/acme/b/dependabot", "B"),
    ];
    let emulator = acme(&secrets).await;

    let ran = on(&emulator, "list -R acme/b,acme/a --app all").run("");
    assert_ran!(ran, @"
    exit code 0
    [stdout]
    repos/acme/a/actions→A→TIME
    repos/acme/b/dependabot→B→TIME
    ");

    let partly = on(&emulator, "list -R acme/gone,acme/a --json").run("");
    let rows: Value = serde_json::from_str(&partly.stdout).unwrap();
    assert_eq!(rows[0]["place"], "repos/acme/a/actions");
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert!(
        partly
            .stderr
            .ends_with("error: 1 of 2 places could not be listed\n")
    );
    assert_eq!(partly.code, 3);

    let nothing = on(&emulator, "list -R acme/gone,acme/away").run("");
    assert_eq!((nothing.code, nothing.stdout.as_str()), (1, ""));
}

#[tokio::test]
async fn a_repository_shows_what_its_organization_shares_with_it() {
    let organization = Place::organization("acme", Store::Actions);
    let emulator = Emulator::builder()
        .secret(organization.clone(), StoredSecret::new("OWN", "value"))
        .secret(organization.clone(), StoredSecret::new("SHARED", "value"))
        .secret(
            organization,
            StoredSecret::new("OTHER", "value").selected([1_296_269]),
        )
        .secret(
            Place::repository("acme/website", Store::Actions),
            StoredSecret::new("OWN", "value"),
        )
        .start()
        .await
        .unwrap();

    let ran = on(&emulator, "list --repo acme/website --inherited").run("");
    assert_ran!(ran, @"
    exit code 0
    [stdout]
    OWN→TIME→repository
    OWN→TIME→organization, hidden
    SHARED→TIME→organization
    ");

    let nowhere = "list --repo acme/website --app dependabot --inherited";
    assert_ran!(on(&emulator, nowhere).run(""), @"
    exit code 2
    [stderr]
    error: --inherited goes with the Actions and Agents secrets of a repository; GitHub does not list for others what an organization shares
    ");
}
