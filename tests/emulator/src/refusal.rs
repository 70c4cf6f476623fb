//! Why a request is not carried out.

use serde_json::json;

use crate::response::Response;

/// The reason why a request is not carried out, in the shape of GitHub's error bodies.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: u16,
    message: String,
    /// The field of the body that is at fault, with GitHub's code for what is wrong with it.
    field: Option<(&'static str, &'static str)>,
    header: Option<(&'static str, String)>,
    documentation_url: Option<&'static str>,
}

impl Refusal {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            field: None,
            header: None,
            documentation_url: None,
        }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    /// Returns a 422 about a field of the body or of the path.
    pub(crate) fn invalid(
        field: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            field: Some((field, code)),
            ..Self::new(422, message)
        }
    }

    /// Returns a redirect. GitHub's message is the same for 301 and 307.
    pub(crate) fn moved(status: u16, location: String) -> Self {
        Self::new(status, "Moved Permanently").header("location", location)
    }

    pub(crate) fn header(self, name: &'static str, value: impl Into<String>) -> Self {
        Self {
            header: Some((name, value.into())),
            ..self
        }
    }

    pub(crate) fn documented_at(self, url: &'static str) -> Self {
        Self {
            documentation_url: Some(url),
            ..self
        }
    }

    /// Returns it as a response, for an operation on this resource that is documented there.
    pub(crate) fn into_response(self, resource: &str, documentation_url: &str) -> Response {
        let mut body = json!({
            "message": self.message,
            "documentation_url": self.documentation_url.unwrap_or(documentation_url),
            "status": self.status.to_string(),
        });
        if let Some((field, code)) = self.field {
            body["errors"] = json!([{ "resource": resource, "field": field, "code": code }]);
        }
        if let Some(("location", url)) = &self.header {
            body["url"] = url.as_str().into();
        }
        let response = Response::json(self.status, &body);
        match self.header {
            Some((name, value)) => response.header(name, &value),
            None => response,
        }
    }
}
