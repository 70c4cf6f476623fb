//! The error type of the library, and every type that its variants hold.
//!
//! `effect.rs` decides whether a failed call may have taken effect, and `not_tried.rs` which of two
//! errors is reported. A report becomes an error in `batch/report.rs`.
//!
//! The errors of the sealing core are in the core, which does not depend on this module.

mod advice;
mod batch;
mod configuration;
mod connection;
mod effect;
mod head;
mod incomplete;
mod moved;
mod not_tried;
mod present;
mod rate_limited;
mod reason;
mod registry;
mod rejected;
mod repository;
mod scope;
mod secret_changed;
mod target;
mod unexpected;

use std::{error::Error as StdError, sync::Arc};

pub use self::{
    batch::BatchError,
    configuration::ConfigurationError,
    connection::{ConnectionError, ConnectionFault},
    head::{GitHubMessage, RateLimit, ResponseHead},
    incomplete::Incomplete,
    moved::RepositoryMoved,
    not_tried::NotTried,
    rate_limited::{LimitKind, RateLimited},
    reason::Reason,
    registry::RegistryError,
    rejected::ErrorResponse,
    repository::RepositoryError,
    secret_changed::{Change, SecretChanged},
    unexpected::{ResponseProblem, UnexpectedResponse},
};
pub(crate) use self::{
    present::present,
    scope::{Scope, is_unreachable},
    target::Target,
};
use crate::{
    AccessError, KeyError, NameError, Operation, OwnerError, ParsePlaceError, SealError,
    SecretName, ValueError,
};

