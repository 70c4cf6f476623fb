//! The type that stands for a store of any owner, and what does not fit into it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use github_secrets_codegen::{Description, Error, Words, client};
use serde_json::{Map, Value, json};

/// Two stores of an organization and one of a user, with three actions.
fn words() -> Value {
    let action = |method: &str, path: &str, name: &str| {
        json!({
            "method": method,
            "path": path,
            "dispatch": { "name": name, "summary": format!("Does {name}.") },
            "summary": "{owner} {store}",
            "source": "",
        })
    };
    json!({
        "dispatch": {
            "name": "AnyStore",
            "summary": "A store.",
            "variant": "{owner} {store} secrets.",
        },
        "owners": {
            "organization": { "owner": "an organization's" },
            "user": { "owner": "the user's" },
        },
        "stores": [
            { "path": "/orgs/{org}/actions", "owner": "organization", "store": "Actions" },
            { "path": "/orgs/{org}/agents", "owner": "organization", "store": "Agents" },
            { "path": "/user/codespaces", "owner": "user", "store": "Codespaces" },
        ],
        "actions": [
            action("get", "/secrets", "list"),
            action("put", "/secrets/{name}", "set"),
            action("delete", "/secrets/{name}/repositories/{id}", "remove"),
        ],
        "operations": {},
        "parameters": { "org": "The login.", "page": "The page." },
        "schemas": {},
        "fields": {},
    })
}

fn parameter(place: &str, name: &str, schema: &str) -> Value {
    let required = place == "path";
    json!({ "name": name, "in": place, "required": required, "schema": { "type": schema } })
}

/// A description in which all stores list and set, and those of the organization remove.
fn description() -> Value {
    let mut paths = Map::new();
    for (prefix, store) in [
        ("/orgs/{org}/actions", "actions"),
        ("/orgs/{org}/agents", "agents"),
        ("/user/codespaces", "user"),
    ] {
        let owner: Vec<Value> = match prefix.contains("{org}") {
            true => vec![parameter("path", "org", "string")],
            false => vec![],
        };
        let operation = |id: &str, parameters: &[Value]| {
            let parameters = [&owner, parameters].concat();
            json!({
                "operationId": format!("{store}/{id}"),
                "parameters": parameters,
                "responses": { "204": { "description": "" } },
            })
        };
        let (name, id) = (
            parameter("path", "name", "string"),
            parameter("path", "id", "integer"),
        );
        let list = operation("list", &[parameter("query", "page", "integer")]);
        let mut set = operation("set", std::slice::from_ref(&name));
        let schema = json!({ "$ref": "#/components/schemas/sealed" });
        set["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        let remove = operation("remove", &[name, id]);
        paths.insert(format!("{prefix}/secrets"), json!({ "get": list }));
        paths.insert(format!("{prefix}/secrets/{{name}}"), json!({ "put": set }));
        if store != "user" {
            let path = format!("{prefix}/secrets/{{name}}/repositories/{{id}}");
            paths.insert(path, json!({ "delete": remove }));
        }
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Secrets", "version": "1" },
        "paths": paths,
        "components": { "schemas": {
            "sealed": { "type": "object", "properties": { "value": { "type": "string" } } },
        } },
    })
}

fn generate(description: &Value, words: &Value) -> Result<String, Vec<Error>> {
    let description = Description::parse(&description.to_string()).unwrap();
    client(&description, &Words::parse(&words.to_string()).unwrap())
}

/// The type and its methods, without line breaks and indentation.
fn dispatch(description: &Value, words: &Value) -> String {
    let source = generate(description, words).unwrap();
    let source: String = source.lines().map(str::trim).collect();
    let (_, dispatch) = source
        .split_once("#[derive(Clone, Copy, Debug)]pub enum ")
        .unwrap();
    let (dispatch, _) = dispatch.split_once("}}}").unwrap();
    format!("{dispatch}}}}}}}")
}

/// Why no client can be generated.
fn refusals(description: &Value, words: &Value) -> Vec<String> {
    let errors = generate(description, words).unwrap_err();
    errors.iter().map(Error::to_string).collect()
}

#[test]
fn a_store_is_a_variant_with_the_name_of_its_owner() {
    let dispatch = dispatch(&description(), &words());
    let expected = "AnyStore<'a> {\
         /// An organization's Actions secrets.\
         OrganizationActions {/// The login.org: &'a str,},\
         /// An organization's Agents secrets.\
         OrganizationAgents {/// The login.org: &'a str,},\
         /// The user's Codespaces secrets.\
         User,}impl AnyStore<'_> {";
    assert!(dispatch.starts_with(expected), "{dispatch}");
}

