//! What a `GitHub` and everything made from it share.

use std::sync::Arc;

use crate::{http::Http, keys::Keys};

#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) http: Arc<Http>,
    pub(crate) keys: Keys,
}

impl Core {
    pub(crate) fn new(http: Http) -> Self {
        Self {
            http: Arc::new(http),
            keys: Keys::default(),
        }
    }
}
