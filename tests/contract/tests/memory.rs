//! The memory of the process, searched for a value that was sealed, sent and dropped.

#![cfg(target_os = "linux")]

use std::{
    fs::File,
    io::Read,
    os::unix::fs::FileExt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use contract_tests::{Reply, Request, Wire, github};
use github_secrets::{
    Error, NewRegistry, NewSecret, Organization, Place, PublicKey, RegistryAuth, RegistryType,
    RegistryUpdate, SecretValue, Secrets, Store, Stored, Visibility,
};

/// A value that exists in no other place, and that is never held in the clear to search for it.
struct Canary {
    masked: [u8; CANARY_BYTES],
    /// What a search needs is there before the value is: to allocate it then could overwrite a
    /// copy that was left behind.
    memory: File,
    maps: String,
    buffer: Vec<u8>,
    /// Another search would copy what it finds.
    _alone: MutexGuard<'static, ()>,
}

const CANARY_BYTES: usize = 32;
const MASK: u8 = 0xa5;

impl Canary {
    fn new() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut masked = [0; CANARY_BYTES];
        let mut random = File::open("/dev/urandom").expect("random bytes");
        random.read_exact(&mut masked).expect("random bytes");
        Self {
            // Letters in the clear.
            masked: masked.map(|byte| (b'A' + byte % 26) ^ MASK),
            memory: File::open("/proc/self/mem").expect("the process's own memory"),
            maps: String::with_capacity(256 * 1024),
            buffer: vec![0; 64 * 1024],
            _alone: alone,
        }
    }

    /// The canary in the clear, again and again.
    fn value(&self, size: usize) -> Vec<u8> {
        let mut value = vec![0; size];
        for (index, byte) in value.iter_mut().enumerate() {
            *byte = self.masked[index % CANARY_BYTES] ^ MASK;
        }
        value
    }

    fn text(&self, size: usize) -> String {
        String::from_utf8(self.value(size)).expect("letters")
    }

    /// How many copies there are in all memory that the process can write to.
    fn copies(&mut self) -> usize {
        self.maps.clear();
        let mut maps = File::open("/proc/self/maps").expect("its regions");
        maps.read_to_string(&mut self.maps).expect("text");
        let mut copies = 0;
        for (begin, end) in self.maps.lines().filter_map(writable) {
            let mut at = begin;
            while at < end {
                let size = self.buffer.len().min((end - at) as usize);
                let buffer = &mut self.buffer[..size];
                // A thread that ends meanwhile takes its stack along.
                if self.memory.read_exact_at(buffer, at).is_err() {
                    break;
                }
                copies += copies_in(buffer, &self.masked);
                at += size as u64;
                // What lies across the border of two pieces is seen with the second.
                at -= if at < end { CANARY_BYTES as u64 } else { 0 };
            }
        }
        self.buffer.fill(0);
        copies
    }
}

fn copies_in(bytes: &[u8], masked: &[u8; CANARY_BYTES]) -> usize {
    const PAGE_BYTES: usize = 4_096;
    const UNTOUCHED: [u8; PAGE_BYTES + CANARY_BYTES] = [0; PAGE_BYTES + CANARY_BYTES];
    let first = masked[0] ^ MASK;
    let equal =
        |bytes: &[u8]| bytes[0] == first && bytes.iter().zip(masked).all(|(a, b)| a ^ MASK == *b);
    let mut copies = 0;
    for begin in (0..bytes.len()).step_by(PAGE_BYTES) {
        let end = bytes.len().min(begin + PAGE_BYTES + CANARY_BYTES - 1);
        let page = &bytes[begin..end];
        // Most of the memory was never written to.
        if page != &UNTOUCHED[..page.len()] {
            copies += page
                .windows(CANARY_BYTES)
                .filter(|bytes| equal(bytes))
                .count();
        }
    }
    copies
}

/// The bounds of a region that can be read and written.
fn writable(line: &str) -> Option<(u64, u64)> {
    let mut parts = line.split_ascii_whitespace();
    let (begin, end) = parts.next()?.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    parts
        .next()?
        .starts_with("rw")
        .then_some((number(begin)?, number(end)?))
}

const SIZES: [usize; 3] = [CANARY_BYTES, 4_096, SecretValue::MAX_BYTES];

#[test]
fn the_search_finds_a_copy_that_is_held_and_one_that_was_dropped_without_wiping() {
    let mut canary = Canary::new();
    assert_eq!(canary.copies(), 0);
    let mut held = canary.value(4_096);
    assert!(canary.copies() >= 4_096 / CANARY_BYTES);
    held.fill(0);
    assert_eq!(canary.copies(), 0, "{}", held.len());
    drop(canary.value(4_096));
    assert_ne!(canary.copies(), 0);
}

