//! Which repositories there are: from lists where that takes fewer requests, else one by one.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    Error, ListedRepository, Organization, Repositories, RepositoryRef,
    core::Core,
    error::Scope,
    http::{Call, FoundRepository, PER_PAGE},
    place::{Login, RepositoryName},
};

/// The repositories that are known.
#[derive(Default)]
pub(super) struct Directory {
    by_name: HashMap<String, FoundRepository>,
    by_id: HashMap<u64, FoundRepository>,
}

/// With fewer names of one owner, a list saves nothing.
const FEWEST_TO_LIST: usize = 3;

impl Directory {
    pub(super) fn new(known: impl Iterator<Item = ListedRepository>) -> Self {
        let mut directory = Self::default();
        known.for_each(|one| directory.add(&one));
        directory
    }

    /// Lists the repositories of owners of whom many are wanted: of each at most as many pages as
    /// there are names, so that a large organization does not cost more than looking them up.
    ///
    /// What cannot be listed, because the owner is a user for example, is looked up later. An error
    /// that every request would meet is returned.
    pub(super) async fn list(
        &mut self,
        core: &Arc<Core>,
        wanted: impl Iterator<Item = RepositoryName>,
    ) -> Result<(), Error> {
        let mut owners: BTreeMap<String, (Login, BTreeSet<String>)> = BTreeMap::new();
        for name in wanted {
            if !self.by_name.contains_key(&name.folded()) {
                let login = name.owner().clone();
                let owner = owners.entry(login.as_str().to_ascii_lowercase());
                let owner = owner.or_insert_with(|| (login, BTreeSet::new()));
                owner.1.insert(name.folded());
            }
        }
        for (login, names) in owners.into_values() {
            if names.len() >= FEWEST_TO_LIST {
                self.list_owner(core, login, names).await?;
            }
        }
        Ok(())
    }

    async fn list_owner(
        &mut self,
        core: &Arc<Core>,
        login: Login,
        mut missing: BTreeSet<String>,
    ) -> Result<(), Error> {
        let core = Arc::clone(core);
        let mut repositories = Organization { core, login }.repositories();
        let (mut entries, page) = (0, usize::from(PER_PAGE));
        while let Some(one) = repositories.next().await {
            match one {
                Ok(one) => {
                    missing.remove(&one.full_name.to_ascii_lowercase());
                    self.add(&one);
                }
                Err(error) if Scope::of(&error) == Scope::All => return Err(error),
                Err(_) => return Ok(()),
            }
            entries += 1;
            if entries % page == 0 && missing.len() <= entries / page {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Returns the repository with this name, as it is called now.
    pub(super) async fn find(
        &self,
        call: &Arc<Call>,
        name: &RepositoryName,
    ) -> Result<FoundRepository, Error> {
        match self.by_name.get(&name.folded()) {
            Some(known) => Ok(known.clone()),
            None => call.find_repository(name).await,
        }
    }

    pub(super) fn by_id(&self, id: u64) -> Option<&FoundRepository> {
        self.by_id.get(&id)
    }

    /// Returns the same repositories, by their ids where those are known.
    pub(super) fn with_ids(
        &self,
        owner: Option<&str>,
        repositories: &Repositories,
    ) -> Repositories {
        let by_id = |one: &RepositoryRef| match one {
            RepositoryRef::Name(name) => {
                let full = match owner {
                    Some(owner) if !name.contains('/') => format!("{owner}/{name}"),
                    _ => name.clone(),
                };
                let known = self.by_name.get(&full.to_ascii_lowercase());
                known.map_or_else(|| one.clone(), |known| RepositoryRef::Id(known.id))
            }
            RepositoryRef::Id(_) => one.clone(),
        };
        repositories.iter().map(by_id).collect()
    }

    fn add(&mut self, one: &ListedRepository) {
        let Ok(name) = RepositoryName::parse(&one.full_name) else {
            return;
        };
        let found = FoundRepository {
            id: one.id,
            name,
            is_archived: one.archived == Some(true),
        };
        self.by_name.insert(found.name.folded(), found.clone());
        self.by_id.insert(found.id, found);
    }
}
