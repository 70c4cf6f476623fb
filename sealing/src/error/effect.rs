//! Whether a call that failed may have taken effect anyway.

use crate::Error;

/// Whether the call may have taken effect, of an error that is about no request; borrowed as the
/// error is.
macro_rules! own_effect {
    ($error:expr) => {
        match $error {
            Self::Key {
                may_have_taken_effect: it,
                ..
            }
            | Self::Seal {
                may_have_taken_effect: it,
                ..
            }
            | Self::Token {
                may_have_taken_effect: it,
                ..
            }
            | Self::Unfinished {
                may_have_taken_effect: it,
                ..
            } => Some(it),
            _ => None,
        }
    };
}

impl Error {
    /// Returns whether the failed call may have changed something: a response was lost, the change
    /// could not be verified, somebody else changed the secret, or a batch changed other secrets.
    pub fn may_have_taken_effect(&self) -> bool {
        if let Some(own) = own_effect!(self) {
            return *own;
        }
        match self {
            Self::Unverified { .. } | Self::SecretChanged(_) => true,
            _ => self
                .target()
                .is_some_and(|target| target.may_have_taken_effect),
        }
    }

    /// Marks the error as that of a call which may have taken effect.
    pub(crate) fn mark_effect_if(mut self, may_have_taken_effect: bool) -> Self {
        if !may_have_taken_effect {
            return self;
        }
        if let Some(own) = own_effect!(&mut self) {
            *own = true;
        } else if let Some(target) = self.target_mut() {
            target.may_have_taken_effect = true;
        }
        self
    }
}
