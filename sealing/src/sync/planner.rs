//! Makes a plan: reads the places, and writes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    SyncError,
    absence::{Absence, is_gone},
    desired::{Desired, Wish},
    directory::Directory,
    judge::{Record, StepKind, StepReason},
    located::Located,
    options::Options,
    place_id::PlaceId,
    plan::{PLACES_AT_ONCE, Plan, PlannedPlace, Problem},
    room::make_room,
    state::State,
    survey::{Intent, Intents, Step, Survey},
};
use crate::{
    Error, GitHub, Place, SecretName, core::Core, error::Scope, http::Call, owner::WriteAccess,
    place::OwnerName, repository_ids::resolve, secrets::SecretStore,
};

impl GitHub {
    /// Plans the changes that make the secrets on GitHub match `desired`. [`Plan::apply`] makes
    /// them.
    ///
    /// Lists the secrets of each place, compares them with the state, and writes nothing. A place
    /// that cannot be read is part of the plan, with its [`problem`](PlannedPlace::problem).
    ///
    /// ```no_run
    /// # use github_secrets::GitHub;
    /// # async fn example(github: GitHub) -> Result<(), Box<dyn std::error::Error>> {
    /// use github_secrets::{
    ///     NewSecret, Store,
    ///     sync::{Desired, Options, State, StateKey},
    /// };
    ///
    /// let npm = NewSecret::new("NPM_TOKEN", std::env::var("NPM_TOKEN")?)?;
    /// let mut desired = Desired::new();
    /// for repository in ["acme/website", "acme/api"] {
    ///     let repository = github.repo(repository)?;
    ///     desired.set(repository.actions(), npm.clone())?;
    ///     desired.set(repository.dependabot(), npm.clone())?;
    /// }
    /// let key = StateKey::new(&std::env::var("SECRETS_STATE_KEY")?)?;
    /// let state = match std::fs::read("platform.state") {
    ///     Ok(bytes) => State::read(&bytes, key)?,
    ///     Err(error) if error.kind() == std::io::ErrorKind::NotFound => State::new(key),
    ///     Err(error) => return Err(error.into()),
    /// };
    /// let plan = github.plan(desired, state, Options::default()).await?;
    /// println!("{plan}");
    /// let mut apply = plan.apply(|state| {
    ///     std::fs::write("platform.state.new", state)?;
    ///     std::fs::rename("platform.state.new", "platform.state")
    /// });
    /// while let Some(done) = apply.next().await {
    ///     println!("{} {}: {:?}", done.place, done.name, done.result);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`SyncError::State`] if the state belongs to another API, and [`SyncError::GitHub`]
    /// for an error that affects every place, such as a revoked token.
    pub async fn plan(
        &self,
        desired: Desired,
        mut state: State,
        options: Options,
    ) -> Result<Plan, SyncError> {
        let core = Arc::clone(self.core());
        state.bind(core.http.api_url.as_str())?;
        let Desired { places, known } = desired;
        let mut directory = Directory::new(known.into_values());
        let unlisted = state.places().filter(|(id, _)| {
            let repository = id.repository();
            repository.is_some_and(|id| directory.by_id(id).is_none())
        });
        let unlisted = unlisted.map(|(_, of_place)| &of_place.place);
        let names = places.keys().chain(unlisted);
        let names: BTreeMap<String, _> = names
            .filter_map(|place| place.owner.repository())
            .map(|name| (name.folded(), name.clone()))
            .collect();
        directory.list(&core, names.into_values()).await?;

        let planner = Planner {
            core: &core,
            directory: &directory,
            state: &state,
            options,
        };
        let wished = stream::iter(places)
            .map(|(place, wishes)| planner.wished(place, wishes))
            .buffered(PLACES_AT_ONCE);
        let mut planned: Vec<Looked> = wished.try_collect().await?;
        refuse_same(&mut planned);

        let seen: BTreeSet<PlaceId> = planned
            .iter()
            .filter_map(|one| one.place.id.clone())
            .collect();
        let named: BTreeSet<Place> = planned
            .iter()
            .flat_map(|one| [Some(&one.place.place), one.place.renamed_from.as_ref()])
            .flatten()
            .cloned()
            .collect();
        let remembered: Vec<(PlaceId, Place)> = state
            .places()
            .filter(|(id, of_place)| !seen.contains(*id) && !named.contains(&of_place.place))
            .map(|(id, of_place)| (id.clone(), of_place.place.clone()))
            .collect();
        let remembered = stream::iter(remembered)
            .map(|(id, place)| planner.remembered(id, place, &named))
            .buffered(PLACES_AT_ONCE);
        let remembered: Vec<Option<Looked>> = remembered.try_collect().await?;
        planned.extend(remembered.into_iter().flatten());
        refuse_same(&mut planned);

        let mut plan = Plan {
            core: Arc::clone(&core),
            options,
            places: Vec::with_capacity(planned.len()),
            unreachable: 0,
            state,
        };
        for Looked { place, records, .. } in planned {
            if let Some(id) = &place.id {
                for (name, record) in records {
                    plan.state.set(id, &place.place, &name, record);
                }
            }
            plan.places.push(place);
        }
        plan.places
            .sort_by(|one, other| one.place.cmp(&other.place));
        plan.count_unreachable();
        Ok(plan)
    }
}

