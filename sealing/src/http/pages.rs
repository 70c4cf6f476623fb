//! Lists that come page by page.

use std::{
    cmp::Ordering,
    collections::HashSet,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use github_secrets_client::Request;
use http::header::LINK;
use url::{Origin, Url};

use super::{
    answered::Answered,
    backwards::{Backwards, PageSeen},
    call::Call,
    client::Http,
    link,
    outcome::Response,
};
use crate::{Error, ResponseHead, ResponseProblem, error::Target};

/// The largest number of entries that GitHub puts on a page.
pub(crate) const PER_PAGE: u8 = 100;

/// More pages than any list of GitHub's has; an endless list ends here.
const MAX_PAGES: usize = 1_000;

/// More than any list of GitHub's has: 64 MiB in all its pages.
const MAX_LIST_BYTES: usize = 64 * 1024 * 1024;

/// How often a list of several pages is read at most until two readings agree.
const READINGS: usize = 4;

/// A list that GitHub returns page by page, fetched as it is read.
///
/// This is a [`Stream`] that can also be read with [`next`](Self::next) and [`all`](Self::all).
/// Nothing is fetched until it is read, and nothing follows an error.
///
/// Nearly every page states the total number of entries. If a different number arrives, because a
/// proxy dropped the links between pages or because the list changed in the meantime, the last item
/// is an error. Lists without that number are read from the last page back, so that an entry that
/// is removed in the meantime hides no other. The last item is also an error if GitHub leaves out
/// what the token has no access to without single sign-on.
#[must_use = "nothing is fetched until you call `next` or `all`"]
pub struct Pages<T>(Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>);

impl<T> Pages<T> {
    /// Waits for the next entry and returns it, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Returns any error of the request for the next page, [`Error::UnexpectedResponse`] if the
    /// link to it is broken, leads back or leads elsewhere, if entries are missing at the end or if
    /// the list changed while it was read, and [`Error::Incomplete`] after the last entry if the
    /// token has no access to all of them.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        self.0.next().await
    }

    /// Collects all remaining entries.
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
    /// The number of entries on all pages, if GitHub states it.
    pub(crate) total: Option<i64>,
    /// The entries of this page; a text says what is wrong with one.
    pub(crate) entries: Vec<Result<T, &'static str>>,
}

/// An entry of a list.
pub(crate) trait Entry {
    /// Returns what no other entry of the list has: an id or a name.
    fn key(&self) -> String;
}

/// A list on its way: where its next page is, and which entries came.
pub(crate) struct List<P, T> {
    target: Target,
    /// `None` if the description has no such list.
    first: Option<Request<P>>,
    read: fn(P) -> Page<T>,
    reading: Reading,
}

/// How far a list was read.
#[derive(Default)]
struct Reading {
    next: Next,
    pages: usize,
    bytes: usize,
    followed: HashSet<Url>,
    /// Where the reading of a list goes whose pages do not say how many entries there are.
    backwards: Option<Backwards>,
    /// What every page says is the number of all entries.
    total: Option<u64>,
    keys: HashSet<String>,
    /// The head of a page that leaves out what needs single sign-on.
    incomplete: Option<ResponseHead>,
}

#[derive(Default)]
enum Next {
    #[default]
    First,
    At(Url),
    End,
}

