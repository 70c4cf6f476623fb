//! libsodium itself, built from its own C source: what GitHub opens sealed boxes with.

#![allow(
    unsafe_code,
    reason = "libsodium is a C library; each call passes buffers whose sizes it is told"
)]

use std::{
    array,
    cell::Cell,
    ffi::{c_int, c_void},
    ptr,
    sync::Once,
};

use libsodium_sys as sodium;

/// The size of a public and of a secret key, in bytes.
pub const KEY_BYTES: usize = sodium::crypto_box_PUBLICKEYBYTES as usize;

const SEAL_BYTES: usize = sodium::crypto_box_SEALBYTES as usize;
const NONCE_BYTES: usize = sodium::crypto_box_NONCEBYTES as usize;

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

    /// This secret key beside another public key.
    pub fn with_public(self, public: [u8; KEY_BYTES]) -> Self {
        Self { public, ..self }
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

    /// The keys that a box to this pair was sealed with.
    pub fn box_keys(&self, sealed: &[u8]) -> BoxKeys {
        init();
        let (ephemeral, text) = sealed.split_at(KEY_BYTES);
        let (tag, text) = text.split_at(SEAL_BYTES - KEY_BYTES);
        let hashed = [ephemeral, &self.public].concat();
        let mut nonce = [0; NONCE_BYTES];
        let (mut shared_secret, mut key) = ([0; KEY_BYTES], [0; KEY_BYTES]);
        let (mut stream_key, mut tag_key) = ([0; KEY_BYTES], [0; KEY_BYTES]);
        // SAFETY: keys, nonces, points and tags have the sizes that libsodium reads and writes; a
        // null pointer stands for its own constant and for no key.
        let results = unsafe {
            [
                sodium::crypto_generichash(
                    nonce.as_mut_ptr(),
                    NONCE_BYTES,
                    hashed.as_ptr(),
                    hashed.len() as u64,
                    ptr::null(),
                    0,
                ),
                sodium::crypto_scalarmult(
                    shared_secret.as_mut_ptr(),
                    self.secret.as_ptr(),
                    ephemeral.as_ptr(),
                ),
                sodium::crypto_core_hsalsa20(
                    key.as_mut_ptr(),
                    [0; 16].as_ptr(),
                    shared_secret.as_ptr(),
                    ptr::null(),
                ),
                sodium::crypto_core_hsalsa20(
                    stream_key.as_mut_ptr(),
                    nonce.as_ptr(),
                    key.as_ptr(),
                    ptr::null(),
                ),
                sodium::crypto_stream_salsa20(
                    tag_key.as_mut_ptr(),
                    KEY_BYTES as u64,
                    nonce[16..].as_ptr(),
                    stream_key.as_ptr(),
                ),
                sodium::crypto_onetimeauth_verify(
                    tag.as_ptr(),
                    text.as_ptr(),
                    text.len() as u64,
                    tag_key.as_ptr(),
                ),
            ]
        };
        assert_eq!(results, [0; 6], "the box's own tag");
        BoxKeys {
            shared_secret,
            key,
            stream_key,
            tag_key,
        }
    }
}

/// The keys of one sealed box, each derived from the one before.
pub struct BoxKeys {
    /// The product of one side's secret key and the other's public key.
    pub shared_secret: [u8; KEY_BYTES],
    /// The key for every box between the two key pairs.
    pub key: [u8; KEY_BYTES],
    /// The cipher's key for this box.
    pub stream_key: [u8; KEY_BYTES],
    /// The authenticator's key for this box.
    pub tag_key: [u8; KEY_BYTES],
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

/// As [`seal`], with this secret in place of a random one.
pub fn seal_from(
    ephemeral: &[u8; KEY_BYTES],
    public: &[u8; KEY_BYTES],
    plaintext: &[u8],
) -> Option<Vec<u8>> {
    init();
    NEXT_RANDOM.set(Some(*ephemeral));
    let sealed = seal(public, plaintext);
    assert_eq!(NEXT_RANDOM.take(), None, "libsodium draws one secret");
    sealed
}

/// Every encoding of a point of low order but for the highest bit, which counts for nothing: the
/// five canonical ones, and the two of small numbers that have a second one.
const LOW_ORDER: [&str; 7] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/// The encodings of all points of low order, which libsodium refuses as public keys.
pub fn low_order() -> impl Iterator<Item = [u8; KEY_BYTES]> {
    LOW_ORDER.iter().flat_map(|hex| {
        let byte = |index: usize| u8::from_str_radix(&hex[2 * index..2 * index + 2], 16);
        let low: [u8; KEY_BYTES] = array::from_fn(|index| byte(index).expect("hexadecimal"));
        let mut high = low;
        high[31] |= 0x80;
        [low, high]
    })
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

thread_local! {
    /// What this thread draws next, where that is not random.
    static NEXT_RANDOM: Cell<Option<[u8; KEY_BYTES]>> = const { Cell::new(None) };
}

fn init() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: libsodium only reads its own random source, and keeps the one it is given, which
        // is never freed. Nothing else of libsodium has been called yet.
        let result = unsafe {
            let mut source = (&raw const sodium::randombytes_sysrandom_implementation).read();
            source.buf = Some(draw);
            sodium::randombytes_set_implementation(Box::leak(Box::new(source)));
            sodium::sodium_init()
        };
        assert!(result >= 0, "libsodium cannot be used");
    });
}

/// Fills `size` bytes at `buffer`.
unsafe extern "C" fn draw(buffer: *mut c_void, size: usize) {
    let next = NEXT_RANDOM.take().filter(|next| next.len() == size);
    // SAFETY: libsodium asks for this many bytes at a buffer of its own, and never writes to its
    // source.
    unsafe {
        match next {
            Some(next) => ptr::copy_nonoverlapping(next.as_ptr(), buffer.cast(), size),
            None => {
                let source = &raw const sodium::randombytes_sysrandom_implementation;
                (*source).buf.expect("a source")(buffer, size);
            }
        }
    }
}
