//! The command lines of `gh`: understood, or refused with what the same thing is called here.

use github_secrets_emulator::{Emulator, Place, Store, StoredSecret};

use crate::{
    assert_ran,
    program::{Ran, Run, emulator, on, opened, program},
};

#[tokio::test]
async fn options_of_gh_secret_set_are_those_of_set() {
    let emulator = emulator().await;
    for (arguments, place) in [
        ("set A --repo acme/website", "repos/acme/website/actions"),
        (
            "set B -R acme/website -a Dependabot",
            "repos/acme/website/dependabot",
        ),
        (
            "set C -R acme/website -e production",
            "repos/acme/website/environments/production",
        ),
        ("set D -o acme -v ALL", "orgs/acme/actions"),
        (
            "set E -o acme --visibility Selected --repos website",
            "orgs/acme/actions",
        ),
        (
            "set F -o acme -r website,acme/Hello-World --app CODESPACES",
            "orgs/acme/codespaces",
        ),
        ("set G -u -r acme/website", "user/codespaces"),
    ] {
        let ran = on(&emulator, arguments).run("value");
        assert_eq!(ran.code, 0, "{arguments}: {ran}");
        let name = arguments.split(' ').nth(1).unwrap();
        assert_eq!(
            opened(&emulator, place, name).unwrap(),
            "value",
            "{arguments}"
        );
    }
}

#[tokio::test]
async fn the_case_of_a_choice_does_not_matter() {
    let emulator = emulator().await;
    for arguments in [
        "list -R acme/website --app Actions,DEPENDABOT",
        "list -R acme/website --app All",
        "key -R acme/website --app Dependabot",
        "audit --org acme --app Codespaces",
        "import - -R acme/website --empty Skip",
        "registries create --org acme --type NPM_Registry --url https://a.example -v Private",
        "registries create --org acme --type npm_registry --url https://b.example -v all \
         --oidc JFrog --provider-name p",
    ] {
        let ran = on(&emulator, arguments).run("A=value");
        assert_eq!(ran.code, 0, "{arguments}: {ran}");
    }
}

#[tokio::test]
async fn commands_have_the_short_names_of_gh() {
    let place = Place::repository("acme/website", Store::Actions);
    let builder = Emulator::builder();
    let builder = ["A", "B"].iter().fold(builder, |builder, name| {
        builder.secret(place.clone(), StoredSecret::new(*name, "value"))
    });
    let emulator = builder.start().await.unwrap();
    let run = |arguments: &str| on(&emulator, arguments).run("");

    assert_eq!(run("ls -R acme/website").rows().len(), 2);
    assert_eq!(run("rm A -R acme/website").rows(), [["deleted", "A"]]);
    assert_eq!(run("remove B -R acme/website").rows(), [["deleted", "B"]]);
    assert_eq!(run("registries ls --org acme").code, 0);
    for command in ["rm", "remove"] {
        let ran = run(&format!("registries {command} NONE --org acme"));
        assert!(
            ran.stderr.contains("could not delete the private registry"),
            "{ran}"
        );
    }
}

/// Runs the program as `gh` users do, with nowhere to send anything.
fn typed(arguments: &str) -> Ran {
    let mut command = program(arguments);
    command.envs([
        ("GH_TOKEN", "ghp_any"),
        ("GITHUB_API_URL", "http://127.0.0.1:1"),
    ]);
    command.run("value")
}

