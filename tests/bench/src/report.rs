//! The report: `BENCHMARKS.md` and its chart.

use std::{
    fmt::{self, Write},
    fs,
    path::Path,
};

use crate::{
    aims::{self, Aim},
    chart,
    delivery::{AT_ONCE, Client, Delivery},
    machine,
    sealing::{SIZES, Sealer, Sealing},
};

const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../BENCHMARKS.md");
const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benchmarks.svg");

/// Writes the report of the results so far, which the benches have left in the folder `results`.
pub fn write(results: &Path) -> anyhow::Result<()> {
    let delivery = Delivery::load(results)?;
    let sealing = Sealing::load(results)?;
    let mut text = String::new();
    writeln!(text, "{}\n\nMeasured on: {}.\n", INTRODUCTION.trim(), machine::line()?)?;
    writeln!(text, "![The measurements as bars](tests/bench/benchmarks.svg)\n")?;

    let mut aims = delivery.as_ref().map(aims::of_delivery).unwrap_or_default();
    aims.extend(sealing.iter().flat_map(aims::of_sealing));
    write_aims(&mut text, &aims)?;
    if let Some(delivery) = &delivery {
        write_delivery(&mut text, delivery)?;
    }
    if let Some(sealing) = &sealing {
        write_sealing(&mut text, sealing)?;
    }

    fs::write(CHART, chart::svg(delivery.as_ref(), sealing.as_ref())?)?;
    Ok(fs::write(REPORT, text)?)
}

const INTRODUCTION: &str = "
# Benchmarks

How long sealing takes beside libsodium and dryoc, and what storing many secrets takes beside
[octocrab](https://crates.io/crates/octocrab) 0.54 with [crypto_box](https://crates.io/crates/crypto_box). One command
measures both and writes this page and its chart:

```sh
cargo bench --manifest-path tests/bench/Cargo.toml
```

`--bench sealing` or `--bench delivery` behind it measures one of them, and the page keeps the last results of the other.
`--bench delivery -- --rounds 3` is quicker and less sure. The peak memory is read from Linux; nothing else here needs it.
";

fn write_aims(text: &mut String, aims: &[Aim]) -> fmt::Result {
    writeln!(text, "## Aims\n\n| aim | measured | |\n|---|---|---|")?;
    for aim in aims {
        let cases = aim.cases.iter();
        let measured: Vec<String> = cases.map(|case| format!("{}: {}", case.at, case.measured)).collect();
        writeln!(text, "| {} | {} | {} |", aim.aim, measured.join("<br>"), aim.verdict())?;
    }
    writeln!(text)
}

fn write_delivery(text: &mut String, delivery: &Delivery) -> fmt::Result {
    let Delivery { secrets, runs } = delivery;
    let rounds = runs.len() / (AT_ONCE.len() * Client::ALL.len());
    writeln!(
        text,
        "## Delivery\n\n\
         {secrets} secrets of 32 bytes are stored over loopback, 1, 16 or 64 at once, {rounds} times: the median, and in \
         brackets the least and the greatest. The ratios are of runs that followed each other.\n\n\
         - Every run has a server and a client in processes of their own, and the two clients take turns at going first. \
         Wall and processor time (user and system) are the client process's, from before the client is built to after the \
         last answer; its memory is its peak from start to end.\n\
         - The server is a small one of hyper's, on one thread, that answers 201 at once with GitHub's headers. It is not \
         the workspace's emulator, since that opens each box as it comes, which takes longer than all that is measured \
         here. It counts requests and connections, and opens every box once the client is done: a run in which a secret is \
         missing or has another value fails.\n\
         - The library runs with its default settings but for `Limits::none()`, since this server has no limits to pace \
         for. Octocrab has default settings as well; it has no methods for Codespaces secrets, so one generic request \
         fetches the public key, and each secret is sealed by crypto_box and sent by its generic `put`, under \
         `buffer_unordered`.\n\
         - Connections are all that were opened in the run, not those that were open at the same time.\n"
    )?;
    writeln!(text, "| | at once | github-secrets | octocrab | ratio |\n|---|--:|--:|--:|--:|")?;
    for measure in Delivery::MEASURES {
        for at_once in AT_ONCE {
            let [ours, theirs] = Client::ALL.map(|client| delivery.spread(measure, client, at_once));
            let (Some(ours), Some(theirs), Some(ratio)) = (ours, theirs, delivery.ratio(measure, at_once)) else {
                continue;
            };
            let (title, decimals) = (measure.title, measure.decimals);
            writeln!(text, "| {title} | {at_once} | {ours:.decimals$} | {theirs:.decimals$} | {ratio:.2} |")?;
        }
    }
    writeln!(text)
}

fn write_sealing(text: &mut String, sealing: &Sealing) -> fmt::Result {
    let [ours, libsodium, dryoc] = Sealer::ALL.map(Sealer::name);
    writeln!(
        text,
        "## Sealing\n\n\
         From a value to the base64 text of its sealed box, by `PublicKey::seal`, by libsodium's `crypto_box_seal` and by \
         that of [dryoc](https://crates.io/crates/dryoc) 2, the others with the same base64 encoder. The three take turns, \
         and each round counts with its median. Times in microseconds: the median of the rounds, and in brackets the least \
         and the greatest. The ratios are of the same round.\n\n\
         | value | {ours} | {libsodium} | {dryoc} | to {libsodium} | to {dryoc} |\n|--:|--:|--:|--:|--:|--:|"
    )?;
    for size in SIZES {
        let times = Sealer::ALL.map(|sealer| sealing.time(sealer, size));
        let ratios = [Sealer::Libsodium, Sealer::Dryoc].map(|sealer| sealing.ratio(sealer, size));
        if let ([Some(ours), Some(libsodium), Some(dryoc)], [Some(to_libsodium), Some(to_dryoc)]) = (times, ratios) {
            writeln!(
                text,
                "| {size} B | {ours:.1} | {libsodium:.1} | {dryoc:.1} | {to_libsodium:.2} | {to_dryoc:.2} |"
            )?;
        }
    }
    writeln!(
        text,
        "\nThe largest value is bound by Salsa20, which libsodium and dryoc compute with the processor's vector \
         instructions, and the library's salsa20 without."
    )
}
