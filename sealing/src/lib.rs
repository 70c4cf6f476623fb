#![cfg_attr(feature = "client", doc = include_str!("lib.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "Seals values for GitHub in libsodium sealed boxes: the core of github-secrets, without \
           the network."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod key;
mod name;
mod sealed_box;
mod value;

pub use key::{Base64Fault, KeyError, PublicKey, SealError, SealedValue};
pub use name::{CharacterFault, IntoSecretName, NameError, SecretName};
pub use value::{SecretValue, ValueError};

#[cfg(feature = "client")]
pub use client::*;

/// What talks to GitHub.
#[cfg(feature = "client")]
#[path = "."]
mod client {
    pub(crate) mod access;
    pub(crate) mod batch;
    pub(crate) mod core;
    pub(crate) mod error;
    #[cfg(fuzzing)]
    #[doc(hidden)]
    #[allow(
        missing_docs,
        clippy::missing_errors_doc,
        reason = "no part of the library"
    )]
    pub mod fuzzing;
    pub(crate) mod github;
    pub(crate) mod http;
    pub(crate) mod keys;
    pub(crate) mod listings;
    pub(crate) mod operation;
    pub(crate) mod owner;
    pub(crate) mod place;
    pub(crate) mod registries;
    pub(crate) mod repository_ids;
    pub(crate) mod secrets;
    #[cfg(feature = "serde")]
    mod serialization;
    #[cfg(test)]
    #[path = "../../tests/simulation/mod.rs"]
    mod simulation;
    pub(crate) mod store;
    #[cfg(feature = "sync")]
    pub mod sync;
    pub(crate) mod timestamp;

    /// The HTTP library, in the version that [`GitHubBuilder::http_client`] takes.
    pub use reqwest;

    pub use self::{
        access::{
            Access, AccessError, AnyAccess, ParseVisibilityError, Repositories, RepositoryRef,
            Visibility, VisibilityKind,
        },
        batch::{Batch, BatchItem, NewSecret, Outcome, Report},
        error::{
            BatchError, Change, ConfigurationError, ConnectionError, ConnectionFault, Error,
            ErrorResponse, GitHubMessage, Incomplete, LimitKind, NotTried, RateLimit, RateLimited,
            Reason, RegistryError, RepositoryError, RepositoryMoved, ResponseHead, ResponseProblem,
            SecretChanged, UnexpectedResponse,
        },
        github::{GitHub, GitHubBuilder},
        http::{Limits, Pages, RetryPolicy, Token, Wait, WaitReason},
        listings::{ListedEnvironment, ListedRepository},
        operation::{Action, Operation, Permissions, RegistryAction},
        owner::{
            AnyOwner, Environment, InheritingRepository, Organization, Owner, Repository, User,
        },
        place::{OwnerError, OwnerFault, OwnerNameKind, ParsePlaceError, Place},
        registries::{
            NewRegistry, Oidc, ParseRegistryTypeError, PrivateRegistries, PrivateRegistry,
            RegistryAuth, RegistryType, RegistryUpdate,
        },
        secrets::{AnySecrets, Deleted, Secret, SecretRepositories, Secrets, Stored},
        store::{OwnerKind, ParseStoreError, Store},
        timestamp::{ParseTimestampError, Timestamp},
    };
}