/// A place that was read, with what that says about its records.
struct Looked {
    place: PlannedPlace,
    records: Vec<(SecretName, Option<Record>)>,
    /// Whether it cannot be read because it does not exist, as far as the token can see.
    is_gone: bool,
}

struct Planner<'p> {
    core: &'p Arc<Core>,
    directory: &'p Directory,
    state: &'p State,
    options: Options,
}

impl Planner<'_> {
    /// Reads a place that has desired secrets.
    async fn wished(
        &self,
        place: Place,
        wishes: BTreeMap<SecretName, Wish>,
    ) -> Result<Looked, SyncError> {
        let located = match Located::find(&place, self.directory, self.core).await {
            Ok(located) => located,
            Err(error) => return Ok(Looked::unreadable(place, error)?),
        };
        let renamed_from = (located.place != place).then_some(place);
        let mut looked = self.look_or_refuse(&located, &wishes).await?;
        looked.place.renamed_from = renamed_from;
        if located.is_archived && looked.place.steps.iter().any(Step::is_change) {
            looked.place.problem = Some(Problem::Archived);
        }
        Ok(looked)
    }

    /// Reads a place where secrets were written and none is desired any more.
    async fn remembered(
        &self,
        id: PlaceId,
        place: Place,
        named: &BTreeSet<Place>,
    ) -> Result<Option<Looked>, SyncError> {
        let known = id.repository().and_then(|id| self.directory.by_id(id));
        let located = match known {
            Some(known) => Located::of(&place, known),
            None => match Located::find(&place, self.directory, self.core).await {
                Ok(located) => located,
                // Deleted, hidden or transferred: its records wait for it.
                Err(error) if is_gone(&error) => return Ok(None),
                Err(Error::Moved(_)) => return Ok(None),
                Err(error) => return Ok(Some(Looked::unreadable(place, error)?)),
            },
        };
        // Another repository has its name, or it is wanted under this name, and could not be read.
        if located.id.as_ref() != Some(&id) || named.contains(&located.place) {
            return Ok(None);
        }
        let mut looked = match self.look_or_refuse(&located, &BTreeMap::new()).await? {
            Looked { is_gone: true, .. } => return Ok(None),
            looked => looked,
        };
        // An archived repository is no problem of those where nothing is wanted of it any more.
        let deletes = |step: &&mut Step| step.kind == StepKind::Delete;
        if located.is_archived {
            for step in looked.place.steps.iter_mut().filter(deletes) {
                (step.kind, step.reason) = (StepKind::Leave, StepReason::NoLongerWantedAndArchived);
            }
        }
        Ok(Some(looked))
    }

    async fn look_or_refuse(
        &self,
        located: &Located,
        wishes: &BTreeMap<SecretName, Wish>,
    ) -> Result<Looked, Error> {
        let place = &located.place;
        let Some(id) = located.id.clone() else {
            return Ok(Looked::empty(place.clone()));
        };
        match self.look(place, id, wishes).await {
            Ok(looked) => Ok(looked),
            Err(error) => {
                let absence = Absence::find(self.core, place, &error).await;
                let mut looked = Looked::unreadable(place.clone(), error)?;
                looked.is_gone = absence == Absence::Gone;
                if absence == Absence::Hidden {
                    looked.place.problem = Some(Problem::NotFound {
                        owner: place.owner.to_string(),
                        store: place.store,
                    });
                }
                Ok(looked)
            }
        }
    }

    async fn look(
        &self,
        place: &Place,
        id: PlaceId,
        wishes: &BTreeMap<SecretName, Wish>,
    ) -> Result<Looked, Error> {
        let store = SecretStore {
            core: Arc::clone(self.core),
            place: Arc::new(place.clone()),
        };
        let call = store.call();
        let intents = self.intents(&store, &call, &id, wishes).await?;
        let survey = Survey::read(&store, &call, &intents).await?;
        let records = self.state.records_of(&id);
        let mut judged = survey.judge(&intents, &records, self.options.rules);
        let full = id.most_secrets().and_then(|maximum| {
            let secrets = make_room(&mut judged.steps, survey.len(), maximum)?;
            Some(Problem::Full { secrets, maximum })
        });
        Ok(Looked {
            place: PlannedPlace {
                place: place.clone(),
                renamed_from: None,
                steps: judged.steps,
                unmanaged: judged.unmanaged,
                problem: full,
                id: Some(id),
                intents,
            },
            records: judged.records,
            is_gone: false,
        })
    }

    /// Looks up the repositories that are named in wishes.
    async fn intents(
        &self,
        store: &SecretStore,
        call: &Arc<Call>,
        id: &PlaceId,
        wishes: &BTreeMap<SecretName, Wish>,
    ) -> Result<Intents, Error> {
        let owner = match &store.place.owner {
            OwnerName::Organization(login) => Some(login.as_str()),
            _ => None,
        };
        let (key, api) = (self.state.key(), store.core.http.api_url.as_str());
        let by_id = |repositories| self.directory.with_ids(owner, repositories);
        let known: BTreeMap<&SecretName, _> = wishes
            .iter()
            .filter_map(|(name, wish)| Some((name, by_id(wish.repositories()?))))
            .collect();
        let ids = resolve(call, &store.place.owner, known.values()).await?;
        let intent = |name: &SecretName, wish: &Wish| match wish {
            Wish::Present {
                value,
                access,
                rule,
            } => {
                let selected = known.get(name).map(|repositories| ids.of(repositories));
                let named = wish.repositories().into_iter().zip(known.get(name));
                let named = named.flat_map(|(given, known)| given.iter().zip(known.iter()));
                let names =
                    named.filter_map(|(given, known)| Some((ids.id(known)?, given.to_string())));
                Intent::Present {
                    digest: value.as_ref().map(|value| key.digest(api, id, name, value)),
                    value: value.clone(),
                    access: access.with_ids(selected.unwrap_or_default()),
                    names: names.collect(),
                    rule: *rule,
                }
            }
            Wish::Absent => Intent::Absent,
        };
        let intents = wishes
            .iter()
            .map(|(name, wish)| (name.clone(), intent(name, wish)));
        Ok(intents.collect())
    }
}

