//! libsodium itself, built from its own C source: what GitHub opens sealed boxes with.

#![allow(
    unsafe_code,
    reason = "libsodium is a C library; each call passes buffers whose sizes it is told"
)]

use std::{ffi::c_int, ptr};

use libsodium_sys as sodium;

/// The size of a public and of a secret key, in bytes.
pub const KEY_BYTES: usize = sodium::crypto_box_PUBLICKEYBYTES as usize;

const SEAL_BYTES: usize = sodium::crypto_box_SEALBYTES as usize;

/// A key pair of libsodium's.
pub struct KeyPair {
    /// What is sealed to.
    pub public: [u8; KEY_BYTES],
    secret: [u8; KEY_BYTES],
}

impl KeyPair {
    /// A new one.
    pub fn random() -> Self {
        init();
        let (mut public, mut secret) = ([0; KEY_BYTES], [0; KEY_BYTES]);
        // SAFETY: both buffers have the size that libsodium writes.
        let result =
            unsafe { sodium::crypto_box_keypair(public.as_mut_ptr(), secret.as_mut_ptr()) };
        assert_eq!(result, 0, "a key pair");
        Self { public, secret }
    }

    /// The one with this secret key.
    pub fn from_secret(secret: [u8; KEY_BYTES]) -> Self {
        init();
        let mut public = [0; KEY_BYTES];
        // SAFETY: both buffers have the size of a scalar and of a point.
        let result =
            unsafe { sodium::crypto_scalarmult_base(public.as_mut_ptr(), secret.as_ptr()) };
        assert_eq!(result, 0, "a public key");
        Self { public, secret }
    }

    /// The secret key.
    pub fn secret(&self) -> [u8; KEY_BYTES] {
        self.secret
    }

    /// What is in a sealed box, or `None` where it does not open.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let mut opened = vec![0; sealed.len().checked_sub(SEAL_BYTES)?];
        // SAFETY: the plaintext has room for all but the overhead of the box.
        let result = unsafe {
            sodium::crypto_box_seal_open(
                opened.as_mut_ptr(),
                sealed.as_ptr(),
                sealed.len() as u64,
                self.public.as_ptr(),
                self.secret.as_ptr(),
            )
        };
        (result == 0).then_some(opened)
    }
}

/// A sealed box to this key, or `None` where libsodium refuses the key.
pub fn seal(public: &[u8; KEY_BYTES], plaintext: &[u8]) -> Option<Vec<u8>> {
    init();
    let mut sealed = vec![0; plaintext.len() + SEAL_BYTES];
    // SAFETY: the box has room for the plaintext and the overhead.
    let result = unsafe {
        sodium::crypto_box_seal(
            sealed.as_mut_ptr(),
            plaintext.as_ptr(),
            plaintext.len() as u64,
            public.as_ptr(),
        )
    };
    (result == 0).then_some(sealed)
}

/// The bytes in padded standard base64, or `None` where libsodium refuses the text.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    init();
    let mut decoded = vec![0; text.len()];
    let mut size = 0;
    // SAFETY: the buffer is longer than what the text can hold. Without a place for the end,
    // libsodium refuses a text that it does not read to its end.
    let result = unsafe {
        sodium::sodium_base642bin(
            decoded.as_mut_ptr(),
            decoded.len(),
            text.as_ptr().cast(),
            text.len(),
            ptr::null(),
            &mut size,
            ptr::null_mut(),
            sodium::sodium_base64_VARIANT_ORIGINAL as c_int,
        )
    };
    decoded.truncate(size);
    (result == 0).then_some(decoded)
}

fn init() {
    // SAFETY: it may be called by any thread, and any number of times.
    let result = unsafe { sodium::sodium_init() };
    assert!(result >= 0, "libsodium cannot be used");
}
