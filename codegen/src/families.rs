use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::json::parse;
use crate::slice::component;
use crate::union::union;
use crate::{Description, Error};

/// Schemas that are one type of the client, each family under its name.
#[derive(Clone, Debug)]
pub struct Families(Vec<Family>);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    name: String,
    /// Components.
    #[serde(default)]
    schemas: Vec<String>,
    /// Operations whose request body is of the family.
    #[serde(default)]
    requests: Vec<String>,
    /// Operations whose successful response is of the family.
    #[serde(default)]
    responses: Vec<String>,
    /// Fields of components, `Secret.name`, or items of such a field, `Secret.ids[]`.
    #[serde(default)]
    fields: Vec<String>,
    /// Fields that every member must have.
    #[serde(default)]
    common: Vec<String>,
}

/// A schema of a family, and where it stands.
struct Member<'a> {
    name: String,
    pointer: String,
    schema: &'a Value,
}

impl Member<'_> {
    /// The reference to a member that is a component.
    fn component(&self) -> Option<String> {
        let name = self.pointer.strip_prefix("/components/schemas/")?;
        (!name.contains('/')).then(|| format!("#/components/schemas/{name}"))
    }
}

impl Families {
    /// Returns the families that `text`, a JSON array, lists.
    ///
    /// # Errors
    ///
    /// When `text` is not JSON, is not such an array, or names a family twice or one without members.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |reason: String| Error::NotFamilies { reason };
        let families: Vec<Family> =
            serde_json::from_value(parse(text)?).map_err(|error| refuse(error.to_string()))?;
        let mut names = BTreeSet::new();
        for family in &families {
            if !names.insert(&family.name) {
                return Err(refuse(format!("it names `{}` twice", family.name)));
            }
            if family.size() == 0 {
                return Err(refuse(format!("`{}` has no members", family.name)));
            }
        }
        Ok(Self(families))
    }

    /// Returns the families without the requests and responses of `operations`.
    #[must_use]
    pub(crate) fn without(&self, operations: &[String]) -> Self {
        let mut families = self.0.clone();
        for family in &mut families {
            let lists = [&mut family.requests, &mut family.responses];
            for list in lists {
                list.retain(|id| !operations.contains(id));
            }
        }
        Self(families)
    }

    /// Returns `description` with each family folded into one component, and every member that does not fit its family.
    ///
    /// The description is complete only if all members fit.
    #[must_use]
    pub fn fold(&self, description: &Description) -> (Description, Vec<Error>) {
        let mut problems = Vec::new();
        let mut folded = description.clone();
        for family in &self.0 {
            let (description, misfits) = family.fold(&folded);
            folded = description;
            problems.extend(misfits);
        }
        (folded, problems)
    }
}

impl Family {
    fn size(&self) -> usize {
        let lists = [&self.schemas, &self.requests, &self.responses, &self.fields];
        lists.map(Vec::len).iter().sum()
    }

    fn fold(&self, description: &Description) -> (Description, Vec<Error>) {
        let (members, mut problems) = self.members(description);
        let schemas = &description.value()["components"]["schemas"];
        if schemas.get(&self.name).is_some() {
            let reason = "GitHub's description has a component of this name";
            problems.push(self.misfit("its name", reason));
            return (description.clone(), problems);
        }
        let mut all: Option<Value> = None;
        for member in &members {
            match self.admit(all.as_ref(), member) {
                Ok(union) => all = Some(union),
                Err(reason) => problems.push(self.misfit(&member.name, &reason)),
            }
        }
        // A member that does not fit is of the family all the same, so that it is refused once, and not where it is used.
        let folded = match all {
            Some(all) => self.replace(description, &members, all),
            None => description.clone(),
        };
        (folded, problems)
    }

