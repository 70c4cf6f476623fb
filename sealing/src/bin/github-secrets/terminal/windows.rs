//! On Windows the prompt of the crate `console` hides what is typed, and nothing has to be kept.

pub(crate) enum HiddenTerminal {}

impl HiddenTerminal {
    pub(crate) fn has_more(&self) -> bool {
        match *self {}
    }

    pub(crate) fn wait_for_more(&self) -> bool {
        match *self {}
    }

    pub(crate) fn restore(&self) {
        match *self {}
    }

    pub(crate) fn hide(&self) {
        match *self {}
    }
}
