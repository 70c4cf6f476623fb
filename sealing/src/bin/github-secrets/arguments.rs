//! The command line as a whole: the commands, and what the help of the program says.

use clap::{Parser, Subcommand};

use crate::{
    commands::{
        access::Access, apply::Apply, audit::Audit, completions::Completions, delete::Delete,
        import::Import, key::Key, list::List, man::Man, plan::Plan, registries::Registries,
        rotate::Rotate, seal::Seal, set::Set, show::Show,
    },
    options::connection::ConnectionOptions,
};

const NOTES: &str = "\
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
  4  `plan --check` found something to do";

/// Set GitHub secrets, sealed on this machine before they are sent
#[derive(Debug, Parser)]
#[command(name = "github-secrets", version, after_help = NOTES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) connection: ConnectionOptions,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a secret, or replace its value and its access
    Set(Set),
    /// Set all secrets of a .env or JSON file
    Import(Import),
    /// Replace the value of an existing secret and leave its access as it is
    Rotate(Rotate),
    /// Change who can use a secret, without its value
    Access(Access),
    /// List the secrets of places
    #[command(visible_alias = "ls")]
    List(List),
    /// List every secret of an organization, its repositories and their environments
    Audit(Audit),
    /// Show what a file of secrets would change
    Plan(Plan),
    /// Apply a file of secrets: make the changes that `plan` shows
    Apply(Apply),
    /// Show a secret and the repositories that can use it
    Show(Show),
    /// Delete secrets
    #[command(visible_aliases = ["rm", "remove"])]
    Delete(Delete),
    /// Print the public key that values are sealed to
    Key(Key),
    /// Seal a value and print it, without storing it
    Seal(Seal),
    /// Manage an organization's private registries
    #[command(subcommand)]
    Registries(Registries),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Write the manual pages
    #[command(hide = true)]
    Man(Man),
}
