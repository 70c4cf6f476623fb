//! Uses the installation tokens of a GitHub App, which expire after an hour.
//!
//! Without arguments it starts an emulator, works on that, and revokes the first token. If APP_ID,
//! APP_PRIVATE_KEY (the PEM text), INSTALLATION_ID and ORG are set, it lists the Actions secrets of
//! an organization on GitHub.

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
    let secrets = github.org(env::var("ORG")?)?.actions();
    for secret in secrets.list().all().await? {
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
    /// Exchanges a token that the App signs for an installation token.
    async fn installation_token(&self) -> Result<Token, Anything> {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)?
            .as_secs();
        // GitHub accepts at most ten minutes, and clocks differ.
        let claims = json!({ "iat": now - 60, "exp": now + 540, "iss": self.id });
        let jwt = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.key)?;
        let installation = &self.installation;
        let response: serde_json::Value = self
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
        let token = response["token"]
            .as_str()
            .ok_or("the response has no token")?;
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
            async move { anyhow::Ok(Token::new(format!("installation-token-{number}"))) }
        })
        .build()?;
    let secrets = github.org("acme")?.actions();

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
