//! Sealing by the library, by libsodium and by dryoc, each to base64 text.

#[path = "../../contract/src/oracle.rs"]
#[allow(
    dead_code,
    reason = "libsodium as the contract tests call it; not all of it is measured"
)]
mod oracle;

use std::{hint::black_box, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use criterion::{BenchmarkId, Criterion, Throughput};
use dryoc::classic::crypto_box::crypto_box_seal;
use github_secrets::{PublicKey, SecretValue};
use github_secrets_bench::{
    report,
    sealing::{NAME, SEALERS, SIZES},
};
use oracle::KeyPair;

/// What a sealed box is longer than its value.
const OVERHEAD: usize = 48;

fn main() -> anyhow::Result<()> {
    let mut criterion = Criterion::default().configure_from_args();
    sealing(&mut criterion)?;
    criterion.final_summary();
    report::write(Path::new(env!("CARGO_TARGET_TMPDIR")))
}

fn sealing(criterion: &mut Criterion) -> anyhow::Result<()> {
    let public = KeyPair::random().public;
    let key = PublicKey::from_bytes("1", public)?;
    let mut group = criterion.benchmark_group(NAME);
    let [ours, libsodium, dryoc] = SEALERS;
    for size in SIZES {
        let plaintext = vec![b'x'; size];
        let value = SecretValue::from(&plaintext[..]);
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function(BenchmarkId::new(ours, size), |bench| {
            bench.iter(|| key.seal(black_box(&value)));
        });
        group.bench_function(BenchmarkId::new(libsodium, size), |bench| {
            bench.iter(|| {
                oracle::seal(&public, black_box(&plaintext)).map(|sealed| STANDARD.encode(sealed))
            });
        });
        group.bench_function(BenchmarkId::new(dryoc, size), |bench| {
            bench.iter(|| {
                let mut sealed = vec![0; size + OVERHEAD];
                crypto_box_seal(&mut sealed, black_box(&plaintext), &public)
                    .map(|()| STANDARD.encode(sealed))
            });
        });
    }
    Ok(())
}
