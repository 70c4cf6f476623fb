//! Each kind of change between two descriptions is named as what it is, and as breaking or
//! compatible.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod operations;
mod requests;
mod responses;

use github_secrets_codegen::{Description, changes};
use serde_json::{Value, json};

fn base() -> Value {
    json!({
        "openapi": "3.0.3",
        "servers": [{ "url": "https://api.example" }],
        "paths": {
            "/secrets": { "get": {
                "operationId": "list",
                "parameters": [{ "$ref": "#/components/parameters/page" }],
                "responses": {
                    "200": {
                        "description": "",
                        "headers": { "Link": { "schema": { "type": "string" } } },
                        "content": { "application/json": { "schema": {
                            "type": "array", "items": { "$ref": "#/components/schemas/secret" },
                        } } },
                    },
                    "404": { "description": "" },
                },
            } },
            "/secrets/{name}": {
                "parameters": [
                    { "name": "name", "in": "path", "required": true, "schema": { "type": "string" } },
                ],
                "get": {
                    "operationId": "get",
                    "responses": { "200": {
                        "description": "",
                        "content": { "application/json": {
                            "schema": { "$ref": "#/components/schemas/secret" },
                        } },
                    } },
                },
                "put": {
                    "operationId": "put",
                    "requestBody": {
                        "required": true,
                        "content": { "application/json": { "schema": {
                            "type": "object",
                            "required": ["visibility"],
                            "properties": {
                                "value": { "type": "string", "minLength": 1, "maxLength": 9 },
                                "visibility": {
                                    "type": "string", "nullable": true, "enum": ["all", "private"],
                                },
                                "ids": { "type": "array", "items": { "type": "integer" } },
                            },
                        } } },
                    },
                    "responses": { "204": { "description": "" } },
                },
            },
        },
        "components": {
            "parameters": {
                "page": { "name": "page", "in": "query", "schema": { "type": "integer" } },
            },
            "schemas": { "secret": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": { "type": "string" },
                    "owner": { "$ref": "#/components/schemas/account" },
                },
            }, "account": {
                "type": "object",
                "properties": {
                    "id": { "type": "integer" },
                    "parent": { "$ref": "#/components/schemas/account" },
                },
            } },
        },
    })
}

const SECRET: &str = "/components/schemas/secret";
const ACCOUNT: &str = "/components/schemas/account";

/// The changes of the base description after `edit` of what stands at `pointer`.
fn changes_after(pointer: &str, edit: impl Fn(&mut Value)) -> Vec<String> {
    let mut new = base();
    edit(new.pointer_mut(pointer).unwrap());
    between(&base(), &new)
}

fn between(old: &Value, new: &Value) -> Vec<String> {
    let parse = |document: &Value| Description::parse(&document.to_string()).unwrap();
    let changes = changes(&parse(old), &parse(new));
    changes.iter().map(ToString::to_string).collect()
}

fn remove(object: &mut Value, key: &str) {
    assert!(object.as_object_mut().unwrap().remove(key).is_some());
}
