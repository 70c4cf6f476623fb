//! A token in a set-up file.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{permission::Access, token::Token};

/// A token. Without a kind it may do everything, and its prefix decides on its kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenDescription {
    token: String,
    kind: Option<Kind>,
    scopes: Option<Vec<String>>,
    permissions: Option<BTreeMap<String, Level>>,
    /// The login of the user that it belongs to.
    user: Option<String>,
    /// The organizations whose single sign-on it is authorized for.
    #[serde(default)]
    authorized_for: Vec<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Classic,
    FineGrained,
    App,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Level {
    None,
    Read,
    Write,
}

impl TokenDescription {
    pub(crate) fn into_token(self) -> Result<Token, String> {
        self.check()?;
        let start = match self.kind {
            None => Token::unrestricted(self.token),
            Some(Kind::Classic) => Token::classic(self.token),
            Some(Kind::FineGrained) => Token::fine_grained(self.token),
            Some(Kind::App) => Token::app(self.token),
        };
        let mut token = start.scopes(self.scopes.unwrap_or_default());
        for (name, level) in self.permissions.unwrap_or_default() {
            token = match level {
                Level::None => token.without_metadata(),
                Level::Read => token.permission(name, Access::Read),
                Level::Write => token.permission(name, Access::Write),
            };
        }
        if let Some(user) = self.user {
            token = token.owned_by(user);
        }
        Ok(self
            .authorized_for
            .into_iter()
            .fold(token, Token::authorized_for))
    }

    /// Refuses fields that would have no effect. The message never contains the token.
    fn check(&self) -> Result<(), String> {
        let fine_grained = matches!(self.kind, Some(Kind::FineGrained | Kind::App));
        let error = if self.scopes.is_some() && self.kind != Some(Kind::Classic) {
            "scopes need the kind classic"
        } else if self.permissions.is_some() && !fine_grained {
            "permissions need the kind fine_grained or app"
        } else if self.user.is_some() && self.kind == Some(Kind::App) {
            "a token of the kind app has no user"
        } else if !self.authorized_for.is_empty() && fine_grained {
            "only a classic token can be authorized for single sign-on"
        } else if self.removes_other_than_metadata() {
            "only metadata can be none; a permission that is not listed is not granted"
        } else {
            return Ok(());
        };
        Err(format!("tokens: {error}"))
    }

    fn removes_other_than_metadata(&self) -> bool {
        let mut permissions = self.permissions.iter().flatten();
        permissions.any(|(name, level)| *level == Level::None && name != "metadata")
    }
}
