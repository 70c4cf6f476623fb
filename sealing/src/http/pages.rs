use std::{
    collections::HashSet,
    fmt, mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use github_secrets_client::{Client, ClientInfo, Error as ClientError, ResponseValue};
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use url::Url;

use super::{attempt::Response, client::Http, link};
use crate::{Error, ResponseProblem, error::Target};

/// The largest number of entries that GitHub puts on a page.
pub(crate) const PER_PAGE: i64 = 100;

/// More pages than any list of GitHub's has; an endless list ends here.
const MAX_PAGES: usize = 1_000;

/// A list that GitHub returns page by page, fetched as it is read.
///
/// This is a [`Stream`]. It can also be read without one, by [`next`](Self::next) and
/// [`all`](Self::all). Nothing is fetched until it is read, and nothing follows an error.
///
/// Each page says how many entries there are in all. If fewer arrive, because a proxy dropped the
/// links between pages, the last item is an error.
#[must_use = "nothing is fetched until it is read"]
pub struct Pages<T>(Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>);

impl<T> Pages<T> {
    /// Waits for the next entry and returns it, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Returns any error of the request for the next page, and [`Error::UnexpectedResponse`] if the
    /// link to it is broken, leads back or leads elsewhere, or if entries are missing at the end.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        self.0.next().await
    }

    /// Collects all entries that are left.
    ///
    /// # Errors
    ///
    /// Returns the first error, as [`next`](Self::next) does. The entries before it are dropped.
    pub async fn all(self) -> Result<Vec<T>, Error> {
        self.0.try_collect().await
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// One page of a list.
pub(crate) struct Page<T> {
    /// The number of entries on all pages.
    pub(crate) total: i64,
    /// The entries of this page; a text says what is wrong with one.
    pub(crate) entries: Vec<Result<T, &'static str>>,
}

/// Returns the list whose first page is `first`, entry by entry, following the links between pages.
pub(crate) fn pages<P, T>(
    http: Arc<Http>,
    target: Target,
    first: impl Future<Output = Result<Response<P>, Error>> + Send + 'static,
    read: fn(P) -> Page<T>,
) -> Pages<T>
where
    P: DeserializeOwned + Send + 'static,
    T: Send + 'static,
{
    let begin = Position {
        next: Next::First(Box::pin(first)),
        address: None,
        seen: HashSet::new(),
        found: 0,
    };
    let pages = stream::try_unfold(begin, move |mut position| {
        let (http, target) = (Arc::clone(&http), target.clone());
        async move {
            let response = match mem::replace(&mut position.next, Next::End) {
                Next::End => return Ok(None),
                Next::First(first) => first.await?,
                Next::Link(url) => {
                    position.address = Some(url.clone());
                    let call = http.call();
                    call.send(&target, |client| fetch(client, url.clone()))
                        .await?
                }
            };
            let unexpected = |problem| Error::unexpected(&target, response.head.clone(), problem);
            let address = position.address.as_ref().unwrap_or(&http.api_url);
            let origin = &http.settings.origin;
            position.next = match link::next(&response.headers, address, origin) {
                Err(fault) => return Err(unexpected(ResponseProblem::NextPage(fault))),
                Ok(Some(url)) => position.follow(url).map_err(unexpected)?,
                Ok(None) => Next::End,
            };
            let Page { total, entries } = read(response.value);
            position
                .count(total, entries.len())
                .map_err(|problem| Error::unexpected(&target, response.head.clone(), problem))?;
            let head = response.head;
            let entries = entries.into_iter().map(move |entry| {
                entry.map_err(|fault| {
                    let problem = ResponseProblem::Contradiction(fault);
                    Error::unexpected(&target, head.clone(), problem)
                })
            });
            Ok(Some((stream::iter(entries), position)))
        }
    });
    Pages(Box::pin(pages.try_flatten()))
}

struct Position<P> {
    next: Next<P>,
    /// The address of the present page, if it came from a link.
    address: Option<Url>,
    seen: HashSet<Url>,
    found: u64,
}

enum Next<P> {
    First(Pin<Box<dyn Future<Output = Result<Response<P>, Error>> + Send>>),
    Link(Url),
    End,
}

impl<P> Position<P> {
    fn follow(&mut self, url: Url) -> Result<Next<P>, ResponseProblem> {
        if self.seen.len() >= MAX_PAGES {
            let fault = "is followed by more pages than any list has";
            return Err(ResponseProblem::NextPage(fault));
        }
        if !self.seen.insert(url.clone()) {
            let fault = "leads back to a page that was read already";
            return Err(ResponseProblem::NextPage(fault));
        }
        Ok(Next::Link(url))
    }

    /// Checks that no page is larger than asked for, and that none is missing at the end.
    fn count(&mut self, total: i64, entries: usize) -> Result<(), ResponseProblem> {
        let contradiction = |what| Err(ResponseProblem::Contradiction(what));
        let (Ok(entries), Ok(expected)) = (u64::try_from(entries), u64::try_from(total)) else {
            return contradiction("the list has a negative number of entries");
        };
        if entries > PER_PAGE.cast_unsigned() {
            return contradiction("the page has more entries than were asked for");
        }
        self.found += entries;
        let found = self.found;
        if matches!(self.next, Next::End) && found < expected {
            return Err(ResponseProblem::Count { expected, found });
        }
        Ok(())
    }
}

async fn fetch<P: DeserializeOwned>(
    client: Client,
    url: Url,
) -> Result<ResponseValue<P>, ClientError> {
    let request = client.client().get(url).build()?;
    let response = client.inner().send(client.client(), request).await?;
    match response.status() {
        StatusCode::OK => ResponseValue::from_response(response).await,
        _ => Err(ClientError::UnexpectedResponse(response)),
    }
}
