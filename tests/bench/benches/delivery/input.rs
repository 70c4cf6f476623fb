//! What is stored: the same for every client.

/// Where the secrets of the organization `acme` are.
pub(crate) const ROUTE: &str = "/orgs/acme/codespaces/secrets/";

/// The names and values of `count` secrets.
pub(crate) fn secrets(count: usize) -> Vec<(String, String)> {
    let names = (0..count).map(|index| format!("SECRET_{index:04}"));
    names.map(|name| (name.clone(), value(&name))).collect()
}

/// The value, of 32 bytes, of the secret with this name.
pub(crate) fn value(name: &str) -> String {
    format!("{name:*>32}")
}
