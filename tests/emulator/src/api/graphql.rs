//! `POST /graphql`: the queries that clients of secrets send.
//!
//! `gh secret set --repos` asks for the ids of repositories by their names in one query, and
//! `gh auth status` for the user. Everything else gets an error that says what the emulator
//! answers.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    api::{
        authorization::see,
        context::Context,
        graphql_query::{Field, Object, parse},
        schemas::repository_node_id,
    },
    response::Response,
    world::World,
};

#[derive(Deserialize)]
struct Body {
    query: String,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
}

/// Responds with 200 even if the query fails, as GitHub does.
pub(crate) fn respond(world: &World, context: &Context<'_>) -> Response {
    let Ok(body) = serde_json::from_slice::<Body>(context.request.body()) else {
        let body = json!({
            "message": "Problems parsing JSON", "documentation_url": "https://docs.github.com/graphql"
        });
        return Response::json(400, &body);
    };
    let selections = match parse(&body.query, &body.variables.unwrap_or_default()) {
        Ok(selections) => selections,
        Err(reason) => {
            let message = format!(
                "github-secrets-emulator answers only queries such as \
                 `query {{ repository(owner: \"acme\", name: \"website\") {{ databaseId }} }}` \
                 and `query {{ viewer {{ login }} }}`: {reason}"
            );
            return Response::json(200, &json!({ "errors": [{ "message": message }] }));
        }
    };
    let (mut data, mut errors) = (Map::new(), Vec::new());
    for selection in selections {
        let found = match selection.object {
            Object::Repository {
                owner,
                name,
                fields,
            } => find(world, context, (&owner, &name), &fields),
            Object::Viewer { logins } => viewer(world, context, logins),
        };
        let value = found.unwrap_or_else(|mut error| {
            error["path"] = json!([selection.alias]);
            errors.push(error);
            Value::Null
        });
        data.insert(selection.alias, value);
    }
    let mut body = json!({ "data": data });
    if !errors.is_empty() {
        body["errors"] = errors.into();
    }
    Response::json(200, &body)
}

/// Returns the fields of a repository, which GraphQL finds under a former name too, or an error.
fn find(
    world: &World,
    context: &Context<'_>,
    (owner, name): (&str, &str),
    fields: &[(String, Field)],
) -> Result<Value, Value> {
    let (organization, repository) = world
        .repository(owner, name)
        .or_else(|| world.repository_once(owner, name))
        .filter(|(organization, repository)| see(context.token, organization, repository).is_ok())
        .ok_or_else(|| {
            let message =
                format!("Could not resolve to a Repository with the name '{owner}/{name}'.");
            json!({ "type": "NOT_FOUND", "message": message })
        })?;
    let full_name = format!("{}/{}", organization.settings.login, repository.name);
    let fields = fields.iter().map(|(alias, field)| {
        let value = match field {
            Field::DatabaseId => repository.id.into(),
            Field::Id => repository_node_id(repository.id).into(),
            Field::Name => repository.name.as_str().into(),
            Field::NameWithOwner => full_name.as_str().into(),
        };
        (alias.clone(), value)
    });
    Ok(Value::Object(fields.collect()))
}

/// Returns the user of the token, which an App's installation token does not have, or an error.
fn viewer(world: &World, context: &Context<'_>, logins: Vec<String>) -> Result<Value, Value> {
    let (_, login) = context
        .token
        .user()
        .and_then(|login| world.user(login))
        .ok_or_else(
            || json!({ "type": "FORBIDDEN", "message": "Resource not accessible by integration" }),
        )?;
    let fields = logins.into_iter().map(|alias| (alias, login.into()));
    Ok(Value::Object(fields.collect()))
}