    /// The union of the members so far with one more.
    fn admit(&self, all: Option<&Value>, member: &Member<'_>) -> Result<Value, String> {
        let fields = &member.schema["properties"];
        if let Some(field) = self.common.iter().find(|field| fields.get(field).is_none()) {
            return Err(format!("no field `{field}`"));
        }
        all.map_or_else(
            || Ok(member.schema.clone()),
            |all| union(all, member.schema),
        )
    }

    fn replace(
        &self,
        description: &Description,
        members: &[Member<'_>],
        schema: Value,
    ) -> Description {
        let mut document = description.value().clone();
        document["components"]["schemas"][&self.name] = schema;
        let reference = format!("#/components/schemas/{}", self.name);
        for member in members {
            if let Some(node) = document.pointer_mut(&member.pointer) {
                *node = json!({ "$ref": reference });
            }
        }
        let components = members.iter().filter_map(|member| member.component());
        let components: Vec<String> = components.collect();
        redirect(&mut document, &components, &reference);
        document.into()
    }

    fn members<'a>(&self, description: &'a Description) -> (Vec<Member<'a>>, Vec<Error>) {
        let document = description.value();
        let operations = description.operations();
        let mut members = Vec::new();
        let mut problems = Vec::new();
        let mut add = |name: String, pointer: Option<String>, absent: &str| {
            let schema = pointer
                .as_deref()
                .and_then(|pointer| document.pointer(pointer));
            match pointer.clone().zip(schema) {
                Some((pointer, schema)) => members.push(Member {
                    name,
                    pointer,
                    schema: target(document, schema),
                }),
                None => problems.push(self.misfit(&name, absent)),
            }
        };
        for name in &self.schemas {
            let pointer = format!("/components/schemas/{name}");
            add(
                format!("schema `{name}`"),
                Some(pointer),
                "not in the description",
            );
        }
        for id in &self.requests {
            let pointer = operations
                .get(id.as_str())
                .map(|route| format!("{}/requestBody/{JSON}", route.pointer()));
            add(
                format!("request of `{id}`"),
                pointer,
                "the description has no JSON body there",
            );
        }
        for id in &self.responses {
            let route = operations.get(id.as_str());
            let status = route.and_then(|route| {
                let statuses = route.operation["responses"].as_object()?;
                let mut success = statuses
                    .iter()
                    .filter(|(status, _)| status.starts_with('2'));
                success.find(|(_, response)| response["content"].is_object())
            });
            let pointer = route.zip(status).map(|(route, (status, _))| {
                format!("{}/responses/{status}/{JSON}", route.pointer())
            });
            add(
                format!("response of `{id}`"),
                pointer,
                "the description has no JSON body there",
            );
        }
        for field in &self.fields {
            add(
                format!("field `{field}`"),
                field_pointer(field),
                "not in the description",
            );
        }
        (members, problems)
    }

    fn misfit(&self, member: &str, reason: &str) -> Error {
        Error::Misfit {
            family: self.name.clone(),
            member: member.to_owned(),
            reason: reason.to_owned(),
        }
    }
}

const JSON: &str = "content/application~1json/schema";

/// The pointer to `Secret.name`, or to the items of `Secret.ids[]`.
fn field_pointer(field: &str) -> Option<String> {
    let (schema, field) = field.split_once('.')?;
    let (field, items) = match field.strip_suffix("[]") {
        Some(field) => (field, "/items"),
        None => (field, ""),
    };
    Some(format!(
        "/components/schemas/{schema}/properties/{field}{items}"
    ))
}

/// The schema that `schema` refers to, or itself.
fn target<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let reference = schema["$ref"].as_str().and_then(component);
    let target = reference.and_then(|(kind, name)| document["components"].get(kind)?.get(name));
    target.unwrap_or(schema)
}

/// Makes every reference to one of `components` one to `reference`.
fn redirect(value: &mut Value, components: &[String], reference: &str) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(found)) = object.get_mut("$ref")
                && components.contains(found)
            {
                *found = reference.to_owned();
            }
            object
                .values_mut()
                .for_each(|value| redirect(value, components, reference));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| redirect(item, components, reference)),
        _ => {}
    }
}
