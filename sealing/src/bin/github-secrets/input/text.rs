//! From a file or standard input to text. No copy of it stays behind in memory.

use std::{
    fs::{self, File},
    io::{self, Read},
};

use zeroize::Zeroizing;

use super::entry::{Fault, Source};
use crate::failure::Failure;

/// More than the values of any store take.
pub(super) const MAX_MIB: usize = 256;

/// Returns the content of a file, which `missing` names if it does not exist.
///
/// # Errors
///
/// Returns [`Failure::Failed`] if the content cannot be read, or is larger than this many MiB.
pub(crate) fn read(
    source: &Source,
    max_mib: usize,
    missing: &str,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let read = read_source(source, max_mib);
    read.map_err(|error| {
        let name = named(source, missing);
        Failure::Failed(format!("{name} cannot be read: {error}"))
    })
}

/// Returns the same, with the error of the operating system.
pub(crate) fn read_source(source: &Source, max_mib: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let file = match source {
        Source::Stdin => stdin(),
        Source::File(path) => File::open(path),
    };
    read_to_end(file?, max_mib)
}

/// Returns standard input without the buffer of the standard library, which is not wiped.
pub(crate) fn stdin() -> io::Result<File> {
    #[cfg(unix)]
    let handle = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned();
    #[cfg(windows)]
    let handle = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned();
    handle.map(File::from)
}

/// Returns the name of a file that exists. Another one can be its content in the wrong place.
fn named(source: &Source, missing: &str) -> String {
    match source {
        Source::File(path) if fs::symlink_metadata(path).is_err() => missing.to_owned(),
        source => source.to_string(),
    }
}

/// Reads into buffers that are wiped when they become too small.
fn read_to_end(mut reader: impl Read, max_mib: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(vec![0; 64 * 1024]);
    let mut filled = 0;
    let maximum = max_mib * 1024 * 1024;
    loop {
        if filled > maximum {
            let message = format!("it is larger than {max_mib} MiB");
            return Err(io::Error::other(message));
        }
        if filled == buffer.len() {
            let mut larger = Zeroizing::new(vec![0; (filled * 2).min(maximum + 1)]);
            for (to, from) in larger.iter_mut().zip(buffer.iter()) {
                *to = *from;
            }
            buffer = larger;
        }
        let rest = buffer.get_mut(filled..).unwrap_or_default();
        match reader.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(filled);
    Ok(buffer)
}

/// Returns the text without the byte order mark that editors on Windows put before it, and whether
/// there was one.
pub(crate) fn decode(bytes: &[u8]) -> Result<(&str, bool), Fault> {
    if is_utf_16(bytes) {
        return Err(Fault::new(1, "the text is UTF-16; save it as UTF-8"));
    }
    let (bytes, has_mark) = match bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(bytes) => (bytes, true),
        None => (bytes, false),
    };
    let text = str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
        Fault::new(line, "the text is not UTF-8")
    })?;
    Ok((text, has_mark))
}

pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Returns whether a text begins with the byte order mark of UTF-16.
pub(crate) fn is_utf_16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")
}
