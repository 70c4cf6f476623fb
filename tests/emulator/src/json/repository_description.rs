//! Repositories in JSON, their secrets left out.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::repository::{FormerName, Repository};

/// A repository as a file or a client describes it.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RepositoryDescription {
    id: u64,
    name: String,
    #[serde(default)]
    public: bool,
    #[serde(default)]
    archived: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    environments: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    renamed_from: Vec<String>,
    /// Former names with their owners.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    transferred_from: Vec<String>,
}

impl RepositoryDescription {
    pub(crate) fn into_repository(self) -> Repository {
        let mut repository = Repository::new(self.id, self.name);
        repository.public = self.public;
        repository.archived = self.archived;
        let environments = self.environments.into_iter();
        repository = environments.fold(repository, Repository::environment);
        let renamed_from = self.renamed_from.into_iter();
        repository = renamed_from.fold(repository, Repository::renamed_from);
        let transferred_from = self.transferred_from.into_iter();
        transferred_from.fold(repository, Repository::transferred_from)
    }
}

pub(crate) fn serialize<S: Serializer>(repository: &Repository, to: S) -> Result<S::Ok, S::Error> {
    let mut description = RepositoryDescription {
        id: repository.id,
        name: repository.name.clone(),
        public: repository.public,
        archived: repository.archived,
        environments: repository
            .environments
            .iter()
            .map(|environment| environment.name.clone())
            .collect(),
        renamed_from: Vec::new(),
        transferred_from: Vec::new(),
    };
    for former in &repository.former_names {
        match former.clone() {
            FormerName::Renamed(name) => description.renamed_from.push(name),
            FormerName::Transferred(full_name) => description.transferred_from.push(full_name),
        }
    }
    description.serialize(to)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Repository, D::Error> {
    RepositoryDescription::deserialize(from).map(RepositoryDescription::into_repository)
}
