//! The library's sealed boxes from a fixed ephemeral secret, held byte for byte against
//! libsodium's.
//!
//! The library takes no such secret, so its source is compiled into this test.

#[path = "../../../../sealing/src/sealed_box.rs"]
mod library;

use std::{env, iter, num::NonZero, thread};

use base64::{Engine, engine::general_purpose::STANDARD};
use contract_tests::oracle::{self, KeyPair};
use curve25519_dalek::{EdwardsPoint, MontgomeryPoint, constants::EIGHT_TORSION};
use fastrand::Rng;
use github_secrets::{PublicKey, SecretValue};

use library::{KEY_BYTES, Recipient};

/// How many boxes are compared: 200,000 or more for the whole proof, with `--release`.
const BOXES: &str = "SEALED_BOXES";

type Key = [u8; KEY_BYTES];
type Draw = fn(&mut Rng) -> Key;

struct KnownBox {
    public: &'static str,
    ephemeral: &'static str,
    value: &'static str,
    sealed: &'static str,
}

/// Made once by `crypto_box_seal` of libsodium 1.0.22 from a fixed secret: to a key that is honest,
/// random, with torsion, on the twist, not canonical, and with the highest bit.
const KNOWN: [KnownBox; 6] = [
    KnownBox {
        public: "03D9TTnXPs0ZpfxIHfdKuyi9GnYYcjDNqGAIvZAQGmw=",
        ephemeral: "gCPWF1ZR+T92kMefP7l8YANHGAt/e912KLlbC489A1E=",
        value: "",
        sealed: "5UG2yuYsejBXDNDm/00InfQl1EBLV1wvDPde6SWTgUZ0sntkd40JeeQkVLEmrlHz",
    },
    KnownBox {
        public: "eJCJwGzL/XXuFXG9k6zrU6nd+8fkOc7OewG3cSrhxKg=",
        ephemeral: "47wMtfB9cFj4jLDpyhghql2Ch0XiCiGTy6ICleEjpf4=",
        value: "plain-text-secret",
        sealed: "GAcs2N+rDtEAbZSc/yCVj4wubpGJBTD5SqMCjl9zJE+hYkyo1NTZUAs+uWNpUjzaQfwz/kYfWStuRdR4Vgn7\
                 yyE=",
    },
    KnownBox {
        public: "uuNOB9hlfq9wW5dzOATopWGhUHDqakIxuqW+C7e3Zjw=",
        ephemeral: "FnZlqHdAyRjz5bvVBpBDnpce+fQm1Yq53FXw6toqJ8U=",
        value: "\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\
                \x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\
                \x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\
                \x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07",
        sealed: "aNXfMWZC85kk8YDfwsUuhg1FZKOtdl6d11Ylb6s5DmD7EjNTIFmXNdK7yMwxyg7JQVknLC2KlC07Sshm45nd\
                 IL03ZwPGEvERn6VUc95Lhp0/lFsNuqga81eJ9npAd9jX69MwlFCH2r9RXwuXAYHqnA==",
    },
    KnownBox {
        public: "DjVgT0NOGv4O9u+O25toONx/WZWrEHH266QVo4JJXUA=",
        ephemeral: "g2avwJim9sEadgHHvczB5QEYJZZaHbqLuECkp6lYKmY=",
        value: "corréct horse",
        sealed: "20NPJygia7FpQfttCYAJNAgnaYyZHwinuPtD2ABZvmDkH4od0ayqU7hMMYKqnCNDM3NjtRdtNw14bZIIU1I=",
    },
    KnownBox {
        public: "/f///////////////////////////////////////38=",
        ephemeral: "7j0RTLAmlRmUKnMDGlb5ctSKNaCdRQKAy/O9Ug7wHnk=",
        value: "x",
        sealed: "0PlU8zZZV99pv/RI4SSQ8rw7WWSVRP4BoikHCEqeF2VQd+/YgCHiwvR9ixX89Pwxrg==",
    },
    KnownBox {
        public: "BrCkfPo5Zr/I9fJrsGakT67rY0Z8Ro73LUDvOUTuq4k=",
        ephemeral: "lO7HcHFwq4/xZeNYYXpSlPhXY4cce1yWYowPNPtyvjQ=",
        value: "value",
        sealed: "sVj7DoKlUAP/w7FoAs28l/HKdmGJrrUgL7p/td50PixZbtHZGwqxFJn31m0I9uVjJ51OGwM=",
    },
];