/// An error from this crate, with one variant per decision a caller can make.
///
/// No message, `Debug` output or source holds a value, a token or a ciphertext. GitHub's own
/// message can repeat what was sent; it is available from [`ErrorResponse::github_message`] only.
///
/// ```no_run
/// # async fn example(github: github_secrets::GitHub) -> Result<(), github_secrets::Error> {
/// use github_secrets::{Error, Visibility};
///
/// let secrets = github.org("acme")?.actions();
/// match secrets.set("DB_PASSWORD", "correct horse", Visibility::Private).await {
///     Ok(stored) => println!("{stored}"),
///     Err(Error::NotAuthorized(response)) => println!("fix the token: {response}"),
///     Err(error) if error.is_retryable() => println!("try again later: {error}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors of any request
///
/// Every call that sends a request can return [`Token`](Self::Token),
/// [`NotAuthorized`](Self::NotAuthorized), [`NotFound`](Self::NotFound),
/// [`Rejected`](Self::Rejected), [`RateLimited`](Self::RateLimited),
/// [`Unavailable`](Self::Unavailable), [`Connection`](Self::Connection),
/// [`UnexpectedResponse`](Self::UnexpectedResponse), [`NotTried`](Self::NotTried) and, for a
/// repository or an environment, [`Moved`](Self::Moved). A list can also be
/// [`Incomplete`](Self::Incomplete). If more than one of the repositories that are given by name
/// fails, [`Repositories`](Self::Repositories) holds the error of each.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The secret's name breaks GitHub's rules. Nothing was sent.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The value cannot be stored. Nothing was sent.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// The name of an organization, repository or environment is not valid. Nothing was sent.
    #[error(transparent)]
    Owner(#[from] OwnerError),
    /// The text does not name a place. Nothing was sent.
    #[error(transparent)]
    Place(#[from] ParsePlaceError),
    /// The owner, which is known at run time only, does not support the call. Nothing was sent.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The repositories to select are not valid. Nothing was changed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// Several repositories to select could not be looked up. Nothing was changed.
    #[error("{}", join(.0))]
    Repositories(Vec<Self>),
    /// The settings of a private registry are not valid. Nothing was changed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// One secret of a batch is not valid. Nothing was sent.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The settings of the [`GitHub`](crate::GitHub) are not valid. Nothing was sent.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// GitHub returned a public key that is unsafe to seal to.
    #[error("{error}; nothing was sealed to it{}", attempt(*.may_have_taken_effect))]
    Key {
        /// The fault of the key.
        error: KeyError,
        /// Whether an earlier attempt of the same call may have taken effect.
        may_have_taken_effect: bool,
    },
    /// The value could not be sealed.
    #[error("{error}{}", attempt(*.may_have_taken_effect))]
    Seal {
        /// The reason.
        error: SealError,
        /// Whether an earlier attempt of the same call may have taken effect.
        may_have_taken_effect: bool,
    },
    /// The token provider returned an error or an unusable token.
    #[error(
        "the token provider failed or returned an unusable token{}",
        attempt(*.may_have_taken_effect)
    )]
    Token {
        /// The provider's own error.
        source: Arc<dyn StdError + Send + Sync>,
        /// Whether an earlier attempt of the same call may have taken effect.
        may_have_taken_effect: bool,
    },
    /// GitHub does not accept the token (401), the plan does not include the feature (402), or the
    /// token may not do this (403).
    #[error(transparent)]
    NotAuthorized(ErrorResponse),
    /// The resource does not exist, or the token has no access to it (404).
    #[error(transparent)]
    NotFound(ErrorResponse),
    /// The request conflicts with the current state (409), such as a selection of repositories for
    /// a secret whose visibility is not `selected`.
    #[error(transparent)]
    Conflict(ErrorResponse),
    /// GitHub rejects the request as invalid (400, 422 and other client errors).
    #[error(transparent)]
    Rejected(ErrorResponse),
    /// A rate limit lasts longer than the call may wait.
    #[error(transparent)]
    RateLimited(Box<RateLimited>),
    /// GitHub is temporarily unavailable (408 and 5xx).
    #[error(transparent)]
    Unavailable(ErrorResponse),
    /// The connection could not be made, broke, or timed out.
    #[error(transparent)]
    Connection(Box<ConnectionError>),
    /// The response does not match GitHub's API description.
    #[error(transparent)]
    UnexpectedResponse(Box<UnexpectedResponse>),
    /// GitHub left out part of a list: the token is not authorized for single sign-on.
    #[error(transparent)]
    Incomplete(Box<Incomplete>),
    /// The repository was transferred to another owner. Nothing was sent there.
    #[error(transparent)]
    Moved(Box<RepositoryMoved>),
    /// GitHub changes the access of this secret only together with its value. Nothing was changed.
    #[error(
        "GitHub changes the access of the secret {0} only together with its value; use `set` \
         with the value and the new visibility"
    )]
    ValueRequired(SecretName),
    /// GitHub accepted a change of access but did not apply it.
    #[error(
        "GitHub accepted the new access of the secret {0} but did not apply it; use `set` with \
         the value and the new visibility"
    )]
    AccessNotChanged(SecretName),
    /// Somebody else changed the secret at the same time.
    #[error(transparent)]
    SecretChanged(Box<SecretChanged>),
    /// The change was made, but reading it back failed.
    #[error(
        "{} for the secret {name}, but reading back who can use it failed",
        if *.value_stored { "the new value is stored" } else { "the change of access was sent" }
    )]
    Unverified {
        /// The secret.
        name: SecretName,
        /// Whether a new value is stored; otherwise only the access was changed.
        value_stored: bool,
        /// The error from reading back.
        source: Box<Error>,
    },
    /// The secret was never sent.
    #[error(transparent)]
    NotTried(NotTried),
    /// Not every secret of a batch succeeded. `?` converts a [`Report`](crate::Report) into this
    /// error.
    #[error("{summary}")]
    Unfinished {
        /// The report as text.
        summary: Box<str>,
        /// The first error.
        #[source]
        first: Option<Box<Error>>,
        /// Whether at least one secret was changed, or may have been.
        may_have_taken_effect: bool,
    },
}

/// Returns the end of a message about a failure between two attempts.
fn attempt(may_have_taken_effect: bool) -> &'static str {
    if may_have_taken_effect {
        "; an earlier attempt of the call may have taken effect, and repeating it is safe"
    } else {
        ""
    }
}

/// Returns the messages of several errors.
fn join(errors: &[Error]) -> String {
    let messages: Vec<_> = errors.iter().map(Error::to_string).collect();
    messages.join("; ")
}

/// The error response that an error holds, borrowed as the error is.
macro_rules! error_response {
    ($error:expr) => {
        match $error {
            Self::NotAuthorized(response)
            | Self::NotFound(response)
            | Self::Conflict(response)
            | Self::Rejected(response)
            | Self::Unavailable(response) => Some(response),
            _ => None,
        }
    };
}

impl Error {
    /// Returns the status and headers of GitHub's response, if there was one.
    pub fn response(&self) -> Option<&ResponseHead> {
        if let Some(response) = self.error_response() {
            return Some(response.head());
        }
        match self {
            Self::RateLimited(limited) => Some(&limited.head),
            Self::Connection(error) => error.head.as_ref(),
            Self::UnexpectedResponse(unexpected) => Some(&unexpected.head),
            Self::Incomplete(incomplete) => Some(&incomplete.head),
            Self::Unverified { source, .. } => source.response(),
            Self::Repositories(errors) => errors.iter().find_map(Self::response),
            _ => None,
        }
    }

