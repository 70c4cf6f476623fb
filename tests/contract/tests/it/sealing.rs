//! Sealing, held against libsodium itself.

use std::array;

use base64::{Engine, engine::general_purpose::STANDARD};
use contract_tests::oracle::{self, KEY_BYTES, KeyPair};
use curve25519_dalek::{MontgomeryPoint, constants::EIGHT_TORSION};
use github_secrets::{KeyError, PublicKey, SealError, SecretValue, ValueError};
use proptest::{collection::vec, prelude::*};

/// Around the blocks of the cipher and of the authenticator, and up to the limit.
const SIZES: [usize; 16] = [
    0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1_024, 4_096, 40_000, 49_103, 49_104,
];

#[test]
fn a_sealed_value_opens_with_libsodium() {
    let pair = KeyPair::random();
    for size in SIZES {
        let value = bytes(size);
        let opened = pair.open(&sealed(&pair, &value));
        assert_eq!(opened, Some(value), "{size} bytes");
    }
}

#[test]
fn what_libsodium_sealed_opens_with_crypto_box() {
    let pair = KeyPair::random();
    let secret = crypto_box::SecretKey::from(pair.secret());
    for size in SIZES {
        let value = bytes(size);
        let sealed = oracle::seal(&pair.public, &value).expect("libsodium's own key");
        assert_eq!(secret.unseal(&sealed), Ok(value), "{size} bytes");
    }
}

/// A key pair's public key may have a part of low order beside it, which every secret key ignores.
#[test]
fn a_value_sealed_to_a_key_with_torsion_opens_with_libsodium() {
    for index in 0..64 {
        let pair = KeyPair::random();
        let point = MontgomeryPoint(pair.public).to_edwards(0);
        let point = point.expect("a point of the curve") + EIGHT_TORSION[index % 8];
        let pair = pair.with_public(point.to_montgomery().to_bytes());
        let opened = pair.open(&sealed(&pair, b"value"));
        assert_eq!(opened.as_deref(), Some(&b"value"[..]), "{index}");
    }
}

/// Made once by `crypto_box_seal` of libsodium 1.0.22: secret key, public key, value, sealed box.
fn known_answers() -> [([u8; KEY_BYTES], &'static str, Vec<u8>, &'static str); 4] {
    [
        (
            [0x01; KEY_BYTES],
            "pOCSkrZRwni5dyxWn1+puxPZBrRqtoyd+dwrRAn4ogk=",
            Vec::new(),
            "u8AFlnRjYeeZhVB+HGjqTl4tm6Nt+k3wcN/2jIG8r2ar526G43jA5dtksGCZAfWF",
        ),
        (
            [0x77; KEY_BYTES],
            "HPV5q6RaELodHvBtkfyiqp7QoRUFFWUxVUBdCxjLmmc=",
            b"plain-text-secret".to_vec(),
            "E5STBK93bt7HOnO/iSEiIFwTyWtQpJ89h6rXKs7EnXnUBTU6sRz7wAtOo1KwTHBzUW+iO8K6gdUBDHpWh4IcZU4=",
        ),
        (
            array::from_fn(|index| index as u8),
            "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8=",
            (0..64).collect(),
            "aWC0rBJsJHHagr9tbU5n/NgExkad3HWSK69XkmRgqjR1zNXUsWDdzLVHoWUqSt1yThdqfcNj7xOi82KFL83JZD5N\
             sho3f4SIasC+EoW/PCnDVB8SJTU/asYJNIQoKGR2JMU7LCyNCfSjjkkbHpXbRQ==",
        ),
        (
            [0xff; KEY_BYTES],
            "hHwNLDdSNPNl5mCVUYejc1oPdhPRYJ06ak2MU66qWiI=",
            "corréct horse ⚡".into(),
            "2nfRTKBcX8TDxznQo6KdK/61Fl+TcWXP/ox4XUBRvHHZgyXXnZEHfyjPcUjNZt/57H/O+cDYzY/EMkaSovt/nx9h",
        ),
    ]
}

#[test]
fn known_boxes_open_with_libsodium_and_with_crypto_box() {
    for (secret, public, value, sealed) in known_answers() {
        let pair = KeyPair::from_secret(secret);
        let sealed = STANDARD.decode(sealed).expect("base64");
        assert_eq!(STANDARD.encode(pair.public), public);
        assert_eq!(pair.open(&sealed).as_ref(), Some(&value));
        let opened = crypto_box::SecretKey::from(secret).unseal(&sealed);
        assert_eq!(opened, Ok(value));
    }
}

#[test]
fn one_value_is_never_sealed_to_the_same_box_twice() {
    let pair = KeyPair::random();
    assert_ne!(sealed(&pair, b"value"), sealed(&pair, b"value"));
}

#[test]
fn a_changed_box_does_not_open() {
    let pair = KeyPair::random();
    let sealed = sealed(&pair, b"value");
    for index in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[index] ^= 1;
        assert_eq!(pair.open(&changed), None, "with byte {index} changed");
    }
}

