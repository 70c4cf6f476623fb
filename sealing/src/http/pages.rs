use std::{
    collections::HashSet,
    fmt,
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

use super::{
    call::Call,
    client::Http,
    link,
    response::{Response, Sent},
};
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
/// Each page says how many entries there are in all. If another number arrives, because a proxy
/// dropped the links between pages, the last item is an error.
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

/// A list on its way: where its next page is, and how many entries came.
pub(crate) struct List<P, T> {
    target: Target,
    read: fn(P) -> Page<T>,
    next: Next<P>,
    seen: HashSet<Url>,
    found: u64,
}

enum Next<P> {
    First(First<P>),
    Link(Url),
    End,
}

/// The request for the first page.
type First<P> = Box<dyn Fn(Client) -> Pin<Box<dyn Future<Output = Sent<P>> + Send>> + Send + Sync>;

impl<P, T> List<P, T>
where
    P: DeserializeOwned + Send + 'static,
    T: Send + 'static,
{
    /// Describes the list whose first page is the response to `first`.
    pub(crate) fn new<F>(
        target: Target,
        first: impl Fn(Client) -> F + Send + Sync + 'static,
        read: fn(P) -> Page<T>,
    ) -> Self
    where
        F: Future<Output = Sent<P>> + Send + 'static,
    {
        Self {
            target,
            read,
            next: Next::First(Box::new(move |client| Box::pin(first(client)))),
            seen: HashSet::new(),
            found: 0,
        }
    }

    /// Returns the list entry by entry; each page is a call of its own.
    pub(crate) fn pages(self, http: Arc<Http>) -> Pages<T> {
        let pages = stream::try_unfold(self, move |mut list| {
            let http = Arc::clone(&http);
            async move {
                let page = list.next_page(&http.call()).await?;
                Ok::<_, Error>(page.map(|page| (stream::iter(page), list)))
            }
        });
        Pages(Box::pin(pages.try_flatten()))
    }

    /// Reads the whole list within one call.
    pub(crate) async fn all(mut self, call: &Call<'_>) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        while let Some(page) = self.next_page(call).await? {
            for entry in page {
                all.push(entry?);
            }
        }
        Ok(all)
    }

    async fn next_page(&mut self, call: &Call<'_>) -> Result<Option<Vec<Result<T, Error>>>, Error> {
        let target = &self.target;
        let response = match &self.next {
            Next::First(first) => call.send(target, first).await?,
            Next::Link(url) => {
                call.send(target, |client| fetch(client, url.clone()))
                    .await?
            }
            Next::End => return Ok(None),
        };
        let Response {
            value,
            head,
            headers,
            address,
        } = response;
        let Page { total, entries } = (self.read)(value);
        let next = link::next(&headers, &address, &call.http.gateway.settings.origin);
        let turned = self.turn(next, total, entries.len());
        turned.map_err(|problem| Error::unexpected(&self.target, head.clone(), problem))?;
        let mut page = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry {
                Ok(entry) => page.push(Ok(entry)),
                Err(fault) => {
                    let problem = ResponseProblem::Contradiction(fault);
                    page.push(Err(Error::unexpected(&self.target, head, problem)));
                    self.next = Next::End;
                    break;
                }
            }
        }
        Ok(Some(page))
    }

    /// Goes on to the next page after one of so many entries.
    fn turn(
        &mut self,
        next: Result<Option<Url>, &'static str>,
        total: i64,
        entries: usize,
    ) -> Result<(), ResponseProblem> {
        let next = next.map_err(ResponseProblem::NextPage)?;
        self.count(total, entries, next.is_none())?;
        self.next = match next {
            Some(url) => self.follow(url)?,
            None => Next::End,
        };
        Ok(())
    }

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

    /// Checks that no page is larger than asked for, and that all entries are there at the end.
    fn count(&mut self, total: i64, entries: usize, is_last: bool) -> Result<(), ResponseProblem> {
        let contradiction = |what| Err(ResponseProblem::Contradiction(what));
        let (Ok(entries), Ok(expected)) = (u64::try_from(entries), u64::try_from(total)) else {
            return contradiction("the list has a negative number of entries");
        };
        if entries > PER_PAGE.cast_unsigned() {
            return contradiction("the page has more entries than were asked for");
        }
        self.found += entries;
        let found = self.found;
        if is_last && found != expected {
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
    let transport = Arc::clone(client.inner());
    let response = transport.send(client.client(), request).await?;
    match response.status() {
        StatusCode::OK => ResponseValue::from_response(response).await,
        _ => Err(ClientError::UnexpectedResponse(response)),
    }
}
