//! Sealing by the library against sealing by libsodium and by dryoc, each to base64 text, in turn.

#[path = "../../contract/src/oracle.rs"]
#[allow(
    dead_code,
    reason = "libsodium as the contract tests call it; not all of it is measured"
)]
mod oracle;

use std::{hint::black_box, path::Path, time::Instant};

use anyhow::{Context, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use clap::Parser;
use dryoc::classic::crypto_box::crypto_box_seal;
use github_secrets::{PublicKey, SecretValue};
use github_secrets_bench::{
    report,
    results::Results,
    sealing::{SIZES, Sealer, Sealing, Time},
    spread::Spread,
};

use oracle::KeyPair;

#[derive(Parser)]
struct Arguments {
    /// How often everything is measured.
    #[arg(long, default_value_t = 50)]
    rounds: usize,
    /// How many boxes each implementation makes of each size in a round.
    #[arg(long, default_value_t = 100)]
    boxes: usize,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let Arguments { rounds, boxes, .. } = Arguments::parse();
    let results = Path::new(env!("CARGO_TARGET_TMPDIR"));
    measure(rounds, boxes)?.save(results)?;
    report::write(results)
}

/// Every round changes who goes first, so that none always has the warmer machine, and where the
/// stack begins: that alone makes a tenth.
fn measure(rounds: usize, boxes: usize) -> anyhow::Result<Sealing> {
    let pair = KeyPair::random();
    let key = PublicKey::from_bytes("1", pair.public)?;
    let mut sealers = Sealer::ALL;
    let mut times = Vec::new();
    for round in 0..rounds {
        sealers.rotate_left(1);
        for size in SIZES {
            let value = SecretValue::from(vec![b'x'; size]);
            for sealer in sealers {
                let microseconds = deeper(round % 64, || measure_one(sealer, &key, &value, boxes))?;
                times.push(Time {
                    sealer,
                    size,
                    microseconds,
                });
                let sealed = STANDARD.decode(seal(sealer, &key, &value)?)?;
                ensure!(
                    pair.open(&sealed).as_deref() == Some(value.expose()),
                    "{sealer:?}: another value"
                );
            }
        }
    }
    Ok(Sealing { times })
}

/// Calls `run` further down the stack, by some frames of 64 bytes or a little more.
#[inline(never)]
fn deeper<T>(frames: usize, run: impl FnOnce() -> T) -> T {
    let frame = black_box([0_u8; 64]);
    let result = match frames {
        0 => run(),
        _ => deeper(frames - 1, run),
    };
    black_box(&frame);
    result
}

fn measure_one(
    sealer: Sealer,
    key: &PublicKey,
    value: &SecretValue,
    boxes: usize,
) -> anyhow::Result<f64> {
    let mut microseconds = Vec::with_capacity(boxes);
    for _ in 0..boxes {
        let begun = Instant::now();
        black_box(seal(sealer, key, black_box(value))?);
        microseconds.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    let spread = Spread::of(microseconds).context("a round has a box")?;
    Ok(spread.median)
}

fn seal(sealer: Sealer, key: &PublicKey, value: &SecretValue) -> anyhow::Result<String> {
    let sealed = match sealer {
        Sealer::GitHubSecrets => return Ok(key.seal(value)?.into_parts().1),
        Sealer::Libsodium => oracle::seal(key.as_bytes(), value.expose()).context("no box")?,
        Sealer::Dryoc => {
            let mut sealed = vec![0; value.len() + PublicKey::OVERHEAD_BYTES];
            crypto_box_seal(&mut sealed, value.expose(), key.as_bytes())?;
            sealed
        }
    };
    Ok(STANDARD.encode(sealed))
}
