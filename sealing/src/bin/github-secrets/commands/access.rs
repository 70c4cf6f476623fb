//! `access`: change who can use a secret, without its value.

mod edit;
mod loss;

use std::slice;

use clap::Args;
use github_secrets::{AnyAccess, NotTried, OwnerKind, Place, SecretName};

use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::{
        place::{NamedPlace, PlaceOptions, secret_name},
        results::{ResultsOptions, json_results},
        visibility::{AccessOptions, repository_names, selection},
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
changes at the same time; each repository is a request of its own, and a row. Everything else
replaces the access. Before it takes the secret from a repository, it says from which ones, and
asks; where nobody can be asked, it needs --yes.

",
    json_results!(
        "orgs/acme/actions",
        "\
updated, unchanged, failed, unknown (it may be done), or not tried. With --add-repos and
--remove-repos it is added or removed in place of updated, and a fifth member, repository, says
which one."
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
    add_repos: Vec<String>,
    /// Take it from these repositories
    #[arg(
        long,
        value_name = "NAME,NAME,…",
        value_delimiter = ',',
        help_heading = "Access",
        conflicts_with_all = ["visibility", "repos", "no_repos_selected"]
    )]
    remove_repos: Vec<String>,
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
                "the secrets of a repository or an environment are for itself, so there is no \
                 access to change; use --org or --user"
                    .to_owned(),
            ));
        }
        if self.add_repos.is_empty() && self.remove_repos.is_empty() {
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
            return self.replace_and_report(name, place, access, &session).await;
        }
        let losing = loss::find(name, place, &access, &session).await?;
        loss::confirm(name, &losing, self.yes, console).await?;
        let secrets = session.secrets(place);
        let change = secrets.set_access(name, access.clone());
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
        access: AnyAccess,
        session: &Session<'_>,
    ) -> Result<(), Failure> {
        let console = session.console();
        let result = match loss::find(name, place, &access, session).await {
            Ok(losing) => {
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
        let added = selection("--add-repos", &self.add_repos)?;
        let removed = selection("--remove-repos", &self.remove_repos)?;
        if let Some(both) = added.iter().find(|one| removed.iter().any(|it| it == *one)) {
            return Err(Failure::Usage(format!(
                "{both} is to be added and to be removed; name it once"
            )));
        }
        let names = repository_names(&self.add_repos).chain(repository_names(&self.remove_repos));
        let contents = Contents::secrets([name]).selected().repositories(names);
        let session = Session::open_at(context, named, contents).await?;
        let changes = edit::changes(&added, &removed);
        let form = self.results.form(slice::from_ref(place));
        let report = Report::new(&context.console, Subject::Repositories, form);
        edit::apply(name, place, &changes, &session, report).await
    }
}
