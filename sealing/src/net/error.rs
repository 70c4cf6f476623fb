use std::{
    convert::Infallible,
    error::Error as StdError,
    fmt,
    time::{Duration, SystemTime},
};

use super::{
    access::{AccessChanged, Unverified},
    answer::Answer,
    operation::Target,
};
use crate::{
    BatchError, ConfigurationError, KeyError, NameError, Operation, OwnerError, Refusal,
    RepositoryError, SealError, SecretName, ValueError,
};

/// Why a call did not do what was asked: a variant for each decision that a caller takes.
///
/// No message, `Debug` output or source holds a value, a token or a ciphertext. What GitHub itself
/// said may repeat what was sent; it is in [`Refusal::github_message`] and nowhere else.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The secret's name breaks GitHub's rules; nothing was sent.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Something is wrong with one of many secrets; nothing was sent.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The value cannot be stored; nothing was sent.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// GitHub's public key is not one to seal to; nothing was sent.
    #[error("{0}; nothing was sealed and nothing was sent")]
    Key(KeyError),
    /// The value could not be sealed; nothing was sent.
    #[error("{0}")]
    Seal(SealError),
    /// The organization's name cannot be one; nothing was sent.
    #[error(transparent)]
    Owner(#[from] OwnerError),
    /// The repositories to select cannot be resolved; nothing was changed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// The settings of the [`GitHub`](crate::GitHub) are unusable; nothing was sent.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The token provider failed; nothing was sent.
    #[error("the token provider gave no token")]
    Token(#[source] Box<dyn StdError + Send + Sync>),
    /// GitHub does not accept the token (401), or the token may not do this (403).
    #[error(transparent)]
    NotAuthorized(Refusal),
    /// There is no such thing, or the token may not know of it (404).
    #[error(transparent)]
    NotFound(Refusal),
    /// The secret's visibility is not `selected`, so it has no list of repositories (409).
    #[error(transparent)]
    Conflict(Refusal),
    /// GitHub refuses the request as it is (400, 422 and other client errors).
    #[error(transparent)]
    Refused(Refusal),
    /// A rate limit holds, for longer than the call may wait.
    #[error(transparent)]
    RateLimited(Box<RateLimited>),
    /// GitHub cannot answer now (408 and 5xx); after a write it is unknown whether it took effect.
    #[error(transparent)]
    Unavailable(Refusal),
    /// The connection could not be made, broke, or timed out.
    #[error(transparent)]
    Connection(Box<ConnectionError>),
    /// The answer is none that GitHub's description allows.
    #[error(transparent)]
    UnexpectedAnswer(Box<UnexpectedAnswer>),
    /// GitHub took a change of who can use a secret, and did not make it.
    #[error(
        "GitHub took the change of who can use the secret {0} and did not make it; \
         `set` the secret with its value instead"
    )]
    AccessNotChanged(SecretName),
    /// A change was made, and could not be looked at afterwards.
    #[error(transparent)]
    Unverified(Box<Unverified>),
    /// Somebody else changed who can read the secret while it was being changed here.
    #[error(transparent)]
    AccessChanged(Box<AccessChanged>),
}

impl Error {
    /// What GitHub answered, where there was an answer.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::NotAuthorized(refusal)
            | Self::NotFound(refusal)
            | Self::Conflict(refusal)
            | Self::Refused(refusal)
            | Self::Unavailable(refusal) => Some(refusal.answer()),
            Self::RateLimited(limited) => limited.answer.as_ref(),
            Self::Connection(error) => error.answer.as_ref(),
            Self::UnexpectedAnswer(unexpected) => Some(&unexpected.answer),
            _ => None,
        }
    }
}

impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<SealError> for Error {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Value(error) => Self::Value(error),
            other => Self::Seal(other),
        }
    }
}

impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// A rate limit that holds for longer than the call may wait.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RateLimited {
    /// Which of GitHub's limits it is.
    pub kind: LimitKind,
    /// How long to wait, from when the error was made.
    pub wait: Duration,
    /// When the limit ends, by this machine's clock.
    pub until: SystemTime,
    pub(crate) target: Target,
    pub(crate) answer: Option<Answer>,
}

/// Which of GitHub's limits a call ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitKind {
    /// The number of requests an hour.
    Primary,
    /// One of the limits against too much at once.
    Secondary,
}

impl fmt::Display for RateLimited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            LimitKind::Primary => "hourly",
            LimitKind::Secondary => "secondary",
        };
        let seconds = self.wait.as_secs_f64().ceil();
        let until = httpdate::fmt_http_date(self.until);
        write!(
            f,
            "could not {}: GitHub's {kind} rate limit holds until {until}, {seconds} seconds from \
             now; try again then, or allow the call a longer wait and more attempts{}",
            self.target,
            self.target.doubt()
        )?;
        self.answer
            .as_ref()
            .map_or(Ok(()), |answer| write!(f, " ({answer})"))
    }
}

impl StdError for RateLimited {}

