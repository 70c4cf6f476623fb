//! The prompt of the crate `console`.

use console::Term;
use zeroize::Zeroizing;

use crate::{console::Console, failure::Failure};

pub(crate) async fn ask(label: &str, _: &Console) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let term = Term::stderr();
    let line = term
        .write_str(&format!("{label}: "))
        .and_then(|()| term.read_secure_line());
    line.map(|line| Zeroizing::new(line.into_bytes()))
        .map_err(|error| Failure::Failed(format!("the value cannot be read: {error}")))
}
