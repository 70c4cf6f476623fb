mod key;
mod name;
mod value;

pub use key::{Base64Fault, KeyError, PublicKey, SealError, SealedValue};
pub use name::{NameError, SecretName};
pub use value::{SecretValue, ValueError};
