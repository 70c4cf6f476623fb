//! A list that GitHub did not return as a whole.

use std::{error::Error as StdError, fmt};

use super::{head::ResponseHead, target::Target};

/// A list from which GitHub left out what the token has no access to before it is authorized for
/// the single sign-on of some organizations.
///
/// GitHub's [documentation][sso] describes the header `X-GitHub-SSO: partial-results`.
///
/// [sso]: https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#authorizing-your-personal-access-token-for-single-sign-on-sso
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Incomplete {
    /// The ids of the organizations.
    pub organizations: Vec<u64>,
    pub(crate) target: Target,
    pub(crate) head: ResponseHead,
}

impl Incomplete {
    pub(crate) fn new(target: Target, head: ResponseHead) -> Self {
        let listed = head.sso().and_then(|sso| sso.split_once("organizations="));
        let ids = listed.map_or("", |(_, ids)| ids.split(';').next().unwrap_or_default());
        let organizations = ids.split(',').filter_map(|id| id.trim().parse().ok());
        Self {
            organizations: organizations.collect(),
            target,
            head,
        }
    }
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            organizations,
            target,
            head,
        } = self;
        write!(
            f,
            "could not {target}: GitHub left out what the token has no access to without single sign-on"
        )?;
        match organizations.as_slice() {
            [] => f.write_str("; authorize the token for the organizations"),
            [one] => write!(
                f,
                "; authorize the token for the organization with the id {one}"
            ),
            many => {
                f.write_str("; authorize the token for the organizations with the ids ")?;
                for (index, id) in many.iter().enumerate() {
                    write!(f, "{}{id}", if index > 0 { ", " } else { "" })?;
                }
                Ok(())
            }
        }?;
        write!(f, "{} ({head})", target.effect())
    }
}

impl StdError for Incomplete {}
