//! The prompt of the crate `console`.

use console::Term;
use github_secrets::SecretValue;

use crate::{failure::Failure, interruption::Interruption};

pub(crate) async fn ask(label: &str, _: &Interruption) -> Result<SecretValue, Failure> {
    let term = Term::stderr();
    let line = term
        .write_str(&format!("{label}: "))
        .and_then(|()| term.read_secure_line());
    line.map(SecretValue::from)
        .map_err(|error| Failure::Failed(format!("the value cannot be read: {error}")))
}