    /// Returns why GitHub refused the request, if it is certain.
    ///
    /// ```no_run
    /// # fn example(error: github_secrets::Error) {
    /// use github_secrets::Reason;
    ///
    /// match error.reason() {
    ///     Some(Reason::SingleSignOn) => println!("authorize the token: {error}"),
    ///     Some(Reason::Quota) => println!("delete a secret first: {error}"),
    ///     _ => println!("{error}"),
    /// }
    /// # }
    /// ```
    pub fn reason(&self) -> Option<Reason> {
        match self {
            Self::Incomplete(_) => Some(Reason::SingleSignOn),
            Self::Repositories(errors) => errors.iter().find_map(Self::reason),
            error => error.error_response()?.reason(),
        }
    }

    /// Returns GitHub's own message, if there was one. It can repeat what was sent.
    pub fn github_message(&self) -> Option<&GitHubMessage> {
        self.error_response()?.github_message()
    }

    /// Returns whether the same call can succeed later without a change: after a lost connection,
    /// a server error, a rate limit, a truncated response or a list that changed while it was read,
    /// and if it was never sent for lack of time or because of an earlier error.
    ///
    /// Repeating any call is safe, except for the creation of a private registry that
    /// [may have taken effect](Self::may_have_taken_effect).
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Connection(error) => !matches!(
                error.fault,
                ConnectionFault::Shutdown | ConnectionFault::Tls
            ),
            Self::NotTried(reason) => {
                matches!(reason, NotTried::EarlierError | NotTried::Deadline)
            }
            Self::RateLimited(_) | Self::Unavailable(_) => true,
            Self::Repositories(errors) => errors.iter().all(Self::is_retryable),
            Self::UnexpectedResponse(unexpected) => matches!(
                unexpected.problem,
                ResponseProblem::CutShort
                    | ResponseProblem::Count { .. }
                    | ResponseProblem::ListChanged
            ),
            _ => false,
        }
    }

    /// Returns the operation that failed, if the error comes from one.
    pub fn operation(&self) -> Option<Operation> {
        self.target().map(|target| target.operation)
    }

    pub(crate) fn unexpected(
        target: &Target,
        head: ResponseHead,
        problem: ResponseProblem,
    ) -> Self {
        let target = target.clone();
        Self::UnexpectedResponse(Box::new(UnexpectedResponse {
            problem,
            target,
            head,
        }))
    }

    pub(crate) fn incomplete(target: &Target, head: ResponseHead) -> Self {
        Self::Incomplete(Box::new(Incomplete::new(target.clone(), head)))
    }

    pub(crate) fn token(source: Arc<dyn StdError + Send + Sync>) -> Self {
        let may_have_taken_effect = false;
        Self::Token {
            source,
            may_have_taken_effect,
        }
    }

    pub(crate) fn moved(target: &Target, from: String, to: String) -> Self {
        let target = target.clone();
        Self::Moved(Box::new(RepositoryMoved { from, to, target }))
    }

    /// Returns the same error, about the request that another one was made for.
    pub(crate) fn about(mut self, target: &Target) -> Self {
        if let Self::Moved(moved) = &mut self {
            moved.target = target.clone();
        }
        self
    }

    fn target(&self) -> Option<&Target> {
        if let Some(response) = self.error_response() {
            return Some(response.target());
        }
        match self {
            Self::RateLimited(limited) => Some(&limited.target),
            Self::Connection(error) => Some(&error.target),
            Self::UnexpectedResponse(unexpected) => Some(&unexpected.target),
            Self::Incomplete(incomplete) => Some(&incomplete.target),
            Self::Moved(moved) => Some(&moved.target),
            _ => None,
        }
    }

    fn target_mut(&mut self) -> Option<&mut Target> {
        match self {
            Self::RateLimited(limited) => Some(&mut limited.target),
            Self::Connection(error) => Some(&mut error.target),
            Self::UnexpectedResponse(unexpected) => Some(&mut unexpected.target),
            Self::Incomplete(incomplete) => Some(&mut incomplete.target),
            Self::Moved(moved) => Some(&mut moved.target),
            error => error.error_response_mut().map(ErrorResponse::target_mut),
        }
    }

    fn error_response(&self) -> Option<&ErrorResponse> {
        error_response!(self)
    }

    fn error_response_mut(&mut self) -> Option<&mut ErrorResponse> {
        error_response!(self)
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        let may_have_taken_effect = false;
        Self::Key {
            error,
            may_have_taken_effect,
        }
    }
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        let may_have_taken_effect = false;
        match error {
            SealError::Value(error) => Self::Value(error),
            error => Self::Seal {
                error,
                may_have_taken_effect,
            },
        }
    }
}
