//! What every command works with.

use crate::{console::Console, options::connection::ConnectionOptions};

/// Where a command writes and is interrupted, and how it connects.
pub(crate) struct Context {
    pub(crate) console: Console,
    pub(crate) connection: ConnectionOptions,
}

impl Context {
    pub(crate) fn new(connection: ConnectionOptions) -> Self {
        Self {
            console: Console::new(connection.show_github_message),
            connection,
        }
    }
}
