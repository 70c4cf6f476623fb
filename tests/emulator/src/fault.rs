//! Bad weather on demand.

use std::time::Duration;

use hyper::body::Bytes;

use crate::answer::Content;
use crate::operation::{Operation, Route};
use crate::recorded::RecordedRequest;

/// Something that goes wrong with a request.
///
/// It happens once unless told otherwise. Where several wait, a request meets the first that was
/// asked for and matches it.
///
/// ```
/// use github_secrets_emulator::{Fault, Matcher, Operation};
///
/// let unavailable = Fault::status(503)
///     .body("Secrets service unavailable")
///     .header("retry-after", "1")
///     .on(Matcher::operation(Operation::SetSecret))
///     .times(2);
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    pub(crate) effect: Effect,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Content>,
    pub(crate) delay: Duration,
    pub(crate) after_write: bool,
    matchers: Vec<Matcher>,
    /// How many matching requests are still let through first.
    skip: u32,
    /// How many times it still happens; `None` is without end.
    left: Option<u32>,
}

/// What becomes of the request.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// It is answered as ever.
    None,
    /// It is answered with this status.
    Status(u16),
    /// The connection is closed without an answer.
    Dropped,
    /// It is answered as ever, with only half of the body.
    Truncated,
    /// The organization's key pair is replaced before the request is looked at.
    RotatedKey,
    /// Another request is handled first.
    Meanwhile(Meanwhile),
    PrimaryLimit {
        status: u16,
        reset: Duration,
    },
    SecondaryLimit {
        status: u16,
        retry_after: Option<Duration>,
    },
}

/// A request that another client sends.
#[derive(Clone, Debug)]
pub(crate) struct Meanwhile {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Bytes,
}

impl Fault {
    /// An answer with this status, from 200 to 599, and without a body unless it is given one.
    pub fn status(status: u16) -> Self {
        Self::new(Effect::Status(status))
    }

    /// A redirect with this status.
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::status(status).header("location", location)
    }

    /// A connection that is closed without an answer.
    pub fn dropped() -> Self {
        Self::new(Effect::Dropped)
    }

    /// The answer that was due, of which only half of the body arrives before the connection is
    /// closed.
    pub fn truncated() -> Self {
        Self::new(Effect::Truncated)
    }

    /// The answer that was due, but late.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Effect::None).delayed(delay)
    }

    /// A key pair that is replaced right before the request is looked at.
    pub fn rotated_key() -> Self {
        Self::new(Effect::RotatedKey)
    }

    /// Another client, whose request with this method, path and JSON body is handled right before,
    /// or with [`after_write`](Self::after_write) right after. If it is refused, the answer is a
    /// 500 that says so.
    ///
    /// ```
    /// use github_secrets_emulator::{Fault, Matcher, Operation};
    ///
    /// let path = "/orgs/acme/codespaces/secrets/TOKEN/repositories/1296280";
    /// let second_writer =
    ///     Fault::meanwhile("PUT", path, "").on(Matcher::operation(Operation::SetSecret));
    /// ```
    pub fn meanwhile(
        method: impl Into<String>,
        path: impl Into<String>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        Self::new(Effect::Meanwhile(Meanwhile {
            method: method.into(),
            path: path.into(),
            body: Bytes::from(body.into()),
        }))
    }

    /// The primary rate limit: 403, nothing remaining, and a reset this far from now.
    pub fn primary_limit(reset: Duration) -> Self {
        Self::new(Effect::PrimaryLimit { status: 403, reset })
    }

    /// A secondary rate limit: 403 with a `Retry-After`, or with nothing but its message and
    /// `documentation_url`.
    pub fn secondary_limit(retry_after: Option<Duration>) -> Self {
        Self::new(Effect::SecondaryLimit {
            status: 403,
            retry_after,
        })
    }

    /// Answers a rate limit with 429 in place of 403.
    pub fn too_many_requests(mut self) -> Self {
        if let Effect::PrimaryLimit { status, .. } | Effect::SecondaryLimit { status, .. } =
            &mut self.effect
        {
            *status = 429;
        }
        self
    }

    /// Gives the answer this body, as JSON unless a `content-type` [header](Self::header) says
    /// otherwise.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(Content::Whole(Bytes::from(body.into())));
        self
    }

    /// Gives the answer this body and a `Content-Length` that promises more.
    pub fn cut_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        let body = Bytes::from(body.into());
        let declared = body.len() as u64 + 1_000;
        self.body = Some(Content::Cut(body, declared));
        self
    }

    /// Gives the answer a body that ends only when the client goes away.
    pub fn endless_body(mut self) -> Self {
        self.body = Some(Content::Endless(Bytes::from_static(&[b' '; 8 * 1024])));
        self
    }

    /// Gives the answer a header, in place of the one that it would have.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Lets it happen this long after the request came.
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Does what the request asks for first, so that only the client does not know.
    pub fn after_write(mut self) -> Self {
        self.after_write = true;
        self
    }

    /// Lets it happen to requests of this kind alone; several matchers have to match all.
    pub fn on(mut self, matcher: Matcher) -> Self {
        self.matchers.push(matcher);
        self
    }

    /// Lets this many matching requests through first.
    pub fn after(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Lets it happen to this many requests.
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Lets it happen without end.
    pub fn always(mut self) -> Self {
        self.left = None;
        self
    }

    fn new(effect: Effect) -> Self {
        Self {
            effect,
            headers: Vec::new(),
            body: None,
            delay: Duration::ZERO,
            after_write: false,
            matchers: Vec::new(),
            skip: 0,
            left: Some(1),
        }
    }

    /// Whether it happens to this request; counts it if so.
    fn strikes(&mut self, request: &RecordedRequest, route: Option<&Route>) -> bool {
        if self.left == Some(0) || !self.matchers.iter().all(|it| it.matches(request, route)) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.left = self.left.map(|left| left - 1);
        true
    }
}

/// Which requests a [`Fault`] concerns.
#[derive(Clone, Debug)]
pub struct Matcher(Condition);

#[derive(Clone, Debug)]
enum Condition {
    Method(String),
    Operation(Operation),
    Path(String),
}

impl Matcher {
    /// Requests with this method.
    pub fn method(method: impl Into<String>) -> Self {
        Self(Condition::Method(method.into()))
    }

    /// Requests for this operation.
    pub fn operation(operation: Operation) -> Self {
        Self(Condition::Operation(operation))
    }

    /// Requests whose path contains this text.
    pub fn path(part: impl Into<String>) -> Self {
        Self(Condition::Path(part.into()))
    }

    fn matches(&self, request: &RecordedRequest, route: Option<&Route>) -> bool {
        match &self.0 {
            Condition::Method(method) => request.method().eq_ignore_ascii_case(method),
            Condition::Operation(operation) => {
                route.is_some_and(|route| route.operation() == *operation)
            }
            Condition::Path(part) => request.path().contains(part.as_str()),
        }
    }
}

/// The fault that happens to this request; one that is used up goes.
pub(crate) fn strike(
    faults: &mut Vec<Fault>,
    request: &RecordedRequest,
    route: Option<&Route>,
) -> Option<Fault> {
    let index = faults
        .iter_mut()
        .position(|fault| fault.strikes(request, route))?;
    match faults[index].left {
        Some(0) => Some(faults.remove(index)),
        _ => Some(faults[index].clone()),
    }
}
