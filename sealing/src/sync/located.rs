//! From the name of a place to the place that has it now.

use std::sync::Arc;

use super::{directory::Directory, place_id::PlaceId};
use crate::{
    Error, Place,
    core::Core,
    http::{Call, FoundRepository},
    owner::find_user,
    place::OwnerName,
};

/// A place as it is called now.
pub(super) struct Located {
    pub(super) place: Place,
    pub(super) id: Option<PlaceId>,
    pub(super) is_archived: bool,
}

impl Located {
    /// A place of a repository.
    pub(super) fn of(place: &Place, found: &FoundRepository) -> Self {
        let place = renamed(place, found).unwrap_or_else(|| place.clone());
        Self {
            id: PlaceId::new(&place, Some(found.id)),
            place,
            is_archived: found.is_archived,
        }
    }

    /// Finds out what a place is called now, and what it is recognized by.
    pub(super) async fn find(
        place: &Place,
        directory: &Directory,
        core: &Arc<Core>,
    ) -> Result<Self, Error> {
        let call = Call::begin(&core.http);
        let id = match &place.owner {
            OwnerName::Repository(name) | OwnerName::Environment(name, _) => {
                let found = directory.find(&call, name).await?;
                return Ok(Self::of(place, &found));
            }
            OwnerName::User => Some(find_user(&call).await?),
            OwnerName::Organization(_) => None,
        };
        Ok(Self {
            place: place.clone(),
            id: PlaceId::new(place, id),
            is_archived: false,
        })
    }
}

/// Returns a place with the name that its repository has now, if that is another one.
fn renamed(place: &Place, found: &FoundRepository) -> Option<Place> {
    let owner = match &place.owner {
        OwnerName::Repository(_) => OwnerName::Repository(found.name.clone()),
        OwnerName::Environment(_, name) => OwnerName::Environment(found.name.clone(), name.clone()),
        OwnerName::Organization(_) | OwnerName::User => return None,
    };
    let present = Place::new(owner, place.store);
    (present != *place).then_some(present)
}
