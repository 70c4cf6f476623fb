//! The secrets of one owner in one store.

mod any;
mod batch;
mod created;
mod handle;
mod new_secret;
mod owners;
mod report;
mod repositories;
mod rotate;
mod set_access;
mod store;
mod stored;
mod wire;

pub use self::{
    any::AnySecrets,
    batch::Batch,
    handle::{Secret, Secrets},
    new_secret::NewSecret,
    report::{BatchItem, Report},
    repositories::{SecretRepositories, SelectedRepository},
    stored::Stored,
};