/// A connection that could not be made, broke, or timed out.
#[derive(Debug)]
#[non_exhaustive]
pub struct ConnectionError {
    /// How it failed.
    pub fault: ConnectionFault,
    /// Whether the request may have reached GitHub: a write may then have taken effect.
    pub maybe_sent: bool,
    pub(crate) target: Target,
    pub(crate) api: String,
    pub(crate) answer: Option<Answer>,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
}

/// How a connection failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionFault {
    /// No connection could be made.
    Connect,
    /// There was no whole answer in time.
    Timeout,
    /// The connection broke before the whole answer was there.
    Lost,
}

impl fmt::Display for ConnectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self.fault {
            ConnectionFault::Connect => "no connection to GitHub could be made",
            ConnectionFault::Timeout => "GitHub gave no whole answer in time",
            ConnectionFault::Lost => "the connection broke before GitHub's answer was complete",
        };
        write!(f, "could not {}: {fault} ({})", self.target, self.api)?;
        f.write_str(self.target.doubt())?;
        self.answer
            .as_ref()
            .map_or(Ok(()), |answer| write!(f, " ({answer})"))
    }
}

impl StdError for ConnectionError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// An answer that GitHub's description does not allow.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UnexpectedAnswer {
    /// What is wrong with it.
    pub problem: AnswerProblem,
    pub(crate) target: Target,
    pub(crate) answer: Answer,
}

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerProblem {
    /// A status that means neither success nor a refusal.
    Status,
    /// A redirection that leaves the API's own origin, or that has no end.
    Redirect,
    /// The body is not the JSON that the description promises.
    Json {
        /// The line at fault, the first being 1; 0 where the whole body has the wrong shape.
        line: usize,
        /// The column at fault, the first being 1.
        column: usize,
    },
    /// The body ends too early.
    CutShort,
    /// The body is larger than any answer that GitHub gives.
    TooLarge {
        /// The size up to which answers are read, in bytes.
        limit: usize,
    },
    /// The link to the next page cannot be followed.
    NextPage(&'static str),
    /// The answer does not fit what was done.
    Contradiction(&'static str),
}

impl fmt::Display for UnexpectedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {}: ", self.target)?;
        match &self.problem {
            AnswerProblem::Status => f.write_str("the answer's status has no meaning here"),
            AnswerProblem::Redirect => {
                f.write_str("the answer redirects away from the API's address, or without end")
            }
            AnswerProblem::Json { line, column } => write!(
                f,
                "the answer's body is not the JSON that GitHub's description promises \
                 (line {line}, column {column})"
            ),
            AnswerProblem::CutShort => f.write_str("the answer's body ends too early"),
            AnswerProblem::TooLarge { limit } => {
                write!(f, "the answer's body is larger than {limit} bytes")
            }
            AnswerProblem::NextPage(fault) => write!(f, "the link to the next page {fault}"),
            AnswerProblem::Contradiction(what) => f.write_str(what),
        }?;
        if !matches!(self.problem, AnswerProblem::CutShort) {
            f.write_str("; check that the API address is GitHub's")?;
        }
        write!(f, "{} ({})", self.target.doubt(), self.answer)
    }
}

impl StdError for UnexpectedAnswer {}

impl Error {
    /// Whether the change may have been made though the call failed: the answer was lost, or that
    /// of an earlier attempt was. Doing the same again is safe.
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            Self::Unverified(_) => true,
            Self::AccessChanged(changed) => changed.value_stored,
            _ => self
                .target()
                .is_some_and(|target| !target.doubt().is_empty()),
        }
    }

    /// The call that failed, where the error comes from one.
    pub fn operation(&self) -> Option<Operation> {
        self.target().map(|target| target.operation)
    }

    /// The error, saying so where this or an earlier attempt may have taken effect.
    pub(crate) fn in_doubt_if(mut self, doubt: bool) -> Self {
        if !doubt {
            return self;
        }
        match &mut self {
            Self::NotAuthorized(refusal)
            | Self::NotFound(refusal)
            | Self::Conflict(refusal)
            | Self::Refused(refusal)
            | Self::Unavailable(refusal) => refusal.target_mut().in_doubt = true,
            Self::RateLimited(limited) => limited.target.in_doubt = true,
            Self::Connection(error) => error.target.in_doubt = true,
            Self::UnexpectedAnswer(unexpected) => unexpected.target.in_doubt = true,
            _ => {}
        }
        self
    }

    fn target(&self) -> Option<&Target> {
        match self {
            Self::NotAuthorized(refusal)
            | Self::NotFound(refusal)
            | Self::Conflict(refusal)
            | Self::Refused(refusal)
            | Self::Unavailable(refusal) => Some(refusal.target()),
            Self::RateLimited(limited) => Some(&limited.target),
            Self::Connection(error) => Some(&error.target),
            Self::UnexpectedAnswer(unexpected) => Some(&unexpected.target),
            _ => None,
        }
    }
}
