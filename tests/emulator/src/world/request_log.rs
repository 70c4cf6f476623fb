//! The requests so far.

use std::collections::VecDeque;

use crate::recorded::RecordedRequest;

const KEPT_REQUESTS: usize = 100_000;
const KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The last requests, as many as fit.
#[derive(Default)]
pub(crate) struct RequestLog {
    requests: VecDeque<RecordedRequest>,
    bytes: usize,
}

impl RequestLog {
    pub(crate) fn push(&mut self, request: &RecordedRequest) {
        let request = request.compact();
        self.bytes += request.size();
        self.requests.push_back(request);
        while self.requests.len() > KEPT_REQUESTS || self.bytes > KEPT_BYTES {
            let Some(oldest) = self.requests.pop_front() else {
                return;
            };
            self.bytes -= oldest.size();
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &RecordedRequest> {
        self.requests.iter()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
