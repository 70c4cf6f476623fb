//! Places as values and as text.

mod secrets;

use std::{
    collections::{BTreeSet, HashSet},
    hash::{BuildHasher, RandomState},
};

use github_secrets::{ParsePlaceError, Place, Store};
use github_secrets_emulator::Place as Held;
use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};

fn parse(text: &str) -> Place {
    text.parse().expect("a place")
}

#[test]
fn a_place_says_what_it_was_made_of() {
    let organization = Place::organization("acme", Store::Dependabot).expect("a login");
    let repository = Place::repository("acme/website", Store::Agents).expect("a repository");
    let environment = Place::environment("acme/website", "review/eu west").expect("names");
    let user = Place::user();
    let facts = |place: &Place| {
        let full_name = place.full_name();
        format!(
            "{place} {:?} {} {:?} {full_name:?} {:?}",
            place.kind(),
            place.store(),
            place.login(),
            place.environment_name()
        )
    };

    assert_eq!(
        facts(&organization),
        r#"orgs/acme/dependabot Organization dependabot Some("acme") None None"#
    );
    assert_eq!(
        facts(&repository),
        r#"repos/acme/website/agents Repository agents Some("acme") Some("acme/website") None"#
    );
    assert_eq!(
        facts(&environment),
        "repos/acme/website/environments/review/eu west Environment actions Some(\"acme\") \
         Some(\"acme/website\") Some(\"review/eu west\")"
    );
    assert_eq!(
        facts(&user),
        "user/codespaces User codespaces None None None"
    );
    assert_eq!(format!("{user:?}"), "Place(user/codespaces)");
}

#[test]
fn two_spellings_of_a_place_are_one() {
    let hasher = RandomState::new();
    for (one, other) in [
        ("orgs/acme/actions", "orgs/Acme/actions"),
        ("repos/acme/website/actions", "repos/ACME/WebSite/actions"),
        (
            "repos/acme/website/environments/Größe",
            "repos/acme/Website/environments/gRÖßE",
        ),
    ] {
        let (one, other) = (parse(one), parse(other));
        assert_eq!(one, other);
        assert_eq!(one.cmp(&other), std::cmp::Ordering::Equal);
        assert_eq!(hasher.hash_one(&one), hasher.hash_one(&other));
        assert_ne!(one.to_string(), other.to_string());
    }
}

#[test]
fn places_are_told_apart_and_stand_in_order_beside_their_owner() {
    let in_order = [
        "orgs/acme/actions",
        "orgs/acme/agents",
        "orgs/acme/codespaces",
        "orgs/Website/actions",
        "repos/acme/api/dependabot",
        "repos/acme/website/actions",
        "repos/acme/website/dependabot",
        "repos/acme/website/environments/a",
        "repos/acme/website/environments/a/b",
        "repos/acme/website2/actions",
        "user/codespaces",
    ];
    let sorted: BTreeSet<Place> = in_order.iter().rev().map(|text| parse(text)).collect();
    let sorted: Vec<_> = sorted.iter().map(ToString::to_string).collect();
    assert_eq!(sorted, in_order);
    let different: HashSet<Place> = in_order.iter().map(|text| parse(text)).collect();
    assert_eq!(different.len(), in_order.len());
}

#[test]
fn the_name_of_an_environment_is_the_rest_of_the_text() {
    let prefix = "repos/acme/website/environments/";
    for (text, name, printed) in [
        ("production", "production", "production"),
        ("review/eu west", "review/eu west", "review/eu west"),
        ("review%2Feu%20west", "review/eu west", "review/eu west"),
        ("100%", "100%", "100%25"),
        ("100%25", "100%", "100%25"),
        ("%2", "%2", "%252"),
        ("%zz", "%zz", "%25zz"),
        ("gr%C3%BC%c3%9Fe", "grüße", "grüße"),
        ("a//b/", "a//b/", "a//b/"),
    ] {
        let place = parse(&format!("{prefix}{text}"));
        assert_eq!(place.environment_name(), Some(name), "{text}");
        assert_eq!(place.to_string(), format!("{prefix}{printed}"));
        assert_eq!(parse(&place.to_string()), place);
    }
}

