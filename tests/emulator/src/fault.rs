//! Faults on demand.

use std::time::Duration;

use hyper::{body::Bytes, header::HeaderName};

use crate::{
    answer::Content,
    api::{call::is_known, operation::Route},
    recorded::RecordedRequest,
};

/// Something that goes wrong with a request.
///
/// It happens once by default. A request meets one fault at most: the first that was set and
/// matches it.
///
/// ```
/// use github_secrets_emulator::{Fault, Matcher};
///
/// let unavailable = Fault::status(503)
///     .body("Secrets service unavailable")
///     .header("retry-after", "1")
///     .on(Matcher::operation("codespaces/create-or-update-org-secret"))
///     .times(2);
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    pub(crate) effect: Effect,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Content>,
    pub(crate) delay: Duration,
    pub(crate) after_write: bool,
    pub(crate) matchers: Vec<Matcher>,
    /// How many matching requests are still let through first.
    pub(crate) skip: u32,
    /// How many times it still happens. `None` is without end.
    pub(crate) left: Option<u32>,
}

/// What happens to the request.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// It is answered as usual.
    None,
    /// It is answered with this status.
    Status(u16),
    /// The connection is closed without an answer.
    Dropped,
    /// It is answered as usual, with only half of the body.
    Truncated,
    /// It is answered as usual, without these headers.
    WithoutHeaders(Vec<HeaderName>),
    /// The key pair that it uses is replaced first.
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

/// A request of another client.
#[derive(Clone, Debug)]
pub(crate) struct Meanwhile {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Bytes,
}

impl Fault {
    /// Answers with this status, from 200 to 599, and without a body unless [`body`](Self::body)
    /// sets one.
    pub fn status(status: u16) -> Self {
        Self::new(Effect::Status(status))
    }

