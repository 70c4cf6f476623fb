//! How long ago a secret was changed last.

use std::time::{Duration, SystemTime};

use github_secrets::Secret;

/// Returns the time since the last change, by this machine's clock; `None` if GitHub's text is not
/// a time.
pub(super) fn of(secret: &Secret, now: SystemTime) -> Option<Duration> {
    let changed = SystemTime::UNIX_EPOCH.checked_add(since_1970(&secret.updated_at)?)?;
    Some(now.duration_since(changed).unwrap_or_default())
}

/// Parses a time like `2019-08-10T14:59:22Z`.
fn since_1970(time: &str) -> Option<Duration> {
    const DAYS_TO_1970: u64 = 719_469;
    let (date, clock) = time.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(clock.split('.').next()?, ':')?;
    // Years begin in March here, so that a leap day is their last one.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year.checked_sub(1)?, month + 9)
    };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
    let days = days.checked_sub(DAYS_TO_1970)?;
    Some(Duration::from_secs(
        ((days * 24 + hour) * 60 + minute) * 60 + second,
    ))
}

fn numbers(text: &str, separator: char) -> Option<[u64; 3]> {
    let mut parts = text.split(separator).map(|part| part.parse::<u16>().ok());
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then(|| numbers.map(u64::from))
}

#[cfg(test)]
mod tests {
    use super::since_1970;

    #[test]
    fn githubs_times_are_seconds_since_1970() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2019-08-10T14:59:22Z", Some(1_565_449_162)),
            ("2024-02-29T00:00:00.5Z", Some(1_709_164_800)),
            ("1969-12-31T23:59:59Z", None),
            ("yesterday", None),
        ] {
            let found = since_1970(text).map(|it| it.as_secs());
            assert_eq!(found, seconds, "{text}");
        }
    }
}
