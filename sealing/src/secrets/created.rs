//! Whether a secret existed before a write whose first response was lost.

use std::time::Duration;

use github_secrets_client::types::Secret;

use crate::Timestamp;

/// GitHub cuts its times to the second, and its clock may not run as fast as this machine's.
const UNCERTAINTY: Duration = Duration::from_secs(2);

/// Returns whether a secret was created before a call that began `elapsed` ago and has updated it
/// since. Both times come from GitHub, so nobody's clock has to be right.
pub(crate) fn before_call(secret: &Secret, elapsed: Duration) -> bool {
    let (created, updated) = (secret.created_at.parse(), secret.updated_at.parse());
    let (Ok(created), Ok(updated)) = (created, updated) else {
        return false;
    };
    Timestamp::duration_since(updated, created) > elapsed.saturating_add(UNCERTAINTY)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use github_secrets_client::types::Secret;

    use super::before_call;

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
}
