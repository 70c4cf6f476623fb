//! `key`: print the public key that values are sealed to.

use base64::{Engine, engine::general_purpose::STANDARD};
use clap::Args;
use serde::Serialize;

use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::place::PlaceOptions,
    session::Session,
    table::{print_fields, print_json},
};

const EXAMPLES: &str = "\
Example:
  github-secrets key --org acme --json

Each place has a key of its own. GitHub can replace it at any time.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Key {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: PlaceOptions,
}

#[derive(Serialize)]
struct Shown {
    key_id: String,
    key: String,
}

impl Key {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let named = self.place.place()?;
        let session = Session::open_at(context, &named, Contents::none()).await?;
        let found = session
            .read(session.secrets(&named.place).public_key())
            .await?;
        let shown = Shown {
            key_id: found.id().to_owned(),
            key: STANDARD.encode(found.as_bytes()),
        };
        if self.json {
            return Ok(print_json(console, &shown).await?);
        }
        let fields = [("key id", Some(shown.key_id)), ("key", Some(shown.key))];
        Ok(print_fields(console, &fields).await?)
    }
}
