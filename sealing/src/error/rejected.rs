//! An error response: its status, its headers, and GitHub's own message.

use std::{error::Error as StdError, fmt};

use super::{
    advice,
    head::{GitHubMessage, ResponseHead},
    reason::{self, Cause, Reason},
    target::Target,
};
use crate::{Action, Operation};

/// An error response from GitHub: the request that was refused, and how to fix it.
#[derive(Clone, Debug)]
pub struct ErrorResponse(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    target: Target,
    head: ResponseHead,
    message: Option<GitHubMessage>,
    cause: Cause,
}

impl ErrorResponse {
    pub(crate) fn new(target: Target, head: ResponseHead, body: &[u8]) -> Self {
        let message = GitHubMessage::from_body(body);
        let cause = Cause::of(&head, message.as_ref());
        Self(Box::new(Parts {
            target,
            head,
            message,
            cause,
        }))
    }

    /// Returns the operation that was refused.
    pub fn operation(&self) -> Operation {
        self.0.target.operation
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> u16 {
        self.0.head.status()
    }

    /// Returns the status and headers of the response.
    pub fn head(&self) -> &ResponseHead {
        &self.0.head
    }

    /// Returns the reason for the refusal, if it is certain.
    pub fn reason(&self) -> Option<Reason> {
        match self.0.cause {
            Cause::Known(reason) => Some(reason),
            _ => None,
        }
    }

    /// Returns GitHub's own message, which can repeat what was sent.
    pub fn github_message(&self) -> Option<&GitHubMessage> {
        self.0.message.as_ref()
    }

    /// Returns whether the headers name what the token needs: a 404 then does not mean that
    /// nothing is there.
    pub(crate) fn names_what_is_missing(&self) -> bool {
        reason::names_what_is_missing(&self.0.head)
    }

    /// Returns whether the value may have been sealed to another key than the current one.
    pub(crate) fn can_mean_stale_key(&self) -> bool {
        self.status() == 422 && matches!(self.0.cause, Cause::Sealing | Cause::Unknown)
    }

    /// Returns whether the ids of repositories had the wrong JSON type.
    pub(crate) fn names_id_type(&self) -> bool {
        self.status() == 422
            && self.0.cause == Cause::IdType
            && self.operation().action() == Some(Action::Set)
    }

    pub(crate) fn target(&self) -> &Target {
        &self.0.target
    }

    pub(crate) fn target_mut(&mut self) -> &mut Target {
        &mut self.0.target
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            target,
            head,
            cause,
            ..
        } = &*self.0;
        write!(f, "could not {target}: ")?;
        advice::write(f, target, head, *cause)?;
        write!(f, "{} ({head})", target.effect())
    }
}

impl StdError for ErrorResponse {}
