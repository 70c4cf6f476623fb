use clap::Args;
use github_secrets::PublicKey;
use serde::Serialize;

use crate::{
    connection::ConnectionOptions,
    console::Console,
    failure::Failure,
    place::{PlaceOptions, secret_name},
    scene::Scene,
    secrets::Secrets,
    table::print_json,
    value::ValueOptions,
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
    pub(crate) async fn run(
        self,
        connection: &ConnectionOptions,
        console: &Console,
    ) -> Result<(), Failure> {
        let name = secret_name(&self.name)?;
        let label = format!("Value of {name}");
        let (key, value) = match (&self.key_id, &self.key) {
            (Some(id), Some(base64)) => {
                let key = PublicKey::new(id, base64);
                let key = key.map_err(|error| Failure::Usage(format!("--key: {error}")))?;
                (key, self.value.read(&label, console).await?)
            }
            _ => {
                let place = self.place.place()?;
                let session = connection.open(Scene::new(&place), console).await?;
                let secrets = Secrets::new(&session.github, &place)?;
                let value = self.value.read(&label, console).await?;
                (secrets.public_key().await?, value)
            }
        };
        let sealed = key
            .seal(&value)
            .map_err(|error| Failure::Failed(error.to_string()))?;
        let sealed = Sealed {
            encrypted_value: sealed.encrypted_value(),
            key_id: sealed.key_id(),
        };
        Ok(print_json(console, &sealed)?)
    }
}
