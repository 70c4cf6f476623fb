//! `access --add-repos` and `--remove-repos`: everything is looked up before anything is changed.

use github_secrets_emulator::{Emulator, Fault, Matcher, StoredSecret};

use crate::{
    access::{place, selected, shared},
    assert_ran,
    program::{Run, emulator, file, on, program, writes},
};

#[tokio::test]
async fn repositories_are_added_and_removed_and_the_others_stay() {
    let emulator = shared(&[1_296_269]).await;

    let added = on(&emulator, "access TOKEN --org acme --add-repos website").run("");
    assert_ran!(added, @"
    exit code 0
    [stdout]
    added→website
    [stderr]
    1 repository: 1 added
    ");
    assert_eq!(selected(&emulator), [1_296_269, 1_296_280]);

    let removed = on(&emulator, "access TOKEN --org acme --remove-repos 1296269").run("");
    assert_ran!(removed, @"
    exit code 0
    [stdout]
    removed→1296269
    [stderr]
    1 repository: 1 removed
    ");
    assert_eq!(selected(&emulator), [1_296_280]);
}

#[tokio::test]
async fn a_repository_that_had_access_or_had_none_is_no_change() {
    let emulator = shared(&[1_296_280]).await;

    let options = "--add-repos website,WEBSITE,acme/website --remove-repos Hello-World,77";
    let ran = on(&emulator, &format!("access TOKEN --org acme {options}")).run("");

    assert_ran!(ran, @"
    exit code 0
    [stdout]
    had access→website
    had no access→Hello-World
    had no access→77
    [stderr]
    3 repositories: 1 had access, 2 had no access
    ");
    assert_eq!((writes(&emulator), selected(&emulator).len()), (0, 1));
}

#[tokio::test]
async fn nothing_is_changed_unless_every_repository_is_found() {
    for status in [403, 404, 451, 500] {
        let emulator = shared(&[1_296_269]).await;
        let refused = Fault::status(status).on(Matcher::path("/repos/acme/website"));
        emulator.fault(refused.always());

        let options = "--add-repos website,nope --remove-repos 1296269,Hello-World,gone";
        let access = format!("access TOKEN --org acme {options} --attempts 1");
        let ran = on(&emulator, &access).run("");

        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (
                1,
                "failed\twebsite\nfailed\tnope\nnot tried\t1296269\nnot tried\tHello-World\n\
                 failed\tgone\n"
            ),
            "{ran}"
        );
        for name in ["acme/website", "acme/nope", "acme/gone"] {
            assert!(ran.stderr.contains(name), "{ran}");
        }
        let not_tried = "error: 2 repositories not tried: nothing is changed unless every \
                         repository is found\n";
        assert!(ran.stderr.contains(not_tried), "{ran}");
        assert_eq!(
            (writes(&emulator), selected(&emulator)),
            (0, vec![1_296_269])
        );
    }
}

#[tokio::test]
async fn repositories_are_replaced_if_every_one_is_found() {
    let emulator = shared(&[1_296_269]).await;
    let refused = Fault::status(403).on(Matcher::path("/repos/acme/website"));
    emulator.fault(refused.always());

    let access = "access TOKEN --org acme --repos website,nope,gone,Hello-World --yes";
    let ran = on(&emulator, access).run("");
    assert_ran!(ran, @r#"
    exit code 1
    [stderr]
    error: the repositories "acme/nope", "acme/gone" are unknown to GitHub or hidden from this token, which needs the permission metadata=read (classic: the scope repo) for private repositories
    error: could not look up the repository acme/website: GitHub denied the request without a documented reason; check that the token includes the scope repo (classic token) or the permission metadata=read (fine-grained or App token) and that its owner has access, or read GitHub's own message (status 403, request ID)
    error: nothing was changed, because not every repository was found
    "#);

    let json = on(&emulator, &format!("{access} --json")).run("");
    let row: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((json.code, &row["result"]), (1, &"failed".into()), "{json}");
    let error = row["error"].as_str().unwrap();
    for name in ["acme/website", "acme/nope", "acme/gone"] {
        assert!(error.contains(name), "{json}");
    }
    assert_eq!(
        (writes(&emulator), selected(&emulator)),
        (0, vec![1_296_269])
    );
}

#[tokio::test]
async fn a_value_is_stored_if_every_repository_is_found() {
    let path = file("repositories.env", "TOKEN=value\n");
    for command in [
        "set TOKEN --value-env TOKEN --org acme".to_owned(),
        format!("import {path} --org acme"),
        "set TOKEN --value-env TOKEN --org acme --app actions,dependabot --json".to_owned(),
    ] {
        let emulator = shared(&[1_296_269]).await;
        for name in ["website", "Hello-World"] {
            let refused = Fault::status(403).on(Matcher::path(format!("/repos/acme/{name}")));
            emulator.fault(refused.always());
        }

        let repos = "--repos website,nope,gone,Hello-World";
        let mut command = on(&emulator, &format!("{command} {repos}"));
        let ran = command.env("TOKEN", "value").run("");

        assert_eq!(ran.code, 1, "{ran}");
        for name in ["acme/website", "acme/nope", "acme/gone", "acme/Hello-World"] {
            assert!(ran.stderr.contains(name), "{ran}");
        }
        assert_eq!(
            (writes(&emulator), selected(&emulator)),
            (0, vec![1_296_269])
        );
    }
}

#[tokio::test]
async fn an_error_that_every_lookup_would_meet_ends_them() {
    let emulator = shared(&[1_296_269]).await;
    emulator.fault(Fault::status(401).always());

    let access = "access TOKEN --org acme --add-repos a,b --remove-repos c";
    let ran = on(&emulator, access).run("");

    assert_eq!(
        ran.stdout, "failed\ta\nnot tried\tb\nnot tried\tc\n",
        "{ran}"
    );
    assert_eq!((ran.code, emulator.requests().len()), (1, 1), "{ran}");
}

#[tokio::test]
async fn one_repository_is_not_added_and_removed() {
    let emulator = shared(&[1_296_269]).await;

    for edit in [
        "--add-repos docs,api --remove-repos API",
        "--add-repos acme/Api --remove-repos api",
        "--add-repos 7,8 --remove-repos 8",
    ] {
        let ran = on(&emulator, &format!("access TOKEN --org acme {edit}")).run("");
        assert_eq!(ran.code, 2, "{ran}");
        assert!(
            ran.stderr.contains("to be added and to be removed"),
            "{ran}"
        );
    }
    assert_eq!(emulator.requests().len(), 0);

    let edit = "--add-repos website --remove-repos 1296280";
    let ran = on(&emulator, &format!("access TOKEN --org acme {edit}")).run("");
    assert_ran!(ran, @"
    exit code 2
    [stderr]
    error: website and 1296280 are the same repository, which is to be added and to be removed; name it once
    ");
    assert_eq!(writes(&emulator), 0);
}

#[tokio::test]
async fn a_list_has_to_name_a_repository() {
    let emulator = emulator().await;

    for option in ["--add-repos", "--remove-repos", "--repos"] {
        for empty in ["", ",", " , "] {
            let mut access = on(&emulator, "access TOKEN --org acme");
            let ran = access.args([option, empty]).run("");
            assert_eq!(ran.code, 2, "{ran}");
            assert!(ran.stderr.contains(option), "{ran}");
        }
    }
    assert_eq!(emulator.requests().len(), 0);
}

#[tokio::test]
async fn a_secret_that_is_not_for_selected_repositories_is_a_conflict() {
    let builder = Emulator::builder().secret(place(), StoredSecret::new("TOKEN", "value"));
    let emulator = builder.start().await.unwrap();

    let ran = on(&emulator, "access TOKEN --org acme --remove-repos website").run("");
    assert_ran!(ran, @"
    exit code 1
    [stdout]
    failed→website
    [stderr]
    error: could not deselect a repository for the Actions secret TOKEN of acme: the secret's visibility has to be `selected` before single repositories can be selected; change its visibility first (status 409, request ID)
    1 repository: 1 failed
    ");
}

#[test]
fn a_repository_that_is_removed_in_the_emulator_had_access() {
    let access = "access TOKEN --org acme --add-repos docs --remove-repos api --emulator";
    let ran = program(access).run("");

    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "added\tdocs\nremoved\tapi\n"),
        "{ran}"
    );
}