impl Looked {
    fn empty(place: Place) -> Self {
        Self {
            place: PlannedPlace {
                place,
                renamed_from: None,
                steps: Vec::new(),
                unmanaged: Vec::new(),
                problem: None,
                id: None,
                intents: Intents::new(),
            },
            records: Vec::new(),
            is_gone: false,
        }
    }

    /// A place that cannot be read, unless no other can be read either.
    fn unreadable(place: Place, error: Error) -> Result<Self, Error> {
        if Scope::of(&error) == Scope::All {
            return Err(error);
        }
        let mut looked = Self::empty(place);
        looked.place.problem = Some(Problem::Unreadable(error));
        Ok(looked)
    }
}

/// Refuses all but one of the places that turned out to be the same: one repository by two names,
/// or two that had the same name one after the other while they were looked up.
fn refuse_same(planned: &mut [Looked]) {
    let mut by_id: BTreeMap<PlaceId, Place> = BTreeMap::new();
    let mut places: BTreeSet<Place> = BTreeSet::new();
    // The one that is called by its present name is kept.
    let (kept, renamed): (Vec<_>, Vec<_>) = planned
        .iter_mut()
        .partition(|one| one.place.renamed_from.is_none());
    for looked in kept.into_iter().chain(renamed) {
        let PlannedPlace { place, id, .. } = &looked.place;
        let same = id.as_ref().and_then(|id| by_id.get(id));
        let same = same.or_else(|| places.get(place)).cloned();
        if let Some(other) = same {
            let asked = looked.place.renamed_from.take();
            let asked = asked.unwrap_or_else(|| looked.place.place.clone());
            let mut refused = Looked::empty(asked);
            refused.place.problem = Some(Problem::Same(other));
            *looked = refused;
            continue;
        }
        places.insert(place.clone());
        if let Some(id) = id {
            by_id.insert(id.clone(), place.clone());
        }
    }
}
