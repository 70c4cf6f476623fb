//! The key of a state, whose digests show whether a value is new.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use blake2::{
    Blake2bMac,
    digest::{
        FixedOutput, KeyInit, Mac,
        consts::{U16, U32},
    },
};
use zeroize::{Zeroizing, zeroize_stack};

use super::{place_id::PlaceId, state_error::StateError};
use crate::{SecretName, SecretValue};

/// The key of a [`State`](super::State): 32 random bytes, zeroized on drop.
///
/// The digests are keyed, so a state alone does not help anyone to guess a value. With both the
/// state and its key, guesses can be tested: keep the two apart.
///
/// ```
/// use github_secrets::sync::StateKey;
///
/// // As `openssl rand -base64 32` writes it.
/// let key = StateKey::new("b2CEVsOIo4rfY3xp5z8vvbLeWVLWYxfG8kQiHEYCBto=")?;
/// assert!(StateKey::new("correct horse").is_err());
/// # let _ = key;
/// # Ok::<(), github_secrets::sync::StateError>(())
/// ```
pub struct StateKey(Zeroizing<[u8; PADDED_BYTES]>);

/// A key is padded with zeros to the longest that BLAKE2b takes.
const PADDED_BYTES: usize = 64;

/// A keyed digest of a value, its place and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digest([u8; 16]);

/// How much stack is wiped after a digest: BLAKE2b keeps the last 128 bytes that it was given, in
/// several copies where nothing is optimized.
const STACK_BYTES: usize = 16 * 1024;

impl StateKey {
    /// The size of a key, in bytes.
    pub const BYTES: usize = 32;

    /// Decodes a key from base64. White space around it is ignored.
    ///
    /// # Errors
    ///
    /// Returns [`StateError::Key`] if the text is not the base64 form of 32 bytes, or if all of
    /// them are the same.
    pub fn new(base64: &str) -> Result<Self, StateError> {
        let text = base64.trim();
        // Room for what a longer text decodes to, so that nothing is reallocated and left behind.
        let mut bytes = Zeroizing::new(vec![0; text.len() / 4 * 3 + 3]);
        let decoded = BASE64_STANDARD.decode_slice(text, &mut bytes);
        let decoded = decoded.ok().and_then(|length| bytes.get(..length));
        let decoded = decoded.filter(|bytes| {
            let first = bytes.first();
            bytes.len() == Self::BYTES && bytes.iter().any(|byte| Some(byte) != first)
        });
        let decoded = decoded.ok_or(StateError::Key)?;
        let mut key = Zeroizing::new([0; PADDED_BYTES]);
        key.iter_mut()
            .zip(decoded)
            .for_each(|(to, from)| *to = *from);
        Ok(Self(key))
    }

    /// Returns the digest of a secret's value.
    pub(super) fn digest(
        &self,
        api: &str,
        place: &PlaceId,
        name: &SecretName,
        value: &SecretValue,
    ) -> Digest {
        let place = place.to_string();
        let name = name.as_str().to_ascii_uppercase();
        let parts = [
            "value".as_bytes(),
            api.as_bytes(),
            place.as_bytes(),
            name.as_bytes(),
            value.expose(),
        ];
        let digest = Digest(self.hash::<Blake2bMac<U16>, 16>(&parts));
        zeroize_stack::<STACK_BYTES>();
        digest
    }

    /// Returns the id of this key, which a state holds.
    pub(super) fn id(&self) -> [u8; 16] {
        self.hash::<Blake2bMac<U16>, 16>(&[b"key"])
    }

    /// Returns whether `mac` is that of a state with this API and these lines.
    pub(super) fn verifies(&self, api: &str, lines: &str, mac: &[u8]) -> bool {
        let expected = self.started::<Blake2bMac<U32>>(&state_parts(api, lines));
        expected.verify_slice(mac).is_ok()
    }

    pub(super) fn mac(&self, api: &str, lines: &str) -> [u8; 32] {
        self.hash::<Blake2bMac<U32>, 32>(&state_parts(api, lines))
    }

    /// Not inlined, so that its stack is below the caller's.
    #[inline(never)]
    fn hash<M: Mac + KeyInit + FixedOutput, const N: usize>(&self, parts: &[&[u8]]) -> [u8; N]
    where
        [u8; N]: From<blake2::digest::Output<M>>,
    {
        self.started::<M>(parts).finalize_fixed().into()
    }

    /// Each part with its length, so that no two lists of parts are the same bytes.
    fn started<M: Mac + KeyInit>(&self, parts: &[&[u8]]) -> M {
        let mut mac = <M as KeyInit>::new(self.0.as_slice().into());
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac
    }
}

fn state_parts<'a>(api: &'a str, lines: &'a str) -> [&'a [u8]; 3] {
    [b"state", api.as_bytes(), lines.as_bytes()]
}

impl fmt::Debug for StateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateKey")
    }
}

impl Digest {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(text).ok()?;
        bytes.try_into().map(Self).ok()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_STANDARD.encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::{PlaceId, StateKey};
    use crate::{SecretName, SecretValue, Store};

    /// The bytes 0 to 31.
    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const API: &str = "https://api.github.com/";

    fn digest(key: &str, api: &str, id: u64, name: &str, value: &str) -> String {
        let store = Store::Actions;
        let place = PlaceId::Repository { id, store };
        let name = SecretName::new(name).expect("a name");
        let key = StateKey::new(key).expect("a key");
        let value = SecretValue::from(value);
        key.digest(api, &place, &name, &value).to_string()
    }

    #[test]
    fn digests_are_keyed_blake2b_as_pythons_hashlib_has_it() {
        // hashlib.blake2b(key=bytes(range(32)) + bytes(32), digest_size=16), each part after its
        // length in eight bytes, little-endian.
        let expected = "fC7CG1kKjaHejtG8GR96Tg==";
        let value = "correct horse";
        assert_eq!(digest(KEY, API, 1296280, "NPM_TOKEN", value), expected);
        assert_eq!(digest(KEY, API, 1296280, "npm_token", value), expected);
    }

    #[test]
    fn equal_values_do_not_show() {
        let other_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh4=";
        let digests = [
            digest(KEY, API, 1, "NPM_TOKEN", "correct horse"),
            digest(KEY, API, 2, "NPM_TOKEN", "correct horse"),
            digest(KEY, API, 1, "NPM_TOKE", "Ncorrect horse"),
            digest(KEY, API, 1, "NPM_TOKEN", "correct hors"),
            digest(KEY, "https://ghe.example/", 1, "NPM_TOKEN", "correct horse"),
            digest(other_key, API, 1, "NPM_TOKEN", "correct horse"),
        ];
        for (index, digest) in digests.iter().enumerate() {
            assert!(!digests[..index].contains(digest), "{index}");
        }
    }

    #[test]
    fn a_key_is_32_bytes_in_base64_and_not_all_the_same() {
        StateKey::new(&format!(" {KEY}\r\n")).expect("a key");
        for refused in [
            "",
            "correct horse",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        ] {
            let error = StateKey::new(refused).expect_err(refused).to_string();
            assert!(refused.is_empty() || !error.contains(refused), "{error}");
        }
    }
}
