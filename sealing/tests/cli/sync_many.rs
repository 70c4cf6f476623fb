//! Many secrets and many repositories: pages, and how many requests they take.

use github_secrets::{
    GitHub, Limits, NewSecret,
    sync::{Desired, Options, State, StateKey},
};
use github_secrets_emulator::{Emulator, Organization, Repository};
use serde_json::Value;

use crate::sync::{KEY, Platform};

/// One is enough: a list of secrets is one request, however many there are.
const SECRETS: [&str; 1] = ["S4"];

fn names(prefix: &str, number: usize) -> Vec<String> {
    (0..number)
        .map(|index| format!("{prefix}{index:03}"))
        .collect()
}

async fn repositories(number: usize) -> Emulator {
    let names = names("svc-", number).into_iter();
    let organization = names
        .zip(1..)
        .fold(Organization::new("acme"), |acme, (name, id)| {
            acme.repository(Repository::new(id, name))
        });
    let emulator = Emulator::builder().organization(organization);
    emulator.start().await.unwrap()
}

fn json(platform: &Platform, emulator: &Emulator) -> Value {
    let ran = platform.run(emulator, "plan --json");
    serde_json::from_str(&ran.stdout).unwrap()
}

fn value(name: &str) -> String {
    format!("{name}-Jq7TzM4v-{name}")
}

/// Writes secrets with the library, which need not wait for GitHub's limits, and saves its state
/// for the program.
async fn write(
    emulator: &Emulator,
    platform: &Platform,
    desire: impl FnOnce(&GitHub, &mut Desired),
) {
    let github = GitHub::builder().token("ghp_any").api_url(emulator.url());
    let github = github.limits(Limits::none()).build().unwrap();
    let mut desired = Desired::new();
    desire(&github, &mut desired);
    let state = State::new(StateKey::new(KEY).unwrap());
    let plan = github
        .plan(desired, state, Options::default())
        .await
        .unwrap();
    let path = platform.path("platform.state");
    let applied = plan
        .apply(move |bytes| std::fs::write(&path, bytes))
        .finish()
        .await;
    assert!(applied.is_ok());
    emulator.forget_requests();
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_repositories_with_nothing_to_do_take_304_requests() {
    let file = format!("[[set]]\nrepos = ['acme/svc-*']\nsecrets = {SECRETS:?}\n");
    let emulator = repositories(300).await;
    let mut platform = Platform::new("many", &file);
    for name in SECRETS {
        platform.set(name, &value(name));
    }
    write(&emulator, &platform, |github, desired| {
        for repository in names("acme/svc-", 300) {
            let place = github.repo(&repository).unwrap().actions();
            for name in SECRETS {
                let secret = NewSecret::new(name, value(name)).unwrap();
                desired.set(place.clone(), secret).unwrap();
            }
        }
    })
    .await;
    for command in ["plan", "apply"] {
        emulator.forget_requests();
        let ran = platform.run(&emulator, command);
        assert_eq!(
            (ran.code, emulator.requests().len()),
            (0, 304),
            "{command}: {ran}"
        );
        assert!(ran.to_string().contains("300 unchanged"), "{ran}");
    }
    // What is new is written, and the rest is not.
    platform.set("S4", "Ux3RbY8c-other");
    let json = json(&platform, &emulator);
    assert_eq!(
        (json["writes"].as_u64(), json["requests"].as_u64()),
        (Some(300), Some(1_500))
    );
    assert!(
        json["estimate_seconds"].as_u64() > Some(120),
        "{}",
        json["estimate_seconds"]
    );
}

#[tokio::test]
async fn the_number_of_requests_that_a_plan_announces_is_what_it_takes() {
    let emulator = repositories(12).await;
    let file = "[[set]]\nrepos = ['acme/svc-*']\nsecrets = ['A', 'B', 'C']\n\
                [[delete]]\nrepos = ['acme/svc-*']\nsecrets = ['OLD']\n";
    let mut platform = Platform::new("announced", file);
    for name in ["A", "B", "C"] {
        platform.set(name, &value(name));
    }
    let json = json(&platform, &emulator);
    let planning = emulator.requests().len();
    emulator.forget_requests();
    let announced = json["requests"].as_u64().unwrap() as usize;
    let ran = platform.run(&emulator, "apply");
    assert_eq!(ran.code, 0, "{ran}");
    let taken = emulator.requests().len() - planning;
    let difference = taken.abs_diff(announced);
    assert!(
        difference * 20 <= taken,
        "announced {announced}, taken {taken}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_101st_and_the_31st_secret_are_seen() {
    let all = names("S", 101);
    let file = format!(
        "[[set]]\norg = 'acme'\naccess = 'all'\nsecrets = {all:?}\n\
         [[set]]\nrepos = ['acme/svc-000']\nsecrets = {:?}\n",
        &all[..31]
    );
    let emulator = repositories(1).await;
    let mut platform = Platform::new("pages", &file);
    for name in &all {
        platform.set(name, &value(name));
    }
    write(&emulator, &platform, |github, desired| {
        let organization = github.org("acme").unwrap().actions();
        let repository = github.repo("acme/svc-000").unwrap().actions();
        for (index, name) in all.iter().enumerate() {
            let secret = NewSecret::new(name.as_str(), value(name)).unwrap();
            if index < 31 {
                desired.set(repository.clone(), secret.clone()).unwrap();
            }
            let secret = secret.access(github_secrets::Visibility::All);
            let rule = github_secrets::sync::AccessRule::Exact;
            desired
                .set_with_rule(organization.clone(), secret, rule)
                .unwrap();
        }
    })
    .await;
    let ran = platform.run(&emulator, "plan --check");
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("132 unchanged"), "{ran}");
}
