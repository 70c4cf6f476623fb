//! A key to which values are sealed.

use base64::{Engine, engine::general_purpose::STANDARD};
use crypto_box::{SecretKey, aead::OsRng};
use serde_json::{Value, json};

use super::message::Answer;

pub(super) struct Key {
    id: String,
    secret: SecretKey,
}

impl Key {
    pub(super) fn new(id: impl ToString) -> Self {
        Self {
            id: id.to_string(),
            secret: SecretKey::generate(&mut OsRng),
        }
    }

    /// Responds to a request for the public key.
    pub(super) fn answer(&self) -> Answer {
        let key = STANDARD.encode(self.secret.public_key().as_bytes());
        Answer::json(200, json!({ "key_id": self.id, "key": key }))
    }

    /// Opens the value in a body, or responds that it is sealed to another key.
    pub(super) fn open(&self, body: &Value) -> Result<Option<String>, Answer> {
        let sealed = body["encrypted_value"]
            .as_str()
            .zip(body["key_id"].as_str());
        match sealed {
            Some((_, id)) if id != self.id => {
                let message = "validation failed due to an improperly encrypted secret";
                Err(Answer::json(422, json!({ "message": message })))
            }
            Some((sealed, _)) => {
                let sealed = STANDARD.decode(sealed).expect("base64");
                let opened = self.secret.unseal(&sealed).expect("a box for this key");
                Ok(Some(String::from_utf8(opened).expect("text")))
            }
            None => Ok(None),
        }
    }
}
