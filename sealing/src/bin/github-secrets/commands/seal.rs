//! `seal`: seal a value and print it, without storing it.

use clap::Args;
use github_secrets::PublicKey;
use serde::Serialize;

use crate::{
    context::Context,
    emulator::Contents,
    failure::Failure,
    options::{
        place::{PlaceOptions, secret_name},
        value::ValueOptions,
    },
    session::Session,
    table::print_json,
};

const EXAMPLES: &str = "\
Examples:
  github-secrets seal DB_PASSWORD --repo acme/website
  github-secrets seal DB_PASSWORD --key-id 568250167242549743 --key hBT5WZEj8ZoOv6TYJsfWq7MxTEQopZO5/IT3ZCVQPzs=

Prints an object with encrypted_value and key_id, as GitHub's API takes it. With --key nothing is sent
anywhere, and no token is needed.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Seal {
    /// The secret's name
    name: String,
    /// Seal to this key, in base64, instead of that of the place
    #[arg(
        long,
        value_name = "BASE64",
        requires = "key_id",
        conflicts_with_all = ["org", "repo", "env", "user", "app"],
        help_heading = "Key"
    )]
    key: Option<String>,
    /// The id of the key
    #[arg(long, value_name = "ID", requires = "key", help_heading = "Key")]
    key_id: Option<String>,
    #[command(flatten)]
    place: PlaceOptions,
    #[command(flatten)]
    value: ValueOptions,
}

#[derive(Serialize)]
struct Sealed<'a> {
    encrypted_value: &'a str,
    key_id: &'a str,
}

impl Seal {
    pub(crate) async fn run(self, context: &Context) -> Result<(), Failure> {
        let console = &context.console;
        let label = format!("Value of {}", secret_name(&self.name)?);
        let (key, value) = match (&self.key_id, &self.key) {
            (Some(id), Some(base64)) => {
                let key = PublicKey::new(id, base64)
                    .map_err(|error| Failure::Usage(format!("--key: {error}")))?;
                (key, self.value.read(&label, console).await?)
            }
            _ => {
                let named = self.place.place()?;
                let session = Session::open_at(context, &named, Contents::none()).await?;
                let value = self.value.read(&label, console).await?;
                let secrets = session.secrets(&named.place);
                (session.read(secrets.public_key()).await?, value)
            }
        };
        let sealed = key
            .seal(&value)
            .map_err(|error| Failure::Failed(error.to_string()))?;
        let sealed = Sealed {
            encrypted_value: sealed.encrypted_value(),
            key_id: sealed.key_id(),
        };
        Ok(print_json(console, &sealed).await?)
    }
}
