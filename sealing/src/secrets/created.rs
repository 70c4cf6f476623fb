//! Whether a secret is new: times as GitHub writes them in bodies, compared with its headers.

use std::time::{Duration, SystemTime};

use crate::Stored;

/// `Date` headers are cut to the second, and so are GitHub's times; one more for the network.
const UNCERTAINTY: Duration = Duration::from_secs(2);

/// Returns whether a secret that GitHub created at `created_at` comes from a call that began at
/// `begun`, by GitHub's clock.
pub(crate) fn stored_since(created_at: &str, begun: SystemTime) -> Stored {
    let bounds = begun
        .checked_sub(UNCERTAINTY)
        .zip(begun.checked_add(UNCERTAINTY));
    let bounds = bounds.and_then(|(early, late)| iso_8601(early).zip(iso_8601(late)));
    let created_at = created_at
        .strip_suffix('Z')
        .and_then(|time| time.get(..SECONDS));
    match (created_at, bounds) {
        (Some(created_at), Some((_, late))) if created_at > late.as_str() => Stored::Created,
        (Some(created_at), Some((early, _))) if created_at < early.as_str() => Stored::Updated,
        _ => Stored::CreatedOrUpdated,
    }
}

/// The length of `2019-08-10T14:59:22`.
const SECONDS: usize = 19;

fn iso_8601(time: SystemTime) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    if time < SystemTime::UNIX_EPOCH {
        return None;
    }
    // HTTP dates, which this is made from, end with the year 9999.
    if time >= SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_800) {
        return None;
    }
    let http = httpdate::fmt_http_date(time);
    let mut parts = http.split(' ').skip(1);
    let (day, month, year, clock) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    Some(format!("{year}-{month:02}-{day}T{clock}"))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::stored_since;
    use crate::Stored;

    #[test]
    fn a_secret_is_new_only_when_it_was_created_after_the_call_began() {
        // 2019-08-10T14:59:22Z
        let begun = SystemTime::UNIX_EPOCH + Duration::from_secs(1_565_449_162);
        assert_eq!(stored_since("2019-08-10T14:59:25Z", begun), Stored::Created);
        assert_eq!(
            stored_since("2019-08-10T14:59:22.731Z", begun),
            Stored::CreatedOrUpdated
        );
        assert_eq!(stored_since("2019-08-09T23:00:00Z", begun), Stored::Updated);
        assert_eq!(stored_since("yesterday", begun), Stored::CreatedOrUpdated);
    }
}
