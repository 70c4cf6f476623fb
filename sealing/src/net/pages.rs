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
    call::Core,
    exchange::{Answered, unexpected},
    link,
    operation::Target,
};
use crate::{AnswerProblem, Error};

/// As many entries as GitHub puts on a page.
pub(crate) const PER_PAGE: i64 = 100;

/// More pages than any list that GitHub keeps for secrets; an endless list ends here.
const MAX_PAGES: usize = 1_000;

/// A list that GitHub gives page by page, fetched as it is read.
///
/// It is a [`Stream`], and can be read without one by [`next`](Self::next) and [`all`](Self::all).
/// After an error there is nothing more to read.
#[must_use = "nothing is fetched until it is read"]
pub struct Pages<T>(Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>);

impl<T> Pages<T> {
    /// The next entry, or `None` after the last.
    ///
    /// # Errors
    ///
    /// Any [`Error`] that the request for the next page gives;
    /// [`Error::UnexpectedAnswer`] where its link is broken, leads back or leads elsewhere.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        self.0.next().await
    }

    /// All entries that are left.
    ///
    /// # Errors
    ///
    /// The first error, as in [`next`](Self::next); what was read before it is dropped.
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

/// The list whose first page `first` fetches, entry by entry, following the links between pages.
pub(crate) fn pages<P, T>(
    core: Arc<Core>,
    target: Result<Target, Error>,
    first: impl Future<Output = Result<Answered<P>, Error>> + Send + 'static,
    entries: fn(P) -> Vec<Result<T, &'static str>>,
) -> Pages<T>
where
    P: DeserializeOwned + Send + 'static,
    T: Send + 'static,
{
    let target = match target {
        Ok(target) => target,
        Err(error) => return Pages(Box::pin(stream::iter([Err(error)]))),
    };
    let begin = Position {
        next: Next::First(Box::pin(first)),
        seen: HashSet::new(),
    };
    let pages = stream::try_unfold(begin, move |mut position| {
        let (core, target) = (Arc::clone(&core), target.clone());
        async move {
            let answered = match position.next {
                Next::End => return Ok(None),
                Next::First(first) => first.await?,
                Next::Link(url) => core.follow(&target, url).await?,
            };
            let broken = |fault| {
                unexpected(
                    &target,
                    answered.answer.clone(),
                    AnswerProblem::NextPage(fault),
                )
            };
            let origin = &core.manners.origin;
            position.next = match link::next(&answered.headers, &core.api_url, origin) {
                Err(fault) => return Err(broken(fault)),
                Ok(Some(url)) if position.seen.len() >= MAX_PAGES => {
                    drop(url);
                    return Err(broken("is followed by more pages than any list has"));
                }
                Ok(Some(url)) if !position.seen.insert(url.clone()) => {
                    return Err(broken("leads back to a page that was read already"));
                }
                Ok(Some(url)) => Next::Link(url),
                Ok(None) => Next::End,
            };
            let Answered { value, answer, .. } = answered;
            let entries = entries(value).into_iter().map(move |entry| {
                entry.map_err(|fault| {
                    unexpected(&target, answer.clone(), AnswerProblem::Contradiction(fault))
                })
            });
            Ok(Some((stream::iter(entries), position)))
        }
    });
    Pages(Box::pin(pages.try_flatten()))
}

struct Position<P> {
    next: Next<P>,
    seen: HashSet<Url>,
}

enum Next<P> {
    First(Pin<Box<dyn Future<Output = Result<Answered<P>, Error>> + Send>>),
    Link(Url),
    End,
}

impl Core {
    /// The page at an address that GitHub gave.
    async fn follow<P>(&self, target: &Target, url: Url) -> Result<Answered<P>, Error>
    where
        P: DeserializeOwned,
    {
        self.call(target, |client| fetch(client, url.clone())).await
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