#[test]
fn a_value_that_was_sealed_and_dropped_is_gone() {
    let key = PublicKey::new("1", github::KEY).expect("a key");
    for size in SIZES {
        let mut canary = Canary::new();
        let value = SecretValue::from(canary.value(size));
        key.seal(&value).expect("sealed");
        assert_ne!(canary.copies(), 0);
        drop(value);
        assert_eq!(canary.copies(), 0, "{size} bytes");
    }
}

#[test]
fn a_value_that_was_read_and_dropped_is_gone() {
    let mut canary = Canary::new();
    let masked = canary.masked;
    let unmasking = Unmasking(masked.as_slice());
    let value = SecretValue::from_reader(unmasking).expect("a value");
    assert_eq!(value.len(), CANARY_BYTES);
    assert_ne!(canary.copies(), 0);
    drop(value);
    assert_eq!(canary.copies(), 0);
}

/// Gives the bytes in the clear to whom reads them.
struct Unmasking<'a>(&'a [u8]);

impl Read for Unmasking<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.0.read(buffer)?;
        buffer[..read].iter_mut().for_each(|byte| *byte ^= MASK);
        Ok(read)
    }
}

/// Makes sure that nothing is left of a value after this was done with it, whatever its size.
async fn leaves_nothing(
    replies: &[Reply],
    what: impl AsyncFn(&Secrets<Organization>, &Canary, usize),
) {
    let http = reqwest::Client::new();
    for size in SIZES {
        let mut canary = Canary::new();
        let wire = Wire::script(replies.iter().cloned());
        let builder = github::builder(wire.url()).http_client(http.clone());
        let secrets = github::codespaces(builder);
        what(&secrets, &canary, size).await;
        assert_eq!(canary.copies(), 0, "{size} bytes");
        assert_eq!(wire.requests().len(), replies.len());
    }
}

#[tokio::test]
async fn a_value_that_was_stored_is_gone() {
    leaves_nothing(
        &[github::public_key(), Reply::status(201)],
        async |secrets, canary, size| {
            let value = canary.text(size);
            let stored = secrets.set("DB_PASSWORD", value, Visibility::All).await;
            assert_eq!(stored.ok(), Some(Stored::Created));
        },
    )
    .await;
}

#[tokio::test]
async fn a_value_that_is_stored_in_many_places_exists_once_and_then_no_more() {
    let http = reqwest::Client::new();
    for size in SIZES {
        let mut canary = Canary::new();
        let wire = Wire::serve(github::success);
        let builder = github::builder(wire.url()).http_client(http.clone());
        let github = builder.build().expect("settings");
        let new = NewSecret::new("NPM_TOKEN", canary.text(size)).expect("a name");
        let once = canary.copies();
        assert_ne!(once, 0);
        let place = |number| {
            let name = format!("acme/svc-{number}");
            Place::repository(name, Store::Actions).expect("a name")
        };
        let secrets = (0..40).map(|number| (place(number), new.clone()));
        let mut batch = github.set_all(secrets).expect("secrets");
        drop(new);
        assert_eq!(canary.copies(), once, "{size} bytes");
        for _ in 0..20 {
            let item = batch.next().await.expect("a result");
            assert_eq!(item.result.ok(), Some(Stored::Updated));
        }
        assert_eq!(canary.copies(), once, "{size} bytes");
        drop(batch.finish().await);
        assert_eq!(canary.copies(), 0, "{size} bytes");
    }
}

#[tokio::test]
async fn a_value_that_was_sealed_to_two_keys_is_gone() {
    let refused = github::refusal(422, "improperly encrypted secret");
    let replies = [
        github::public_key(),
        refused,
        github::public_key(),
        Reply::status(204),
    ];
    leaves_nothing(&replies, async |secrets, canary, size| {
        let stored = secrets
            .set("DB_PASSWORD", canary.value(size), Visibility::All)
            .await;
        assert_eq!(stored.ok(), Some(Stored::Updated));
    })
    .await;
}

#[tokio::test]
async fn a_value_that_was_refused_or_lost_is_gone() {
    for reply in [
        github::refusal(403, "no"),
        github::refusal(404, "no"),
        github::refusal(429, "no"),
        github::refusal(503, "no"),
        Reply::closed(),
    ] {
        leaves_nothing(
            &[github::public_key(), reply],
            async |secrets, canary, size| {
                let set = secrets
                    .set("DB_PASSWORD", canary.text(size), Visibility::All)
                    .await;
                set.expect_err("rejected or lost");
            },
        )
        .await;
    }
}

