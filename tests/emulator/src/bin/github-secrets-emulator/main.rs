//! The emulator as a program.

use std::{future::poll_fn, io::Write, process::ExitCode, task::Poll};

use github_secrets_emulator::{Builder, Emulator, Error};
use tokio::signal;

mod arguments;

use arguments::{Arguments, USAGE};

fn main() -> ExitCode {
    match Arguments::parse(lexopt::Parser::from_env()) {
        Ok(Arguments::Run(builder)) => run(*builder),
        Ok(Arguments::Help) => say(USAGE),
        Ok(Arguments::Version) => say(concat!(
            "github-secrets-emulator ",
            env!("CARGO_PKG_VERSION")
        )),
        Err(error) => fail(2, &error),
    }
}

fn run(builder: Builder) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(1, &error),
    };
    runtime.block_on(async {
        match builder.start().await {
            Ok(emulator) => serve(emulator).await,
            Err(error @ (Error::Listen { .. } | Error::Thread { .. })) => fail(1, &error),
            // The others are about what the arguments ask for.
            Err(error) => fail(2, &error),
        }
    })
}

async fn serve(emulator: Emulator) -> ExitCode {
    let interrupted = match interruption() {
        Ok(interrupted) => interrupted,
        Err(error) => return fail(1, &error),
    };
    say(&format!("listening on {}", emulator.url()));
    interrupted.await;
    emulator.stop().await;
    ExitCode::SUCCESS
}

/// Returns what ends with Ctrl-C or a request to terminate. Both are caught from now on.
#[cfg(unix)]
fn interruption() -> std::io::Result<impl Future<Output = ()>> {
    use signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(poll_fn(move |context| {
        let interrupted = interrupt.poll_recv(context).is_ready();
        let terminated = terminate.poll_recv(context).is_ready();
        if interrupted || terminated {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }))
}

#[cfg(windows)]
fn interruption() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal::windows::ctrl_c()?;
    Ok(poll_fn(move |context| {
        interrupt.poll_recv(context).map(|_| ())
    }))
}

/// Prints a line. A closed output is not a reason to end.
fn say(line: &str) -> ExitCode {
    let _ = writeln!(std::io::stdout(), "{line}");
    ExitCode::SUCCESS
}

/// Prints an error on one line.
fn fail(code: u8, error: &dyn std::fmt::Display) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "github-secrets-emulator: {error}");
    ExitCode::from(code)
}