#[test]
fn an_action_of_every_store_is_a_request() {
    let dispatch = dispatch(&description(), &words());
    let list = "/// Does list.////// Arguments:/// - `page`: The page.\
         pub fn list(self, page: Option<i64>) -> Request<()> {match self {\
         Self::OrganizationActions { org } => actions_list(org, page),\
         Self::OrganizationAgents { org } => agents_list(org, page),\
         Self::User => user_list(page),}}";
    assert!(dispatch.contains(list), "{dispatch}");
    let set = "pub fn set(self, name: &str, body: &types::Sealed) -> Request<()> {match self {\
         Self::OrganizationActions { org } => actions_set(org, name, body),";
    assert!(dispatch.contains(set), "{dispatch}");
}

#[test]
fn an_action_of_some_stores_is_none_for_the_others() {
    let dispatch = dispatch(&description(), &words());
    let remove = "/// Does remove.////// Returns `None` except for:\
         /// - [`Self::OrganizationActions`]/// - [`Self::OrganizationAgents`]\
         pub fn remove(self, name: &str, id: i64) -> Option<Request<()>> {match self {\
         Self::OrganizationActions { org } => Some(actions_remove(org, name, id)),\
         Self::OrganizationAgents { org } => Some(agents_remove(org, name, id)),\
         _ => None,}}";
    assert!(dispatch.contains(remove), "{dispatch}");
}

#[test]
fn a_query_that_a_store_does_not_have_is_not_passed_to_it() {
    let mut description = description();
    description["paths"]["/user/codespaces/secrets"]["get"]["parameters"] = json!([]);
    let dispatch = dispatch(&description, &words());
    assert!(
        dispatch.contains("pub fn list(self, page: Option<i64>) -> Request<()> {"),
        "{dispatch}"
    );
    assert!(
        dispatch.contains("Self::User => user_list(),"),
        "{dispatch}"
    );
}

#[test]
fn without_stores_or_words_there_is_no_such_type() {
    let mut nameless = words();
    nameless.as_object_mut().unwrap().remove("dispatch");
    let mut elsewhere = words();
    for store in elsewhere["stores"].as_array_mut().unwrap() {
        store["path"] = json!("/elsewhere");
    }
    for words in [nameless, elsewhere] {
        let source = generate(&description(), &words).unwrap();
        assert!(!source.contains("pub enum"), "{source}");
    }
}

#[test]
fn a_store_that_does_not_fit_is_refused_with_what_is_different() {
    type Edit = fn(&mut Value);
    let agents = "/orgs/{org}/agents/secrets";
    let edits: [(Edit, &str); 5] = [
        (
            |paths| {
                let content = json!({ "application/json": { "schema": { "type": "string" } } });
                paths["/user/codespaces/secrets"]["get"]["responses"] =
                    json!({ "200": { "description": "", "content": content } });
            },
            "action `list` of `User`: it returns something else than `",
        ),
        (
            |paths| {
                paths["/user/codespaces/secrets"]["get"]["parameters"] =
                    json!([parameter("query", "page", "string")]);
            },
            "action `list` of `User`: its parameter `page` is not that of `",
        ),
        (
            |paths| {
                paths["/user/codespaces/secrets"]["get"]["parameters"] =
                    json!([parameter("query", "size", "integer")]);
            },
            "action `list` of `User`: its parameter `size` is not that of `",
        ),
        (
            |paths| {
                let set = &mut paths["/user/codespaces/secrets/{name}"]["put"];
                set.as_object_mut().unwrap().remove("requestBody");
            },
            "action `set` of `User`: its parameter `body` is not that of `",
        ),
        (
            |paths| {
                let mut list = paths["/orgs/{org}/agents/secrets"].take();
                list["get"]["parameters"][0]["name"] = json!("login");
                paths["/orgs/{login}/agents/secrets"] = list;
                paths
                    .as_object_mut()
                    .unwrap()
                    .remove("/orgs/{org}/agents/secrets");
            },
            "action `set` of `OrganizationAgents`: its path has other parameters than `agents_list`",
        ),
    ];
    assert!(description()["paths"].get(agents).is_some());
    for (edit, reason) in edits {
        let mut description = description();
        edit(&mut description["paths"]);
        let refusals = refusals(&description, &words());
        assert!(refusals[0].starts_with(reason), "{reason}: {refusals:?}");
    }
}

#[test]
fn a_name_that_rust_cannot_have_is_refused() {
    let mut words = words();
    words["actions"][0]["dispatch"]["name"] = json!("list all");
    assert_eq!(
        refusals(&description(), &words),
        ["not a table of words: `list all` cannot be a name in Rust"]
    );
}
