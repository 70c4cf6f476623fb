//! What `gh` users type, and what it is called here.

/// Returns what to say about an option of `gh` that this command does not have.
pub(super) fn option(command: &str, option: &str) -> Option<&'static str> {
    Some(match (command, option) {
        ("set", "-f" | "--env-file") => "`import FILE` sets all secrets of a file",
        ("import", "-f" | "--env-file" | "--file") => {
            "the file is given without an option: `import FILE`"
        }
        ("rotate", "-v" | "--visibility" | "-r" | "--repos" | "--no-repos-selected") => {
            "`rotate` leaves the access as it is: `access NAME` changes it, and `set NAME` replaces \
             value and access"
        }
        ("set", "--no-store") => "`seal NAME` prints the sealed value, without storing it",
        ("delete", "-y" | "--yes") => "`delete` does not ask before it deletes: leave it out",
        ("", "-v") => "`--version` prints the version",
        ("seal", "--no-store") => "`seal` stores nothing; leave it out",
        ("apply", "--dry-run") => "use `plan`, which changes nothing",
        ("apply", "--check") => "use `plan --check`",
        ("apply", "-y" | "--yes") => "`apply` does not ask: leave it out",
        ("plan", "--dry-run") => "`plan` changes nothing: leave it out",
        (_, "--token") => "set the variable GH_TOKEN, so that no other process sees it",
        (_, "-F" | "--body-file" | "--file") if takes_a_value(command) => {
            "`--value-file FILE` reads the value from a file"
        }
        (_, "-b" | "--body" | "--value") if takes_a_value(command) => VALUE,
        (_, "-q" | "--jq" | "-t" | "--template") if prints_json(command) => {
            "--json prints everything as JSON; let jq select and format it, in a pipe"
        }
        (_, "--hostname") => {
            "the server is named by the variable GH_HOST, by --api-url, or with a repository: \
             --repo HOST/OWNER/NAME"
        }
        _ => return None,
    })
}

/// Returns what to say about a command that this program, or one of its commands, does not have.
pub(super) fn command(parent: &str, name: &str) -> Option<&'static str> {
    Some(match (parent, name) {
        ("registries", "add" | "new" | "set") => "`registries create` adds a registry",
        ("registries", "edit") => "`registries update NAME` changes a registry",
        ("registries", "get" | "view") => "`registries show NAME` prints a registry",
        ("registries", _) => return None,
        (_, "secret" | "secrets") => {
            "every command here is about secrets: leave out that word, as in `set NAME`"
        }
        (_, "variable") => {
            "variables are not secrets, and GitHub does not seal them; use `gh variable`"
        }
        (_, "auth" | "login") => {
            "there is no login; set a variable: export GH_TOKEN=$(gh auth token)"
        }
        (_, "add" | "create" | "new") => "`set NAME` creates a secret, or replaces it",
        (_, "edit" | "update") => {
            "`rotate NAME` replaces the value of a secret, `access NAME` changes who can use it, \
             and `set NAME` does both"
        }
        (_, "get" | "read" | "view") => {
            "GitHub never returns a value; `show NAME` prints what it tells about a secret, and \
             `list` the names"
        }
        (_, "rename" | "move" | "mv") => {
            "GitHub cannot rename a secret: set it under the new name, then delete the old one"
        }
        (_, "replace") => "`rotate NAME` replaces the value of a secret",
        (_, "repo" | "repos" | "repository" | "repositories" | "share" | "grant" | "revoke") => {
            "`access NAME` changes which repositories can use a secret"
        }
        (_, "validate" | "check" | "diff") => {
            "`plan FILE` checks a file, and shows what it changes"
        }
        (_, "encrypt") => "`seal NAME` seals a value, and prints it",
        (_, "registry") => "`registries` manages private registries",
        (_, "unset") => "`delete NAME` deletes a secret",
        (_, "version") => "`--version` prints the version",
        _ => return None,
    })
}

/// Returns the usual name of an option here, if other programs call it differently.
pub(super) fn usual(option: &str) -> &str {
    match option {
        // It begins as `repos` does, the option for those that can use a secret.
        "repository" => "repo",
        "owner" => "org",
        "timeout" => "deadline",
        "retries" => "attempts",
        other => other,
    }
}

/// What to say about a value.
pub(super) const VALUE: &str = "a value does not belong on the command line, where others can see \
                                it; use standard input, --value-file or --value-env";

/// What to say about the fields that `gh` lets people select.
pub(super) const FIELDS: &str = "--json does not take field names: it prints all of them; let jq \
                                 select some, as in `list --json | jq -r '.[].name'`";

/// Returns whether an extra argument on the command line may be a value.
pub(super) fn takes_a_value(command: &str) -> bool {
    ["set", "rotate", "seal", "create", "update"].contains(&command)
}

/// Returns whether `--json` is about what the command prints, and what it sends is no list.
pub(super) fn prints_json(command: &str) -> bool {
    ["list", "audit", "show", "key", "plan"].contains(&command)
}

/// Returns whether an extra argument on the command line may be a place.
pub(super) fn is_about_places(command: &str) -> bool {
    ["list", "audit", "show", "key", "access"].contains(&command)
}
