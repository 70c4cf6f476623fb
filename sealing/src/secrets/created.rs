//! Whether a secret existed before a write whose first response was lost.

use std::time::Duration;

use github_secrets_client::types::Secret;

/// GitHub cuts its times to the second, and its clock may not run as fast as this machine's.
const UNCERTAINTY: Duration = Duration::from_secs(2);

/// Returns whether a secret was created before a call that began `elapsed` ago and has updated it
/// since. Both times come from GitHub, so nobody's clock has to be right.
pub(crate) fn before_call(secret: &Secret, elapsed: Duration) -> bool {
    let times = seconds(&secret.created_at).zip(seconds(&secret.updated_at));
    let age = times.and_then(|(created, updated)| updated.checked_sub(created));
    age.is_some_and(|age| Duration::from_secs(age) > elapsed.saturating_add(UNCERTAINTY))
}

/// Parses a time like `2019-08-10T14:59:22Z` to seconds since a fixed day long ago.
fn seconds(time: &str) -> Option<u64> {
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
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

fn numbers(text: &str, separator: char) -> Option<[u64; 3]> {
    let mut parts = text.split(separator).map(|part| part.parse::<u16>().ok());
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then(|| numbers.map(u64::from))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use github_secrets_client::types::Secret;

    use super::{before_call, seconds};

    fn secret(created_at: &str, updated_at: &str) -> Secret {
        Secret {
            name: "DB_PASSWORD".to_owned(),
            created_at: created_at.to_owned(),
            updated_at: updated_at.to_owned(),
            selected_repositories_url: None,
            visibility: None,
        }
    }

    #[test]
    fn a_secret_existed_before_if_it_is_older_than_the_call() {
        let updated = "2019-08-10T14:59:22Z";
        let elapsed = Duration::from_secs(5);
        for (created, before) in [
            ("2019-08-10T14:59:22Z", false),
            ("2019-08-10T14:59:15Z", false),
            ("2019-08-10T14:59:14.731Z", true),
            ("2011-02-28T23:59:59Z", true),
            ("2019-08-10T15:00:00Z", false),
            ("yesterday", false),
            ("", false),
        ] {
            let secret = secret(created, updated);
            assert_eq!(before_call(&secret, elapsed), before, "{created}");
        }
        let far = secret(updated, "99999-01-01T00:00:00Z");
        assert!(!before_call(&far, elapsed));
        let old = secret("0001-01-01T00:00:00Z", updated);
        assert!(!before_call(&old, Duration::MAX));
    }

    #[test]
    fn a_leap_day_counts() {
        let day = |before: &str, after: &str| Some(seconds(after)? - seconds(before)?);
        let two_days = Some(2 * 24 * 60 * 60);
        assert_eq!(
            day("2024-02-28T00:00:00Z", "2024-03-01T00:00:00Z"),
            two_days
        );
        assert_eq!(
            day("2000-02-28T01:02:03Z", "2000-03-01T01:02:03Z"),
            two_days
        );
        assert_eq!(
            day("2019-12-31T00:00:00Z", "2020-01-02T00:00:00Z"),
            two_days
        );
    }
}
