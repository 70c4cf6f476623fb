//! What a file without faults says.

use std::path::Path;

use github_secrets::{AnyAccess, Place};

use super::{
    super::{ChangedElsewhere, Listed, Manifest, Wish, WishKind},
    support::{expand, json, standard_input, toml, with_block},
};

const LISTING: [(&str, bool); 5] = [
    ("acme/site", false),
    ("acme/job-mail", false),
    ("Acme/Job-Pay", false),
    ("acme/job-old", false),
    ("acme/job-gone", true),
];

/// Returns a wish as a line.
fn line(wish: &Wish) -> String {
    let Wish {
        place, name, kind, ..
    } = wish;
    match kind {
        WishKind::Delete => format!("{place} {name} delete"),
        WishKind::Set {
            source,
            access,
            keep_access,
        } => {
            let keep = if *keep_access { " kept" } else { "" };
            let access = match access {
                AnyAccess::Visibility(visibility) => format!(" {visibility}"),
                AnyAccess::Repositories(repositories) => format!(" only:{repositories}"),
                _ => String::new(),
            };
            format!("{place} {name} {source:?}{access}{keep}")
        }
    }
}

fn wishes(manifest: &Manifest, listing: &[(&str, bool)]) -> Vec<String> {
    let expansion = expand(manifest, listing).unwrap();
    expansion.wishes.iter().map(line).collect()
}

#[test]
fn every_kind_of_block_becomes_wishes_for_single_secrets() {
    let manifest = toml(include_str!("platform.toml")).unwrap();
    assert_eq!(manifest.owners_to_list(), ["acme"]);
    assert_eq!(
        wishes(&manifest, &LISTING),
        [
            "orgs/acme/agents MCP_TOKEN ValueSource(env) \
             selected:acme/job-mail,Acme/Job-Pay,acme/site",
            "orgs/acme-labs/actions MIRROR_TOKEN ValueSource(stdin) private kept",
            "repos/acme/job-mail/actions PACKAGES_TOKEN ValueSource(env)",
            "repos/acme/job-mail/dependabot PACKAGES_TOKEN ValueSource(env)",
            "repos/Acme/Job-Pay/actions PACKAGES_TOKEN ValueSource(env)",
            "repos/Acme/Job-Pay/dependabot PACKAGES_TOKEN ValueSource(env)",
            "repos/acme/shop/actions OLD_TOKEN delete",
            "repos/acme/shop/actions PACKAGES_TOKEN ValueSource(env)",
            "repos/acme/shop/dependabot PACKAGES_TOKEN ValueSource(env)",
            "repos/acme/site/actions OLD_TOKEN delete",
            "repos/acme/site/actions PACKAGES_TOKEN ValueSource(env)",
            "repos/acme/site/dependabot PACKAGES_TOKEN ValueSource(env)",
            "repos/acme/site/environments/production DATABASE ValueSource(file)",
            "repos/acme/site/environments/production DEPLOY_KEY ValueSource(file)",
            "user/codespaces DOTFILES_TOKEN ValueSource(env) only:someone/dotfiles",
        ]
    );
    let expansion = expand(&manifest, &LISTING).unwrap();
    let [jobs] = &expansion.patterns[..] else {
        panic!("{:?}", expansion.patterns);
    };
    assert_eq!((jobs.text.as_str(), jobs.line), ("acme/job-*", 9));
    assert_eq!(
        jobs.repositories,
        ["acme/job-mail", "Acme/Job-Pay", "acme/job-old"]
    );
}

#[test]
fn json_says_what_toml_says() {
    let text = r#"{
        "version": 1,
        "repositories": {"web": ["acme/site"]},
        "set": [{
            "repos": ["@web"],
            "secrets": {"A": "env:A", "B": "file:b"}
        }],
        "delete": [{"repos": ["@WEB"], "secrets": ["C"]}]
    }"#;
    let expected = [
        "repos/acme/site/actions A ValueSource(env)",
        "repos/acme/site/actions B ValueSource(file)",
        "repos/acme/site/actions C delete",
    ];
    assert_eq!(wishes(&json(text).unwrap(), &[]), expected);
    let stdin = text.replacen("1,", "1, \"state\": \"x.state\",", 1);
    let manifest = standard_input(&stdin).unwrap();
    assert_eq!(wishes(&manifest, &[]), expected);
    assert_eq!(manifest.state, Path::new("x.state"));
    let with_mark = format!("\u{feff}{text}");
    assert_eq!(wishes(&json(&with_mark).unwrap(), &[]), expected);
}

