//! Requests as they arrive at the server, and what it answers.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header::AUTHORIZATION};
use reqwest::Request;
use serde_json::{Value, json};
use url::Url;

use crate::{
    ConnectionFault,
    http::{Lost, LostFault, Received},
};

/// A request as it arrives.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) token: String,
    pub(super) body: Value,
}

impl Asked {
    pub(super) fn new(request: &Request) -> Self {
        let token = request.headers()[AUTHORIZATION].to_str().expect("a token");
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let body = body.filter(|body| !body.is_empty());
        Self {
            method: request.method().clone(),
            url: request.url().clone(),
            token: token.trim_start_matches("Bearer ").to_owned(),
            body: body.map_or(Value::Null, |body| {
                serde_json::from_slice(body).expect("JSON")
            }),
        }
    }

    pub(super) fn path(&self) -> Vec<&str> {
        self.url.path().split('/').skip(1).collect()
    }

    pub(super) fn is_write(&self) -> bool {
        self.method != Method::GET
    }

    pub(super) fn line(&self) -> String {
        let query = self.url.query().unwrap_or_default();
        format!("{} {} {query}", self.method, self.url.path())
            .trim_end()
            .to_owned()
    }
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(super) fn json(status: u16, body: Value) -> Self {
        let body = body.to_string().into_bytes();
        Self {
            body,
            ..Self::status(status)
        }
    }

    /// Leaves out the first entry of a list, as GitHub does without single sign-on.
    pub(super) fn hide_first(&mut self) {
        let Ok(mut body) = serde_json::from_slice::<Value>(&self.body) else {
            return;
        };
        let Some(total) = body["total_count"].as_u64() else {
            return;
        };
        for field in ["secrets", "repositories"] {
            if let Some(entries) = body[field].as_array_mut()
                && !entries.is_empty()
            {
                entries.remove(0);
                body["total_count"] = json!(total - 1);
            }
        }
        self.body = body.to_string().into_bytes();
        let header = "partial-results; organizations=21955855,20582480";
        self.headers.push(("x-github-sso", header.to_owned()));
    }

    /// Returns what arrives, of two headers of one name the later one.
    pub(super) fn received(self, address: Url) -> Received {
        let mut headers = HeaderMap::new();
        for (name, value) in self.headers {
            headers.insert(name, value.parse().expect("a header"));
        }
        Received {
            status: StatusCode::from_u16(self.status).expect("a status"),
            headers,
            address,
            body: Bytes::from(self.body),
            fault: None,
        }
    }

    pub(super) fn not_found() -> Self {
        Self::json(404, json!({ "message": "Not Found" }))
    }
}

pub(super) fn lost(fault: ConnectionFault) -> Lost {
    Lost {
        fault: LostFault::Connection(fault),
        was_refused: false,
        may_be_redirected: false,
        source: None,
    }
}

pub(super) fn ids(body: &Value) -> Vec<u64> {
    let ids = body["selected_repository_ids"].as_array();
    let mut ids: Vec<_> = ids
        .into_iter()
        .flatten()
        .filter_map(Value::as_u64)
        .collect();
    ids.sort_unstable();
    ids
}

/// One page of a list, with the link to the next one.
pub(super) fn page(url: &Url, size: usize, field: &str, all: Vec<Value>) -> Answer {
    let number = url.query_pairs().find(|(name, _)| name == "page");
    let number: usize = number.map_or(1, |(_, number)| number.parse().expect("a number"));
    let entries: Vec<_> = all.iter().skip((number - 1) * size).take(size).collect();
    let mut answer = Answer::json(200, json!({ "total_count": all.len(), field: entries }));
    if number * size < all.len() {
        let next = format!(
            "<{}?per_page=100&page={}>; rel=\"next\"",
            url.path(),
            number + 1
        );
        answer.headers.push(("link", next));
    }
    answer
}
