//! Works with a GitHub App's installation token, which lasts an hour, through jobs that last longer.
//!
//! With no arguments it runs on an emulator that it starts itself, and revokes the first token. With
//! APP_ID, APP_PRIVATE_KEY (the PEM text), INSTALLATION_ID and ORG set it lists the names of an
//! organization's secrets on GitHub.

use std::{
    env,
    error::Error as StdError,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use github_secrets::{GitHub, Token, Visibility};
use github_secrets_emulator::Emulator;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

type Anything = Box<dyn StdError + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Anything> {
    match env::var("APP_ID") {
        Ok(app_id) => on_github(app_id).await,
        Err(_) => on_emulator().await,
    }
}

async fn on_github(app_id: String) -> Result<(), Anything> {
    let app = Arc::new(App {
        id: app_id,
        key: EncodingKey::from_rsa_pem(env::var("APP_PRIVATE_KEY")?.as_bytes())?,
        installation: env::var("INSTALLATION_ID")?,
        http: reqwest::Client::builder()
            .user_agent("github-secrets-example")
            .build()?,
    });
    let github = GitHub::builder()
        .token_provider(move || {
            let app = Arc::clone(&app);
            async move { app.installation_token().await }
        })
        .build()?;
    for secret in github
        .org(env::var("ORG")?)
        .codespaces()
        .list()
        .all()
        .await?
    {
        println!("{}", secret.name);
    }
    Ok(())
}

struct App {
    id: String,
    key: EncodingKey,
    installation: String,
    http: reqwest::Client,
}

impl App {
    /// A fresh installation token: the App signs who it is, and GitHub gives a token for that.
    async fn installation_token(&self) -> Result<Token, Anything> {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)?
            .as_secs();
        // GitHub takes at most ten minutes, and clocks differ.
        let claims = json!({ "iat": now - 60, "exp": now + 540, "iss": self.id });
        let jwt = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.key)?;
        let installation = &self.installation;
        let answer: serde_json::Value = self
            .http
            .post(format!(
                "https://api.github.com/app/installations/{installation}/access_tokens"
            ))
            .bearer_auth(jwt)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let token = answer["token"].as_str().ok_or("the answer has no token")?;
        let lifetime = Duration::from_secs(60 * 60);
        Ok(Token::new(token).expires_at(SystemTime::now() + lifetime))
    }
}

async fn on_emulator() -> Result<(), Anything> {
    let emulator = Emulator::start().await?;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let github = GitHub::builder()
        .api_url(emulator.url())
        .token_provider(move || {
            let number = count.fetch_add(1, Ordering::Relaxed) + 1;
            async move { Ok(Token::new(format!("installation-token-{number}"))) }
        })
        .build()?;
    let secrets = github.org("acme").codespaces();

    secrets
        .set("DB_PASSWORD", "correct horse", Visibility::Private)
        .await?;
    println!(
        "set the secret with token {}",
        asked.load(Ordering::Relaxed)
    );

    emulator.revoke_token("installation-token-1");
    secrets.rotate("DB_PASSWORD", "a better horse").await?;
    println!(
        "rotated it with token {}, since the first was revoked",
        asked.load(Ordering::Relaxed)
    );
    Ok(())
}
