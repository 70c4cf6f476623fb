//! Everything that is traced or logged, as text.

use std::{
    io::{self, Write},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use tracing::{Dispatch, Level, subscriber::DefaultGuard};
use tracing_log::LogTracer;
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

/// Records every span and event of this thread at every level, with all fields, until it is
/// dropped. What other libraries log is recorded as well.
pub struct Capture {
    text: Text,
    _current: DefaultGuard,
}

impl Capture {
    /// Starts recording.
    pub fn start() -> Self {
        LazyLock::force(&ALL_IS_WANTED);
        let text = Text::default();
        Self {
            _current: tracing::dispatcher::set_default(&recording_to(text.clone())),
            text,
        }
    }

    /// Returns everything recorded so far.
    pub fn text(&self) -> String {
        let text = self.text.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&text).into_owned()
    }
}

/// Wants every event, whichever thread is the first to meet it: tracing asks no other thread's
/// subscriber where there is only one, and never asks again.
static ALL_IS_WANTED: LazyLock<Dispatch> = LazyLock::new(|| {
    LogTracer::init().expect("no other logger");
    recording_to(io::sink)
});

fn recording_to<W>(writer: W) -> Dispatch
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(writer);
    subscriber.finish().into()
}

#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Text {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
