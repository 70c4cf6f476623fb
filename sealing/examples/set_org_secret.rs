//! Sets a Codespaces secret of an organization, on an emulator or on GitHub.
//!
//! Without arguments it starts an emulator, creates a secret there, updates it, and prints what the
//! emulator opened. With arguments it sets a secret on GitHub; `--help` lists them.

use std::{
    env,
    io::{self, IsTerminal},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use github_secrets::{
    Error, GitHub, Organization, PublicKey, RepositoryError, RepositoryRef, SecretName,
    SecretValue, Secrets, Token, Visibility,
};
use github_secrets_emulator::{Emulator, Place, Store};
use lexopt::prelude::{Long, Short, ValueExt};

const USAGE: &str = "\
Sets a Codespaces secret of an organization.

usage: set_org_secret
       set_org_secret --org ORG --name NAME --visibility all|private|selected
                      [--repository-id ID]... [--api-url URL] [--allow-empty]

Without arguments it starts an emulator and works on that.
Otherwise it reads the token from GITHUB_TOKEN, and the value from SECRET_VALUE or from standard
input, to the end and with any line break.

  --org ORG            the organization's login
  --name NAME          the secret's name
  --visibility KIND    the repositories that can use it: all, private or selected
  --repository-id ID   a selected repository; without any, none is selected
  --api-url URL        the address of the API [default: https://api.github.com]
  --allow-empty        store an empty value
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let request = match parse(lexopt::Parser::from_env()) {
        Ok(Some(request)) => request,
        Ok(None) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("set_org_secret: {problem}; see --help");
            return ExitCode::from(2);
        }
    };
    let outcome = match request {
        Request::Emulator => on_emulator().await,
        Request::GitHub(request) => on_github(*request).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("set_org_secret: {error:#}");
            ExitCode::from(if is_usage(&error) { 2 } else { 1 })
        }
    }
}

/// Returns whether the command line or the environment is at fault, and nothing was sent.
fn is_usage(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(
            Error::Configuration(_)
                | Error::Owner(_)
                | Error::Value(_)
                | Error::Repository(RepositoryError::Id(_))
        )
    )
}

async fn on_emulator() -> anyhow::Result<()> {
    let emulator = Emulator::start().await?;
    let github = GitHub::builder()
        .api_url(emulator.url())
        .token("any-token-will-do")
        .build()?;
    println!("emulator  {}", emulator.url());
    let secrets = github.org("acme")?.codespaces();
    let name = SecretName::new("DB_PASSWORD")?;
    for (value, visibility) in [
        ("correct horse battery staple", Visibility::Private),
        ("a better horse", Visibility::selected([1296269, 1296280])),
    ] {
        set(&secrets, &name, value.into(), visibility).await?;
        let opened = emulator
            .secret(
                &Place::organization("acme", Store::Codespaces),
                name.as_str(),
            )
            .context("the emulator lost the secret")?;
        println!(
            "opened    {:?} by the emulator, with its private key",
            String::from_utf8_lossy(opened.value())
        );
    }
    Ok(())
}

async fn on_github(request: GitHubRequest) -> anyhow::Result<()> {
    let GitHubRequest {
        api_url,
        token,
        org,
        name,
        value,
        visibility,
    } = request;
    let mut github = GitHub::builder().token(token);
    if let Some(api_url) = api_url {
        github = github.api_url(api_url);
    }
    let secrets = github.build()?.org(org)?.codespaces();
    set(&secrets, &name, value, visibility).await
}

async fn set(
    secrets: &Secrets<Organization>,
    name: &SecretName,
    value: SecretValue,
    visibility: Visibility,
) -> anyhow::Result<()> {
    let key = secrets.public_key().await?;
    println!("key       {:?}", key.id());
    let (plain, sealed) = (value.len(), value.len() + PublicKey::OVERHEAD_BYTES);
    let access = visibility.to_string();
    let stored = secrets.set(name, value, visibility).await?;
    println!("sent      {name}, visibility {access}: {plain} bytes in a sealed box of {sealed}");
    println!("{stored:<9} {name}");
    Ok(())
}

enum Request {
    Emulator,
    GitHub(Box<GitHubRequest>),
}

struct GitHubRequest {
    api_url: Option<String>,
    token: Token,
    org: String,
    name: SecretName,
    value: SecretValue,
    visibility: Visibility,
}

/// Returns the request on the command line, or `None` for help.
fn parse(mut arguments: lexopt::Parser) -> anyhow::Result<Option<Request>> {
    let (mut api_url, mut org, mut name, mut visibility) = (None, None, None, None);
    let mut repositories: Vec<RepositoryRef> = Vec::new();
    let (mut any, mut allow_empty) = (false, false);
    while let Some(argument) = arguments.next()? {
        any = true;
        match argument {
            Long("api-url") => api_url = Some(arguments.value()?.string()?),
            Long("org") => org = Some(arguments.value()?.string()?),
            Long("name") => name = Some(SecretName::new(arguments.value()?.string()?)?),
            Long("visibility") => visibility = Some(arguments.value()?.string()?),
            Long("repository-id") => {
                let id = arguments.value()?.parse::<u64>();
                repositories.push(id.ok().context("--repository-id takes a number")?.into());
            }
            Long("allow-empty") => allow_empty = true,
            Long("help") | Short('h') => return Ok(None),
            // It may be a value in the wrong place, so it is not repeated.
            Long(_) | Short(_) => bail!("unknown option"),
            lexopt::Arg::Value(_) => {
                bail!("the value must not be on the command line, where others can see it");
            }
        }
    }
    if !any {
        return Ok(Some(Request::Emulator));
    }
    let visibility = match visibility.context("--visibility is missing")?.as_str() {
        "selected" => Visibility::selected(repositories),
        _ if !repositories.is_empty() => {
            bail!("--repository-id goes with --visibility selected only");
        }
        "all" => Visibility::All,
        "private" => Visibility::Private,
        _ => bail!("--visibility takes all, private or selected"),
    };
    let org = org.context("--org is missing")?;
    let name = name.context("--name is missing")?;
    let token = env::var("GITHUB_TOKEN")
        .ok()
        .context("there is no token in GITHUB_TOKEN")?
        .into();
    let value = read_value()?;
    if value.is_empty() && !allow_empty {
        bail!("the value is empty; use --allow-empty to store it anyway");
    }
    let request = GitHubRequest {
        api_url,
        token,
        org,
        name,
        value,
        visibility,
    };
    Ok(Some(Request::GitHub(Box::new(request))))
}

fn read_value() -> anyhow::Result<SecretValue> {
    if let Some(value) = env::var_os("SECRET_VALUE") {
        return Ok(value.into_encoded_bytes().into());
    }
    if io::stdin().is_terminal() {
        bail!("there is no value in SECRET_VALUE or on standard input");
    }
    Ok(SecretValue::from_reader(io::stdin().lock())?)
}