impl<P, T> List<P, T>
where
    P: Send + 'static,
    T: Entry + Send + 'static,
{
    /// Describes the list whose first page is the response to `first`.
    pub(crate) fn new(
        target: Target,
        first: impl Into<Option<Request<P>>>,
        read: fn(P) -> Page<T>,
    ) -> Self {
        Self {
            target,
            first: first.into(),
            read,
            reading: Reading::default(),
        }
    }

    /// Returns the list entry by entry; each page is a call of its own.
    pub(crate) fn pages(self, http: Arc<Http>) -> Pages<T> {
        let pages = stream::try_unfold(self, move |mut list| {
            let http = Arc::clone(&http);
            async move {
                let page = list.next_page(&Call::begin(&http)).await?;
                Ok::<_, Error>(page.map(|page| (stream::iter(page), list)))
            }
        });
        Pages(Box::pin(pages.try_flatten()))
    }

    /// Reads the whole list within one call, for a write that depends on it: without what is
    /// missing in it, the write would take something from somebody.
    ///
    /// A list of several pages can change between two of them in a way that no count shows, so it
    /// is read until two readings agree.
    pub(crate) async fn whole(mut self, call: &Arc<Call>) -> Result<Vec<T>, Error> {
        let mut before = None;
        for _ in 0..READINGS {
            self.reading = Reading::default();
            let mut all = Vec::new();
            while let Some(page) = self.next_page(call).await? {
                for entry in page {
                    all.push(entry?);
                }
            }
            let keys = std::mem::take(&mut self.reading.keys);
            if self.reading.pages <= 1 || before.as_ref() == Some(&keys) {
                return Ok(all);
            }
            before = Some(keys);
        }
        let problem = ResponseProblem::ListChanged;
        Err(Error::unexpected(
            &self.target,
            ResponseHead::default(),
            problem,
        ))
    }

    async fn next_page(
        &mut self,
        call: &Arc<Call>,
    ) -> Result<Option<Vec<Result<T, Error>>>, Error> {
        let target = &self.target;
        let request = match &self.reading.next {
            Next::First => self.first.clone(),
            Next::At(url) => self.first.clone().map(|first| first.at(url.clone())),
            Next::End => return Ok(None),
        };
        let Response { value, answered } = call.send_possible(target, request).await?;
        let Page { total, entries } = (self.read)(value);
        let keys = entries.iter().map(|entry| match entry {
            Ok(entry) => Ok(entry.key()),
            Err(what) => Err(*what),
        });
        let origin = call.http().api_url.origin();
        let turned = self.reading.turn(&answered, &origin, total, keys.collect());
        let failed = |problem| Error::unexpected(target, answered.head(), problem);
        let Turned { is_new, problem } = turned.map_err(failed)?;
        let new = entries.into_iter().zip(is_new);
        let new = new.filter_map(|(entry, is_new)| entry.ok().filter(|_| is_new));
        let mut page: Vec<_> = new.map(Ok).collect();
        if let Some(problem) = problem {
            page.push(Err(failed(problem)));
        } else if let Next::End = self.reading.next
            && let Some(head) = self.reading.incomplete.take()
        {
            page.push(Err(Error::incomplete(target, head)));
        }
        Ok(Some(page))
    }
}

/// What a page adds to a list: which of its entries are new, up to the first one that is wrong.
struct Turned {
    is_new: Vec<bool>,
    problem: Option<ResponseProblem>,
}

impl Reading {
    /// Takes note of a page, by what tells its entries apart.
    fn turn(
        &mut self,
        answered: &Answered,
        origin: &Origin,
        total: Option<i64>,
        entries: Vec<Result<String, &'static str>>,
    ) -> Result<Turned, ResponseProblem> {
        let (head, received) = (answered.head(), &answered.received);
        if head.incomplete {
            self.incomplete = Some(head);
        }
        let next = link::next(&received.headers, &received.address, origin);
        let next = next.map_err(ResponseProblem::NextPage)?;
        self.weigh(received.body.len())?;
        let has_next = next.is_some();
        if total.is_some() {
            self.follow(next)?;
        }
        let is_full = is_full(entries.len())?;
        let before = self.keys.len();
        let mut is_new = Vec::with_capacity(entries.len());
        for entry in entries {
            let entry = entry.map_err(ResponseProblem::Contradiction);
            match entry.and_then(|key| self.add(key, total.is_some())) {
                Ok(new) => is_new.push(new),
                Err(problem) => {
                    self.next = Next::End;
                    let problem = Some(problem);
                    return Ok(Turned { is_new, problem });
                }
            }
        }
        match total {
            Some(total) => self.count(total)?,
            None => {
                let seen = PageSeen {
                    is_full,
                    is_new: self.keys.len() > before,
                    has_links: received.headers.contains_key(LINK),
                    has_next,
                    last: link::last_page(&received.headers, &received.address),
                };
                self.go_back(&received.address, &seen)?;
            }
        }
        let problem = None;
        Ok(Turned { is_new, problem })
    }

