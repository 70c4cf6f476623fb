//! What the program prints about itself: help, completions and manual pages.

use std::fs;

use crate::{
    assert_ran,
    program::{Run, program},
};

#[test]
fn help_is_there_for_the_program_and_each_command() {
    assert_ran!(program("--help").run(""), @"
    exit code 0
    [stdout]
    Set GitHub secrets, sealed on this machine before they are sent

    Usage: github-secrets [OPTIONS] <COMMAND>

    Commands:
      set          Create a secret, or replace its value and its access
      import       Set all secrets of a .env or JSON file
      rotate       Replace the value of an existing secret and leave its access as it is
      access       Change who can use a secret, without its value
      list         List the secrets of places [alias: ls]
      audit        List every secret of an organization, its repositories and their environments
      plan         Show what a file of secrets would change
      apply        Apply a file of secrets: make the changes that `plan` shows
      show         Show a secret and the repositories that can use it
      delete       Delete secrets [aliases: rm, remove]
      key          Print the public key that values are sealed to
      seal         Seal a value and print it, without storing it
      registries   Manage an organization's private registries
      completions  Print a completion script for a shell
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Connection:
          --api-url <URL>        The API's address [default: https://api.github.com]
          --emulator             Try the command on an emulator inside the program, without GitHub
          --deadline <TIME>      Stop retrying each call after this time: 90s, 10m or 2h. It includes waiting for rate limits that GitHub reports, but not waiting to stay within them [default: 2m]
          --attempts <NUMBER>    Send a request at most this many times [default: 4]
          --show-github-message  Show GitHub's own error messages, which can repeat what was sent

    Examples:
      github-secrets set DB_PASSWORD --repo acme/website
      github-secrets set NPM_TOKEN -R acme/website,acme/api --app actions,dependabot
      github-secrets import .env --org acme --visibility private
      github-secrets list --org acme --app dependabot
      github-secrets import .env --repo acme/website --env production --emulator
      github-secrets plan platform.toml

    Environment:
      GH_TOKEN, GITHUB_TOKEN       The token for github.com and ghe.com, in this order; with gh:
                                   GH_TOKEN=$(gh auth token)
      GH_ENTERPRISE_TOKEN, GITHUB_ENTERPRISE_TOKEN
                                   The token for a GitHub Enterprise Server, in this order
      GH_HOST                      The host of a GitHub Enterprise Server, or SUBDOMAIN.ghe.com
      GITHUB_API_URL               The address of the API, as GitHub Actions sets it
      GH_REPO, GITHUB_REPOSITORY   The repository, if no option names a place, in this order
      SECRETS_STATE_KEY            The key of the state that plan and apply keep

    Unlike gh, this program never takes the repository from the remotes of a clone: a secret must never
    go to a repository because a remote happens to name it.

    Exit codes:
      0  Everything is done
      1  It failed or was refused, and nothing was stored or changed
      2  The command line or the environment is wrong
      3  Only part of the work was done, or may have been; the output says which
      4  `plan --check` found something to do
    ");
    assert_ran!(program("import --help").run(""), @r#"
    exit code 0
    [stdout]
    Set all secrets of a .env or JSON file

    Usage: github-secrets import [OPTIONS] <FILE>

    Arguments:
      <FILE>  A .env or JSON file; - is standard input

    Options:
          --dry-run                    Check the file and the places, and say what would be stored, but change nothing
          --offline                    With --dry-run: check the file alone, and send nothing
          --empty <skip|store|refuse>  Skip empty values, store them, or refuse the file [default: refuse]
          --skip <NAME>                Leave out this name, whatever its line holds; can be repeated
          --json                       Print each result as a line of JSON: place, name, result and error
      -h, --help                       Print help

    Place:
      -o, --org <LOGIN>        Secrets of an organization
      -R, --repo <OWNER/NAME>  Secrets of repositories: repeated, or separated by commas. A * in a name matches all that are not archived: 'acme/svc-*'. Also HOST/OWNER/NAME, or a URL [default: the variable GH_REPO, then GITHUB_REPOSITORY]
      -e, --env <NAME>         Secrets of this environment of each repository
      -u, --user               Secrets of the user that the token belongs to
      -a, --app <APP>          Stores: actions, agents, codespaces, dependabot or all; repeated, or separated by commas [default: actions; codespaces with --user]

    Access:
      -v, --visibility <KIND>    Which repositories of the organization can use it: all, private (and internal) or selected
      -r, --repos <NAME,NAME,…>  Let only these repositories use it, by name or id. A number is an id: write OWNER/2048 for the repository 2048
          --no-repos-selected    Let no repository use it for now

    Connection:
          --api-url <URL>        The API's address [default: https://api.github.com]
          --emulator             Try the command on an emulator inside the program, without GitHub
          --deadline <TIME>      Stop retrying each call after this time: 90s, 10m or 2h. It includes waiting for rate limits that GitHub reports, but not waiting to stay within them [default: 2m]
          --attempts <NUMBER>    Send a request at most this many times [default: 4]
          --show-github-message  Show GitHub's own error messages, which can repeat what was sent

    Examples:
      github-secrets import .env --repo acme/website --env production
      github-secrets import .env --org acme --app dependabot --visibility private --dry-run
      github-secrets import .env -R acme/website,acme/api --app actions,dependabot
      sops --decrypt secrets.json | github-secrets import - --repo acme/website

    FILE holds lines of the form NAME=value, or one JSON object such as {"NAME": "value"}. Everything in
    it is checked before the first secret is sent. What .env parsers read in different ways, such as a $
    outside single quotes, is refused. Running the same import again is safe.

    --dry-run fetches the key and the list of each place, looks up each repository that is named without
    a *, and changes nothing. So it finds a place that does not exist, a repository that is archived, a
    token that has no access to it, and a store that would be full; whether the token can write is known
    only on the first write.

    With --json, each result is a line with an object of four members: place (such as
    repos/acme/website/actions), name, result, and error, which is null or a text. The result is
    created, updated, created or updated, failed, unknown (it may be done), or not tried. With --dry-run it is would create, would update, would set
    (with --offline) or would fail, and a fifth member, bytes, is the size of the value.
    "#);
    let commands = [
        "set",
        "import",
        "rotate",
        "access",
        "list",
        "audit",
        "show",
        "delete",
        "key",
        "seal",
        "registries list",
        "registries show",
        "registries create",
        "registries update",
        "registries delete",
        "completions",
    ];
    for command in commands {
        let ran = program(&format!("{command} --help")).run("");
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.contains("\nExample"), "{command}");
    }
}

#[test]
fn the_help_of_a_command_lists_the_results_that_it_can_give() {
    for (command, results) in [
        ("set", "created, updated, created or updated, failed"),
        ("rotate", "updated, failed"),
        (
            "delete",
            "deleted, did not exist (with --if-exists), deleted or did not exist, failed",
        ),
        (
            "apply",
            "created, updated, created or updated, deleted, failed",
        ),
    ] {
        let help = program(&format!("{command} --help")).run("").stdout;
        let results = format!("The result is\n{results}, unknown (it may be");
        assert!(help.contains(&results), "{help}");
    }
}

#[test]
fn help_about_help_is_help() {
    let of_program = program("help").run("");
    for arguments in ["help --help", "help -h"] {
        let ran = program(arguments).run("");
        assert_eq!((ran.code, &ran.stdout), (0, &of_program.stdout), "{ran}");
    }
    let of_set = program("help set").run("");
    let ran = program("help set --help").run("");
    assert_eq!((ran.code, ran.stdout), (0, of_set.stdout));
    let registries = program("registries help --help").run("");
    assert_eq!(registries.code, 0, "{registries}");
    assert!(
        registries.stdout.contains("private registries"),
        "{registries}"
    );
    assert_eq!(program("help nothing --help").run("").code, 2);
}

#[test]
fn without_a_command_it_says_what_there_is() {
    let ran = program("").run("");

    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("Commands:\n  set "), "{ran}");
}

