#![doc = include_str!("../README.md")]

mod generated;

use std::{fmt, future::Future, pin::Pin, sync::Arc};

pub use generated::*;
use progenitor_client::{ClientHooks, OperationInfo};

/// What comes back from [`Transport::send`].
pub type Answer<'a> = Pin<Box<dyn Future<Output = reqwest::Result<reqwest::Response>> + Send + 'a>>;

/// Carries each request of a [`Client`] to the server; `()` sends it as it is.
pub trait Transport: fmt::Debug + Send + Sync {
    /// The server's answer to `request`.
    fn send<'a>(&'a self, http: &'a reqwest::Client, request: reqwest::Request) -> Answer<'a> {
        Box::pin(http.execute(request))
    }
}

impl Transport for () {}

impl ClientHooks<Arc<dyn Transport>> for Client {
    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        self.inner().send(self.client(), request).await
    }
}
