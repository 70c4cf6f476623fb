//! Command lines that cannot be meant: each is refused with what would do.

use crate::{
    assert_ran,
    program::{Run, program},
};

#[test]
fn places_that_cannot_be_are_refused_with_what_would_do() {
    assert_ran!(program("list").run(""), @"
    exit code 2
    [stderr]
    error: no place is given; use --org LOGIN, --repo OWNER/NAME or --user, or set GH_REPO; no repository is taken from the remotes of a clone
    ");
    assert_ran!(program("list --user --app actions").run(""), @"
    exit code 2
    [stderr]
    error: a user has Codespaces secrets only; leave out --app, or give --org or --repo
    ");
    assert_ran!(program("list --repo acme/website --env production --app dependabot").run(""), @"
    exit code 2
    [stderr]
    error: an environment has Actions secrets only; leave out --app or --env
    ");
    assert_ran!(program("list --env production").run(""), @"
    exit code 2
    [stderr]
    error: an environment needs --repo OWNER/NAME, or set GH_REPO; no repository is taken from the remotes of a clone
    ");
    assert_ran!(program("list --org acme --repo acme/website").run(""), @"
    exit code 2
    [stderr]
    error: the argument '--org <LOGIN>' cannot be used with '--repo <OWNER/NAME>'

    Usage: github-secrets list --org <LOGIN>

    For more information, try '--help'.
    ");
    assert_ran!(program("list --org acme --user").run(""), @"
    exit code 2
    [stderr]
    error: the argument '--org <LOGIN>' cannot be used with '--user'

    Usage: github-secrets list --org <LOGIN>

    For more information, try '--help'.
    ");
    assert_ran!(program("list --repo website").env("GH_TOKEN", "ghp_any").run(""), @"
    exit code 2
    [stderr]
    error: the repository's name has no owner; give it as owner/name
    ");
    assert_ran!(program("list --org acme/website").env("GH_TOKEN", "ghp_any").run(""), @"
    exit code 2
    [stderr]
    error: the owner's name has '/' at position 5; give the name alone, as in the address of its page
    ");
    assert_ran!(program("list --repo a/b --env ..").env("GH_TOKEN", "ghp_any").run(""), @"
    exit code 2
    [stderr]
    error: the environment's name consists of dots alone
    ");
}

#[test]
fn access_that_cannot_be_is_refused_with_what_would_do() {
    let set = |options: &str| {
        let mut command = program(&format!("set A {options}"));
        command.env("GH_TOKEN", "ghp_any").run("value")
    };

    assert_ran!(set("--org acme"), @"
    exit code 2
    [stderr]
    error: an organization's secret needs --visibility all or private, --repos or --no-repos-selected; to change only the value of an existing secret, use `rotate`
    ");
    assert_ran!(set("--org acme --visibility selected"), @"
    exit code 2
    [stderr]
    error: --visibility selected needs --repos NAME,NAME or --no-repos-selected
    ");
    assert_ran!(set("--org acme --visibility all --repos website"), @"
    exit code 2
    [stderr]
    error: --repos can be used only with --visibility selected
    ");
    assert_ran!(set("--org acme --visibility private --no-repos-selected"), @"
    exit code 2
    [stderr]
    error: --no-repos-selected can be used only with --visibility selected
    ");
    assert_ran!(set("--org acme --repos ,"), @"
    exit code 2
    [stderr]
    error: --repos names no repository; use --no-repos-selected to select none
    ");
    for options in [
        "set A --org acme --repos website,,api",
        "set A --org acme --repos website,",
        "access A --org acme --add-repos ,website",
        "access A --org acme --remove-repos website,,",
    ] {
        let ran = program(options).env("GH_TOKEN", "ghp_any").run("value");
        assert_eq!(ran.code, 2, "{options}: {ran}");
        assert!(ran.stderr.contains("repos: a name is empty"), "{ran}");
    }
    assert_ran!(set("--org acme --repos other/website"), @r#"
    exit code 2
    [stderr]
    error: the repository "other/website" is owned by somebody else; an organization's secret reaches only its own repositories
    "#);
    assert_ran!(set("--repo acme/website --visibility all"), @"
    exit code 2
    [stderr]
    error: --visibility and --repos can be used only with --org or --user; the secrets of a repository or an environment cannot be shared
    ");
    assert_ran!(set("--user"), @"
    exit code 2
    [stderr]
    error: a user's secret needs --repos OWNER/NAME,OWNER/NAME or --no-repos-selected
    ");
    assert_ran!(set("--user --visibility private"), @"
    exit code 2
    [stderr]
    error: a user's secret is always for selected repositories; give --repos instead of --visibility
    ");
    assert_ran!(set("--user --repos website"), @r#"
    exit code 2
    [stderr]
    error: the repository "website" is given without an owner; give `owner/name` or the id
    "#);
}

#[test]
fn numbers_and_times_that_cannot_be_are_refused_with_what_would_do() {
    let list = |options: &str| {
        let mut command = program(&format!("list -R acme/website {options}"));
        command.env("GH_TOKEN", "ghp_any").run("")
    };

    assert_ran!(list("--attempts 0"), @"
    exit code 2
    [stderr]
    error: invalid value '…' for '--attempts <NUMBER>': not a number of attempts; write 1 or more

    For more information, try '--help'.
    ");
    assert_ran!(list("--deadline 5"), @"
    exit code 2
    [stderr]
    error: invalid value '…' for '--deadline <TIME>': not a time; write 90s, 10m, 2h or 30d

    For more information, try '--help'.
    ");
}

#[test]
fn a_value_on_the_command_line_is_refused_and_not_repeated() {
    let misplaced = [
        "set DB_PASSWORD hunter2 --org acme",
        "set DB_PASSWORD=hunter2 --org acme -v all",
        "set DB_PASSWORD --value hunter2",
        "set DB_PASSWORD --value=hunter2",
        "set DB_PASSWORD --body hunter2",
        "set DB_PASSWORD -bhunter2",
        "set DB_PASSWORD --app hunter2",
        "set DB_PASSWORD --visibility=hunter2",
        "set DB_PASSWORD -- hunter2",
        "list hunter2",
        "hunter2",
        "--api-url=hunter2 list --org acme",
        "registries create --org acme --type hunter2 --url x",
        "completions hunter2",
    ];
    for arguments in misplaced {
        let ran = program(arguments).env("GH_TOKEN", "ghp_any").run("value");
        assert_eq!(ran.code, 2, "{arguments}: {ran}");
        assert!(!ran.to_string().contains("hunter2"), "{arguments}: {ran}");
    }
    assert_ran!(program("set DB_PASSWORD hunter2").run(""), @"
    exit code 2
    [stderr]
    error: unexpected argument or unknown option; a value does not belong on the command line, where others can see it; use standard input, --value-file or --value-env

    For more information, try '--help'.
    ");
    assert_ran!(program("imprt hunter2").run(""), @"
    exit code 2
    [stderr]
    error: there is no such command; did you mean `import`?

    For more information, try '--help'.
    ");
    assert_ran!(program("set DB_PASSWORD --orgg acme").run(""), @"
    exit code 2
    [stderr]
    error: there is no such option; did you mean `--org`?

    For more information, try '--help'.
    ");
    assert_ran!(program("set DB_PASSWORD --app hunter2").run(""), @"
    exit code 2
    [stderr]
    error: invalid value '…' for '--app <APP>'
      [possible values: actions, agents, codespaces, dependabot, all]

    For more information, try '--help'.
    ");
}

#[test]
fn names_that_cannot_be_are_refused() {
    for command in ["set", "rotate", "access", "show", "delete", "seal"] {
        let ran = program(&format!("{command} my-key --org acme")).run("value");
        assert_eq!(ran.code, 2, "{ran}");
        assert!(ran.stderr.contains("'-' at position 3"), "{ran}");
    }
}
