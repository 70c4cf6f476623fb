#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "Seals values for GitHub in libsodium sealed boxes: the core of github-secrets, without the network."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod key;
mod name;
mod sealed_box;
mod value;

#[cfg(feature = "client")]
mod access;
#[cfg(feature = "client")]
mod calls;
#[cfg(feature = "client")]
mod error;
#[cfg(all(fuzzing, feature = "client"))]
#[doc(hidden)]
#[allow(
    missing_docs,
    clippy::missing_errors_doc,
    reason = "no part of the library"
)]
pub mod fuzzing;
#[cfg(feature = "client")]
mod github;
#[cfg(feature = "client")]
mod http;
#[cfg(feature = "client")]
mod key_cache;
#[cfg(feature = "client")]
mod operation;
#[cfg(feature = "client")]
mod owner;
#[cfg(feature = "client")]
mod place;
#[cfg(feature = "client")]
mod registries;
#[cfg(feature = "client")]
mod repository_ids;
#[cfg(feature = "client")]
mod secrets;
#[cfg(test)]
#[cfg(feature = "client")]
mod simulation;
#[cfg(feature = "client")]
mod store;

pub use key::{Base64Fault, KeyError, PublicKey, SealError, SealedValue};
pub use name::{CharacterFault, IntoSecretName, NameError, SecretName};
/// The HTTP library, in the version that [`GitHubBuilder::http_client`] takes.
#[cfg(feature = "client")]
pub use reqwest;
pub use value::{SecretValue, ValueError};
#[cfg(feature = "client")]
pub use {
    access::{
        Access, AccessError, AnyAccess, Repositories, RepositoryRef, Visibility, VisibilityError,
        VisibilityKind,
    },
    error::{
        BatchError, Change, ConfigurationError, ConnectionError, ConnectionFault, Error,
        ErrorResponse, GitHubMessage, LimitKind, RateLimit, RateLimited, Reason, RegistryError,
        RepositoryError, RepositoryMoved, ResponseHead, ResponseProblem, SecretChanged,
        UnexpectedResponse,
    },
    github::{GitHub, GitHubBuilder, Limits, RetryPolicy, Token},
    http::{Pages, Wait, WaitReason},
    operation::{Action, Operation, Permissions, RegistryAction},
    owner::{AnyOwner, Environment, InheritingRepository, Organization, Owner, Repository, User},
    place::{OwnerError, OwnerFault, OwnerNameKind, Place, PlaceError},
    registries::{
        NewRegistry, Oidc, PrivateRegistries, PrivateRegistry, RegistryAuth, RegistryType,
        RegistryUpdate, UnknownRegistryType,
    },
    secrets::{
        AnySecrets, Batch, BatchItem, NewSecret, Report, Secret, SecretRepositories, Secrets,
        SelectedRepository, Stored,
    },
    store::{OwnerKind, Store, UnknownStore},
};
