//! `access`: change who can use a secret, without its value.

mod edit;
mod loss;

use std::slice;

use clap::Args;
use github_secrets::{AnyAccess, NotTried, OwnerKind, Place, Repositories, SecretName, Visibility};

use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    lookup,
    options::{
        place::{NamedPlace, PlaceOptions, secret_name},
        results::{ResultsOptions, json_results},
        visibility::{AccessOptions, named, repository_names},
    },
    report::{Form, ItemResult, Report, Subject},
    session::Session,
    words::Destination,
};

const EXAMPLES: &str = concat!(
    "\
Examples:
  github-secrets access DB_PASSWORD --org acme --visibility private
  github-secrets access DB_PASSWORD --org acme --repos website,api
  github-secrets access DB_PASSWORD --org acme --add-repos docs --remove-repos api
  github-secrets access DOTFILES_TOKEN --user --no-repos-selected

--add-repos and --remove-repos leave all other repositories as they are, whatever somebody else
changes at the same time; each repository is a request of its own, and a row. They never ask,
because the command line names every repository that loses the secret.

Everything else replaces the access. Before it takes the secret from a repository, it says from
which ones, and asks; without a terminal, it needs --yes.

All repositories that are given by name are looked up first. If one cannot be found or read,
nothing is changed, and each of them is named with the reason. An id is not looked up: an unknown
one fails when it is reached, and does not stop the others.

",
    json_results!(
        "orgs/acme/actions",
        "\
updated, unchanged, failed, unknown (it may be done), or not tried. With --add-repos and
--remove-repos it is added, had access, removed or had no access in place of updated or unchanged,
and a fifth member, repository, says which one."
    )
);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Access {
    /// The secret's name
    name: String,
    /// Do not ask before repositories lose the secret
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    results: ResultsOptions,
    #[command(flatten)]
    place: PlaceOptions,
    #[command(flatten)]
    access: AccessOptions,
    /// Let these repositories use it as well
    #[arg(
        long,
        value_name = "NAME,NAME,…",
        value_delimiter = ',',
        help_heading = "Access",
        conflicts_with_all = ["visibility", "repos", "no_repos_selected"]
    )]
    add_repos: Option<Vec<String>>,
    /// Take it from these repositories
    #[arg(
        long,
        value_name = "NAME,NAME,…",
        value_delimiter = ',',
        help_heading = "Access",
        conflicts_with_all = ["visibility", "repos", "no_repos_selected"]
    )]
    remove_repos: Option<Vec<String>>,
}

impl Access {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let name = secret_name(&self.name)?;
        let named = self.place.place()?;
        if !matches!(
            named.place.kind(),
            OwnerKind::Organization | OwnerKind::User
        ) {
            return Err(Failure::Usage(
                "the secrets of a repository or an environment belong to it alone, so there is no \
                 access to change; use --org or --user"
                    .to_owned(),
            ));
        }
        if self.add_repos.is_none() && self.remove_repos.is_none() {
            if self.access.is_left_out() {
                return Err(Failure::Usage(
                    "say who can use it: with --visibility, --repos or --no-repos-selected, or \
                     with --add-repos and --remove-repos"
                        .to_owned(),
                ));
            }
            self.replace(&name, &named, context).await
        } else {
            self.edit(&name, &named, context).await
        }
    }

    async fn replace(
        &self,
        name: &SecretName,
        named: &NamedPlace,
        context: &Context,
    ) -> Result<(), Failure> {
        let place = &named.place;
        let console = &context.console;
        let access = self.access.access(place.kind())?;
        let contents = Contents::secrets([name]).repositories(self.access.repository_names());
        let session = Session::open_at(context, named, contents).await?;
        if self.results.json {
            return self
                .replace_and_report(name, place, &access, &session)
                .await;
        }
        let (by_id, losing) = prepare(name, place, &access, &session).await?;
        loss::confirm(name, &losing, self.yes, console).await?;
        let secrets = session.secrets(place);
        let change = secrets.set_access(name, by_id);
        let changed = session.change(change).await?;
        let destination = Destination(place, &access);
        if !changed {
            let line = format!("{name} in {destination}: nothing to change");
            return Ok(console.line(line).await?);
        }
        let line = format_args!("updated the access of {name} in {destination}");
        console.done(line).await
    }

    /// Replaces the access, with a row of JSON for the result.
    async fn replace_and_report(
        &self,
        name: &SecretName,
        place: &Place,
        access: &AnyAccess,
        session: &Session<'_>,
    ) -> Result<(), Failure> {
        let console = session.console();
        let result = match prepare(name, place, access, session).await {
            Ok((access, losing)) => {
                loss::confirm(name, &losing, self.yes, console).await?;
                let secrets = session.secrets(place);
                match session.change_one(secrets.set_access(name, access)).await? {
                    Some(Ok(true)) => ItemResult::Updated,
                    Some(Ok(false)) => ItemResult::Unchanged,
                    Some(Err(error)) => ItemResult::failed(error),
                    None => ItemResult::Unknown,
                }
            }
            Err(Failure::GitHub(error)) => ItemResult::failed(*error),
            Err(Failure::NotFound(errors)) => ItemResult::NotFound(errors),
            Err(_) if session.is_interrupted() => ItemResult::NotTried(NotTried::Stopped),
            Err(failure) => return Err(failure),
        };
        let mut report = Report::new(console, Subject::Secrets, Form::Json);
        report.add(place, name.clone(), result).await;
        report.finish(session.is_interrupted().then_some("interrupted"))
    }

    async fn edit(
        &self,
        name: &SecretName,
        named: &NamedPlace,
        context: &Context,
    ) -> Result<(), Failure> {
        let place = &named.place;
        let added = selection("--add-repos", self.add_repos.as_deref())?;
        let removed = selection("--remove-repos", self.remove_repos.as_deref())?;
        let changes = edit::changes(&added, &removed, place)?;
        let contents = Contents::secrets([name])
            .repositories(repository_names(self.add_repos.iter().flatten()))
            .selected(repository_names(self.remove_repos.iter().flatten()));
        let session = Session::open_at(context, named, contents).await?;
        let form = self.results.form(slice::from_ref(place));
        let report = Report::new(&context.console, Subject::Repositories, form);
        edit::apply(name, place, &changes, &session, report).await
    }
}

/// Returns the access with the repositories by their ids, and the repositories that lose the
/// secret.
async fn prepare(
    name: &SecretName,
    place: &Place,
    access: &AnyAccess,
    session: &Session<'_>,
) -> Result<(AnyAccess, Vec<String>), Failure> {
    let access = match access {
        AnyAccess::Visibility(Visibility::Selected(repositories)) => {
            let ids = lookup::by_id(repositories, place, session).await?;
            Visibility::Selected(ids).into()
        }
        AnyAccess::Repositories(repositories) => {
            lookup::by_id(repositories, place, session).await?.into()
        }
        access => access.clone(),
    };
    let losing = loss::find(name, place, &access, session).await?;
    Ok((access, losing))
}

/// Returns the repositories that an option names, or none if it is not given.
fn selection(option: &str, given: Option<&[String]>) -> Result<Repositories, Failure> {
    let Some(given) = given else {
        return Ok(Repositories::none());
    };
    let repositories = named(option, given)?;
    if repositories.iter().next().is_none() {
        return Err(Failure::Usage(format!("{option} names no repository")));
    }
    Ok(repositories)
}
