//! Whether each operation asks only for what the client sends and reads. The generator leaves out
//! what it does not know, and another request than the described one would be sent.

mod keywords;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use self::keywords::{Schemas, known, unfollowed};
use crate::{
    Description,
    description::{METHODS, Route},
    escape::code,
    slice::{MULTI_SEGMENT, component, resolve},
};

/// Returns why an operation asks for what the client would not send, or could not read.
pub(crate) fn check(description: &Description) -> Result<(), String> {
    let operations = description.operations();
    operations.into_values().try_for_each(|route| {
        let operation = Operation {
            document: description.value(),
            route,
        };
        operation.check()
    })
}

struct Operation<'a> {
    document: &'a Value,
    route: Route<'a>,
}

impl<'a> Operation<'a> {
    fn check(&self) -> Result<(), String> {
        let Route {
            item, operation, ..
        } = self.route;
        let of_item = [&METHODS[..], &["parameters", "servers"]].concat();
        known(item, &of_item, "its path")?;
        self.servers(item.get("servers"), "its path")?;
        let of_operation = [
            "callbacks",
            "deprecated",
            "operationId",
            "parameters",
            "requestBody",
            "responses",
            "security",
            "servers",
            "tags",
        ];
        known(object(operation), &of_operation, "it")?;
        self.servers(operation.get("servers"), "it")?;
        self.parameters()?;
        self.request_body()?;
        self.responses()
    }

    /// Every request goes to the address of the API.
    fn servers(&self, servers: Option<&Value>, what: &str) -> Result<(), String> {
        let servers = servers.unwrap_or(&Value::Null);
        let is_empty = servers.is_null() || servers.as_array().is_some_and(Vec::is_empty);
        if is_empty || *servers == self.document["servers"] {
            Ok(())
        } else {
            Err(unfollowed(what, "servers"))
        }
    }

    /// The generator knows a parameter by its name alone, and of two takes one.
    fn parameters(&self) -> Result<(), String> {
        let mut places: HashMap<&str, &Value> = HashMap::new();
        let of_item = self.route.item.get("parameters");
        for list in of_item
            .into_iter()
            .chain([&self.route.operation["parameters"]])
        {
            let mut names = HashSet::new();
            for parameter in list.as_array().into_iter().flatten() {
                if let Some(reference) = parameter["$ref"].as_str()
                    && component(reference).is_none_or(|(kind, _)| kind != "parameters")
                {
                    return Err(format!("it has {} for a parameter", code(reference)));
                }
                let (_, parameter) = resolve(self.document, parameter);
                let name = parameter["name"].as_str().unwrap_or_default();
                self::parameter(parameter, &format!("its parameter {}", code(name)))?;
                let place = &parameter["in"];
                let other = places.insert(name, place);
                if !names.insert(name) || other.is_some_and(|other| other != place) {
                    return Err(format!("its parameter {} is described twice", code(name)));
                }
            }
        }
        Ok(())
    }

    fn request_body(&self) -> Result<(), String> {
        let (_, body) = resolve(self.document, &self.route.operation["requestBody"]);
        if body.is_null() {
            return Ok(());
        }
        let what = "its request body";
        known(object(body), &["content", "required"], what)?;
        match content(body).as_slice() {
            [(kind, media)] if is_json(kind) => self.media(media, what, "readOnly"),
            _ => Err(format!("{what} is not JSON alone")),
        }
    }

    fn responses(&self) -> Result<(), String> {
        let responses = object(&self.route.operation["responses"]);
        for (status, response) in responses.filter(|(status, _)| status.starts_with('2')) {
            let (_, response) = resolve(self.document, response);
            let what = format!("its response {}", code(status));
            known(object(response), &["content", "headers", "links"], &what)?;
            let content = content(response);
            let is_bare = self.route.method == "head" || ["204", "205"].contains(&status.as_str());
            if is_bare && !content.is_empty() {
                return Err(format!("{what} has a body, and HTTP sends none"));
            }
            let json = content.iter().find(|(kind, _)| is_json(kind));
            if let Some((_, media)) = json {
                self.media(media, &what, "writeOnly")?;
            }
        }
        Ok(())
    }

    /// Checks what is sent or received, where no field is of the other direction.
    fn media(&self, media: &'a Value, what: &str, other: &'static str) -> Result<(), String> {
        let plain = media["encoding"].as_object().is_some_and(Map::is_empty);
        let keywords = if plain {
            &["encoding", "schema"][..]
        } else {
            &["schema"]
        };
        known(object(media), keywords, what)?;
        if media["schema"].is_null() {
            return Err(format!("{what} has no `schema`"));
        }
        Schemas::new(self.document, other).check(&media["schema"], what)
    }
}

fn parameter(parameter: &Value, what: &str) -> Result<(), String> {
    let keywords = [
        "allowEmptyValue",
        "allowReserved",
        "deprecated",
        "explode",
        "in",
        "name",
        "required",
        "schema",
        "style",
    ];
    let in_path = parameter["in"] == "path";
    match parameter["in"].as_str() {
        Some("path" | "query") => {}
        Some(place) => {
            let place = code(place);
            return Err(format!(
                "{what} is in {place}, and the client sends parameters in paths and queries alone"
            ));
        }
        // The generator says that it has to be there.
        None => return Ok(()),
    }
    let multi_segment = (!in_path).then_some(MULTI_SEGMENT);
    let keywords: Vec<&str> = keywords.into_iter().chain(multi_segment).collect();
    known(object(parameter), &keywords, what)?;
    let style = parameter["style"].as_str();
    let own = if in_path { "simple" } else { "form" };
    if style.is_some_and(|style| style != own) {
        Err(unfollowed(what, "style"))
    } else if parameter["allowReserved"] == true {
        Err(unfollowed(what, "allowReserved"))
    } else if in_path && parameter["required"] != true {
        Err(format!("{what} has `required` not set, and is in the path"))
    } else {
        Ok(())
    }
}

/// Returns the media types of a body.
fn content(body: &Value) -> Vec<(&String, &Value)> {
    object(&body["content"])
        .filter(|(_, media)| !media.is_null())
        .collect()
}

fn is_json(kind: &str) -> bool {
    kind == "application/json" || kind.starts_with("application/json;")
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
