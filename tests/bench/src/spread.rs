//! What was measured several times.

use std::fmt;

/// The least, the middle and the greatest of several measurements.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// The median.
    pub median: f64,
    /// The greatest.
    pub greatest: f64,
}

impl Spread {
    /// Returns the spread of these measurements, or `None` if there are none.
    pub fn of(measured: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut measured: Vec<f64> = measured.into_iter().collect();
        measured.sort_by(f64::total_cmp);
        let (lower, upper) = (measured.len().checked_sub(1)? / 2, measured.len() / 2);
        Some(Self {
            least: *measured.first()?,
            median: (measured[lower] + measured[upper]) / 2.0,
            greatest: *measured.last()?,
        })
    }
}

/// The median, and the range unless it is one number: `1.5 (1.2–1.9)`.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = f.precision().unwrap_or_default();
        let [least, median, greatest] = [self.least, self.median, self.greatest]
            .map(|measured| format!("{measured:.decimals$}"));
        f.write_str(&median)?;
        if least == greatest {
            Ok(())
        } else {
            write!(f, " ({least}–{greatest})")
        }
    }
}
