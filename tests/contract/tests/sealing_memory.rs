//! The memory of the process, searched for what a box was sealed with: the value, the ephemeral
//! secret, and every key that is derived from it.

#![cfg(target_os = "linux")]

use std::{array, fs::File, hint::black_box, io::Read, iter, ops::Range, os::unix::fs::FileExt};

use base64::{Engine, engine::general_purpose::STANDARD};
use contract_tests::oracle::{self, KEY_BYTES, KeyPair};
use curve25519_dalek::MontgomeryPoint;
use github_secrets::{PublicKey, SecretValue};

type Secret = [u8; KEY_BYTES];

const SIZES: [usize; 3] = [KEY_BYTES, 4_096, SecretValue::MAX_BYTES];

#[test]
fn nothing_is_left_of_what_a_box_was_sealed_with() {
    for size in SIZES {
        let (pair, value) = (KeyPair::random(), Value::random());
        let (sealed, snapshot) = seal(&pair.public, &value, size);
        for (name, secret) in secrets(&pair, &value, &sealed) {
            assert_eq!(snapshot.pieces_of(&secret), 0, "{name}, {size} bytes");
        }
        assert!(!snapshot.stack_holds_secret_of(&sealed[..KEY_BYTES]));
    }
}

/// Nobody has the secret key to open such a box with, so the derived keys are not searched for.
#[test]
fn nothing_is_left_of_the_value_and_the_ephemeral_secret_where_the_key_is_on_the_twist() {
    let mut keys = iter::repeat_with(|| KeyPair::random().secret());
    let on_the_twist = |key: &Secret| MontgomeryPoint(*key).to_edwards(0).is_none();
    let public = keys.find(on_the_twist).expect("every second");
    let value = Value::random();
    let (sealed, snapshot) = seal(&public, &value, KEY_BYTES);
    assert_eq!(snapshot.pieces_of(&value.unmasked()), 0);
    assert!(!snapshot.stack_holds_secret_of(&sealed[..KEY_BYTES]));
}

#[test]
fn the_search_finds_all_of_it_where_it_was_left_on_the_stack() {
    let (pair, value) = (KeyPair::random(), Value::random());
    let sealed = oracle::seal(&pair.public, &value.plain(KEY_BYTES)).expect("a box");
    let mut snapshot = Snapshot::new();
    below_unused_stack(|| black_box((secrets(&pair, &value, &sealed), pair.secret())));
    snapshot.take();
    for (name, secret) in secrets(&pair, &value, &sealed) {
        assert_ne!(snapshot.pieces_of(&secret), 0, "{name}");
    }
    assert!(snapshot.stack_holds_secret_of(&pair.public));
}

/// A box by the library, and the memory just after it was sealed and the value dropped.
fn seal(public: &Secret, value: &Value, size: usize) -> (Vec<u8>, Snapshot) {
    let key = PublicKey::from_bytes("1", *public).expect("a key");
    let mut snapshot = Snapshot::new();
    let sealed = below_unused_stack(|| key.seal(&value.plain(size).into()));
    snapshot.take();
    let sealed = sealed.expect("within limits");
    let sealed = STANDARD.decode(sealed.encrypted_value()).expect("base64");
    (sealed, snapshot)
}

/// Calls `run` so far down the stack that what it leaves there is not overwritten by a search.
#[inline(never)]
fn below_unused_stack<T>(run: impl FnOnce() -> T) -> T {
    let unused = [1_u8; 64 * 1024];
    black_box(&unused);
    let result = run();
    black_box(&unused);
    result
}

/// A value that is not in memory before it is asked for.
struct Value {
    masked: Secret,
}

impl Value {
    fn random() -> Self {
        let masked = KeyPair::random().secret();
        Self { masked }
    }

    fn unmasked(&self) -> Secret {
        self.masked.map(|byte| !byte)
    }

    /// The value again and again.
    fn plain(&self, size: usize) -> Vec<u8> {
        self.masked
            .iter()
            .cycle()
            .take(size)
            .map(|byte| !byte)
            .collect()
    }
}

