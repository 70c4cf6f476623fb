//! What the world's responses and requests look like.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::{
    super::{
        message::{Answer, Asked},
        store::Rest,
    },
    world::{Access, Secret, World, id_at},
};
use crate::Timestamp;

impl Rest for World {
    fn answer(&mut self, asked: &Asked, _: u64) -> Answer {
        let state = &mut *self.lock();
        state.tick += 1;
        state.watch.number = run_of(&asked.token);
        let path = asked.path();
        if asked.is_write() {
            state.watch.wrote(&asked.line());
        }
        match path.as_slice() {
            ["repositories", id] => {
                let index = id.parse::<usize>().expect("an id") - 100;
                match state.repositories[index].is_deleted {
                    true => Answer::not_found(),
                    false => {
                        // Whoever follows a redirect learns the present name here.
                        let name = state.repositories[index].full_name.clone();
                        let tick = state.tick;
                        state.watch.name_leads_to(&name, id_at(index), tick);
                        Answer::json(200, state.describe_repository(index))
                    }
                }
            }
            ["repos", owner, name, rest @ ..] => {
                state.of_repository(asked, &format!("{owner}/{name}"), rest)
            }
            ["orgs", owner, "repos"] => state.list_repositories(asked, owner),
            ["orgs", owner, store, "secrets", rest @ ..] => {
                state.of_secrets(asked, None, &format!("orgs/{owner}/{store}"), rest)
            }
            ["user"] => Answer::json(200, json!({ "id": 1, "login": "octocat" })),
            ["user", "codespaces", "secrets", rest @ ..] => {
                state.of_secrets(asked, None, "user/codespaces", rest)
            }
            path => panic!("the server does not know {path:?}"),
        }
    }
}

/// The token of a run, by which its requests are known.
pub(super) fn token_of(run: u64) -> String {
    format!("token-{run}")
}

fn run_of(token: &str) -> u64 {
    let number = token.strip_prefix("token-").expect("a token of a run");
    number.parse().expect("a number")
}

impl Access {
    pub(super) fn of(body: &Value) -> Self {
        let ids = body["selected_repository_ids"].as_array();
        // Dependabot takes them as text.
        let id = |id: &Value| id.as_u64().or_else(|| id.as_str()?.parse().ok());
        Self {
            visibility: body["visibility"].as_str().map(str::to_owned),
            ids: ids.into_iter().flatten().filter_map(id).collect(),
        }
    }
}

impl Secret {
    pub(super) fn describe(&self, name: &str) -> Value {
        let time = |seconds| {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            Timestamp::from(time).to_string()
        };
        let mut described = json!({
            "name": name,
            "created_at": time(self.created),
            "updated_at": time(self.updated),
        });
        let access = self.access.as_ref();
        if let Some(visibility) = access.and_then(|access| access.visibility.as_ref()) {
            described["visibility"] = json!(visibility);
        }
        described
    }
}
