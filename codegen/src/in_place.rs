//! Puts request bodies and responses in the place of references to them.

use serde_json::{Map, Value};

use crate::{
    Description, Error,
    bounds::{Budget, DEPTH, Excess, VALUES, units},
    description::Route,
    escape::code,
    slice::resolve,
};

impl Description {
    /// Returns the same description with every request body, to its last field, and every response
    /// described in its place.
    ///
    /// Components are left to what responses are made of. An overlay can rely on that, and GitHub
    /// can move a body into a component and back without a change for anybody.
    pub(crate) fn in_place(&self) -> Result<Self, Error> {
        let mut document = self.value().clone();
        let budget = Budget::new(VALUES);
        for (id, route) in self.routes() {
            if let Some(operation) = document.pointer_mut(&route.pointer()) {
                let placed = self.place(&route, operation, &budget);
                placed.map_err(|excess| {
                    let id = code(id);
                    excess.error(&format!("request body of {id} with all that it refers to"))
                })?;
            }
        }
        Ok(document.into())
    }

    fn place(
        &self,
        route: &Route<'_>,
        operation: &mut Value,
        budget: &Budget,
    ) -> Result<(), Excess> {
        let body = &route.operation["requestBody"];
        if body.is_object() {
            operation["requestBody"] = self.inlined(body, &mut Vec::new(), budget, DEPTH)?;
        }
        let responses = route.operation["responses"].as_object();
        for (status, response) in responses.into_iter().flatten() {
            let (_, response) = resolve(self.value(), response);
            budget.spend_on(response, DEPTH)?;
            operation["responses"][status] = response.clone();
        }
        Ok(())
    }

    /// `value` with what it refers to in the place of references, but for components that are
    /// within themselves.
    fn inlined<'a>(
        &'a self,
        value: &'a Value,
        within: &mut Vec<&'a str>,
        budget: &Budget,
        depth: usize,
    ) -> Result<Value, Excess> {
        budget.spend(1)?;
        let depth = depth.checked_sub(1).ok_or(Excess::Depth)?;
        let (name, target) = resolve(self.value(), value);
        match name {
            Some(name) if within.contains(&name) || target.is_null() => return Ok(value.clone()),
            Some(name) => within.push(name),
            None => {}
        }
        let inlined = match target {
            Value::Object(object) => {
                let mut inlined = Map::new();
                for (key, value) in object {
                    budget.spend(units(key))?;
                    inlined.insert(key.clone(), self.inlined(value, within, budget, depth)?);
                }
                Value::Object(inlined)
            }
            Value::Array(items) => items
                .iter()
                .map(|item| self.inlined(item, within, budget, depth))
                .collect::<Result<_, _>>()?,
            primitive => {
                budget.spend(primitive.as_str().map_or(0, units))?;
                primitive.clone()
            }
        };
        if name.is_some() {
            within.pop();
        }
        Ok(inlined)
    }
}
