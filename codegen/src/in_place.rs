use serde_json::Value;

use crate::{Description, description::Route, slice::resolve};

impl Description {
    /// Returns the same description with every request body, to its last field, and every response
    /// described in its place.
    ///
    /// Components are left to what responses are made of. An overlay can rely on that, and GitHub
    /// can move a body into a component and back without a change for anybody.
    pub(crate) fn in_place(&self) -> Self {
        let mut document = self.value().clone();
        for route in self.routes().map(|(_, route)| route) {
            let Some(operation) = document.pointer_mut(&route.pointer()) else {
                continue;
            };
            self.place(&route, operation);
        }
        document.into()
    }

    fn place(&self, route: &Route<'_>, operation: &mut Value) {
        let body = &route.operation["requestBody"];
        if body.is_object() {
            operation["requestBody"] = self.inlined(body, &mut Vec::new());
        }
        for (status, response) in route.operation["responses"]
            .as_object()
            .into_iter()
            .flatten()
        {
            let (_, response) = resolve(self.value(), response);
            operation["responses"][status] = response.clone();
        }
    }

    /// `value` with what it refers to in the place of references, but for components that are
    /// within themselves.
    fn inlined<'a>(&'a self, value: &'a Value, within: &mut Vec<&'a str>) -> Value {
        let (name, target) = resolve(self.value(), value);
        match name {
            Some(name) if within.contains(&name) || target.is_null() => return value.clone(),
            Some(name) => within.push(name),
            None => {}
        }
        let inlined = match target {
            Value::Object(object) => object
                .iter()
                .map(|(key, value)| (key.clone(), self.inlined(value, within)))
                .collect(),
            Value::Array(items) => items.iter().map(|it| self.inlined(it, within)).collect(),
            primitive => primitive.clone(),
        };
        if name.is_some() {
            within.pop();
        }
        inlined
    }
}
