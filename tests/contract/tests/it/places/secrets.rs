//! The secrets of a place that is known at run time only.

use contract_tests::{Reply, Wire, github};
use github_secrets::{
    AccessError, AnyAccess, AnySecrets, BatchError, Error, GitHub, NewSecret, OwnerKind, Place,
    Repositories, Store, Stored, Visibility,
};
use github_secrets_emulator::{Emulator, Place as Held};

use super::parse;

async fn emulated() -> (Emulator, GitHub) {
    let emulator = Emulator::start().await.expect("an emulator");
    let github = github::builder(emulator.url()).build().expect("settings");
    (emulator, github)
}

/// Every kind of place, with an access that it takes.
fn places() -> Vec<(Place, AnyAccess)> {
    let mut places = vec![
        (
            Place::user(),
            Repositories::selected(["acme/website"]).into(),
        ),
        (
            parse("repos/acme/website/environments/production"),
            ().into(),
        ),
    ];
    for store in Store::ALL {
        let organization = Place::organization("acme", store).expect("a login");
        let repository = Place::repository("acme/website", store).expect("a repository");
        places.push((organization, Visibility::selected(["website"]).into()));
        places.push((repository, AnyAccess::None));
    }
    places
}

#[tokio::test]
async fn the_secrets_of_every_place_do_what_those_of_its_owner_do() {
    let (emulator, github) = emulated().await;
    for (place, access) in places() {
        let secrets = github.secrets(&place);
        assert_eq!((secrets.place(), secrets.store()), (&place, place.store()));

        let stored = secrets.set("TOKEN", "first", access.clone()).await;
        assert_eq!(stored.expect("stored"), Stored::Created, "{place}");
        secrets.rotate("TOKEN", "second").await.expect("rotated");
        let new = NewSecret::new("OTHER", "third")
            .expect("a name")
            .access(access.clone());
        let report = secrets
            .set_all([new])
            .await
            .expect("a batch")
            .finish()
            .await;
        assert_eq!(report.expect("stored").created(), 1, "{place}");

        let held: Held = place.to_string().parse().expect("the emulator's place");
        let value = |name| Some(emulator.secret(&held, name)?.value().to_vec());
        assert_eq!(value("TOKEN").as_deref(), Some(&b"second"[..]), "{place}");
        assert_eq!(value("OTHER").as_deref(), Some(&b"third"[..]), "{place}");

        let has_access = access != AnyAccess::None;
        assert_eq!(secrets.repositories("TOKEN").is_ok(), has_access, "{place}");
        if has_access {
            let selected = secrets.repositories("TOKEN").expect("a selection");
            assert_eq!(selected.list().all().await.expect("listed").len(), 1);
            let change: AnyAccess = match place.kind() {
                OwnerKind::User => Repositories::none().into(),
                _ => Visibility::selected_none().into(),
            };
            let changed = secrets.set_access("TOKEN", change.clone()).await;
            assert!(changed.expect("changed"), "{place}");
            let again = secrets.set_access("TOKEN", change).await;
            assert!(!again.expect("nothing to change"), "{place}");
            assert!(selected.list().all().await.expect("listed").is_empty());
        }
        secrets.delete("TOKEN").await.expect("deleted");
        let left = secrets.list().all().await.expect("listed");
        assert_eq!(left.len(), 1, "{place}");
    }
}

#[tokio::test]
async fn secrets_of_different_types_fit_into_one_vec_and_keep_their_place() {
    let (_emulator, github) = emulated().await;
    let (org, repo) = (
        github.org("acme").expect("a login"),
        github.repo("acme/website"),
    );
    let repo = repo.expect("a repository");
    let environment = repo.environment("production").expect("a name");
    let all: Vec<AnySecrets> = vec![
        org.actions().into(),
        repo.actions().into(),
        repo.dependabot().into(),
        environment.into(),
        github.user().codespaces().into(),
    ];
    let places: Vec<_> = all
        .iter()
        .map(|secrets| secrets.place().to_string())
        .collect();
    assert_eq!(
        places,
        [
            "orgs/acme/actions",
            "repos/acme/website/actions",
            "repos/acme/website/dependabot",
            "repos/acme/website/environments/production",
            "user/codespaces",
        ]
    );
    assert_eq!(
        format!("{:?}", all[1]),
        "Secrets(repos/acme/website/actions)"
    );
    for secrets in &all {
        secrets.public_key().await.expect("a key");
    }
}

#[tokio::test]
async fn an_access_that_does_not_fit_the_owner_is_refused_before_anything_is_sent() {
    let wire = Wire::serve(|_| Reply::status(500));
    let github = github::builder(wire.url()).build().expect("settings");
    let accesses = [
        AnyAccess::None,
        Visibility::All.into(),
        Repositories::selected(["acme/website"]).into(),
    ];
    for (place, fitting) in places() {
        let expected = match place.kind() {
            OwnerKind::Organization => AccessError::VisibilityRequired,
            OwnerKind::User => AccessError::RepositoriesRequired,
            _ => AccessError::NoAccess,
        };
        let secrets = github.secrets(&place);
        let kind = |access: &AnyAccess| std::mem::discriminant(access);
        for access in accesses
            .iter()
            .filter(|access| kind(access) != kind(&fitting))
        {
            let set = secrets.set("TOKEN", "value", access.clone()).await;
            let changed = secrets.set_access("TOKEN", access.clone()).await;
            for error in [set.err(), changed.err()] {
                assert!(
                    matches!(error, Some(Error::Access(error)) if error == expected),
                    "{place}: {error:?}"
                );
            }
            let new = NewSecret::new("TOKEN", "value").expect("a name");
            let batch = secrets.set_all([new.access(access.clone())]).await;
            let error = batch.expect_err("a misfit");
            let Error::Batch(BatchError::Access { error, .. }) = error else {
                panic!("{place}: {error:?}");
            };
            assert_eq!(error, expected, "{place}");
        }
        let lists = place.kind() == OwnerKind::Repository
            && matches!(place.store(), Store::Actions | Store::Agents);
        assert_eq!(secrets.organization_secrets().is_ok(), lists, "{place}");
        if fitting == AnyAccess::None {
            let error = secrets
                .set_access("TOKEN", ())
                .await
                .expect_err("no access");
            assert!(
                matches!(error, Error::Access(AccessError::NoAccess)),
                "{error:?}"
            );
        }
    }
    assert_eq!(wire.requests().len(), 0);
}
