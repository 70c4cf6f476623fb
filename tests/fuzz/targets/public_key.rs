//! A public key is taken exactly where libsodium would seal to it.

#![no_main]

#[path = "../../contract/src/oracle.rs"]
#[allow(
    dead_code,
    reason = "libsodium as the contract tests call it; not all of it is needed here"
)]
mod oracle;

use base64::{Engine, engine::general_purpose::STANDARD};
use github_secrets::{KeyError, PublicKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = str::from_utf8(data) {
        as_text(text);
    }
    // Texts that decode to 32 bytes are rare; this makes one of any input that is long enough.
    if let Some(bytes) = data.first_chunk::<{ PublicKey::BYTES }>() {
        as_text(&STANDARD.encode(bytes));
    }
});

fn as_text(text: &str) {
    let decoded = oracle::decode_base64(text);
    let bytes: Option<[u8; PublicKey::BYTES]> =
        decoded.clone().and_then(|bytes| bytes.try_into().ok());
    let sealed = bytes.and_then(|bytes| oracle::seal(&bytes, b""));
    match PublicKey::new("1", text) {
        Ok(key) => {
            assert!(sealed.is_some(), "taken, though libsodium refuses it");
            assert_eq!(Some(*key.as_bytes()), bytes);
            assert_eq!(
                STANDARD.encode(key.as_bytes()),
                text,
                "one key has one text"
            );
        }
        Err(KeyError::NotBase64(_)) => assert_eq!(decoded, None),
        Err(KeyError::Length { bytes: length }) => {
            assert_eq!(decoded.map(|bytes| bytes.len()), Some(length))
        }
        Err(KeyError::LowOrder) => assert!(bytes.is_some() && sealed.is_none()),
        Err(error) => panic!("refused for another reason: {error}"),
    }
    assert!(matches!(
        PublicKey::new(" ", text),
        Err(KeyError::EmptyId | KeyError::NotBase64(_) | KeyError::Length { .. })
    ));
}