    /// Adds an entry, and returns whether it is new.
    fn add(&mut self, key: String, is_counted: bool) -> Result<bool, ResponseProblem> {
        let is_new = self.keys.insert(key);
        if !is_new && is_counted {
            // An entry that comes twice hides another one.
            return Err(ResponseProblem::ListChanged);
        }
        Ok(is_new)
    }

    /// Counts a page of so many bytes.
    fn weigh(&mut self, bytes: usize) -> Result<(), ResponseProblem> {
        self.pages += 1;
        self.bytes += bytes;
        if self.bytes > MAX_LIST_BYTES {
            let limit = MAX_LIST_BYTES;
            return Err(ResponseProblem::TooLarge { limit });
        }
        Ok(())
    }

    /// Goes on to the page that a link leads to.
    fn follow(&mut self, next: Option<Url>) -> Result<(), ResponseProblem> {
        let Some(url) = next else {
            self.next = Next::End;
            return Ok(());
        };
        if self.followed.len() >= MAX_PAGES {
            return Err(endless());
        }
        if !self.followed.insert(url.clone()) {
            let fault = "leads back to a page that was read already";
            return Err(ResponseProblem::NextPage(fault));
        }
        self.next = Next::At(url);
        Ok(())
    }

    /// Checks that all pages promise the same number of entries, and that so many are there at the
    /// end.
    fn count(&mut self, total: i64) -> Result<(), ResponseProblem> {
        if self.backwards.is_some() {
            return Err(sometimes_counted());
        }
        let Ok(expected) = u64::try_from(total) else {
            let what = "the list has a negative number of entries";
            return Err(ResponseProblem::Contradiction(what));
        };
        if *self.total.get_or_insert(expected) != expected {
            return Err(ResponseProblem::ListChanged);
        }
        let found = self.keys.len() as u64;
        if matches!(self.next, Next::End) && found != expected {
            return Err(ResponseProblem::Count { expected, found });
        }
        Ok(())
    }

    /// Goes on to another page of a list without a count.
    fn go_back(&mut self, address: &Url, seen: &PageSeen) -> Result<(), ResponseProblem> {
        if self.total.is_some() {
            return Err(sometimes_counted());
        }
        let backwards = self.backwards.get_or_insert_with(Backwards::begin);
        let Some(number) = backwards.after(seen)? else {
            self.next = Next::End;
            return Ok(());
        };
        if number > MAX_PAGES {
            return Err(endless());
        }
        let mut next = address.clone();
        let others = address.query_pairs().filter(|(name, _)| name != "page");
        next.query_pairs_mut()
            .clear()
            .extend_pairs(others)
            .append_pair("page", &number.to_string());
        self.next = Next::At(next);
        Ok(())
    }
}

fn endless() -> ResponseProblem {
    ResponseProblem::NextPage("is followed by more pages than any list has")
}

fn sometimes_counted() -> ResponseProblem {
    ResponseProblem::Contradiction("only some pages say how many entries there are")
}

/// Returns whether a page has all the entries that were asked for, and an error if it has more.
fn is_full(entries: usize) -> Result<bool, ResponseProblem> {
    match entries.cmp(&PER_PAGE.into()) {
        Ordering::Less => Ok(false),
        Ordering::Equal => Ok(true),
        Ordering::Greater => {
            let what = "the page has more entries than were asked for";
            Err(ResponseProblem::Contradiction(what))
        }
    }
}
