//! The stores of `--app`.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use github_secrets::{ParseStoreError, Store};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum App {
    One(Store),
    All,
}

const ALL: &str = "all";

/// Parses the name of a store.
pub(super) fn app() -> impl TypedValueParser<Value = App> {
    PossibleValuesParser::new(Store::ALL.map(Store::as_str)).try_map(parse)
}

/// Parses the name of a store, or that of all.
pub(super) fn apps() -> impl TypedValueParser<Value = App> {
    let names = Store::ALL.map(Store::as_str).into_iter();
    PossibleValuesParser::new(names.chain([ALL])).try_map(parse)
}

fn parse(name: String) -> Result<App, ParseStoreError> {
    let name = name.to_ascii_lowercase();
    if name == ALL {
        return Ok(App::All);
    }
    name.parse().map(App::One)
}
