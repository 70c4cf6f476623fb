//! Stores many Codespaces secrets of an organization from a file: in an emulator, or in a real GitHub.

mod input;

use std::{
    env,
    io::{self, IsTerminal},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context as _, bail};
use github_secrets::{
    Delivered, GitHub, NewSecret, Outcome, RepositoryRef, Stored, Visibility, Wait, WaitReason,
};
use github_secrets_emulator::Emulator;
use indicatif::{ProgressBar, ProgressStyle};
use lexopt::prelude::{Long, Short, ValueExt};

const USAGE: &str = "\
Stores Codespaces secrets of an organization, each with the same visibility.

usage: set_org_secrets [--env-file FILE | --json FILE] [--dry-run]
                       [--org ORG [--visibility all|private|selected]
                       [--repository NAME-OR-ID]... [--api-url URL]]

Without --org it works on an emulator that it starts itself; without a file it stores three secrets
of its own. With --org the token is in GITHUB_TOKEN.

  --env-file FILE          names and values as in a .env file: quotes and several lines, no $VARIABLES
  --json FILE              one JSON object: names, and values that are strings
  --dry-run                say what would be stored, and send nothing
  --org ORG                the organization's login
  --visibility KIND        which repositories can use them: all, private (the default) or selected
  --repository NAME-OR-ID  one of the selected repositories
  --api-url URL            where the API is, if not at https://api.github.com
";

const SAMPLE: &str = "API_KEY=battery\nDB_PASSWORD='correct horse'\nTLS_KEY=\"two\nlines\"\n";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let request = match parse(lexopt::Parser::from_env()) {
        Ok(Some(request)) => request,
        Ok(None) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("set_org_secrets: {problem:#}; see --help");
            return ExitCode::from(2);
        }
    };
    match run(request).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("set_org_secrets: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(request: Request) -> anyhow::Result<()> {
    let entries = match &request.source {
        Source::Sample => input::from_env_text(SAMPLE.as_bytes())?,
        Source::EnvFile(path) => input::from_env_file(path)?,
        Source::Json(path) => input::from_json_file(path)?,
    };
    if request.dry_run {
        for (name, value) in &entries {
            println!("would store {name}: {} bytes", value.len());
        }
        println!("{} secrets; nothing was sent", entries.len());
        return Ok(());
    }
    let secrets = entries
        .into_iter()
        .map(|(name, value)| NewSecret::new(name, value, request.visibility.clone()))
        .collect::<Result<Vec<_>, _>>()?;
    let github = GitHub::builder().on_wait(report_wait);
    match request.target {
        Target::Emulator => {
            let emulator = Emulator::start().await?;
            let github = github
                .api_url(emulator.url())
                .token("any-token-will-do")
                .build()?;
            deliver(&github, "acme", secrets).await?;
            println!(
                "the emulator opened {} of them",
                emulator.secrets("acme").len()
            );
            Ok(())
        }
        Target::GitHub { api_url, org } => {
            let token = env::var("GITHUB_TOKEN")
                .ok()
                .context("no token in GITHUB_TOKEN")?;
            deliver(
                &github.api_url(api_url).token(token).build()?,
                &org,
                secrets,
            )
            .await
        }
    }
}

async fn deliver(github: &GitHub, org: &str, secrets: Vec<NewSecret>) -> anyhow::Result<()> {
    let bar = progress(secrets.len());
    let mut delivery = github.org(org).codespaces().set_all(secrets).await?;
    let (mut rows, mut stored) = (Vec::new(), 0);
    while let Some(Delivered { name, outcome, .. }) = delivery.next().await {
        let (word, detail) = match outcome {
            Outcome::Stored(Stored::Created) => ("created", String::new()),
            Outcome::Stored(_) => ("updated", String::new()),
            Outcome::Failed(error) => ("FAILED", format!("{:#}", anyhow::Error::from(error))),
            _ => ("not tried", String::new()),
        };
        stored += usize::from(matches!(word, "created" | "updated"));
        if bar.is_hidden() {
            println!("{word:<10} {name}");
        }
        bar.inc(1);
        rows.push((name, word, detail));
    }
    bar.finish_and_clear();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let width = rows
        .iter()
        .map(|(name, ..)| name.as_str().len())
        .max()
        .unwrap_or_default();
    println!("\n{:<width$}  outcome", "name");
    for (name, word, detail) in &rows {
        println!("{:<width$}  {word} {detail}", name.as_str());
    }
    println!("{stored} of {} secrets are stored", rows.len());
    match stored == rows.len() {
        true => Ok(()),
        false => bail!("{} secrets are not stored", rows.len() - stored),
    }
}

/// A bar on a terminal; elsewhere nothing, and each secret gets a line of its own.
fn progress(length: usize) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(length as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn report_wait(wait: &Wait) {
    if wait.reason != WaitReason::Pacing {
        eprintln!(
            "waiting {:.1} s: {:?}",
            wait.duration.as_secs_f64(),
            wait.reason
        );
    }
}

struct Request {
    source: Source,
    target: Target,
    visibility: Visibility,
    dry_run: bool,
}

enum Source {
    Sample,
    EnvFile(PathBuf),
    Json(PathBuf),
}

enum Target {
    Emulator,
    GitHub { api_url: String, org: String },
}

/// The request on the command line, or `None` where help is asked for.
fn parse(mut arguments: lexopt::Parser) -> anyhow::Result<Option<Request>> {
    let (mut source, mut org, mut api_url, mut kind) = (Source::Sample, None, None, None);
    let mut repositories: Vec<RepositoryRef> = Vec::new();
    let mut dry_run = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("env-file") => source = Source::EnvFile(arguments.value()?.into()),
            Long("json") => source = Source::Json(arguments.value()?.into()),
            Long("org") => org = Some(arguments.value()?.string()?),
            Long("api-url") => api_url = Some(arguments.value()?.string()?),
            Long("visibility") => kind = Some(arguments.value()?.string()?),
            Long("repository") => {
                let repository = arguments.value()?.string()?;
                let id = repository.parse::<u64>().map(RepositoryRef::from);
                repositories.push(id.unwrap_or_else(|_| repository.into()));
            }
            Long("dry-run") => dry_run = true,
            Long("help") | Short('h') => return Ok(None),
            // What was given may be a value in the wrong place: it is not repeated.
            _ => bail!("there is no such option"),
        }
    }
    let visibility = match kind.as_deref() {
        Some("selected") => Visibility::Selected(repositories),
        _ if !repositories.is_empty() => bail!("--repository goes with --visibility selected only"),
        Some("all") => Visibility::All,
        Some("private") | None => Visibility::Private,
        Some(_) => bail!("--visibility takes all, private or selected"),
    };
    let target = match (org, api_url) {
        (None, None) => Target::Emulator,
        (None, Some(_)) => bail!("--api-url goes with --org"),
        (Some(org), api_url) => {
            let api_url = api_url.unwrap_or_else(|| "https://api.github.com".to_owned());
            Target::GitHub { api_url, org }
        }
    };
    Ok(Some(Request {
        source,
        target,
        visibility,
        dry_run,
    }))
}
