//! Times as GitHub writes them.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A time as GitHub writes it, to the second: `2019-08-10T14:59:22Z`.
///
/// ```
/// use std::time::Duration;
///
/// use github_secrets::Timestamp;
///
/// let created: Timestamp = "2019-08-10T14:59:22Z".parse()?;
/// let updated: Timestamp = "2019-08-11T14:59:22Z".parse()?;
/// assert!(created < updated);
/// assert_eq!(updated.duration_since(created), Duration::from_secs(24 * 60 * 60));
/// assert_eq!(created.to_string(), "2019-08-10T14:59:22Z");
/// # Ok::<(), github_secrets::ParseTimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

const DAY: i64 = 24 * 60 * 60;

/// From 1 March of the year 0, with which calculations begin, to 1 January 1970.
const DAYS_TO_1970: i64 = 719_468;

impl Timestamp {
    /// Returns the present time, by this machine's clock.
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// Returns the time since an earlier one, or zero if that is a later one.
    pub fn duration_since(self, earlier: Self) -> Duration {
        let seconds = self.0.saturating_sub(earlier.0);
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    }

    /// Returns the time until now, by this machine's clock, or zero if it is a later time.
    pub fn elapsed(self) -> Duration {
        Self::now().duration_since(self)
    }

    /// Returns the seconds since the beginning of 1970, in UTC.
    pub fn unix_seconds(self) -> i64 {
        self.0
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        Self(match time.duration_since(UNIX_EPOCH) {
            Ok(since) => seconds(since),
            Err(before) => -seconds(before.duration()),
        })
    }
}

impl From<Timestamp> for SystemTime {
    fn from(Timestamp(seconds): Timestamp) -> Self {
        let duration = Duration::from_secs(seconds.unsigned_abs());
        let time = match seconds {
            0.. => UNIX_EPOCH.checked_add(duration),
            _ => UNIX_EPOCH.checked_sub(duration),
        };
        time.unwrap_or(UNIX_EPOCH)
    }
}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    /// Parses a time of RFC 3339: `2019-08-10T14:59:22Z`. A fraction of a second is left out.
    ///
    /// # Errors
    ///
    /// Returns [`ParseTimestampError`] for any other text.
    fn from_str(text: &str) -> Result<Self, ParseTimestampError> {
        parse(text).map(Self).ok_or(ParseTimestampError)
    }
}

/// Parses a time of RFC 3339. GitHub writes UTC; an offset is accepted as well.
fn parse(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', 't'])?;
    let [year, month, day] = numbers(date, '-')?;
    let (time, offset) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, 0),
        None => {
            let (time, offset) = time.split_at_checked(time.rfind(['+', '-'])?)?;
            let [hours, minutes] = numbers(offset.get(1..)?, ':')?;
            let seconds = (hours * 60 + minutes) * 60;
            (
                time,
                if offset.starts_with('-') {
                    -seconds
                } else {
                    seconds
                },
            )
        }
    };
    let [hour, minute, second] = numbers(time.split('.').next()?, ':')?;
    let in_range = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    if !in_range {
        return None;
    }
    // Years begin in March here, so that a leap day is their last one.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = 365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - DAYS_TO_1970;
    Some(days * DAY + (hour * 60 + minute) * 60 + second - offset)
}

fn numbers<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for number in &mut numbers {
        let part = parts.next()?;
        let is_number = part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse::<u16>().ok().filter(|_| is_number)?.into();
    }
    parts.next().is_none().then_some(numbers)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, second) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let days = days + DAYS_TO_1970;
        // 400 years have 146,097 days.
        let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (year, month) = if month < 10 {
            (era * 400 + year, month + 3)
        } else {
            (era * 400 + year + 1, month - 9)
        };
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        f.pad(&format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        ))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

/// An error from parsing a [`Timestamp`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time; write it as in 2019-08-10T14:59:22Z")]
pub struct ParseTimestampError;

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Timestamp;

    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];

    /// Returns a time in GitHub's form, from what another library makes of it.
    fn written(time: SystemTime) -> String {
        let date = httpdate::fmt_http_date(time);
        let parts: Vec<&str> = date.split(' ').collect();
        let [_, day, month, year, clock, _] = parts[..] else {
            panic!("{date}");
        };
        let month = MONTHS
            .iter()
            .position(|name| *name == month)
            .expect("a month")
            + 1;
        format!("{year}-{month:02}-{day}T{clock}Z")
    }

    #[test]
    fn every_time_is_written_and_read_as_the_calendar_has_it() {
        // A prime step through more than 400 years, and the days around each leap day.
        let steps = (0..13_000_000_000).step_by(1_299_709);
        let leaps = (0..150_000).map(|day| day * 86_400 + 86_399);
        for seconds in steps.chain(leaps) {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let timestamp = Timestamp::from(time);
            let text = written(time);
            assert_eq!(timestamp.to_string(), text);
            assert_eq!(text.parse(), Ok(timestamp));
            assert_eq!(SystemTime::from(timestamp), time);
        }
    }

    #[test]
    fn fractions_and_offsets_are_taken_and_nothing_else() {
        let noon: Timestamp = "2019-08-10T12:00:00Z".parse().expect("a time");
        for same in [
            "2019-08-10T12:00:00.731Z",
            "2019-08-10t12:00:00z",
            "2019-08-10T14:30:00+02:30",
            "2019-08-10T04:00:00-08:00",
        ] {
            assert_eq!(same.parse(), Ok(noon), "{same}");
        }
        for none in [
            "",
            "yesterday",
            "T",
            "TZ",
            "2019-08-10",
            "2019-08-10T12:00:00",
            "2019-13-10T12:00:00Z",
            "2019-08-10T24:00:00Z",
            "2019-08-10T12:00:00+",
            "2019-08-10T12:00:00é02:00",
            "99999-01-01T00:00:00Z",
            "2019-08-10T12:00Z",
            "-2019-08-10T12:00:00Z",
            "2019-08-10T+2:00:00Z",
        ] {
            assert!(none.parse::<Timestamp>().is_err(), "{none}");
        }
        let before: Timestamp = "0001-01-01T00:00:00Z".parse().expect("a time");
        assert_eq!(before.to_string(), "0001-01-01T00:00:00Z");
        assert_eq!(before.duration_since(noon), Duration::ZERO);
        let year: Timestamp = "1969-12-31T23:59:58Z".parse().expect("a time");
        assert_eq!(year.unix_seconds(), -2);
    }
}
