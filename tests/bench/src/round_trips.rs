//! The results of the bench `round_trips`: how often a call waits for the network.

use serde::{Deserialize, Serialize};

use crate::{
    aim::{Aim, Case},
    results::Results,
    spread::Spread,
};

/// The calls that are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Call {
    /// `set`, for private repositories.
    Set,
    /// `set`, for two repositories by name.
    SetWithNames,
    /// `set_all` of eight secrets, for private repositories.
    SetAll,
    /// `set_all` of eight secrets, for two repositories by name.
    SetAllWithNames,
    /// `rotate` of a secret for private repositories.
    Rotate,
    /// `rotate` of a secret with a selection of repositories.
    RotateSelected,
    /// `set_access`, from private repositories to all.
    SetAccess,
    /// `set_access`, from one selection of repositories to another, by name.
    SetAccessWithNames,
}

impl Call {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 8] = [
        Self::Set,
        Self::SetWithNames,
        Self::SetAll,
        Self::SetAllWithNames,
        Self::Rotate,
        Self::RotateSelected,
        Self::SetAccess,
        Self::SetAccessWithNames,
    ];

    /// Returns what it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Set => "`set`",
            Self::SetWithNames => "`set`, two repositories by name",
            Self::SetAll => "`set_all` of 8",
            Self::SetAllWithNames => "`set_all` of 8, two repositories by name",
            Self::Rotate => "`rotate`",
            Self::RotateSelected => "`rotate` with a selection",
            Self::SetAccess => "`set_access`",
            Self::SetAccessWithNames => "`set_access` of a selection, two repositories by name",
        }
    }

    /// Returns the most round trips that it should take with TLS.
    fn aim(self) -> Option<f64> {
        match self {
            Self::Set => Some(4.0),
            Self::Rotate => Some(5.0),
            Self::RotateSelected => Some(6.0),
            _ => None,
        }
    }
}

/// What one kind of call took.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// The call.
    pub call: Call,
    /// Whether the connection was encrypted.
    pub tls: bool,
    /// How long each run took, as a multiple of the delay.
    pub round_trips: Vec<f64>,
    /// How many requests each run sent.
    pub requests: usize,
    /// The most connections that a run opened.
    pub connections: usize,
}

/// All results of the bench.
#[derive(Debug, Serialize, Deserialize)]
pub struct RoundTrips {
    /// How long a round trip takes, in milliseconds.
    pub delay: u64,
    /// What was measured.
    pub calls: Vec<Measured>,
}

impl Results for RoundTrips {
    const FILE: &str = "round_trips.json";
}

impl RoundTrips {
    fn measured(&self, call: Call, tls: bool) -> Option<&Measured> {
        self.calls
            .iter()
            .find(|measured| measured.call == call && measured.tls == tls)
    }

    pub(crate) fn aims(&self) -> Vec<Aim> {
        let cases = Call::ALL.into_iter().filter_map(|call| {
            let (measured, most) = (self.measured(call, true)?.count()?, call.aim()?);
            let (at, met) = (call.name().to_owned(), measured <= most);
            Some(Case {
                at,
                measured: format!("{measured} (at most {most})"),
                met,
            })
        });
        vec![Aim {
            aim: "few round trips, with TLS",
            cases: cases.collect(),
        }]
    }

    pub(crate) fn section(&self) -> String {
        let mut text = format!(
            "\n## Round trips\n\n\
             How long a call takes through a proxy that adds {} ms to each round trip, in round trips. Each\n\
             call is the first of a new `GitHub`: it includes connecting (one round trip, and one more for TLS\n\
             1.3) and fetching the public key. The number in brackets includes the time of client, server\n\
             and timers. The server is `github-secrets-emulator`.\n\n\
             | | with TLS | without | requests | connections |\n|---|--:|--:|--:|--:|\n",
            self.delay
        );
        for call in Call::ALL {
            text.extend(self.row(call));
        }
        text
    }

    fn row(&self, call: Call) -> Option<String> {
        let (tls, plain) = (self.measured(call, true)?, self.measured(call, false)?);
        Some(format!(
            "| {} | {} ({:.1}) | {} ({:.1}) | {} | {} |\n",
            call.name(),
            tls.count()?,
            tls.spread()?.least,
            plain.count()?,
            plain.spread()?.least,
            tls.requests,
            tls.connections
        ))
    }
}

impl Measured {
    /// Returns the number of round trips: whatever else takes time only adds to them.
    pub(crate) fn count(&self) -> Option<f64> {
        Some(self.spread()?.least.floor())
    }

    fn spread(&self) -> Option<Spread> {
        Spread::of(self.round_trips.iter().copied())
    }
}
