//! A file of secrets, the state beside it, and runs of `plan` and `apply` on both.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use github_secrets_emulator::{Emulator, Organization, Place, Repository, Store, StoredSecret};

use crate::program::{Ran, Run, on};

/// A key of the state.
pub(crate) const KEY: &str = "b25lIGtleSBmb3IgdGhlIHRlc3RzLCAzMiBieXRlcyE=";

/// A folder with the file `platform.toml`.
pub(crate) struct Platform {
    folder: PathBuf,
    variables: Vec<(String, String)>,
}

impl Platform {
    /// A folder of this name that holds the file and no state.
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let platform = Self {
            folder,
            variables: vec![("SECRETS_STATE_KEY".to_owned(), KEY.to_owned())],
        };
        platform.write(text);
        platform
    }

    /// Replaces the file. The version is written for it.
    pub(crate) fn write(&self, text: &str) {
        fs::write(self.path("platform.toml"), format!("version = 1\n{text}")).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn state(&self) -> String {
        fs::read_to_string(self.path("platform.state")).unwrap()
    }

    /// Sets a variable for the runs that follow.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.unset(name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn unset(&mut self, name: &str) {
        self.variables.retain(|(known, _)| known != name);
    }

    /// The program: `plan` or `apply`, the file, and what else there is.
    pub(crate) fn command(&self, emulator: &Emulator, arguments: &str) -> Command {
        let mut words = arguments.split_whitespace();
        let mut command = on(emulator, words.next().unwrap());
        command.arg(self.path("platform.toml")).args(words);
        let variables = self.variables.iter();
        command.envs(variables.map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn run(&self, emulator: &Emulator, arguments: &str) -> Ran {
        self.command(emulator, arguments).run("")
    }

    /// Runs the program with what it has to refuse before it sends anything.
    pub(crate) fn refused(&self, emulator: &Emulator, arguments: &str) -> Ran {
        emulator.forget_requests();
        let ran = self.run(emulator, arguments);
        let requests = emulator.requests();
        assert!(requests.is_empty(), "{requests:?}\n{ran}");
        ran
    }

    /// Applies the file, which leaves nothing to do.
    pub(crate) fn applied(&self, emulator: &Emulator) -> Ran {
        let ran = self.run(emulator, "apply");
        assert_eq!(ran.code, 0, "{ran}");
        ran
    }
}

/// All secrets of the emulator as `repos/acme/web/actions/NAME=value`.
pub(crate) fn held(emulator: &Emulator) -> Vec<String> {
    let secrets = emulator.all_secrets().into_iter();
    let mut held: Vec<_> = secrets
        .map(|(place, secret)| {
            let value = String::from_utf8_lossy(secret.value()).into_owned();
            format!("{place}/{}={value}", secret.name())
        })
        .collect();
    held.sort_unstable();
    held
}

/// The Actions secrets of a repository of acme.
pub(crate) fn actions(repository: &str) -> Place {
    Place::repository(format!("acme/{repository}"), Store::Actions)
}

/// The repositories `web` and `api`, each with an environment.
pub(crate) fn repositories() -> [Repository; 2] {
    let repository = |id, name| Repository::new(id, name).environment("production");
    [repository(1, "web"), repository(2, "api")]
}

/// The organization `acme` with these repositories.
pub(crate) fn web_and_api() -> Organization {
    let [web, api] = repositories();
    Organization::new("acme").repository(web).repository(api)
}

pub(crate) fn foreign(name: &str) -> StoredSecret {
    StoredSecret::new(name, "foreign")
}