#[tokio::test]
async fn a_value_for_which_there_was_no_key_is_gone() {
    leaves_nothing(
        &[github::refusal(404, "no")],
        async |secrets, canary, size| {
            let set = secrets
                .set("DB_PASSWORD", canary.text(size), Visibility::All)
                .await;
            set.expect_err("no key");
        },
    )
    .await;
}

#[tokio::test]
async fn a_value_that_was_rotated_in_is_gone() {
    for size in SIZES {
        let mut canary = Canary::new();
        let wire = Wire::serve(github::success);
        let rotated = github::secrets(wire.url())
            .rotate("DB_PASSWORD", canary.text(size))
            .await;
        rotated.expect("rotated");
        assert_eq!(canary.copies(), 0, "{size} bytes");
        // The secret, its repositories and the key; the write; the secret and its repositories.
        assert_eq!(wire.requests().len(), 6);
    }
}

#[tokio::test]
async fn a_value_of_a_registry_is_gone() {
    for size in SIZES {
        let mut canary = Canary::new();
        let wire = Wire::serve(github::success);
        let github = github::builder(wire.url()).build().expect("settings");
        let registries = github.org("acme").expect("a login").private_registries();
        let auth = RegistryAuth::token(canary.text(size));
        let url = "https://npm.acme.example";
        let new = NewRegistry::new(RegistryType::NpmRegistry, url, auth, Visibility::All);
        let created = registries.create(new.expect("settings")).await;
        let update = RegistryUpdate::new().value(canary.value(size));
        let updated = registries
            .update(&created.expect("created").name, update)
            .await;
        updated.expect("updated");
        assert_eq!(canary.copies(), 0, "{size} bytes");
        let sealed = |request: &Request| request.json()["encrypted_value"].is_string();
        assert_eq!(
            wire.requests()
                .iter()
                .filter(|request| sealed(request))
                .count(),
            2
        );
    }
    for size in SIZES {
        let mut canary = Canary::new();
        let auth = RegistryAuth::token(canary.text(size));
        let new = NewRegistry::new(RegistryType::NpmRegistry, "nowhere", auth, Visibility::All);
        assert!(matches!(new, Err(Error::Registry(_))));
        assert_eq!(canary.copies(), 0, "{size} bytes");
    }
}

#[tokio::test]
async fn values_that_were_stored_together_are_gone() {
    let replies = [
        github::public_key(),
        Reply::status(201),
        github::refusal(403, "no"),
    ];
    leaves_nothing(&replies, async |secrets, canary, size| {
        let new = |name: &str| github::new_secret(name, canary.text(size), Visibility::All);
        let batch = secrets
            .set_all([new("FIRST"), new("SECOND"), new("THIRD")])
            .await;
        let report = batch.expect("a batch").concurrency(1).finish().await;
        assert_eq!(report.expect_err("one is refused").not_tried(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_value_under_a_name_that_was_refused_is_gone() {
    leaves_nothing(&[], async |secrets, canary, size| {
        let set = secrets.set("2FA", canary.text(size), Visibility::All).await;
        assert!(matches!(set, Err(Error::Name(_))));
    })
    .await;
    leaves_nothing(&[], async |secrets, canary, size| {
        let rotated = secrets.rotate("2FA", canary.text(size)).await;
        assert!(matches!(rotated, Err(Error::Name(_))));
    })
    .await;
    leaves_nothing(&[], async |_, canary, size| {
        let new = NewSecret::new("2FA", canary.text(size));
        assert!(matches!(new, Err(Error::Name(_))));
    })
    .await;
}

#[tokio::test]
async fn a_value_that_was_refused_or_whose_repositories_were_is_gone() {
    leaves_nothing(&[], async |secrets, canary, size| {
        let nowhere = Visibility::selected([0]);
        let set = secrets.set("DB_PASSWORD", canary.text(size), nowhere).await;
        assert!(matches!(set, Err(Error::Repository(_))));
    })
    .await;
    leaves_nothing(&[], async |secrets, canary, size| {
        let too_large = canary.value(size + SecretValue::MAX_BYTES);
        let set = secrets.set("DB_PASSWORD", too_large, Visibility::All).await;
        assert!(matches!(set, Err(Error::Value(_))));
    })
    .await;
    leaves_nothing(&[], async |secrets, canary, size| {
        let new = |()| github::new_secret("DB_PASSWORD", canary.text(size), Visibility::All);
        let batch = [(); 2].map(new);
        assert!(matches!(secrets.set_all(batch).await, Err(Error::Batch(_))));
    })
    .await;
}