    /// Redirects with this status.
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::status(status).header("location", location)
    }

    /// Closes the connection without an answer.
    pub fn dropped() -> Self {
        Self::new(Effect::Dropped)
    }

    /// Sends half of the right answer's body, then closes the connection.
    pub fn truncated() -> Self {
        Self::new(Effect::Truncated)
    }

    /// Sends the right answer without these headers, whichever part of the emulator sets them.
    /// `Date` and `Link` can be removed like any other, the length of the body cannot.
    ///
    /// ```
    /// use github_secrets_emulator::Fault;
    ///
    /// let lost_pages = Fault::without_headers(["link"]).always();
    /// ```
    pub fn without_headers<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let names = names.into_iter();
        let names = names.filter_map(|name| HeaderName::try_from(name.as_ref()).ok());
        Self::new(Effect::WithoutHeaders(names.collect()))
    }

    /// Sends the right answer, but late.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Effect::None).delayed(delay)
    }

    /// Replaces the key pair of the place that the request is about, right before it is handled.
    pub fn rotated_key() -> Self {
        Self::new(Effect::RotatedKey)
    }

    /// Handles another client's request with this method, path and JSON body right before, or with
    /// [`after_write`](Self::after_write) right after. If that request is refused, the answer is a
    /// 500 that says so.
    ///
    /// ```
    /// use github_secrets_emulator::{Fault, Matcher};
    ///
    /// let path = "/orgs/acme/codespaces/secrets/TOKEN/repositories/1296280";
    /// let second_writer =
    ///     Fault::meanwhile("PUT", path, "").on(Matcher::operation("codespaces/create-or-update-org-secret"));
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

    /// Answers that the primary rate limit is reached: 403, nothing remaining, and a reset this far
    /// from now.
    pub fn primary_limit(reset: Duration) -> Self {
        Self::new(Effect::PrimaryLimit { status: 403, reset })
    }

    /// Answers that a secondary rate limit is reached: 403 with a `Retry-After`, or with only its
    /// message and `documentation_url`.
    pub fn secondary_limit(retry_after: Option<Duration>) -> Self {
        Self::new(Effect::SecondaryLimit {
            status: 403,
            retry_after,
        })
    }

    /// Answers a rate limit with 429 instead of 403.
    pub fn too_many_requests(mut self) -> Self {
        if let Effect::PrimaryLimit { status, .. } | Effect::SecondaryLimit { status, .. } =
            &mut self.effect
        {
            *status = 429;
        }
        self
    }

    /// Sets the body of the answer. It is JSON unless a `content-type` [header](Self::header) says
    /// otherwise.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(Content::Whole(Bytes::from(body.into())));
        self
    }

    /// Sets the body of the answer, with a `Content-Length` that is larger.
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

    /// Sets a header of the answer.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Makes it happen this long after the request arrived.
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Carries out the request first, so that it takes effect and the client does not know.
    pub fn after_write(mut self) -> Self {
        self.after_write = true;
        self
    }

    /// Applies only to matching requests; all matchers must match.
    pub fn on(mut self, matcher: Matcher) -> Self {
        self.matchers.push(matcher);
        self
    }

    /// Lets this many matching requests through first.
    pub fn after(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Makes it happen to this many requests. Default is 1.
    pub fn times(mut self, times: u32) -> Self {
        self.left = Some(times);
        self
    }

    /// Makes it happen to every matching request.
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

    /// Returns the operationIds that its matchers name.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &str> {
        self.matchers.iter().filter_map(|matcher| match &matcher.0 {
            Condition::Operation(id) => Some(id.as_str()),
            Condition::Method(_) | Condition::Path(_) => None,
        })
    }

    /// Returns about how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        let headers = self.headers.iter();
        let headers =
            headers.map(|(name, value)| size_of::<(String, String)>() + name.len() + value.len());
        let body = match &self.body {
            Some(Content::Whole(body) | Content::Cut(body, _)) => body.len(),
            Some(Content::Endless(_)) | None => 0,
        };
        let effect = match &self.effect {
            Effect::Meanwhile(other) => other.path.len() + other.body.len(),
            Effect::WithoutHeaders(names) => {
                let names = names
                    .iter()
                    .map(|name| size_of_val(name) + name.as_str().len());
                names.sum()
            }
            _ => 0,
        };
        let matchers = self
            .matchers
            .iter()
            .map(|Matcher(condition)| match condition {
                Condition::Method(text) | Condition::Operation(text) | Condition::Path(text) => {
                    size_of::<Matcher>() + text.len()
                }
            });
        size_of::<Self>() + headers.sum::<usize>() + body + effect + matchers.sum::<usize>()
    }

    /// Tells whether it happens to this request, and counts it if so.
    fn strikes(&mut self, request: &RecordedRequest) -> bool {
        if self.left == Some(0) || !self.matchers.iter().all(|it| it.matches(request)) {
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

/// A condition for the requests that a [`Fault`] happens to.
#[derive(Clone, Debug)]
pub struct Matcher(pub(crate) Condition);

#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Method(String),
    Operation(String),
    Path(String),
}

impl Matcher {
    /// Matches requests with this method.
    pub fn method(method: impl Into<String>) -> Self {
        Self(Condition::Method(method.into()))
    }

    /// Matches requests for the operation with this operationId in GitHub's description.
    ///
    /// An operationId that the emulator does not know matches every request, and answers it with a
    /// 500 that names it, so that a misspelling is noticed.
    pub fn operation(id: impl Into<String>) -> Self {
        Self(Condition::Operation(id.into()))
    }

    /// Matches requests whose path contains this text.
    pub fn path(part: impl Into<String>) -> Self {
        Self(Condition::Path(part.into()))
    }

    fn matches(&self, request: &RecordedRequest) -> bool {
        match &self.0 {
            Condition::Method(method) => request.method().eq_ignore_ascii_case(method),
            Condition::Operation(id) => {
                let route = Route::of(&request.parts.method, request.path());
                !is_known(id) || route.is_some_and(|route| route.id() == *id)
            }
            Condition::Path(part) => request.path().contains(part.as_str()),
        }
    }
}

/// Returns the fault that happens to this request, and removes one that is used up.
pub(crate) fn strike(faults: &mut Vec<Fault>, request: &RecordedRequest) -> Option<Fault> {
    let index = faults.iter_mut().position(|fault| fault.strikes(request))?;
    match faults[index].left {
        Some(0) => Some(faults.remove(index)),
        _ => Some(faults[index].clone()),
    }
}
