//! The results of the bench `build`: what it takes to build a program that depends on the library.

use serde::{Deserialize, Serialize};

use crate::{
    aim::{Aim, Case},
    results::Results,
    spread::Spread,
};

/// A program that is built: it stores one secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dependent {
    /// By this workspace's library, as it is.
    GitHubSecrets,
    /// By this workspace's library, with a client of its own, on ring.
    Ring,
    /// As [`Ring`](Self::Ring), with host names in ASCII only.
    RingAscii,
    /// By what the library is built on: reqwest with rustls, tokio and crypto_box.
    Reqwest,
    /// By octocrab and crypto_box.
    Octocrab,
    /// By ureq and crypto_box.
    Ureq,
}

impl Dependent {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 6] = [
        Self::GitHubSecrets,
        Self::Ring,
        Self::RingAscii,
        Self::Reqwest,
        Self::Octocrab,
        Self::Ureq,
    ];

    /// Returns the name of its package.
    pub fn package(self) -> &'static str {
        match self {
            Self::GitHubSecrets => "with-github-secrets",
            Self::Ring | Self::RingAscii => "with-github-secrets-on-ring",
            Self::Reqwest => "with-reqwest",
            Self::Octocrab => "with-octocrab",
            Self::Ureq => "with-ureq",
        }
    }

    /// Returns what it is called.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GitHubSecrets => "github-secrets",
            Self::Ring => "github-secrets, feature `client`, a `reqwest::Client` on ring",
            Self::RingAscii => "the same, and idna_adapter 1.0.0",
            Self::Reqwest => "reqwest, crypto_box",
            Self::Octocrab => "octocrab, crypto_box",
            Self::Ureq => "ureq, crypto_box",
        }
    }
}

/// How a program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// For working on it.
    Dev,
    /// For using it.
    Release,
}

impl Profile {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Dev, Self::Release];

    /// Returns cargo's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// One build from nothing.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Built {
    /// The program.
    pub dependent: Dependent,
    /// How it was built.
    pub profile: Profile,
    /// Processor time, in seconds.
    pub processor: f64,
    /// The part of it that the library and its client take.
    pub own: f64,
    /// From start to end, in seconds.
    pub wall: f64,
    /// How many crates were compiled, without the program itself.
    pub crates: usize,
    /// The size of the program without its symbols, in bytes.
    pub size: u64,
    /// How long it takes to start and to store its secret over `http`, in seconds of processor
    /// time.
    pub start: f64,
}

/// All results of the bench.
#[derive(Debug, Serialize, Deserialize)]
pub struct Builds {
    /// The builds, round by round.
    pub builds: Vec<Built>,
}

impl Results for Builds {
    const FILE: &str = "build.json";
}

impl Builds {
    fn builds(&self, dependent: Dependent, profile: Profile) -> impl Iterator<Item = &Built> {
        let builds = self.builds.iter();
        builds.filter(move |build| build.dependent == dependent && build.profile == profile)
    }

    pub(crate) fn processor(&self, dependent: Dependent, profile: Profile) -> Option<Spread> {
        Spread::of(self.builds(dependent, profile).map(|build| build.processor))
    }

    /// Returns the processor time as a multiple of another program's, round by round.
    fn ratio(&self, dependent: Dependent, other: Dependent, profile: Profile) -> Option<Spread> {
        let these = self.builds(dependent, profile);
        let others = self.builds(other, profile);
        Spread::of(
            these
                .zip(others)
                .map(|(these, others)| these.processor / others.processor),
        )
    }

    pub(crate) fn aims(&self) -> Vec<Aim> {
        let cases = Profile::ALL.into_iter().filter_map(|profile| {
            let builds = self.builds(Dependent::GitHubSecrets, profile);
            let own = Spread::of(builds.map(|build| build.own / build.processor * 100.0))?;
            Some(Case {
                at: profile.name().to_owned(),
                measured: format!("{own:.1} %"),
                met: own.median <= 8.0,
            })
        });
        let aim = "building: the library and its client take at most 8 % of it";
        vec![Aim {
            aim,
            cases: cases.collect(),
        }]
    }

    pub(crate) fn section(&self) -> String {
        let mut text = BUILD.trim_start().to_owned();
        for profile in Profile::ALL {
            for dependent in Dependent::ALL {
                text.extend(self.row(dependent, profile));
            }
        }
        text
    }

    fn row(&self, dependent: Dependent, profile: Profile) -> Option<String> {
        let build = self.builds(dependent, profile).next()?;
        let of =
            |measure: fn(&Built) -> f64| Spread::of(self.builds(dependent, profile).map(measure));
        Some(format!(
            "| {} | {} | {} | {:.1} | {:.2} | {:.1} | {:.1} | {:.1} |\n",
            dependent.name(),
            profile.name(),
            build.crates,
            of(|build| build.processor)?,
            self.ratio(dependent, Dependent::Octocrab, profile)?,
            of(|build| build.wall)?,
            build.size as f64 / 1e6,
            of(|build| build.start * 1e3)?,
        ))
    }
}

const BUILD: &str = "
## Build

What it takes to build a program that stores one secret, from scratch and offline, with default
features unless the table says otherwise. The columns are the number of crates, processor and wall
time of the build in seconds, the size of the stripped program in MB, and the processor time of one
run over loopback in milliseconds. The run uses an `http` address, for which github-secrets by
default, and ureq, read no certificates; the others do.

By default github-secrets uses reqwest's own TLS: rustls on aws-lc-rs, with a post-quantum key
exchange. The C code of aws-lc-rs is more than a quarter of the build. The program over reqwest and
crypto_box has the same TLS and the same async runtime, so the difference to it is the library, its
generated client, thiserror and httpdate. rustls on ring has no post-quantum key
exchange.

| program | profile | crates | processor time | ÷ octocrab | wall time | size | run |
|---|---|--:|--:|--:|--:|--:|--:|
";
