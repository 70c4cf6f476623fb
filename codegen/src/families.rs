//! Folds schemas that are nearly the same into one type, which code is then written for once.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Description, Error, bounds::within, escape::code, json::parse, slice::resolve, union::union,
};

/// Schemas that become one type of the client, each family under its name.
#[derive(Clone, Debug)]
pub struct Families(Vec<Family>);

/// Members are named by their operations: GitHub can rename its components at will.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    name: String,
    /// Operations whose request body is a member.
    #[serde(default)]
    requests: Vec<String>,
    /// Operations whose successful response is a member, or, with `[]` after the operation, whose
    /// items are.
    #[serde(default)]
    responses: Vec<String>,
    /// Fields of families before this one, `Secret.name`, or the items of such a field,
    /// `SetSecret.ids[]`.
    #[serde(default)]
    fields: Vec<String>,
    /// Fields that every member must have.
    #[serde(default)]
    common: Vec<String>,
}

/// A schema of a family, and where it is.
struct Member<'a> {
    name: String,
    pointer: String,
    schema: &'a Value,
}

/// The client has 18 families, with up to 20 members each. For each one the description is copied.
const MOST_FAMILIES: usize = 200;
const MOST_MEMBERS: usize = 2_000;

const JSON: &str = "content/application~1json/schema";

impl Families {
    /// Returns the families that `text`, a JSON array, lists.
    ///
    /// # Errors
    ///
    /// Returns an error if `text` is not JSON, is not such an array, or names a family twice or one
    /// without members.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |reason: String| Error::NotFamilies { reason };
        let families: Vec<Family> =
            serde_json::from_value(parse(text)?).map_err(|error| refuse(error.to_string()))?;
        let members = families
            .iter()
            .map(|it| it.requests.len() + it.responses.len() + it.fields.len() + it.common.len());
        within(
            families.len(),
            MOST_FAMILIES,
            "the list of families",
            "families",
        )?;
        within(
            members.sum(),
            MOST_MEMBERS,
            "the list of families",
            "members",
        )?;
        let mut names = BTreeSet::new();
        for family in &families {
            if !is_name(&family.name) {
                let name = code(&family.name);
                return Err(refuse(format!("{name} is not made of letters and digits")));
            }
            if !names.insert(&family.name) {
                return Err(refuse(format!("it names `{}` twice", family.name)));
            }
            if [&family.requests, &family.responses, &family.fields]
                .iter()
                .all(|members| members.is_empty())
            {
                return Err(refuse(format!("`{}` has no members", family.name)));
            }
        }
        Ok(Self(families))
    }

    /// Returns the families without the requests and responses of `operations`.
    pub(crate) fn without(&self, operations: &[String]) -> Self {
        let mut families = self.0.clone();
        for family in &mut families {
            for members in [&mut family.requests, &mut family.responses] {
                members.retain(|id| !operations.iter().any(|it| it == items_of(id).0));
            }
        }
        Self(families)
    }

    /// Returns `description` with each family folded into one component, and an error for each
    /// member that does not fit.
    ///
    /// The description is complete only if there is no error.
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
    fn fold(&self, description: &Description) -> (Description, Vec<Error>) {
        let document = description.value();
        if document["components"]["schemas"].get(&self.name).is_some() {
            let reason = "GitHub's description has a component of this name";
            return (description.clone(), vec![self.misfit("its name", reason)]);
        }
        let mut problems = Vec::new();
        let mut members = Vec::new();
        for (name, pointer) in self.places(description) {
            match pointer.and_then(|pointer| Member::at(document, &name, pointer)) {
                Some(member) => members.push(member),
                None => problems.push(self.misfit(&name, "not in the description")),
            }
        }
        let mut all: Option<Value> = None;
        for member in &members {
            match self.admit(document, all.as_ref(), member) {
                Ok(union) => all = Some(union),
                Err(reason) => problems.push(self.misfit(&member.name, &reason)),
            }
        }
        // A member that does not fit becomes the family as well, so that it is refused here and not
        // wherever it is used.
        let folded = all.map(|all| self.replace(document, &members, all));
        (folded.unwrap_or_else(|| description.clone()), problems)
    }

    /// Returns the name of each member, and the pointer to its schema.
    fn places(&self, description: &Description) -> Vec<(String, Option<String>)> {
        let operations = description.operations();
        let requests = self.requests.iter().map(|id| {
            let route = operations.get(id.as_str());
            let pointer = route.map(|route| format!("{}/requestBody/{JSON}", route.pointer()));
            (format!("request of {}", code(id)), pointer)
        });
        let responses = self.responses.iter().map(|response| {
            let (id, items) = items_of(response);
            let pointer = operations.get(id).and_then(|route| {
                let mut statuses = route.operation["responses"].as_object()?.iter();
                let (status, _) = statuses.find(|(status, response)| {
                    status.starts_with('2') && response["content"].is_object()
                })?;
                let pointer = route.pointer();
                Some(format!("{pointer}/responses/{status}/{JSON}{items}"))
            });
            (format!("response of {}", code(response)), pointer)
        });
        let fields = self.fields.iter();
        let fields = fields.map(|field| (format!("field {}", code(field)), field_pointer(field)));
        requests.chain(responses).chain(fields).collect()
    }

    /// Returns the union of the members so far with one more.
    fn admit(
        &self,
        document: &Value,
        all: Option<&Value>,
        member: &Member<'_>,
    ) -> Result<Value, String> {
        let fields = &member.schema["properties"];
        if let Some(field) = self.common.iter().find(|field| fields.get(field).is_none()) {
            return Err(format!("no field `{field}`"));
        }
        all.map_or_else(
            || Ok(member.schema.clone()),
            |all| union(document, all, member.schema),
        )
    }

    /// Puts the family in the place of its members.
    fn replace(&self, document: &Value, members: &[Member<'_>], schema: Value) -> Description {
        let mut folded = document.clone();
        if let Some(components) = folded["components"].as_object_mut() {
            let schemas = components.entry("schemas").or_insert_with(|| json!({}));
            schemas[&self.name] = schema;
        }
        for member in members {
            if let Some(node) = folded.pointer_mut(&member.pointer) {
                *node = json!({ "$ref": format!("#/components/schemas/{}", self.name) });
            }
        }
        folded.into()
    }

    fn misfit(&self, member: &str, reason: &str) -> Error {
        Error::Misfit {
            family: self.name.clone(),
            member: member.to_owned(),
            reason: reason.to_owned(),
        }
    }
}

impl<'a> Member<'a> {
    fn at(document: &'a Value, name: &str, pointer: String) -> Option<Self> {
        let (_, schema) = resolve(document, document.pointer(&pointer)?);
        Some(Self {
            name: name.to_owned(),
            pointer,
            schema,
        })
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns what is named, and the pointer from its schema to that of its items if `[]` follows the
/// name.
fn items_of(name: &str) -> (&str, &'static str) {
    match name.strip_suffix("[]") {
        Some(name) => (name, "/items"),
        None => (name, ""),
    }
}

/// Returns the pointer to `Secret.name`, or to the items of `SetSecret.ids[]`.
fn field_pointer(field: &str) -> Option<String> {
    let (schema, field) = field.split_once('.')?;
    let (field, items) = items_of(field);
    Some(format!(
        "/components/schemas/{schema}/properties/{field}{items}"
    ))
}
