//! Standard output and standard error. Nothing here panics when they are closed or full.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use github_secrets::{ConnectionFault, Error, Wait, WaitReason};
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::{select, task::spawn_blocking, time::sleep};

use crate::{
    failure::{Failure, chain},
    interruption::Interruption,
};

/// Shorter waits pass before their message is read.
const SHORT_WAIT: Duration = Duration::from_secs(3);

/// How long a write can take when the program has to stop.
const MOMENT: Duration = Duration::from_secs(1);

/// Where a command writes: results to standard output, everything else to standard error. It is
/// also where interruptions come from.
#[derive(Clone)]
pub(crate) struct Console {
    pub(crate) interruption: Interruption,
    show_github_message: bool,
    /// Hidden but for commands that take long, on a terminal.
    bar: ProgressBar,
    /// The end of the wait that was announced last.
    announced: Arc<Mutex<Option<Instant>>>,
}

impl Console {
    pub(crate) fn new(show_github_message: bool) -> Self {
        Self {
            interruption: Interruption::default(),
            show_github_message,
            bar: ProgressBar::hidden(),
            announced: Arc::default(),
        }
    }

    /// Writes a line of results.
    pub(crate) async fn line(&self, line: impl Display) -> io::Result<()> {
        self.write(format!("{line}\n")).await
    }

    /// Writes the line about a change that was made.
    pub(crate) async fn done(&self, line: impl Display) -> Result<(), Failure> {
        let written = self.line(&line).await;
        self.after_change(written, line)
    }

