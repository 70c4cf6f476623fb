use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::SecretKey;
use serde_json::{Value, json};

use crate::{
    assert_ran,
    program::{Run, emulator, on, program, writes},
};

#[test]
fn a_value_is_sealed_offline_to_a_key_that_is_given() {
    let secret = SecretKey::from([7; 32]);
    let key = STANDARD.encode(secret.public_key().as_bytes());

    let ran = program(&format!("seal DB_PASSWORD --key-id 0123 --key {key}")).run("correct horse");

    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let sealed: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(sealed["key_id"], "0123");
    let sealed = STANDARD
        .decode(sealed["encrypted_value"].as_str().unwrap())
        .unwrap();
    assert_eq!(secret.unseal(&sealed).unwrap(), b"correct horse");
}

#[tokio::test]
async fn without_a_key_that_of_the_place_is_fetched_and_nothing_is_stored() {
    let emulator = emulator().await;
    let key = on(&emulator, "key --repo acme/website --json").run("");
    let key: Value = serde_json::from_str(&key.stdout).unwrap();

    let ran = on(&emulator, "seal DB_PASSWORD --repo acme/website").run("correct horse");

    let sealed: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(sealed["key_id"], key["key_id"]);
    assert_eq!(writes(&emulator), 0);

    // GitHub takes it as it is.
    let path = "/repos/acme/website/actions/secrets/DB_PASSWORD";
    let response = reqwest::Client::new()
        .put(format!("{}{path}", emulator.url()))
        .header("user-agent", "curl")
        .bearer_auth("ghp_any")
        .json(&json!(sealed))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
}

#[test]
fn a_key_that_must_not_be_sealed_to_is_refused() {
    let low_order = STANDARD.encode([0; 32]);

    let ran = program(&format!("seal A --key-id 1 --key {low_order}")).run("value");
    let alone = program("seal A --key-id 1").run("value");
    let both = program("seal A --key-id 1 --key AAAA --repo acme/website").run("value");

    assert_ran!(ran, @"
    exit code 2
    [stderr]
    error: --key: the public key is a point of low order: anybody could open what is sealed to it
    ");
    assert_ran!(alone, @"
    exit code 2
    [stderr]
    error: the following required arguments were not provided:
      --key <BASE64>

    Usage: github-secrets seal --key-id <ID> --key <BASE64> <NAME>

    For more information, try '--help'.
    ");
    assert_ran!(both, @"
    exit code 2
    [stderr]
    error: the argument '--key <BASE64>' cannot be used with '--repo <OWNER/NAME>'

    Usage: github-secrets seal --key-id <ID> --key <BASE64> <NAME>

    For more information, try '--help'.
    ");
}
