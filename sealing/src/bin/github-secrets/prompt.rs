//! A value typed or pasted at a terminal, without echo.

#[cfg(unix)]
mod line;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use self::unix::ask;
#[cfg(windows)]
pub(crate) use self::windows::ask;