#[test]
fn a_value_of_one_byte_too_many_is_refused_with_its_size_and_the_limit() {
    let key = PublicKey::from_bytes("1", KeyPair::random().public).expect("a key");
    let error = key.seal(&bytes(49_105).into()).expect_err("too large");
    let too_large = ValueError::TooLarge {
        bytes: 49_105,
        maximum: 49_104,
    };
    assert_eq!(error, SealError::Value(too_large));
    let message = error.to_string();
    assert!(
        message.contains("49105") && message.contains("49104"),
        "{message}"
    );
}

#[test]
fn of_the_keys_in_githubs_examples_the_one_with_33_bytes_is_refused() {
    for key in [
        "hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs=",
        "2Sg8iYjAxxmI2LvUXpJjkYrMxURPc8r+dB7TJyvvcCU=",
        "+ZYvJDZMHUfBkJdyq5Zm9SKqeuBQ4sj+6sfjlH4CgG0=",
    ] {
        let key = PublicKey::new("1234567", key).expect("32 bytes");
        key.seal(&"value".into()).expect("a key to seal to");
    }
    let key = "2Sg8iYjAxxmI2LvUXpJjkYrMxURPc8r+dB7TJyvv1234";
    let error = PublicKey::new("012345678912345678", key).expect_err("33 bytes");
    assert_eq!(error, KeyError::Length { bytes: 33 });
    assert!(error.to_string().contains("33 bytes"), "{error}");
}

#[test]
fn every_encoding_of_a_point_of_low_order_is_refused() {
    for bytes in oracle::low_order() {
        let theirs = oracle::seal(&bytes, b"value");
        assert_eq!(theirs, None, "libsodium refuses {bytes:02x?}");
        let error = PublicKey::from_bytes("1", bytes).expect_err("low order");
        assert_eq!(error, KeyError::LowOrder, "{bytes:02x?}");
        let error = PublicKey::new("1", &STANDARD.encode(bytes)).expect_err("low order");
        assert!(error.to_string().contains("low order"), "{error}");
    }
}

#[test]
fn the_other_numbers_that_have_a_second_encoding_are_accepted_as_by_libsodium() {
    for first in 0xef..=0xff_u8 {
        for last in [0x7f, 0xff] {
            let mut bytes = [0xff; KEY_BYTES];
            (bytes[0], bytes[31]) = (first, last);
            assert!(oracle::seal(&bytes, b"value").is_some(), "{bytes:02x?}");
            PublicKey::from_bytes("1", bytes).expect("not of low order");
        }
    }
}

/// Texts as they could come in the place of a key.
fn key_texts() -> impl Strategy<Value = String> {
    let any_key = prop_oneof![
        8 => any::<[u8; KEY_BYTES]>().prop_map(Vec::from),
        2 => prop::sample::select(oracle::low_order().map(Vec::from).collect::<Vec<_>>()),
        2 => vec(any::<u8>(), 0..80),
    ];
    let valid = any_key.prop_map(|key| STANDARD.encode(key)).boxed();
    let place = any::<prop::sample::Index>();
    let replaced =
        (valid.clone(), place, "[A-Za-z0-9+/=_\\- \n\0é]").prop_map(|(text, place, with)| {
            let mut characters: Vec<String> = text.chars().map(String::from).collect();
            if !characters.is_empty() {
                let index = place.index(characters.len());
                characters[index] = with;
            }
            characters.concat()
        });
    let cut = (valid.clone(), 0..4_usize).prop_map(|(mut text, count)| {
        text.truncate(text.len().saturating_sub(count));
        text
    });
    let longer = (valid.clone(), "[A-Za-z=\n ]{1,4}").prop_map(|(text, more)| text + &more);
    prop_oneof![
        valid,
        replaced,
        cut,
        longer,
        "[A-Za-z0-9+/]{42,44}={0,2}",
        ".{0,60}"
    ]
}

proptest! {
    #[test]
    fn libsodium_and_the_library_refuse_the_same_texts(text in key_texts()) {
        let theirs = oracle::decode_base64(&text)
            .and_then(|key| <[u8; KEY_BYTES]>::try_from(key).ok())
            .filter(|key| oracle::seal(key, b"value").is_some());
        let ours = PublicKey::new("1", &text).ok();
        prop_assert_eq!(ours.as_ref().map(PublicKey::as_bytes), theirs.as_ref());
    }
}

fn bytes(size: usize) -> Vec<u8> {
    (0..size).map(|index| (index % 251) as u8).collect()
}

/// The bytes of the sealed box that the library sends.
fn sealed(pair: &KeyPair, value: &[u8]) -> Vec<u8> {
    let key = PublicKey::new("1", &STANDARD.encode(pair.public)).expect("libsodium's own key");
    let sealed = key
        .seal(&SecretValue::from(value))
        .expect("within the limit");
    assert_eq!(sealed.key_id(), "1");
    STANDARD
        .decode(sealed.encrypted_value())
        .expect("padded standard base64")
}