    /// Returns what it means if the results of a change could not be written: it is made.
    pub(crate) fn after_change(
        &self,
        written: io::Result<()>,
        change: impl Display,
    ) -> Result<(), Failure> {
        let Err(error) = written else { return Ok(()) };
        self.note(change);
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Ok(());
        }
        Err(Failure::Partly(format!(
            "the change is made, but standard output cannot be written: {error}"
        )))
    }

    /// Writes results as they are. If nobody reads them when the program has to stop, it gives up a
    /// moment later, and with the next interruption at once.
    pub(crate) async fn write(&self, text: impl Into<Vec<u8>>) -> io::Result<()> {
        let text = text.into();
        // Only on a terminal do both share one screen. Elsewhere, the bar must not wait for a
        // reader who has stopped reading.
        let bar = self.is_terminal().then(|| self.bar.clone());
        let mut write = spawn_blocking(move || {
            let write = || {
                let mut stdout = io::stdout().lock();
                stdout.write_all(&text)?;
                stdout.flush()
            };
            match bar {
                Some(bar) => bar.suspend(write),
                None => write(),
            }
        });
        let interruption = &self.interruption;
        let seen = interruption.count();
        let too_long = async {
            interruption.after(0).await;
            select! {
                () = interruption.after(seen.max(1)) => {}
                () = sleep(MOMENT) => {}
            }
        };
        let written = select! {
            biased;
            written = &mut write => written,
            () = too_long => {
                return Err(io::Error::other("it is blocked, and the program was interrupted"));
            }
        };
        written.unwrap_or_else(|error| Err(error.into()))
    }

    /// Writes a message. If it cannot be written there is nowhere left to say so.
    pub(crate) fn note(&self, message: impl Display) {
        let _ = self.try_note(message);
    }

    /// Writes a message that has to be seen before something is done.
    pub(crate) fn try_note(&self, message: impl Display) -> io::Result<()> {
        self.bar
            .suspend(|| writeln!(io::stderr().lock(), "{message}"))
    }

    /// Writes an error message.
    pub(crate) fn error(&self, message: impl Display) {
        self.note(format_args!("error: {message}"));
    }

    /// Writes the library's error, and GitHub's own message if the user asked for it.
    pub(crate) fn github_error(&self, prefix: &str, error: &Error) {
        self.error(format_args!("{prefix}{}", printable(&chain(error))));
        if let Some(advice) = advice(error) {
            self.note(advice);
        }
        let Some(message) = error.github_message() else {
            return;
        };
        if self.show_github_message {
            self.note(format_args!("GitHub says: {}", printable(message.expose())));
        } else if error.reason().is_none()
            && matches!(error, Error::Rejected(_) | Error::NotAuthorized(_))
        {
            self.note("GitHub's own message is shown with --show-github-message");
        }
    }

    /// Returns whether people read the results, and not a program.
    pub(crate) fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Returns whether somebody can be asked.
    pub(crate) fn can_ask() -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Asks a question, and returns whether the answer is yes.
    ///
    /// # Errors
    ///
    /// Returns [`Failure::Failed`] if it was interrupted, or the terminal cannot be read.
    pub(crate) async fn ask(&self, question: &str) -> Result<bool, Failure> {
        self.interruption.listen()?;
        self.bar.suspend(|| {
            let mut stderr = io::stderr().lock();
            let _ = write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush());
        });
        let answer = spawn_blocking(|| {
            let mut line = String::new();
            io::stdin().read_line(&mut line).map(|_| line)
        });
        let answer = select! {
            biased;
            () = self.interruption.after(0) => {
                return Err(Failure::Failed("interrupted; nothing was changed".to_owned()));
            }
            answer = answer => answer.unwrap_or_else(|error| Err(error.into())),
        };
        let answer = answer.map_err(|error| {
            Failure::Failed(format!(
                "the answer cannot be read: {error}; nothing was changed"
            ))
        })?;
        Ok(matches!(
            answer.trim().to_ascii_lowercase().as_str(),
            "y" | "yes"
        ))
    }

    /// Shows the progress of this many steps: by a bar on a terminal, elsewhere by a line now and
    /// then.
    pub(crate) fn begin_progress(&self, steps: usize) {
        if !io::stderr().is_terminal() {
            return;
        }
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
            self.bar.set_style(style);
        }
        // It may have ended before.
        self.bar.reset();
        self.bar.set_length(steps as u64);
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
    }

    /// Shows that a step is done; `left` is the time that the others take.
    pub(crate) fn progress(&self, done: usize, steps: usize, left: Duration) {
        const STEPS_PER_LINE: usize = 50;
        self.bar.set_position(done as u64);
        let left = (!left.is_zero()).then_some(HumanDuration(left));
        if !self.bar.is_hidden() {
            let left = left.map(|left| format!("about {left:#} left"));
            self.bar.set_message(left.unwrap_or_default());
        } else if done.is_multiple_of(STEPS_PER_LINE) && done < steps {
            let left = left.map(|left| format!(", about {left} left"));
            self.note(format_args!(
                "{done} of {steps} done{}",
                left.unwrap_or_default()
            ));
        }
    }

    /// Shows that a list was read, as [`progress`](Self::progress) does; reading is faster, so
    /// there are fewer lines.
    pub(crate) fn progress_of_reading(&self, done: usize, steps: usize, left: Duration) {
        const STEPS_PER_LINE: usize = 500;
        if !self.bar.is_hidden() || done.is_multiple_of(STEPS_PER_LINE) {
            self.progress(done, steps, left);
        }
    }

    pub(crate) fn end_progress(&self) {
        self.bar.finish_and_clear();
    }

    /// Announces a wait. Many calls that wait for the same reason are announced once.
    pub(crate) fn waiting(&self, wait: &Wait) {
        let end = Instant::now() + wait.duration.min(Duration::from_secs(24 * 60 * 60));
        if wait.duration < SHORT_WAIT {
            return;
        }
        {
            let mut last = self
                .announced
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if last.is_some_and(|last| end < last + SHORT_WAIT) {
                return;
            }
            *last = Some(end);
        }
        let reason = match wait.reason {
            WaitReason::Pacing => "to stay within GitHub's rate limits",
            WaitReason::RateLimit(_) => "because GitHub says that a rate limit is reached",
            _ => "before the next attempt",
        };
        let message = format!("waiting {} {reason}", HumanDuration(wait.duration));
        if self.bar.is_hidden() {
            self.note(message);
        } else {
            self.bar.set_message(message);
        }
    }
}

/// Returns which options would let a call succeed that ended too early.
fn advice(error: &Error) -> Option<&'static str> {
    match error {
        Error::RateLimited(_) => {
            Some("a longer --deadline, with enough --attempts, waits until the limit ends")
        }
        Error::Connection(error) if error.fault == ConnectionFault::Deadline => {
            Some("a longer --deadline leaves more time for it")
        }
        _ => None,
    }
}

/// Returns a server's text without the characters that a terminal would act on.
pub(crate) fn printable(text: &str) -> String {
    let visible = |c: char| if is_invisible(c) { '\u{fffd}' } else { c };
    text.chars().map(visible).collect()
}

/// Returns whether a character controls how others are shown: among them those that turn the
/// direction of a text around.
fn is_invisible(c: char) -> bool {
    let turns_around = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
    );
    let has_no_width = matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let breaks_lines = matches!(c, '\u{2028}' | '\u{2029}');
    c.is_control() || turns_around || has_no_width || breaks_lines
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_cannot_be_seen_is_replaced() {
        for c in [
            '\u{7}', '\n', '\u{1b}', '\u{9b}', '\u{61c}', '\u{200b}', '\u{200f}', '\u{2028}',
            '\u{202e}', '\u{2066}', '\u{feff}',
        ] {
            assert_eq!(printable(&format!("a{c}b")), "a\u{fffd}b", "{c:?}");
        }
        assert_eq!(printable("aé漢 👩 b"), "aé漢 👩 b");
    }
}