#[test]
fn settings_have_defaults() {
    let text = with_block("repos = [\"acme/web\"]\nsecrets = [\"A\"]");
    let manifest = toml(&text).unwrap();
    assert_eq!(manifest.state, Path::new("conf/platform.state"));
    assert!(!manifest.prune);
    assert_eq!(manifest.max_deletes, 10);
    assert_eq!(manifest.changed_elsewhere, ChangedElsewhere::Overwrite);
    assert!(manifest.owners_to_list().is_empty());
    let manifest = toml(include_str!("platform.toml")).unwrap();
    assert_eq!(manifest.state, Path::new("conf/states/platform.state"));
    assert!(manifest.prune);
    assert_eq!(manifest.max_deletes, 3);
    assert_eq!(manifest.changed_elsewhere, ChangedElsewhere::Keep);
}

#[test]
fn a_wish_has_the_line_of_its_name() {
    let text = with_block("repos = [\"acme/web\"]\nsecrets = [\n\"A\",\n\"B\",\n]");
    let expansion = expand(&toml(&text).unwrap(), &[]).unwrap();
    let lines: Vec<usize> = expansion.wishes.iter().map(|wish| wish.line).collect();
    assert_eq!(lines, [5, 6]);
    let text = with_block("repos = [\"acme/web\"]\n[set.secrets]\nB = \"env:B\"\nA = \"env:A\"");
    let expansion = expand(&toml(&text).unwrap(), &[]).unwrap();
    let lines: Vec<usize> = expansion.wishes.iter().map(|wish| wish.line).collect();
    assert_eq!(lines, [6, 5]);
}

#[test]
fn patterns_take_what_is_listed_and_not_archived() {
    let of = |repos: &str, listing: &[(&str, bool)]| {
        let text = with_block(&format!("repos = {repos}\nsecrets = [\"A\"]"));
        let names = |wish: &Wish| wish.place.full_name().unwrap();
        expand(&toml(&text).unwrap(), listing).map(|expansion| {
            let names: Vec<String> = expansion.wishes.iter().map(names).collect();
            names.join(" ")
        })
    };
    let taken: &[(&str, &str)] = &[
        (
            "[\"acme/job-*\"]",
            "acme/job-mail acme/job-old Acme/Job-Pay",
        ),
        (
            "[\"ACME/JOB-*\", \"!Acme/job-OLD\"]",
            "acme/job-mail Acme/Job-Pay",
        ),
        ("[\"acme/*\", \"!acme/job-*\"]", "acme/site"),
        (
            "[\"acme/*\", \"!acme/job-*\", \"acme/job-old\"]",
            "acme/job-old acme/site",
        ),
        ("[\"acme/job-m*\", \"!acme/job-gone\"]", "acme/job-mail"),
        (
            "[\"acme/job-*\", \"acme/job-gone\", \"!acme/job-*l*\"]",
            "acme/job-gone Acme/Job-Pay",
        ),
        (
            "[\"acme/job-gone\", \"acme/s*\"]",
            "acme/job-gone acme/site",
        ),
        ("[\"labs/web\", \"acme/s*\"]", "acme/site labs/web"),
    ];
    for (repos, expected) in taken {
        assert_eq!(of(repos, &LISTING).as_deref(), Ok(*expected), "{repos}");
    }
    let refused: &[(&str, &str)] = &[
        (
            "[\"acme/site\",\n\"acme/none-*\"]",
            "4: acme/none-* matches no repository, or none that",
        ),
        (
            "[\"labs/*\"]",
            "3: labs/* matches no repository, or none that the token may see",
        ),
        (
            "[\"acme/*-gone\"]",
            "3: acme/*-gone matches no repository that is not archived",
        ),
        (
            "[\"acme/*\",\n\"!acme/sight\"]",
            "4: !acme/sight excludes nothing",
        ),
        (
            "[\"acme/s*\",\n\"!acme/*\"]",
            "3: no repository is left of this list",
        ),
    ];
    for (repos, expected) in refused {
        let faults = of(repos, &LISTING).unwrap_err();
        assert!(
            faults.len() == 1 && faults[0].starts_with(expected),
            "{repos} {faults:?}"
        );
    }
}

