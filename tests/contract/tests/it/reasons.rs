//! Why GitHub refused a request, in GitHub's own words and headers.

use contract_tests::{Reply, Wire, github};
use github_secrets::{Error, GitHub, LimitKind, NewSecret, Reason, Store, Visibility};
use github_secrets_emulator::{
    Emulator, Organization, Repository, Store as HeldStore, StoredSecret,
};

/// A response that refuses a request.
struct Refusal {
    status: u16,
    words: &'static str,
    headers: &'static [(&'static str, &'static str)],
}

const fn refusal(status: u16, words: &'static str) -> Refusal {
    Refusal {
        status,
        words,
        headers: &[],
    }
}

impl Refusal {
    const fn with(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    fn reply(&self) -> Reply {
        let add = |reply: Reply, (name, value): &(&str, &str)| reply.header(name, value);
        let reply = github::refusal(self.status, self.words);
        self.headers.iter().fold(reply, add)
    }

    /// The error of a write to a repository's secret that is refused in this way.
    async fn error(&self) -> Error {
        let wire = Wire::script([
            github::public_key(),
            self.reply(),
            github::public_key(),
            self.reply(),
        ]);
        let github = github::builder(wire.url()).build().expect("settings");
        let secrets = github.repo("acme/website").expect("a name").actions();
        secrets
            .set("DB_PASSWORD", "value")
            .await
            .expect_err("refused")
    }
}

const SCOPES: &[(&str, &str)] = &[
    ("X-OAuth-Scopes", "gist, read:org"),
    ("X-Accepted-OAuth-Scopes", "repo"),
];

const SIGN_ON: &[(&str, &str)] = &[(
    "X-GitHub-SSO",
    "required; url=https://github.com/orgs/acme/sso",
)];

const PERMISSION: &[(&str, &str)] = &[("X-Accepted-GitHub-Permissions", "secrets=write")];

#[tokio::test]
async fn every_reason_is_told_from_githubs_words_or_headers() {
    let saml = "Resource protected by organization SAML enforcement. You must grant your Personal \
                Access token access to this organization.";
    let allow_list = "Although you appear to have the correct authorization credentials, the `acme` \
                      organization has an IP allow list enabled, and your IP address is not \
                      permitted to access this resource.";
    let lifetime = "The 'acme' organization forbids access via a fine-grained personal access \
                    tokens if the token's lifetime is greater than 366 days.";
    let classic = "`acme` forbids access via a personal access token (classic). Please use a \
                   GitHub App, OAuth App, or a personal access token with fine-grained \
                   permissions.";
    let oauth_app = "Although you appear to have the correct authorization credentials, the `acme` \
                     organization has enabled OAuth App access restrictions, meaning that data \
                     access to third-parties is limited.";
    let plan = "Upgrade to GitHub Pro or make this repository public to enable this feature.";
    for (refusal, reason, words) in [
        (
            refusal(401, "Bad credentials"),
            Reason::BadToken,
            "expired or revoked",
        ),
        (
            refusal(403, "Resource not accessible by integration"),
            Reason::MissingPermission,
            "the GITHUB_TOKEN of a workflow cannot manage secrets",
        ),
        (
            refusal(403, "Resource not accessible by personal access token").with(PERMISSION),
            Reason::MissingPermission,
            "lacks the permission secrets=write",
        ),
        (
            refusal(403, "Must have admin rights to Repository."),
            Reason::MissingPermission,
            "lacks",
        ),
        (
            refusal(
                403,
                "You must be an org admin or have the actions secrets fine-grained permission.",
            ),
            Reason::MissingPermission,
            "lacks",
        ),
        (
            refusal(403, "Forbidden").with(SCOPES),
            Reason::MissingPermission,
            "the token has scope `gist, read:org` but needs `repo`",
        ),
        (
            refusal(404, "Not Found").with(SCOPES),
            Reason::MissingPermission,
            "the token has scope `gist, read:org` but needs `repo`",
        ),
        (refusal(403, saml), Reason::SingleSignOn, "single sign-on"),
        (
            refusal(403, "Forbidden").with(SIGN_ON),
            Reason::SingleSignOn,
            "at https://github.com/orgs/acme/sso",
        ),
        (
            refusal(404, "Not Found").with(SIGN_ON),
            Reason::SingleSignOn,
            "at https://github.com/orgs/acme/sso",
        ),
        (
            refusal(403, allow_list),
            Reason::IpAllowList,
            "IP allow list",
        ),
        (
            refusal(403, "Repository was archived so is read-only."),
            Reason::Archived,
            "archived and so read-only",
        ),
        (refusal(403, plan), Reason::Plan, "plan"),
        (
            refusal(403, lifetime),
            Reason::TokenLifetime,
            "expires sooner",
        ),
        (refusal(403, classic), Reason::TokenKind, "kind of token"),
        (
            refusal(403, oauth_app),
            Reason::UnapprovedApp,
            "has not approved the OAuth app",
        ),
        (
            refusal(403, "Sorry. Your account was suspended."),
            Reason::Suspended,
            "suspended",
        ),
        (refusal(402, "Payment Required"), Reason::Plan, "plan"),
        (
            refusal(422, "You have reached the maximum of 100 secrets."),
            Reason::Quota,
            "the store is full",
        ),
    ] {
        let error = refusal.error().await;
        assert_eq!(error.reason(), Some(reason), "{}: {error}", refusal.words);
        let message = error.to_string();
        assert!(message.contains(words), "{words:?} is not in: {message}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn what_github_does_not_say_is_not_guessed() {
    for refusal in [
        refusal(403, "Forbidden"),
        refusal(404, "Not Found"),
        refusal(409, "Conflict"),
        refusal(422, "Validation Failed"),
        refusal(400, "Problems parsing JSON"),
        refusal(503, "Secrets service unavailable"),
    ] {
        let error = refusal.error().await;
        assert_eq!(error.reason(), None, "{error}");
        assert_eq!(
            error.response().map(|head| head.status()),
            Some(refusal.status)
        );
    }
}

#[tokio::test]
async fn a_rate_limit_is_no_missing_permission() {
    let error = refusal(403, "You have exceeded a secondary rate limit.")
        .error()
        .await;
    assert!(matches!(&error, Error::RateLimited(limited) if limited.kind == LimitKind::Secondary));
    assert_eq!(error.reason(), None);
    assert!(error.is_retryable());
}

/// Scopes that a token has, and others that they include.
const ENOUGH: [(&str, &str); 9] = [
    ("admin:org", "admin:org"),
    ("admin:org", "read:org"),
    ("admin:org", "write:org"),
    ("gist, write:org", "read:org"),
    ("repo", "repo"),
    ("repo, admin:org", "public_repo"),
    ("codespace", "codespace:secrets"),
    ("repo", "admin:org, repo"),
    ("repo", ""),
];

#[tokio::test]
async fn no_refusal_claims_that_a_scope_is_missing_which_the_token_has() {
    for (held, accepted) in ENOUGH {
        for (status, words) in [
            (403, "Forbidden"),
            (403, "Must have admin rights to Repository."),
            (404, "Not Found"),
        ] {
            let reply = github::refusal(status, words)
                .header("X-OAuth-Scopes", held)
                .header("X-Accepted-OAuth-Scopes", accepted);
            let wire = Wire::script([reply.clone(), reply]);
            let github = github::builder(wire.url()).build().expect("settings");
            let org = github.org("acme").expect("a login").actions();
            let repo = github.repo("acme/website").expect("a name").actions();
            for error in [
                org.public_key().await.expect_err("refused"),
                repo.delete("A").await.expect_err("refused"),
            ] {
                let message = error.to_string();
                for claim in [
                    "the token has scope",
                    "the token has no scopes",
                    "but needs",
                    "the token lacks",
                    "it needs",
                ] {
                    assert!(!message.contains(claim), "{held} for {accepted}: {message}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_scope_that_includes_less_is_said_to_be_missing() {
    for (held, accepted) in [
        ("read:org", "admin:org"),
        ("public_repo", "repo"),
        ("codespace:secrets", "codespace"),
        ("", "repo"),
    ] {
        let reply = github::refusal(404, "Not Found")
            .header("X-OAuth-Scopes", held)
            .header("X-Accepted-OAuth-Scopes", accepted);
        let wire = Wire::script([reply]);
        let error = github::secrets(wire.url()).public_key().await;
        let error = error.expect_err("refused");
        assert_eq!(error.reason(), Some(Reason::MissingPermission));
        let message = error.to_string();
        assert!(
            message.contains(&format!("but needs `{accepted}`")),
            "{message}"
        );
    }
}

fn github(emulator: &Emulator) -> GitHub {
    github::builder(emulator.url()).build().expect("settings")
}

#[tokio::test]
async fn every_write_to_an_archived_repository_says_that_it_is_archived() {
    let attic = Repository::new(7, "attic").archived();
    let attic = attic.environment_secret("production", StoredSecret::new("A", "old"));
    let attic = HeldStore::ALL.into_iter().fold(attic, |attic, store| {
        attic.secret(store, StoredSecret::new("A", "old"))
    });
    let acme = Organization::new("acme").repository(attic);
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .expect("an emulator");
    let repo = github(&emulator).repo("acme/attic").expect("a name");
    let production = repo.environment("production").expect("a name");
    let mut errors = vec![
        production.set("A", "new").await.expect_err("set"),
        production.rotate("A", "new").await.expect_err("rotate"),
        production.delete("A").await.expect_err("delete"),
    ];
    for store in Store::ALL {
        let secrets = repo.secrets(store);
        errors.push(secrets.set("A", "new").await.expect_err("set"));
        errors.push(secrets.rotate("A", "new").await.expect_err("rotate"));
        errors.push(secrets.delete("A").await.expect_err("delete"));
    }
    for error in errors {
        assert!(matches!(error, Error::NotAuthorized(_)), "{error:?}");
        assert_eq!(error.reason(), Some(Reason::Archived), "{error}");
        let message = error.to_string();
        assert!(
            message.contains("archived and so read-only; unarchive it"),
            "{message}"
        );
        assert!(message.contains("acme/attic"), "{message}");
    }
    assert!(
        emulator
            .all_secrets()
            .iter()
            .all(|(_, secret)| secret.value() == b"old")
    );
}

/// A store with as many secrets as it can have, by what GitHub documents for it.
#[tokio::test]
async fn a_full_store_says_which_limit_github_documents() {
    let acme = Organization::new("acme")
        .example_repositories()
        .secret_limit(1);
    let acme = HeldStore::ALL.into_iter().fold(acme, |acme, store| {
        acme.secret(store, StoredSecret::new("FIRST", "value"))
    });
    let emulator = Emulator::builder()
        .organization(acme)
        .start()
        .await
        .expect("an emulator");
    let org = github(&emulator).org("acme").expect("a login");
    for (store, limit) in [
        (Store::Actions, "a limit of 1,000 secrets"),
        (Store::Codespaces, "a limit of 100 secrets"),
        (Store::Agents, "no limit for this store"),
        (Store::Dependabot, "no limit for this store"),
    ] {
        let set = org
            .secrets(store)
            .set("SECOND", "value", Visibility::All)
            .await;
        let error = set.expect_err("full");
        assert!(matches!(error, Error::Rejected(_)), "{error:?}");
        assert_eq!(error.reason(), Some(Reason::Quota), "{error}");
        let message = error.to_string();
        assert!(
            message.contains("the store is full") && message.contains(limit),
            "{message}"
        );
        let new = NewSecret::new("SECOND", "value").expect("a name");
        let batch = org
            .secrets(store)
            .set_all([new.visibility(Visibility::All)])
            .await;
        let report = batch.expect("a batch").finish().await.expect_err("full");
        assert!(report.to_string().contains(limit), "{report}");
    }
    assert_eq!(emulator.all_secrets().len(), 4);
}

#[tokio::test]
async fn a_full_repository_environment_or_user_has_a_limit_of_100() {
    let full = github::refusal(422, "You have reached the maximum of 100 secrets.");
    let wire = Wire::serve(move |request| match request.method.as_str() {
        "PUT" => full.clone(),
        _ => github::success(request),
    });
    let github = github::builder(wire.url()).build().expect("settings");
    let repo = github.repo("acme/website").expect("a name");
    let environment = repo.environment("production").expect("a name");
    let user = github.user().codespaces();
    for error in [
        repo.actions().set("A", "value").await.expect_err("full"),
        repo.codespaces().set("A", "value").await.expect_err("full"),
        environment.set("A", "value").await.expect_err("full"),
        user.set("A", "value", [1].into_iter().collect())
            .await
            .expect_err("full"),
    ] {
        assert_eq!(error.reason(), Some(Reason::Quota));
        let message = error.to_string();
        assert!(message.contains("a limit of 100 secrets"), "{message}");
    }
}
