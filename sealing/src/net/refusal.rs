use std::{
    error::Error as StdError,
    fmt,
    time::{Duration, SystemTime},
};

use super::{
    answer::{Answer, GitHubMessage},
    operation::Target,
};
use crate::{LimitKind, Operation, RateLimited};

/// A request that GitHub understood and did not carry out: what it was, and what would help.
#[derive(Clone, Debug)]
pub struct Refusal(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    target: Target,
    answer: Answer,
    message: Option<GitHubMessage>,
    cause: Cause,
    limit: Option<LimitKind>,
}

/// What a message of GitHub's is known to mean; the message itself is never printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// The box does not open with the key it names, or the key is not current.
    Sealing,
    /// Something else that the message names clearly.
    Other,
    /// There is no message, or none that is known.
    Unknown,
}

impl Refusal {
    pub(crate) fn new(target: Target, answer: Answer, body: &[u8]) -> Self {
        let message = GitHubMessage::from_body(body);
        let cause = message
            .as_ref()
            .map_or(Cause::Unknown, |message| cause(message.expose()));
        let limit = limit(&answer, body);
        Self(Box::new(Parts {
            target,
            answer,
            message,
            cause,
            limit,
        }))
    }

    /// The call that was refused.
    pub fn operation(&self) -> Operation {
        self.0.target.operation
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.0.answer.status()
    }

    /// What the answer's headers said.
    pub fn answer(&self) -> &Answer {
        &self.0.answer
    }

    /// GitHub's own words, which may repeat what was sent.
    pub fn github_message(&self) -> Option<&GitHubMessage> {
        self.0.message.as_ref()
    }

    /// Whether the headers name what the token lacks: then a 404 does not mean that nothing is there.
    pub(crate) fn names_a_lack(&self) -> bool {
        lack(&self.0.answer).is_some()
    }

    pub(crate) fn target(&self) -> &Target {
        &self.0.target
    }

    pub(crate) fn target_mut(&mut self) -> &mut Target {
        &mut self.0.target
    }

    /// Whether the refusal can mean that the value was sealed to another key than the current one.
    pub(crate) fn can_mean_stale_key(&self) -> bool {
        self.status() == 422 && self.operation() == Operation::Set && self.0.cause != Cause::Other
    }

    /// The rate limit that the refusal stands for, if it is one.
    pub(crate) fn limit(&self) -> Option<LimitKind> {
        self.0.limit
    }

    pub(crate) fn into_rate_limited(self, kind: LimitKind) -> RateLimited {
        let Parts { target, answer, .. } = *self.0;
        RateLimited {
            kind,
            wait: Duration::ZERO,
            until: SystemTime::now(),
            target,
            answer: Some(answer),
        }
    }

    fn advice(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            target,
            answer,
            cause,
            ..
        } = &*self.0;
        let needs = target.operation.permissions();
        match (answer.status(), target.operation) {
            (401, _) => f.write_str(
                "GitHub does not accept the token: it is wrong, expired or revoked; \
                 use a valid one, and do not repeat this one, since GitHub then locks its owner out",
            ),
            (403, _) => match lack(answer).or_else(|| permission(answer)) {
                Some(lack) => f.write_str(&lack),
                None => write!(f, "the token may not do this: it needs {needs}"),
            },
            (404, Operation::PublicKey) => {
                write!(
                    f,
                    "this can mean three things: there is no organization of that name that the \
                     token may know of; its plan has no organization secrets, which take GitHub \
                     Team or Enterprise; or the token lacks {needs}"
                )?;
                hint(answer, f)
            }
            (404, Operation::Set | Operation::SetAccess) => {
                write!(
                    f,
                    "the organization or a repository does not exist, or the token lacks {needs}"
                )?;
                hint(answer, f)
            }
            (404, _) => {
                write!(f, "it does not exist, or the token lacks {needs}")?;
                hint(answer, f)
            }
            (409, _) => f.write_str(
                "the secret's visibility has to be `selected` before single repositories can be; \
                 change its access first",
            ),
            (422, Operation::Set) if *cause == Cause::Sealing => f.write_str(
                "GitHub says that the value is not sealed to its key, which was fetched anew for it; \
                 try again later",
            ),
            (422, Operation::SetAccess) => f.write_str(
                "GitHub may want the value together with the access: set both with `set`; or a \
                 repository is not the organization's",
            ),
            (422, _) => f.write_str(
                "GitHub finds the request invalid; check the name, the visibility and the \
                 repositories, and look at GitHub's own message, which is kept out of this one \
                 because it can repeat what was sent",
            ),
            (400, _) => f.write_str("GitHub could not read the request, or not this API version"),
            (408 | 500.., _) => f.write_str("GitHub cannot answer now; try again later"),
            _ => f.write_str("GitHub refuses the request"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}: ", self.0.target)?;
        self.advice(f)?;
        write!(f, "{} ({})", self.0.target.doubt(), self.0.answer)
    }
}

