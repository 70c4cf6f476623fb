//! Options for a sync.

use super::judge::Rules;

/// Options for a sync.
///
/// ```
/// use github_secrets::sync::Options;
///
/// let options = Options::default().prune(true).max_deletes(3);
/// # let _ = options;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub(super) rules: Rules,
    pub(super) max_deletes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            max_deletes: 10,
        }
    }
}

impl Options {
    /// Sets whether to delete secrets that this sync wrote, that have not changed since, and that
    /// are no longer desired.
    ///
    /// Default is false: they are left alone.
    pub fn prune(mut self, prune: bool) -> Self {
        self.rules.prune = prune;
        self
    }

    /// Sets whether to overwrite desired secrets that exist but that this sync did not write.
    ///
    /// Default is false: they are left alone.
    pub fn take_over(mut self, take_over: bool) -> Self {
        self.rules.take_over = take_over;
        self
    }

    /// Sets whether to leave a secret alone that somebody else has changed, access included, until
    /// its desired value changes.
    ///
    /// Default is false: its value and its access are written again.
    pub fn keep_changed(mut self, keep_changed: bool) -> Self {
        self.rules.keep_changed = keep_changed;
        self
    }

    /// Sets the maximum number of deletes. If a plan has more, none of them is made.
    ///
    /// Default is 10.
    pub fn max_deletes(mut self, secrets: usize) -> Self {
        self.max_deletes = secrets;
        self
    }
}
