#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "Seals values for GitHub in libsodium sealed boxes: the core of github-secrets, without the network."
)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

#[cfg(all(fuzzing, feature = "client"))]
#[doc(hidden)]
#[allow(
    missing_docs,
    clippy::missing_errors_doc,
    reason = "no part of the library"
)]
pub mod fuzzing;
mod key;
mod name;
#[cfg(feature = "client")]
mod net;
mod sealed_box;
mod value;

pub use key::{Base64Fault, KeyError, PublicKey, SealError, SealedValue};
pub use name::{NameError, SecretName};
#[cfg(feature = "client")]
pub use net::{
    access::{Access, AccessChanged, Unverified},
    answer::{Answer, GitHubMessage, RateLimit},
    builder::{ConfigurationError, GitHubBuilder},
    codespaces::{CodespacesSecrets, Secret, Stored},
    delivery::{BatchError, Delivered, Delivery, NewSecret, Outcome},
    error::{
        AnswerProblem, ConnectionError, ConnectionFault, Error, LimitKind, RateLimited,
        UnexpectedAnswer,
    },
    gate::{Wait, WaitReason},
    github::{GitHub, Organization},
    operation::{Operation, Permissions},
    owner::OwnerError,
    pages::Pages,
    policy::{Limits, RetryPolicy},
    refusal::Refusal,
    report::{Incomplete, Report},
    repositories::{Repository, SecretRepositories},
    token::Token,
    visibility::{RepositoryError, RepositoryRef, Visibility, VisibilityKind},
};
pub use value::{SecretValue, ValueError};