#[test]
fn what_is_another_command_here_is_named() {
    assert_ran!(typed("set -f .env -R acme/website"), @"
    exit code 2
    [stderr]
    error: there is no such option; `import FILE` sets all secrets of a file

    For more information, try '--help'.
    ");
    assert_ran!(typed("set --no-store A -R acme/website"), @"
    exit code 2
    [stderr]
    error: there is no such option; `seal NAME` prints the sealed value, without storing it

    For more information, try '--help'.
    ");
    assert_ran!(typed("import -f .env -R acme/website"), @"
    exit code 2
    [stderr]
    error: there is no such option; the file is given without an option: `import FILE`

    For more information, try '--help'.
    ");
    assert_ran!(typed("secret set A -R acme/website"), @"
    exit code 2
    [stderr]
    error: there is no such command; every command here is about secrets: leave out that word, as in `set NAME`

    For more information, try '--help'.
    ");
    assert_ran!(typed("list -R acme/website --hostname ghes.example"), @"
    exit code 2
    [stderr]
    error: there is no such option; the server is named by the variable GH_HOST, by --api-url, or with a repository: --repo HOST/OWNER/NAME

    For more information, try '--help'.
    ");
    for (arguments, advice) in [
        ("set --env-file .env -R acme/website", "`import FILE`"),
        ("set --env-file=.env -R acme/website", "`import FILE`"),
        ("set -f.env -R acme/website", "`import FILE`"),
        ("set A -R acme/website --no-store", "`seal NAME`"),
        ("seal A -R acme/website --no-store", "`seal` stores nothing"),
        ("set A -R acme/website --body-file x", "`--value-file FILE`"),
        ("delete A -R acme/website --yes", "`delete` does not ask"),
        ("registries delete A --org acme -y", "`delete` does not ask"),
        ("-v", "`--version` prints the version"),
        ("audit acme", "such as --org LOGIN"),
        ("rotate A -R acme/website -F x", "`--value-file FILE`"),
        ("variable set A", "`gh variable`"),
        ("auth login", "GH_TOKEN=$(gh auth token)"),
    ] {
        let ran = typed(arguments);
        assert_eq!(ran.code, 2, "{arguments}: {ran}");
        assert!(ran.stderr.contains(advice), "{arguments}: {ran}");
    }
}

#[test]
fn a_command_with_another_name_here_is_named() {
    assert_ran!(typed("get A -R acme/website"), @"
    exit code 2
    [stderr]
    error: there is no such command; GitHub never returns a value; `show NAME` prints what it tells about a secret, and `list` the names

    For more information, try '--help'.
    ");
    assert_ran!(typed("registries add --org acme"), @"
    exit code 2
    [stderr]
    error: there is no such command; `registries create` adds a registry

    For more information, try '--help'.
    ");
    for (arguments, advice) in [
        ("version", "`--version`"),
        ("create A", "`set NAME`"),
        ("add A", "`set NAME`"),
        ("update A", "`rotate NAME`"),
        ("edit A", "`access NAME`"),
        ("view A", "GitHub never returns a value"),
        ("unset A", "`delete NAME`"),
        ("key-of A", "there is no such command"),
        ("registries view A", "`registries show NAME`"),
        ("registries set A", "`registries create`"),
        ("registries edit A", "`registries update NAME`"),
        ("registries version", "there is no such command"),
    ] {
        let ran = typed(arguments);
        assert_eq!(ran.code, 2, "{arguments}: {ran}");
        assert!(ran.stderr.contains(advice), "{arguments}: {ran}");
    }
}

#[test]
fn an_option_of_another_command_is_not_taken_for_a_value() {
    assert_ran!(typed("rotate A --org acme -v all"), @"
    exit code 2
    [stderr]
    error: there is no such option; `rotate` leaves the access as it is: `access NAME` changes it, and `set NAME` replaces value and access

    For more information, try '--help'.
    ");
    for option in [
        "--visibility=all",
        "-r website",
        "--repos a,b",
        "--no-repos-selected",
    ] {
        let ran = typed(&format!("rotate A --org acme {option}"));
        assert!(
            ran.stderr.contains("`access NAME` changes it"),
            "{option}: {ran}"
        );
    }
    assert_ran!(typed("delete A --org acme --repos website"), @"
    exit code 2
    [stderr]
    error: there is no such option here; the commands set, import, access and registries have it

    For more information, try '--help'.
    ");
    assert_ran!(typed("--dry-run import .env -R acme/website"), @"
    exit code 2
    [stderr]
    error: there is no such option before the command; the command import has it

    For more information, try '--help'.
    ");
    assert_ran!(typed("seal A -R acme/website --dry-run"), @"
    exit code 2
    [stderr]
    error: there is no such option here; the command import has it

    For more information, try '--help'.
    ");
}

#[test]
fn a_value_as_gh_takes_it_is_refused_and_not_repeated() {
    assert_ran!(typed("set A --body hunter2 -R acme/website"), @"
    exit code 2
    [stderr]
    error: a value does not belong on the command line, where others can see it; use standard input, --value-file or --value-env

    For more information, try '--help'.
    ");
    for arguments in [
        "set A -b hunter2 -R acme/website",
        "set A -bhunter2 -R acme/website",
        "set A --body=hunter2 -R acme/website",
        "rotate A --body hunter2 -R acme/website",
        "seal A -b hunter2 -R acme/website",
        "set A -R acme/website --json hunter2",
    ] {
        let ran = typed(arguments);
        assert_eq!(ran.code, 2, "{arguments}: {ran}");
        assert!(
            ran.stderr
                .contains("a value does not belong on the command line"),
            "{ran}"
        );
        assert!(!ran.stderr.contains("hunter2"), "{ran}");
    }
}

#[test]
fn json_says_that_it_takes_no_fields() {
    assert_ran!(typed("list -R acme/website --json name"), @"
    exit code 2
    [stderr]
    error: --json does not take field names: it prints all of them; let jq select some, as in `list --json | jq -r '.[].name'`

    For more information, try '--help'.
    ");
    for arguments in [
        "list --json name,updatedAt -R acme/website",
        "list --json=name -R acme/website",
        "ls -R acme/website --json name",
        "show A -R acme/website --json name",
        "key -R acme/website --json=key",
        "audit --org acme --json name",
        "registries list --org acme --json name",
    ] {
        let ran = typed(arguments);
        assert_eq!(ran.code, 2, "{arguments}: {ran}");
        assert!(
            ran.stderr.contains("--json does not take field names"),
            "{arguments}: {ran}"
        );
    }
    assert_ran!(typed("list -R acme/website --json --jq .[].name"), @"
    exit code 2
    [stderr]
    error: there is no such option; --json prints everything as JSON; let jq select and format it, in a pipe

    For more information, try '--help'.
    ");
    // Nothing here is a value.
    assert_ran!(typed("list acme/website"), @"
    exit code 2
    [stderr]
    error: unexpected argument; `show NAME` prints one secret, and a place is given with an option, such as --org LOGIN

    For more information, try '--help'.
    ");
    for (arguments, message) in [
        ("list -R acme/website --nothing", "there is no such option"),
        ("import .env b.env -R acme/website", "unexpected argument"),
    ] {
        let ran = typed(arguments);
        let message = format!("error: {message}\n\n");
        assert!(ran.stderr.starts_with(&message), "{ran}");
    }
}

#[test]
fn a_name_with_a_slip_is_recognized_and_no_other_is() {
    for (arguments, message) in [
        ("imprt A", "; did you mean `import`?"),
        ("delte A", "; did you mean `delete`?"),
        ("remvoe A", "; did you mean `remove`?"),
        ("sael A", "; did you mean `seal`?"),
        ("compeltion bash", "; did you mean `completions`?"),
        ("registries lits", "; did you mean `list`?"),
        ("restore A", ""),
        ("resolve A", ""),
        ("export A", ""),
        ("upload A", ""),
        ("search A", ""),
        ("rn A", ""),
        ("registries move A", ""),
        ("rename A B", "; GitHub cannot rename a secret"),
        ("move A B", "; GitHub cannot rename a secret"),
        ("repo list", "; `access NAME`"),
        ("repos A", "; `access NAME`"),
        ("revoke A", "; `access NAME`"),
        ("share A", "; `access NAME`"),
        ("validate x.toml", "; `plan FILE`"),
        ("diff x.toml", "; `plan FILE`"),
        ("replace A", "; `rotate NAME`"),
        ("encrypt A", "; `seal NAME`"),
        ("registry list", "; `registries`"),
    ] {
        let ran = typed(arguments);
        let message = format!("error: there is no such command{message}");
        assert_eq!(ran.code, 2, "{arguments}: {ran}");
        assert!(ran.stderr.starts_with(&message), "{arguments}: {ran}");
        let proposes = ran.stderr.contains("; ");
        assert_eq!(proposes, message.contains("; "), "{arguments}: {ran}");
    }
}

#[test]
fn an_option_by_another_name_is_recognized() {
    for (arguments, message) in [
        ("set A --repository a/b", "did you mean `--repo`?"),
        ("list --repository=a/b", "did you mean `--repo`?"),
        ("list --organization acme", "did you mean `--org`?"),
        ("set A --owner acme", "did you mean `--org`?"),
        ("list --owner=acme", "did you mean `--org`?"),
        ("set A --visibilty all", "did you mean `--visibility`?"),
        ("set A --timeout 5m", "did you mean `--deadline`?"),
        ("--retries 5 list", "did you mean `--attempts`?"),
        ("apply x.toml --dry-run", "use `plan`"),
        ("apply x.toml --check", "use `plan --check`"),
        ("apply x.toml --yes", "`apply` does not ask: leave it out"),
        ("apply -y x.toml", "`apply` does not ask: leave it out"),
        (
            "plan x.toml --dry-run",
            "`plan` changes nothing: leave it out",
        ),
        ("set A --token hunter2", "set the variable GH_TOKEN"),
        ("set A --token=hunter2", "set the variable GH_TOKEN"),
        ("--token hunter2 list", "set the variable GH_TOKEN"),
        ("plan x.toml --token hunter2", "set the variable GH_TOKEN"),
    ] {
        let ran = typed(arguments);
        let message = format!("error: there is no such option; {message}");
        assert_eq!(ran.code, 2, "{arguments}: {ran}");
        assert!(ran.stderr.starts_with(&message), "{arguments}: {ran}");
        assert!(!ran.stderr.contains("hunter2"), "{arguments}: {ran}");
    }
    let verbose = typed("set A --verbose");
    assert!(!verbose.stderr.contains("did you mean"), "{verbose}");
}