#[test]
fn completions_are_there_for_each_shell() {
    for (shell, word) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef github-secrets"),
        ("fish", "complete -c github-secrets"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "edit:completion"),
    ] {
        let ran = program(&format!("completions {shell}")).run("");
        assert_eq!(ran.code, 0);
        for word in [word, "registries", "no-repos-selected", "dependabot"] {
            assert!(ran.stdout.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn manual_pages_are_written_for_each_command() {
    let directory = concat!(env!("CARGO_TARGET_TMPDIR"), "/manual");
    fs::create_dir_all(directory).unwrap();
    let ran = program(&format!("man {directory}")).run("");
    assert_eq!(ran.to_string(), "exit code 0");
    let page = |name: &str| fs::read_to_string(format!("{directory}/{name}.1")).unwrap();
    assert!(page("github-secrets").contains("GH_TOKEN"));
    assert!(page("github-secrets-set").contains(r"\-\-no\-repos\-selected"));
    assert!(page("github-secrets-registries-create").contains("\nExample"));

    let nowhere = program(&format!("man {directory}/nowhere")).run("");
    assert_eq!(nowhere.code, 1, "{nowhere}");
    assert!(nowhere.stderr.contains("cannot be written"), "{nowhere}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_of_whatever_only_prints() {
    for arguments in ["--help", "completions bash", "list --org acme --emulator"] {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut command = program(arguments);
        let output = command
            .stdout(full)
            .stderr(std::process::Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments}");
    }
}