#[test]
fn a_text_that_is_no_place_is_refused_with_what_to_write_and_not_repeated() {
    let long = "hunter2/".repeat(10_000);
    let kinds = [
        "",
        "acme",
        "org/acme/actions",
        "/orgs/acme/actions",
        &long,
        "\u{1b}[2J",
    ];
    for text in kinds {
        assert_eq!(
            text.parse::<Place>(),
            Err(ParsePlaceError::Form),
            "{text:?}"
        );
    }
    for text in [
        "orgs",
        "orgs/acme",
        "repos/acme",
        "repos/acme/website",
        "repos/acme/website/environments",
        "user",
        "user/",
    ] {
        assert_eq!(
            text.parse::<Place>(),
            Err(ParsePlaceError::Incomplete),
            "{text}"
        );
    }
    for text in [
        "orgs/acme/",
        "orgs/acme/secrets",
        "orgs/acme/actions/",
        "orgs/acme/Actions",
        "repos/acme/website/actions/hunter2",
        "repos/acme/website/hunter2/hunter2",
    ] {
        assert_eq!(text.parse::<Place>(), Err(ParsePlaceError::Store), "{text}");
    }
    assert_eq!(
        "user/actions".parse::<Place>(),
        Err(ParsePlaceError::UserStore)
    );
    for text in [
        "orgs//actions",
        "orgs/../actions",
        "orgs/hunter2\u{1b}[2J/actions",
        "repos/acme/hunter 2/actions",
        "repos/acme/website/environments/",
        "repos/acme/website/environments/..",
        "repos/acme/website/environments/hunter2\n",
        "repos/acme/website/environments/hunter2%0A",
        &format!("orgs/{}/actions", "hunter2".repeat(100)),
    ] {
        let error = text.parse::<Place>().expect_err(text);
        assert!(matches!(error, ParsePlaceError::Owner(_)), "{text}");
        let message = error.to_string();
        assert!(
            !message.contains("hunter2") && message.len() < 200,
            "{message}"
        );
        assert!(!message.contains(char::is_control), "{message:?}");
    }
    let latin = "repos/acme/website/environments/gr%FC%DFe".parse::<Place>();
    assert_eq!(latin, Err(ParsePlaceError::Encoding));
}

/// A text of the characters that the form gives a meaning to, and of others.
fn environment() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        "[a-zA-Z0-9]",
        "[%/ ._=~-]",
        "%[0-9a-fA-F]{2}",
        "[üßİ€\u{202e}]"
    ];
    proptest::collection::vec(character, 1..20).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn the_form_is_the_emulators_and_reads_back(
        name in environment(),
        full_name in "[A-Za-z0-9_-]{1,10}/[A-Za-z0-9._-]{0,10}x",
        store in prop_oneof![
            Just(Store::Actions),
            Just(Store::Agents),
            Just(Store::Codespaces),
            Just(Store::Dependabot),
        ],
    ) {
        let places = [
            Place::environment(&full_name, &name),
            Place::repository(&full_name, store),
            Place::organization(full_name.split('/').next().unwrap_or_default(), store),
        ];
        for place in places.into_iter().flatten() {
            let text = place.to_string();
            prop_assert_eq!(&text.parse::<Place>(), &Ok(place.clone()));
            let held: Held = text.parse().expect("the emulator's place");
            prop_assert_eq!(held.environment_name(), place.environment_name());
            prop_assert_eq!(held.store().as_str(), place.store().as_str());
            let back: Place = held.to_string().parse().expect("a place");
            prop_assert!(back == place, "{} {}", back, place);
        }
    }

    #[test]
    fn no_text_breaks_the_parser_or_comes_back_raw(text in ".{0,300}", at in 0..4usize) {
        let prefix = ["", "orgs/", "repos/acme/", "repos/acme/website/environments/"][at];
        if let Err(error) = format!("{prefix}{text}").parse::<Place>() {
            let message = error.to_string();
            prop_assert!(message.len() < 300 && !message.contains(char::is_control));
        }
    }
}