impl StdError for Refusal {}

fn hint(answer: &Answer, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match (lack(answer), answer.accepted_permissions()) {
        (Some(lack), _) => write!(f, "; {lack}"),
        (None, Some(accepted)) => write!(f, "; GitHub names the permission {accepted}"),
        (None, None) => Ok(()),
    }
}

/// What a refused token lacks by `X-Accepted-GitHub-Permissions`; other answers have it as well.
fn permission(answer: &Answer) -> Option<String> {
    let accepted = answer.accepted_permissions()?;
    Some(format!(
        "the token lacks a permission; what would do is {accepted}"
    ))
}

/// What the headers say that the token lacks, whatever the status.
fn lack(answer: &Answer) -> Option<String> {
    // Lists that leave out what needs single sign-on have the header as well, without an address.
    if let Some((_, url)) = answer.sso().and_then(|sso| sso.split_once("url=")) {
        return Some(format!(
            "authorize the token for the organization's single sign-on at {url}"
        ));
    }
    if let (403, Some(sso)) = (answer.status(), answer.sso()) {
        return Some(format!(
            "authorize the token for the organization's single sign-on ({sso})"
        ));
    }
    let (has, accepted) = (answer.oauth_scopes()?, answer.accepted_oauth_scopes()?);
    let holds = |scope: &str| has.split(',').any(|held| held.trim() == scope);
    let satisfied = accepted
        .split(',')
        .map(str::trim)
        .any(|scope| scope.is_empty() || holds(scope));
    if satisfied {
        return None;
    }
    let has = if has.trim().is_empty() {
        "no scope at all"
    } else {
        has
    };
    Some(format!(
        "the token has {has}; what would do is the scope {accepted}"
    ))
}

/// GitHub answers with 403 and 429 alike, and a secondary limit can come without any header: its
/// documentation address or message tells it then.
fn limit(answer: &Answer, body: &[u8]) -> Option<LimitKind> {
    if !matches!(answer.status(), 403 | 429) {
        return None;
    }
    let body = String::from_utf8_lossy(body).to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| body.contains(word));
    if says(&[
        "secondary rate",
        "secondary-rate-limits",
        "abuse-rate-limits",
        "abuse detection",
    ]) {
        return Some(LimitKind::Secondary);
    }
    if answer.rate_limit().is_some_and(|rate| rate.remaining == 0) {
        return Some(LimitKind::Primary);
    }
    let limited = answer.status() == 429 || answer.retry_after().is_some();
    (limited || says(&["rate limit exceeded"])).then_some(LimitKind::Secondary)
}

/// Sources of the messages: the threads named in GitHub's own repositories and in
/// [terraform-provider-github#2315](https://github.com/integrations/terraform-provider-github/issues/2315).
fn cause(message: &str) -> Cause {
    let message = message.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    if says(&["improperly encrypted", "key_id", "key id", "public key"]) {
        Cause::Sealing
    } else if says(&[
        "secret names",
        "is not an integer",
        "too large",
        "repositor",
        "does not match",
    ]) {
        Cause::Other
    } else {
        Cause::Unknown
    }
}
