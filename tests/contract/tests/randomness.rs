//! Sealing where the operating system gives no random bytes.

#![cfg(target_os = "linux")]

use std::{collections::BTreeMap, env::consts::ARCH, thread};

use contract_tests::oracle::KeyPair;
use github_secrets::{PublicKey, SealError};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

#[test]
fn a_failed_draw_of_random_bytes_is_an_error() {
    assert_eq!(seal_where_draws_fail(0), Some(SealError::Randomness));
}

#[test]
fn a_failed_draw_is_an_error_even_if_a_smaller_one_succeeds() {
    assert_eq!(seal_where_draws_fail(32), Some(SealError::Randomness));
}

#[test]
fn nothing_fails_where_every_draw_of_a_secret_succeeds() {
    assert_eq!(seal_where_draws_fail(33), None);
}

/// The error of sealing on a thread whose draws of at least so many bytes fail.
fn seal_where_draws_fail(bytes: u64) -> Option<SealError> {
    let key = PublicKey::from_bytes("1", KeyPair::random().public).expect("a key");
    let filter = refuse_draws(bytes);
    let sealing = thread::spawn(move || {
        seccompiler::apply_filter(&filter).expect("seccomp");
        key.seal(&"value".into()).err()
    });
    sealing.join().expect("no panic")
}

fn refuse_draws(bytes: u64) -> BpfProgram {
    const SIZE: u8 = 1;
    let long = SeccompCondition::new(SIZE, SeccompCmpArgLen::Qword, SeccompCmpOp::Ge, bytes);
    let rule = SeccompRule::new(vec![long.expect("an argument")]).expect("a rule");
    let filter = SeccompFilter::new(
        BTreeMap::from([(libc::SYS_getrandom, vec![rule])]),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EIO as u32),
        ARCH.try_into().expect("an architecture with seccomp"),
    );
    filter.and_then(TryInto::try_into).expect("a filter")
}
