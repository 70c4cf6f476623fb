//! The report: `BENCHMARKS.md` and its chart.

use std::{
    fmt::{self, Write},
    fs,
    path::Path,
};

use crate::{
    aim::Aim, build::Builds, chart, delivery::Delivery, machine, places::Places, program::Sets,
    results::Results, round_trips::RoundTrips, sealing::Sealing, sync::Syncs,
};

const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../BENCHMARKS.md");
const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benchmarks.svg");

/// What the benches have measured so far.
pub(crate) struct Measured {
    pub(crate) sealing: Option<Sealing>,
    pub(crate) delivery: Option<Delivery>,
    pub(crate) places: Option<Places>,
    pub(crate) sets: Option<Sets>,
    pub(crate) syncs: Option<Syncs>,
    pub(crate) round_trips: Option<RoundTrips>,
    pub(crate) builds: Option<Builds>,
}

/// Writes the report of what the benches have left in the folder `results`.
pub fn write(results: &Path) -> anyhow::Result<()> {
    let measured = Measured {
        sealing: Sealing::load(results)?,
        delivery: Delivery::load(results)?,
        places: Places::load(results)?,
        sets: Sets::load(results)?,
        syncs: Syncs::load(results)?,
        round_trips: RoundTrips::load(results)?,
        builds: Builds::load(results)?,
    };
    let mut text = String::new();
    writeln!(
        text,
        "{}\n\nMeasured on: {}.\n",
        INTRODUCTION.trim(),
        machine::line()?
    )?;
    writeln!(
        text,
        "![The measurements as bars](tests/bench/benchmarks.svg)\n"
    )?;
    write_aims(&mut text, &measured.aims())?;
    for section in measured.sections() {
        writeln!(text, "\n{}", section.trim())?;
    }
    fs::write(CHART, chart::svg(&measured)?)?;
    Ok(fs::write(REPORT, text)?)
}

const INTRODUCTION: &str = "
# Benchmarks

What sealing, storing many secrets, one run of the program, a sync, single calls and building take,
compared with other libraries and programs that do the same. One command measures everything and
writes this page and its chart:

```sh
cargo bench --manifest-path tests/bench/Cargo.toml
```

With `--bench sealing`, `delivery`, `places`, `program`, `sync`, `round_trips` or `build` it
measures one of them, and the page keeps the last results of the others. `--bench delivery --
--rounds 3` is faster but less precise. The benches need Linux. They use valgrind to count
instructions, and compare with `gh`, and with Octokit by Node and npm. What is not installed is left
out, and the page says so.
";

fn write_aims(text: &mut String, aims: &[Aim]) -> fmt::Result {
    writeln!(text, "## Aims\n\n| aim | measured | |\n|---|---|---|")?;
    for aim in aims {
        let cases = aim.cases.iter();
        let cases = cases.map(|case| format!("{}: {}", case.at, case.measured));
        let measured = cases.collect::<Vec<_>>().join("<br>");
        writeln!(text, "| {} | {measured} | {} |", aim.aim, aim.verdict())?;
    }
    Ok(())
}

impl Measured {
    fn aims(&self) -> Vec<Aim> {
        let mut aims = Vec::new();
        aims.extend(self.sealing.iter().flat_map(Sealing::aims));
        aims.extend(self.delivery.iter().flat_map(Delivery::aims));
        aims.extend(self.places.iter().flat_map(Places::aims));
        aims.extend(self.sets.iter().flat_map(Sets::aims));
        aims.extend(self.syncs.iter().flat_map(Syncs::aims));
        aims.extend(self.round_trips.iter().flat_map(RoundTrips::aims));
        aims.extend(self.builds.iter().flat_map(Builds::aims));
        aims
    }

    fn sections(&self) -> impl Iterator<Item = String> {
        let sections = [
            self.sealing.as_ref().map(Sealing::section),
            self.delivery.as_ref().map(Delivery::section),
            self.places.as_ref().map(Places::section),
            self.sets.as_ref().map(Sets::section),
            self.syncs.as_ref().map(Syncs::section),
            self.round_trips.as_ref().map(RoundTrips::section),
            self.builds.as_ref().map(Builds::section),
        ];
        sections.into_iter().flatten()
    }
}
