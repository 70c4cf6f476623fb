//! How the results of changes are printed.

use clap::Args;
use github_secrets::Place;

use crate::report::Form;

/// What the help of each command says about `--json` that changes secrets or registries.
macro_rules! json_results {
    ($results:literal) => {
        json_results!("repos/acme/website/actions", $results)
    };
    ($place:literal, $results:literal) => {
        concat!(
            "\
With --json, each result is a line with an object of four members: place (such as
",
            $place,
            "), name, result, and error, which is null or a text. The result is
",
            $results
        )
    };
}
pub(crate) use json_results;

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct ResultsOptions {
    /// Print each result as a line of JSON: place, name, result and error
    #[arg(long)]
    pub(crate) json: bool,
}

impl ResultsOptions {
    /// Returns the form of the rows about these places.
    pub(crate) fn form(self, places: &[Place]) -> Form {
        if self.json {
            return Form::Json;
        }
        let widths = places.iter().map(|place| place.to_string().chars().count());
        match places {
            [] | [_] => Form::Names,
            _ => Form::Places {
                width: widths.max().unwrap_or_default(),
            },
        }
    }
}
