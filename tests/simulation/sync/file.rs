//! What a file wants, as a model of its own, and how it changes between two runs.

use std::collections::BTreeMap;

use super::{super::rng::Rng, leaks::Leaks};
use crate::{
    AnyAccess, NewSecret, Place, Repositories, Visibility,
    sync::{AccessRule, Desired, Options},
};

/// A file: which secrets are wanted, by place and name.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) wishes: BTreeMap<(String, String), Wish>,
    pub(super) prune: bool,
    pub(super) keep_changed: bool,
    pub(super) max_deletes: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Present {
        value: String,
        access: Option<Sharing>,
        /// Whether later changes of access stay.
        keeps: bool,
    },
    Absent,
}

/// Who is to use a secret, by names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sharing {
    All,
    Private,
    Selected(Vec<String>),
}

/// The names that the file can have. Those of strangers begin differently.
const NAMES: [&str; 4] = ["ALPHA", "BRAVO", "CHARLIE", "DELTA"];

const STORES: [&str; 4] = ["actions", "agents", "codespaces", "dependabot"];

impl File {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        Self {
            wishes: BTreeMap::new(),
            prune: rng.percent(60),
            keep_changed: rng.percent(25),
            max_deletes: rng.pick(&[0, 1, 2, 10, 10]),
        }
    }

    /// Changes some wishes; `names` are those of all repositories, former ones included.
    pub(super) fn change(&mut self, rng: &mut Rng, names: &[String], leaks: &mut Leaks) {
        for _ in 0..rng.pick(&[0, 1, 1, 2, 4]) {
            let index = rng.within(0..=self.wishes.len() as u64) as usize;
            let known = self.wishes.keys().nth(index).cloned();
            let key = match known {
                Some(key) if rng.percent(60) => key,
                _ => {
                    let place = place(rng, names);
                    // A value is often for two stores, or two secrets of one place.
                    (place, rng.pick(&NAMES).to_owned())
                }
            };
            match rng.within(0..=9) {
                0..=5 => {
                    let wish = Wish::draw(rng, &key.0, names, leaks);
                    self.wishes.insert(key, wish);
                }
                6 => {
                    self.wishes.insert(key, Wish::Absent);
                }
                _ => {
                    self.wishes.remove(&key);
                }
            }
        }
        if rng.percent(10) {
            self.prune = !self.prune;
        }
        if rng.percent(20) {
            self.exchange(rng, names, leaks);
        }
    }

    /// Wants another secret in the place of one that is there, as when it gets another name.
    fn exchange(&mut self, rng: &mut Rng, names: &[String], leaks: &mut Leaks) {
        let index = rng.within(0..=self.wishes.len() as u64) as usize;
        let Some((place, name)) = self.wishes.keys().nth(index).cloned() else {
            return;
        };
        let wish = Wish::draw(rng, &place, names, leaks);
        let other = rng.pick(&NAMES).to_owned();
        self.wishes.insert((place.clone(), name), Wish::Absent);
        self.wishes.insert((place, other), wish);
    }

    /// Says where each secret of a repository belongs when that has another name.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        let prefix = format!("repos/{from}/");
        let wishes = std::mem::take(&mut self.wishes);
        for ((place, name), wish) in wishes {
            let renamed = match place.strip_prefix(&prefix) {
                Some(rest) => format!("repos/{to}/{rest}"),
                None => place,
            };
            self.wishes.insert((renamed, name), wish);
        }
    }

    pub(super) fn desired(&self) -> Desired {
        let mut desired = Desired::new();
        for ((place, name), wish) in &self.wishes {
            let place: Place = place.parse().expect("a place");
            match wish {
                Wish::Present {
                    value,
                    access,
                    keeps,
                } => {
                    let new = NewSecret::new(name.as_str(), value.as_str()).expect("a name");
                    let new = new.access(access_in(&place, access.as_ref()));
                    let rule = match keeps {
                        true => AccessRule::Keep,
                        false => AccessRule::Exact,
                    };
                    desired.set_with_rule(place, new, rule).expect("a secret");
                }
                Wish::Absent => desired.delete(place, name.as_str()).expect("a name"),
            }
        }
        desired
    }

    pub(super) fn options(&self, take_over: bool) -> Options {
        Options::default()
            .prune(self.prune)
            .take_over(take_over)
            .keep_changed(self.keep_changed)
            .max_deletes(self.max_deletes)
    }
}

/// Draws a place, more often one of few.
fn place(rng: &mut Rng, names: &[String]) -> String {
    let store = rng.pick(&STORES);
    match rng.within(0..=9) {
        0 => format!("orgs/acme/{store}"),
        1 => "user/codespaces".to_owned(),
        2 => format!(
            "repos/{}/environments/production",
            names[rng.within(0..=names.len() as u64 - 1) as usize]
        ),
        _ => {
            let name = &names[rng.within(0..=names.len() as u64 - 1) as usize];
            let store = rng.pick(&["actions", "actions", "dependabot"]);
            format!("repos/{name}/{store}")
        }
    }
}

fn access_in(place: &Place, access: Option<&Sharing>) -> AnyAccess {
    match access {
        None => AnyAccess::None,
        Some(Sharing::All) => Visibility::All.into(),
        Some(Sharing::Private) => Visibility::Private.into(),
        Some(Sharing::Selected(names)) => {
            let selected = Repositories::selected(names.iter().map(String::as_str));
            match place.login() {
                Some(_) => Visibility::Selected(selected).into(),
                None => selected.into(),
            }
        }
    }
}

impl Wish {
    fn draw(rng: &mut Rng, place: &str, names: &[String], leaks: &mut Leaks) -> Self {
        let of_user = place.starts_with("user/");
        let has_access = of_user || place.starts_with("orgs/");
        let access = has_access.then(|| match rng.within(0..=3) {
            0 if !of_user => Sharing::All,
            1 if !of_user => Sharing::Private,
            _ => {
                let mut some = names.to_vec();
                some.retain(|_| rng.percent(50));
                Sharing::Selected(some)
            }
        });
        Self::Present {
            value: leaks.value(rng),
            access,
            keeps: has_access && rng.percent(40),
        }
    }
}
