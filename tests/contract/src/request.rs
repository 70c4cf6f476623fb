//! A request as a server saw it.

use std::fmt;

use github_secrets_emulator::RecordedRequest;

/// A request as it came over the wire.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path and query, percent-encoded as they came.
    pub target: String,
    /// The headers: names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The bytes of the body.
    pub body: Vec<u8>,
}

impl Request {
    /// Returns the path, percent-encoded as it came.
    pub fn path(&self) -> &str {
        self.target
            .split_once('?')
            .map_or(&self.target, |(path, _)| path)
    }

    /// Returns the query without its question mark.
    pub fn query(&self) -> Option<&str> {
        Some(self.target.split_once('?')?.1)
    }

    /// Returns the method and the target, as in `GET /orgs/acme`.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// Returns the value of a header, or `None` unless there is exactly one.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(other, _)| other == name);
        let value = values.next().map(|(_, value)| value.as_str());
        value.filter(|_| values.next().is_none())
    }

    /// Returns the body as JSON, or `Null` if it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl From<&RecordedRequest> for Request {
    fn from(recorded: &RecordedRequest) -> Self {
        let headers = recorded.headers().map(|(name, value)| {
            let value = String::from_utf8_lossy(value);
            (name.to_owned(), value.into_owned())
        });
        Self {
            method: recorded.method().to_owned(),
            target: recorded.target().to_owned(),
            headers: headers.collect(),
            body: recorded.body().to_vec(),
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        write!(f, "{} {:?} {body}", self.line(), self.headers)
    }
}