#[test]
fn access_by_pattern_takes_what_is_listed() {
    let text = with_block(
        "org = \"acme\"\naccess = [\"job-*\", \"!job-old\", \"shop\"]\nsecrets = [\"A\"]",
    );
    let manifest = toml(&text).unwrap();
    assert_eq!(manifest.owners_to_list(), ["acme"]);
    assert_eq!(
        wishes(&manifest, &LISTING),
        ["orgs/acme/actions A ValueSource(env) selected:acme/job-mail,Acme/Job-Pay,acme/shop"]
    );
    let text = with_block("user = true\naccess = []\nsecrets = [\"A\"]");
    assert_eq!(
        wishes(&toml(&text).unwrap(), &[]),
        ["user/codespaces A ValueSource(env) only:"]
    );
}

#[test]
fn a_set_that_no_block_uses_is_not_listed() {
    let text = "version = 1\n[repositories]\na = [\"acme/*\"]\nb = [\"labs/*\"]\n[[set]]\n\
                repos = [\"@B\"]\nsecrets = [\"A\"]";
    let manifest = toml(text).unwrap();
    assert_eq!(manifest.owners_to_list(), ["labs"]);
    assert_eq!(
        wishes(&manifest, &[("labs/x", false)]),
        ["repos/labs/x/actions A ValueSource(env)"]
    );
}

#[test]
fn blocks_that_disagree_by_what_patterns_take_are_refused() {
    let text = "version = 1\n[[set]]\nrepos = [\"acme/*\"]\nsecrets = { A = \"env:A\" }\n[[delete]]\n\
                repos = [\"acme/s*\", \"acme/job-*\"]\nsecrets = [\"A\"]";
    let manifest = toml(text).unwrap();
    let faults = expand(&manifest, &LISTING).unwrap_err();
    assert_eq!(
        faults,
        [
            "7: A is deleted here, and set on line 4, in repos/acme/job-mail/actions and 3 more \
          places; leave it out of one of them"
        ]
    );
}

#[test]
fn blocks_that_agree_are_one() {
    let text = "version = 1\n[[set]]\nrepos = [\"acme/*\"]\nsecrets = [\"A\"]\n[[set]]\n\
                repos = [\"acme/site\"]\nsecrets = { A = \"env:A\", B = \"env:B\" }";
    let expansion = expand(&toml(text).unwrap(), &[("acme/Site", false)]).unwrap();
    let found: Vec<(Place, &str, usize)> = expansion
        .wishes
        .iter()
        .map(|wish| (wish.place.clone(), wish.name.as_str(), wish.line))
        .collect();
    let place: Place = "repos/acme/site/actions".parse().unwrap();
    assert_eq!(found, [(place.clone(), "A", 4), (place, "B", 7)]);
}

#[test]
fn the_example_listing_has_a_match_for_each_pattern() {
    let manifest = toml(include_str!("platform.toml")).unwrap();
    let listing: Vec<Listed> = manifest.example_listing();
    let names: Vec<&str> = listing
        .iter()
        .map(|listed| listed.full_name.as_str())
        .collect();
    assert_eq!(names, ["acme/job-1", "acme/job-2", "acme/job-old"]);
    assert_eq!(manifest.expand(&listing).unwrap().wishes.len(), 15);
}

#[test]
fn a_file_of_too_many_secrets_is_refused() {
    let list = |name: &str, count: usize| {
        let entries: Vec<String> = (0..count).map(|n| format!("\"{name}{n}\"")).collect();
        entries.join(",\n")
    };
    let text = with_block(&format!(
        "repos = [{}]\nsecrets = [{}]",
        list("acme/r", 1001),
        list("S", 1000)
    ));
    let faults = toml(&text).err().unwrap();
    assert!(
        faults[0].starts_with("2: with this block the file has more than 1000000"),
        "{faults:?}"
    );
}
