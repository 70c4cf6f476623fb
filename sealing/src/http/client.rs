use std::{fmt, sync::Arc, time::SystemTime};

use url::Url;

use super::{attempt::Settings, limiter::Limiter, redirect::Moves};
use crate::{RateLimit, RetryPolicy, github::TokenSource};

/// What every request of one `GitHub` shares.
pub(crate) struct Http {
    pub(crate) api_url: Url,
    pub(crate) client: reqwest::Client,
    pub(crate) settings: Arc<Settings>,
    pub(crate) tokens: TokenSource,
    pub(crate) retry: RetryPolicy,
    pub(crate) limiter: Limiter,
    pub(crate) moves: Moves,
}

impl Http {
    pub(crate) fn rate_limit(&self) -> Option<RateLimit> {
        self.limiter.rate_limit()
    }

    /// Returns what GitHub's clock shows now, to about a second, once a response has told it.
    pub(crate) fn github_time(&self) -> Option<SystemTime> {
        self.limiter.github_time()
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("api_url", &self.api_url.as_str())
            .finish_non_exhaustive()
    }
}
