//! Faults: what a test makes go wrong, or change at the wrong moment.

pub(crate) mod effect;
pub(crate) mod matcher;

use std::time::Duration;

use hyper::{body::Bytes, header::HeaderName};

use crate::{
    api::list_edits::ListEdits, change::Change, recorded::RecordedRequest, response::Content,
};
use effect::{Effect, OtherRequest};
use matcher::{Condition, Matcher};

/// Something that goes wrong with a request.
///
/// It happens once by default. A request meets one fault at most: the first that was added and
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

impl Fault {
    /// Responds with this status, from 200 to 599, and without a body unless [`body`](Self::body)
    /// sets one.
    pub fn status(status: u16) -> Self {
        Self::new(Effect::Status(status))
    }

    /// Redirects with this status.
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::status(status).header("location", location)
    }

    /// Closes the connection without a response.
    pub fn dropped() -> Self {
        Self::new(Effect::Dropped)
    }

    /// Sends half of the right response's body, then closes the connection.
    pub fn truncated() -> Self {
        Self::new(Effect::Truncated)
    }

    /// Sends the right response without these headers, whichever part of the emulator sets them.
    /// `Date` and `Link` can be removed like any other; the length of the body cannot.
    ///
    /// ```
    /// use github_secrets_emulator::Fault;
    ///
    /// let lost_pages = Fault::without_headers(["link"]).always();
    /// ```
    pub fn without_headers<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let names = names.into_iter();
        Self::new(Effect::WithoutHeaders(
            names
                .filter_map(|name| HeaderName::try_from(name.as_ref()).ok())
                .collect(),
        ))
    }

    /// Sends the right response, but late.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Effect::None).delayed(delay)
    }

    /// Replaces the key pair of the place that the request is about, right before it is handled.
    pub fn rotated_key() -> Self {
        Self::new(Effect::RotatedKey)
    }

    /// Handles another client's request with this method, path and JSON body right before, or with
    /// [`after_write`](Self::after_write) right after. If that request fails, the response is a 500
    /// that says so.
    ///
    /// ```
    /// use github_secrets_emulator::{Fault, Matcher};
    ///
    /// let path = "/orgs/acme/codespaces/secrets/TOKEN/repositories/1296280";
    /// let set = Matcher::operation("codespaces/create-or-update-org-secret");
    /// let second_writer = Fault::meanwhile("PUT", path, "").on(set);
    /// ```
    pub fn meanwhile(
        method: impl Into<String>,
        path: impl Into<String>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        Self::new(Effect::Meanwhile(OtherRequest {
            method: method.into(),
            path: path.into(),
            body: Bytes::from(body.into()),
        }))
    }

    /// Makes changes that somebody else would make right before the request is handled, or with
    /// [`after_write`](Self::after_write) right after. If one of them is not possible, the response
    /// is a 500 that says why.
    ///
    /// ```
    /// use github_secrets_emulator::{Change, Fault, Matcher, Repository};
    ///
    /// // A repository is renamed, and a new one gets its name, before the third request.
    /// let renamed = Fault::changes([
    ///     Change::rename_repository("acme/website", "site"),
    ///     Change::create_repository("acme", Repository::new(7, "website")),
    /// ]);
    /// let fault = renamed.on(Matcher::path("/repos/acme/website")).after(2);
    /// ```
    pub fn changes(changes: impl IntoIterator<Item = Change>) -> Self {
        Self::new(Effect::Changes(changes.into_iter().collect()))
    }

    /// Leaves entries out of the right list, by their names or ids, and out of its `total_count`.
    /// Applies to all pages of a list with [`times`](Self::times) or [`always`](Self::always). Has
    /// no effect on what is not a list.
    pub fn hidden_entries<T: ToString>(entries: impl IntoIterator<Item = T>) -> Self {
        Self::edited_list(entries, Vec::new(), None)
    }

    /// Leaves entries out of the right list like [`hidden_entries`](Self::hidden_entries), and says
    /// so as GitHub does for organizations whose single sign-on the token is not authorized for:
    /// 200 with `X-GitHub-SSO: partial-results; organizations=21955855,20582480`.
    ///
    /// ```
    /// use github_secrets_emulator::{Fault, Matcher};
    ///
    /// let partial = Fault::partial_results([21955855, 20582480], ["website"])
    ///     .on(Matcher::operation("actions/list-selected-repos-for-org-secret"))
    ///     .always();
    /// ```
    pub fn partial_results<T: ToString>(
        organization_ids: impl IntoIterator<Item = u64>,
        entries: impl IntoIterator<Item = T>,
    ) -> Self {
        Self::edited_list(entries, organization_ids.into_iter().collect(), None)
    }

    /// Sends the right list with this `total_count`. Has no effect on what is not a list.
    ///
    /// ```
    /// use github_secrets_emulator::Fault;
    ///
    /// // Each of three pages reports another total.
    /// let totals = [250, 249, 251].map(Fault::total_count);
    /// ```
    pub fn total_count(total: u64) -> Self {
        Self::edited_list([""; 0], Vec::new(), Some(total))
    }

    /// Sets the `total_count` of a list with hidden entries or partial results. Default is the
    /// number of the entries that are left.
    pub fn with_total_count(mut self, total: u64) -> Self {
        if let Effect::EditedList { edits, .. } = &mut self.effect {
            edits.total_count = Some(total);
        }
        self
    }

    /// Responds that the primary rate limit is reached: 403, nothing remaining, and a reset this
    /// far from now.
    pub fn primary_limit(reset: Duration) -> Self {
        Self::new(Effect::PrimaryLimit { status: 403, reset })
    }

    /// Responds that a secondary rate limit is reached: 403 with a `Retry-After`, or with only its
    /// message and `documentation_url`.
    pub fn secondary_limit(retry_after: Option<Duration>) -> Self {
        Self::new(Effect::SecondaryLimit {
            status: 403,
            retry_after,
        })
    }

    /// Sets the status of a rate limit to 429 instead of 403.
    pub fn too_many_requests(mut self) -> Self {
        if let Effect::PrimaryLimit { status, .. } | Effect::SecondaryLimit { status, .. } =
            &mut self.effect
        {
            *status = 429;
        }
        self
    }

    /// Sets the body of the response. It is JSON unless a `content-type` [header](Self::header)
    /// says otherwise.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(Content::Whole(Bytes::from(body.into())));
        self
    }

    /// Sets the body of the response, with a `Content-Length` that is larger.
    pub fn cut_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        let body = Bytes::from(body.into());
        let declared = body.len() as u64 + 1_000;
        self.body = Some(Content::Cut(body, declared));
        self
    }

    /// Gives the response a body that ends only when the client goes away.
    pub fn endless_body(mut self) -> Self {
        self.body = Some(Content::Endless(Bytes::from_static(&[b' '; 8 * 1024])));
        self
    }

    /// Sets a header of the response.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Makes it happen this long after the request arrived.
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Handles the request first, so that it takes effect without the client knowing.
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

    fn edited_list<T: ToString>(
        hidden: impl IntoIterator<Item = T>,
        organizations: Vec<u64>,
        total_count: Option<u64>,
    ) -> Self {
        let hidden = hidden.into_iter().map(|entry| entry.to_string()).collect();
        Self::new(Effect::EditedList {
            edits: ListEdits {
                hidden,
                total_count,
            },
            organizations,
        })
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
        let headers: usize = self
            .headers
            .iter()
            .map(|(name, value)| size_of::<(String, String)>() + name.len() + value.len())
            .sum();
        let body = match &self.body {
            Some(Content::Whole(body) | Content::Cut(body, _)) => body.len(),
            Some(Content::Endless(_)) | None => 0,
        };
        let matchers: usize = self.matchers.iter().map(Matcher::size).sum();
        size_of::<Self>() + headers + body + self.effect.heap_size() + matchers
    }

    /// Returns whether it happens to this request, and counts it if so.
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

/// Returns the fault that happens to this request, and removes one that is used up.
pub(crate) fn strike(faults: &mut Vec<Fault>, request: &RecordedRequest) -> Option<Fault> {
    let index = faults.iter_mut().position(|fault| fault.strikes(request))?;
    match faults[index].left {
        Some(0) => Some(faults.remove(index)),
        _ => Some(faults[index].clone()),
    }
}