/// What could open the box, or a part of it.
fn secrets(pair: &KeyPair, value: &Value, sealed: &[u8]) -> [(&'static str, Secret); 6] {
    let keys = pair.box_keys(sealed);
    let plain = value.unmasked();
    let text = &sealed[PublicKey::OVERHEAD_BYTES..];
    [
        ("the value", plain),
        (
            "the cipher's output",
            array::from_fn(|index| text[index] ^ plain[index]),
        ),
        ("the shared secret", keys.shared_secret),
        ("the key pairs' key", keys.key),
        ("the cipher's key", keys.stream_key),
        ("the authenticator's key", keys.tag_key),
    ]
}

const PAGE_BYTES: usize = 4_096;

/// All memory that the process could write to at one moment, but for pages of zeros.
struct Snapshot {
    // What taking it needs is allocated before the secrets exist: to allocate it later could
    // overwrite a copy that was left behind.
    memory: File,
    maps: String,
    pages: Vec<u8>,
    /// The pages of this thread's stack.
    stack: Range<usize>,
}

impl Snapshot {
    fn new() -> Self {
        Self {
            memory: File::open("/proc/self/mem").expect("the process's own memory"),
            maps: String::with_capacity(256 * 1024),
            pages: Vec::with_capacity(256 * 1024 * 1024),
            stack: 0..0,
        }
    }

    fn take(&mut self) {
        let mut page = [0; PAGE_BYTES];
        let here = page.as_ptr() as u64;
        let own = self.pages.as_ptr() as u64;
        let own = own..own + self.pages.capacity() as u64;
        let mut maps = File::open("/proc/self/maps").expect("its regions");
        maps.read_to_string(&mut self.maps).expect("text");
        for region in self.maps.lines().filter_map(writable) {
            let begin = self.pages.len();
            for address in region.clone().step_by(PAGE_BYTES) {
                // Not what is written here, nor the stack of a thread that ends meanwhile.
                if own.contains(&address) || self.memory.read_exact_at(&mut page, address).is_err()
                {
                    continue;
                }
                if page != [0; PAGE_BYTES] {
                    self.pages.extend_from_slice(&page);
                }
            }
            if region.contains(&here) {
                self.stack = begin..self.pages.len();
            }
        }
        assert!(!self.stack.is_empty(), "a stack");
        assert_eq!(self.pages.as_ptr() as u64, own.start, "never reallocated");
    }

    /// How often a quarter or more of this secret is somewhere in memory.
    fn pieces_of(&self, secret: &Secret) -> usize {
        let pieces = secret.chunks_exact(KEY_BYTES / 4);
        let first: Vec<u8> = pieces.clone().map(|piece| piece[0]).collect();
        let windows = self.pages.windows(KEY_BYTES / 4);
        windows
            .filter(|window| {
                first.contains(&window[0]) && pieces.clone().any(|piece| piece == *window)
            })
            .count()
    }

    /// Whether the secret key of this public key is on this thread's stack.
    fn stack_holds_secret_of(&self, public: &[u8]) -> bool {
        let mut windows = self.pages[self.stack.clone()].windows(KEY_BYTES);
        windows.any(|window| {
            let secret = window.try_into().expect("its size");
            seems_random(window) && KeyPair::from_secret(secret).public == public
        })
    }
}

/// Of 32 random bytes about 30 are distinct, and little else on a stack is like that.
fn seems_random(bytes: &[u8]) -> bool {
    let mut seen = [false; 256];
    let mut distinct = 0;
    for byte in bytes {
        distinct += i32::from(!seen[usize::from(*byte)]);
        seen[usize::from(*byte)] = true;
    }
    distinct >= 20
}

/// The addresses of a region that can be read and written.
fn writable(line: &str) -> Option<Range<u64>> {
    let mut parts = line.split_ascii_whitespace();
    let (begin, end) = parts.next()?.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    let writable = parts.next()?.starts_with("rw");
    writable.then_some(number(begin)?..number(end)?)
}