#[test]
fn known_boxes_are_made_again_by_libsodium_and_by_the_library() {
    for known in KNOWN {
        let (public, ephemeral) = (decode(known.public), decode(known.ephemeral));
        let value = known.value.as_bytes();
        let theirs = oracle::seal_from(&ephemeral, &public, value).expect("not of low order");
        assert_eq!(STANDARD.encode(theirs), known.sealed);
        let recipient = Recipient::new(public).expect("not of low order");
        let ours = recipient.seal(&ephemeral, value).expect("within limits");
        assert_eq!(STANDARD.encode(ours), known.sealed);
    }
}

fn decode(base64: &str) -> Key {
    let bytes = STANDARD.decode(base64).expect("base64");
    bytes.try_into().expect("32 bytes")
}

#[test]
fn every_box_has_libsodiums_bytes_and_every_refusal_is_libsodiums() {
    let boxes = env::var(BOXES).map_or(700, |text| text.parse().expect("a number"));
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        for first in 0..threads {
            let seeds = (first as u64..boxes).step_by(threads);
            scope.spawn(|| seeds.for_each(compare));
        }
    });
    println!("{boxes} boxes compared");
}

/// One box, from its seed alone.
fn compare(seed: u64) {
    let rng = &mut Rng::with_seed(seed);
    let (kind, draw) = KINDS[seed as usize % KINDS.len()];
    let (public, ephemeral, value) = (draw(rng), secret(rng), value(rng));
    let theirs = oracle::seal_from(&ephemeral, &public, &value);
    let ours = Recipient::new(public).map(|recipient| {
        assert_eq!(recipient.as_bytes(), &public);
        recipient.seal(&ephemeral, &value).expect("within limits")
    });
    assert_eq!(theirs.is_none(), kind == LOW_ORDER, "seed {seed}: {kind}");
    assert!(
        ours == theirs,
        "seed {seed}: {kind} {public:02x?} from {ephemeral:02x?}, {} bytes",
        value.len()
    );
    assert_eq!(PublicKey::from_bytes("1", public).is_ok(), theirs.is_some());
}

const LOW_ORDER: &str = "of low order";

const KINDS: [(&str, Draw); 7] = [
    ("honest", honest),
    ("random", random),
    ("with torsion", with_torsion),
    ("on the twist", on_the_twist),
    ("not canonical", not_canonical),
    ("with the highest bit", with_the_highest_bit),
    (LOW_ORDER, low_order),
];

fn honest(rng: &mut Rng) -> Key {
    KeyPair::from_secret(secret(rng)).public
}

fn random(rng: &mut Rng) -> Key {
    let mut key = [0; KEY_BYTES];
    rng.fill(&mut key);
    key
}

/// Random but for the extremes, which are clamped to the least and the greatest scalar.
fn secret(rng: &mut Rng) -> Key {
    match rng.u8(..32) {
        0 => [0; KEY_BYTES],
        1 => [0xff; KEY_BYTES],
        _ => random(rng),
    }
}

/// Around the blocks of the cipher and of the authenticator, and now and then up to the limit.
fn value(rng: &mut Rng) -> Vec<u8> {
    let greatest = match rng.u8(..) {
        0 => SecretValue::MAX_BYTES,
        1..4 => 4_096,
        _ => 200,
    };
    let size = rng.usize(..=greatest);
    iter::repeat_with(|| rng.u8(..)).take(size).collect()
}

fn with_torsion(rng: &mut Rng) -> Key {
    let point = point(&honest(rng)).expect("a multiple of the base point");
    let torsion = EIGHT_TORSION[rng.usize(1..8)];
    (point + torsion).to_montgomery().to_bytes()
}

fn on_the_twist(rng: &mut Rng) -> Key {
    let mut keys = iter::repeat_with(|| random(rng));
    keys.find(|key| point(key).is_none()).expect("every second")
}

fn point(key: &Key) -> Option<EdwardsPoint> {
    MontgomeryPoint(*key).to_edwards(0)
}

/// The second encoding of a number below 19, but for 0 and 1, which are of low order.
fn not_canonical(rng: &mut Rng) -> Key {
    let mut key = [0xff; KEY_BYTES];
    (key[0], key[KEY_BYTES - 1]) = (rng.u8(0xef..), 0x7f);
    key
}

fn with_the_highest_bit(rng: &mut Rng) -> Key {
    let kinds = [honest, random, with_torsion, on_the_twist, not_canonical];
    let mut key = kinds[rng.usize(..kinds.len())](rng);
    key[KEY_BYTES - 1] |= 0x80;
    key
}

fn low_order(rng: &mut Rng) -> Key {
    let keys: Vec<Key> = oracle::low_order().collect();
    keys[rng.usize(..keys.len())]
}
