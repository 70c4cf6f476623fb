//! Places and accesses in words.

use std::fmt;

use github_secrets::{AnyAccess, OwnerKind, Place, Repositories, RepositoryRef, Visibility};

/// The secrets of a place, in words.
pub(crate) struct SecretsOf<'a>(pub(crate) &'a Place);

/// A place, or the number of places.
pub(crate) struct Places<'a>(pub(crate) &'a [Place]);

/// Places with the access that a write sets there, in words.
pub(crate) struct Destinations<'a>(pub(crate) &'a [Place], pub(crate) &'a AnyAccess);

/// The secrets of a place with the access that a write sets, in words.
pub(crate) struct Destination<'a>(pub(crate) &'a Place, pub(crate) &'a AnyAccess);

impl fmt::Display for SecretsOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, title) = (self.0, self.0.store().title());
        let login = place.login().unwrap_or_default();
        let repository = place.full_name().unwrap_or_default();
        match place.kind() {
            OwnerKind::Organization => {
                write!(f, "the {title} secrets of the organization {login}")
            }
            OwnerKind::Environment => {
                let name = place.environment_name().unwrap_or_default();
                // What does not look like a name can be a value in the wrong place.
                if format!("{place:#}") == place.to_string() {
                    write!(f, "the secrets of the environment {name:?} of {repository}")
                } else {
                    write!(f, "the secrets of an environment of {repository}")
                }
            }
            OwnerKind::User => write!(f, "the user's {title} secrets"),
            _ => write!(f, "the {title} secrets of the repository {repository}"),
        }
    }
}

impl fmt::Display for Destination<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(place, access) = self;
        SecretsOf(place).fmt(f)?;
        write_access(f, access)
    }
}

impl fmt::Display for Places<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [place] => SecretsOf(place).fmt(f),
            places => write!(f, "{} places", places.len()),
        }
    }
}

impl fmt::Display for Destinations<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Places(self.0).fmt(f)?;
        write_access(f, self.1)
    }
}

fn write_access(f: &mut fmt::Formatter<'_>, access: &AnyAccess) -> fmt::Result {
    match access {
        AnyAccess::Visibility(visibility) => write!(f, ", {}", readers(visibility)),
        AnyAccess::Repositories(repositories) => write!(f, ", {}", selection(repositories)),
        _ => Ok(()),
    }
}

fn readers(visibility: &Visibility) -> String {
    match visibility {
        Visibility::All => "for all repositories".to_owned(),
        Visibility::Private => "for private and internal repositories".to_owned(),
        Visibility::Selected(repositories) => selection(repositories),
        other => format!("for {other}"),
    }
}

fn selection(repositories: &Repositories) -> String {
    let names: Vec<_> = repositories.iter().map(repository).collect();
    match names.as_slice() {
        [] => "for no repository".to_owned(),
        [one] => format!("for the repository {one}"),
        many => format!("for the repositories {}", many.join(", ")),
    }
}

/// A number is an id, even if a repository has it as its name: that has to be seen.
fn repository(repository: &RepositoryRef) -> String {
    match repository {
        RepositoryRef::Id(id) => format!("{id} (an id)"),
        name => name.to_string(),
    }
}
