//! From a file or standard input to text. No copy of it stays behind in memory.

use std::{
    fs::File,
    io::{self, Read},
};

use zeroize::Zeroizing;

use super::entry::{Fault, Source};
use crate::failure::Failure;

/// More than the values of any store take.
const MAX_BYTES: usize = 256 * 1024 * 1024;

pub(super) fn read(source: &Source) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let read = match source {
        Source::Stdin => read_to_end(io::stdin().lock()),
        Source::File(path) => File::open(path).and_then(read_to_end),
    };
    read.map_err(|error| Failure::Failed(format!("{} cannot be read: {error}", named(source))))
}

/// Returns the name of a file, unless the content was given in its place.
fn named(source: &Source) -> String {
    let name = source.to_string();
    if name.contains('=') || name.contains(char::is_control) {
        "the file to import".to_owned()
    } else {
        name
    }
}

/// Reads into buffers that are wiped when they become too small.
fn read_to_end(mut reader: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(vec![0; 64 * 1024]);
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            if filled >= MAX_BYTES {
                return Err(io::Error::other("it is larger than 256 MiB"));
            }
            let mut larger = Zeroizing::new(vec![0; filled * 2]);
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

/// Returns the text without the byte order mark that editors on Windows put before it.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, Fault> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Fault::new(1, "the text is UTF-16; save it as UTF-8"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Fault::new(line_at(valid), "the text is not UTF-8")
    })
}

/// Returns the number of the line that follows `text`.
pub(super) fn line_at(text: &[u8]) -> usize {
    1 + text.iter().filter(|byte| **byte == b'\n').count()
}
