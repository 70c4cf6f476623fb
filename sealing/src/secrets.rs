//! The secrets of one owner in one store.

mod any;
mod created;
mod handle;
mod owners;
mod repositories;
mod rotate;
mod secret;
mod set_access;
mod store;
mod stored;
mod wire;

pub(crate) use self::store::SecretStore;
pub use self::{
    any::AnySecrets,
    handle::Secrets,
    repositories::SecretRepositories,
    secret::Secret,
    stored::{Deleted, Stored},
};
#[cfg(feature = "sync")]
pub(crate) use self::{rotate::changed, store::Delivered};
