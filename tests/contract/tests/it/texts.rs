//! The texts of the errors that need no server, word for word: a change of one has to be meant.

use std::{io::ErrorKind, sync::Arc};

use github_secrets::{
    AccessError, BatchError, ConfigurationError, Error, GitHub, KeyError, NotTried, Place,
    PublicKey, Reason, RegistryError, RegistryType, RepositoryError, ResponseProblem, SealError,
    SecretName, SecretValue, Store, Timestamp, ValueError, Visibility,
};

/// Puts texts on lines of their own.
fn lines(texts: impl IntoIterator<Item = impl ToString>) -> String {
    let texts: Vec<_> = texts.into_iter().map(|text| text.to_string()).collect();
    texts.join("\n")
}

fn name(text: &str) -> SecretName {
    SecretName::new(text).expect("a name")
}

fn place() -> Place {
    "orgs/acme/actions".parse().expect("a place")
}

#[test]
fn what_is_wrong_with_a_name_or_a_value_is_said() {
    let long = "A".repeat(1025);
    let names = ["", "2FA_SEED", "DB-PASSWORD", "GITHUB_TOKEN", &long];
    let names = names.map(|text| SecretName::new(text).expect_err("no name"));
    insta::assert_snapshot!(lines(names), @"
    the secret's name is empty; give it at least one letter or underscore
    the secret's name begins with a digit; begin it with a letter or an underscore
    the secret's name has '-' at position 3; use only the letters A to Z, digits and underscores
    the secret's name begins with GITHUB_, a prefix reserved by GitHub; choose another
    the secret's name has 1025 characters; use at most 1024
    ");
    let large = vec![b'x'; SecretValue::MAX_BYTES + 1];
    let large = SecretValue::from_reader(&large[..]).expect_err("too large");
    let unreadable = ValueError::Unreadable(ErrorKind::PermissionDenied);
    insta::assert_snapshot!(lines([large, unreadable]), @"
    the secret's value has 49105 bytes or more; GitHub accepts at most 49104 bytes, so store a larger one elsewhere and keep only its key here
    the secret's value could not be read: permission denied
    ");
}

#[test]
fn what_is_wrong_with_a_place_is_said() {
    let places = [
        "acme/website",
        "orgs/acme",
        "orgs/acme/pages",
        "user/actions",
        "repos/acme/website/environments/%FF",
        "orgs/a b/actions",
    ];
    let places = places.map(|text| text.parse::<Place>().expect_err("no place"));
    insta::assert_snapshot!(lines(places), @"
    a place begins with orgs/, repos/ or user/; write orgs/ORG/STORE, repos/OWNER/REPO/STORE, repos/OWNER/REPO/environments/NAME or user/codespaces
    the place is incomplete; write orgs/ORG/STORE, repos/OWNER/REPO/STORE, repos/OWNER/REPO/environments/NAME or user/codespaces
    the place does not end with a store; end it with actions, agents, codespaces or dependabot
    a user has Codespaces secrets only; write user/codespaces
    the environment's name is not UTF-8 after percent-decoding; write % as %25
    the owner's name has ' ' at position 2; give the name alone, as in the address of its page
    ");
    let github = GitHub::new("ghp_any").expect("a token");
    let long = format!("acme/{}", "a".repeat(300));
    let repositories = ["acme/", "acme/a b", "acme/..", &long, "website"];
    let repositories = repositories.map(|text| github.repo(text).expect_err("no repository"));
    insta::assert_snapshot!(lines(repositories), @"
    the repository's name is empty
    the repository's name has ' ' at position 2; give the name alone, as in the address of its page
    the repository's name consists of dots alone
    the repository's name has more than 255 characters
    the repository's name has no owner; give it as owner/name
    ");
    let environments = ["", "..", &long];
    let repository = github.repo("acme/website").expect("a repository");
    let environments = environments.map(|text| repository.environment(text).err());
    let environments = environments.into_iter().flatten();
    insta::assert_snapshot!(lines(environments), @"
    the environment's name is empty
    the environment's name consists of dots alone
    the environment's name has more than 255 characters
    ");
    let login = Place::organization("", Store::Actions).expect_err("no login");
    let store = "pages".parse::<Store>().expect_err("no store");
    insta::assert_snapshot!(format!("{login}
{store}"), @"
    the owner's name is empty
    not the name of a store; use actions, agents, codespaces or dependabot
    ");
}

#[test]
fn what_is_wrong_with_a_key_or_with_sealing_is_said() {
    let zeros = "A".repeat(43) + "=";
    let keys = [
        ("", zeros.as_str()),
        ("1", "!"),
        ("1", "aGVsbG8"),
        ("1", "aGVsbG9="),
        ("1", "aGVsbG8="),
        ("1", &zeros),
    ];
    let keys = keys.map(|(id, key)| PublicKey::new(id, key).expect_err("no key"));
    insta::assert_snapshot!(lines(keys), @"
    the public key has an empty id; fetch the key again
    the public key is not padded standard base64: byte 0 is outside the standard alphabet; check that it comes from GitHub
    the public key is not padded standard base64: its padding is missing or wrong; check that it comes from GitHub
    the public key is not padded standard base64: it is cut short or has stray bits at its end; check that it comes from GitHub
    the public key has 5 bytes instead of 32; check that it comes from GitHub
    the public key is a point of low order: anybody could open what is sealed to it
    ");
    insta::assert_snapshot!(lines([SealError::Randomness, SealError::Cipher]), @"
    the operating system returned no random bytes, and sealing needs them
    the cipher rejected the value
    ");
}

#[test]
fn what_is_wrong_with_who_can_use_a_secret_is_said() {
    let visibilities = ["public", "selected"];
    let visibilities = visibilities.map(|text| text.parse::<Visibility>().expect_err("none"));
    insta::assert_snapshot!(lines(visibilities), @"
    not a visibility; use all, private or selected:NAME,NAME
    no repositories are given; use selected:NAME,NAME, or selected: to select none
    ");
    let access = [
        AccessError::VisibilityRequired,
        AccessError::RepositoriesRequired,
        AccessError::NoAccess,
        AccessError::NoOrganizationSecrets,
    ];
    insta::assert_snapshot!(lines(access), @"
    an organization's secret takes a visibility: all, private or selected repositories
    a user's secret takes the repositories that can use it
    the secret of a repository or an environment takes neither a visibility nor repositories
    only a repository's Actions and Agents secrets list those of its organization
    ");
    let (one, two) = (vec!["a".to_owned()], vec!["a".to_owned(), "b".to_owned()]);
    let repositories = [
        RepositoryError::Malformed(one.clone()),
        RepositoryError::NoOwner(two.clone()),
        RepositoryError::OtherOwner(one),
        RepositoryError::Unknown(two),
        RepositoryError::Id(0),
    ];
    insta::assert_snapshot!(lines(repositories), @r#"
    the repository "a" is not valid; give `name`, `owner/name` or the id
    the repositories "a", "b" are given without an owner; give `owner/name` or the id
    the repository "a" is owned by somebody else; an organization's secret reaches only its own repositories
    the repositories "a", "b" are unknown to GitHub or hidden from this token, which needs the permission metadata=read (classic: the scope repo) for private repositories
    0 is not a repository's id; ids range from 1 to 9223372036854775807
    "#);
}

#[test]
fn what_is_wrong_with_a_registry_a_batch_or_a_time_is_said() {
    let npm = "NPM_REGISTRY_SECRET".to_owned();
    let registries = [
        RegistryError::Name,
        RegistryError::UnknownType("apt".to_owned()),
        RegistryError::Url,
        RegistryError::EmptyField("token"),
        RegistryError::NoValue(npm.clone()),
        RegistryError::OtherAuth(npm.clone()),
        RegistryError::CannotRemove {
            name: npm,
            field: "audience",
        },
    ];
    insta::assert_snapshot!(lines(registries), @r#"
    the registry's name is not one that GitHub gives: use the name that `create` or `list` returned, such as MAVEN_REPOSITORY_SECRET
    registries of the type "apt" cannot be created by this version of the library; use a newer version
    the registry's address is not a URL of the form https://HOST/PATH, without a user name or a password
    the registry's token is empty; set it
    the registry NPM_REGISTRY_SECRET authenticates by OIDC, so it has no secret value to change
    the registry NPM_REGISTRY_SECRET authenticates in a different way, which GitHub cannot change; delete it and create it again
    the registry NPM_REGISTRY_SECRET has the setting audience, which GitHub cannot remove; set it to a new value, or delete the registry and create it again
    "#);
    let batches = [
        BatchError::DuplicateName {
            place: place(),
            first: name("TOKEN"),
            second: name("token"),
        },
        BatchError::Value {
            place: place(),
            name: name("TOKEN"),
            error: ValueError::Unreadable(ErrorKind::NotFound),
        },
        BatchError::Access {
            place: place(),
            name: name("TOKEN"),
            error: AccessError::NoAccess,
        },
    ];
    insta::assert_snapshot!(lines(batches), @"
    TOKEN and token in orgs/acme/actions are the same name to GitHub, which ignores case; remove one
    TOKEN: the secret's value could not be read: entity not found (orgs/acme/actions)
    TOKEN: the secret of a repository or an environment takes neither a visibility nor repositories (orgs/acme/actions)
    ");
    let not_tried = [
        NotTried::EarlierError,
        NotTried::Stopped,
        NotTried::Deadline,
        NotTried::NoRuntime,
    ];
    insta::assert_snapshot!(lines(not_tried), @"
    not tried: an earlier error would make every remaining secret of the batch fail
    not tried: stopped before it was sent
    not tried: the time limit of the batch had passed
    not tried: there is no async runtime to send it
    ");
    let time = "yesterday".parse::<Timestamp>().expect_err("no time");
    let registry = "npm".parse::<RegistryType>().expect_err("no type");
    insta::assert_snapshot!(format!("{time}\n{registry}"), @"
    not a time; write it as in 2019-08-10T14:59:22Z
    not a kind of registry; use maven_repository, nuget_feed, goproxy_server, npm_registry, rubygems_server, cargo_registry, composer_repository, docker_registry, git_source, helm_registry, hex_organization, hex_repository, pub_repository, python_index or terraform_registry
    ");
}

#[test]
fn what_is_wrong_with_the_settings_is_said() {
    let client = std::io::Error::other("no TLS backend");
    let settings = [
        ConfigurationError::EmptyToken,
        ConfigurationError::MalformedToken,
        ConfigurationError::NotAUrl,
        ConfigurationError::Insecure,
        ConfigurationError::ExtraParts,
        ConfigurationError::NoTls,
        ConfigurationError::UserAgent,
        ConfigurationError::HttpClient(Arc::new(client)),
    ];
    insta::assert_snapshot!(lines(settings), @"
    there is no token; set one that has the permission for what you want to do
    the token contains a space, a line break or another byte that no token has; trim it
    the API address is not a URL of the form https://HOST or https://HOST/api/v3
    the API address is http, which would send the token unencrypted; use https (http is allowed for loopback addresses only)
    the API address has a user name, a query or a fragment; leave them out
    the API address is https, and this build has no TLS; enable the feature rustls or native-tls, or pass an HTTP client that has TLS
    the user agent is empty or contains a byte that no header can carry; use printable ASCII
    the HTTP client could not be built
    ");
}

#[test]
fn what_is_wrong_with_a_response_is_said() {
    let problems = [
        ResponseProblem::Status,
        ResponseProblem::Redirect,
        ResponseProblem::Json { line: 2, column: 7 },
        ResponseProblem::CutShort,
        ResponseProblem::TooLarge { limit: 1024 },
        ResponseProblem::NextPage("leads back to a page that was read already"),
        ResponseProblem::Count {
            expected: 3,
            found: 2,
        },
        ResponseProblem::ListChanged,
    ];
    insta::assert_snapshot!(lines(problems), @"
    the status is not one that GitHub documents
    the response redirects away from the API, in a loop, or to where this write must not go
    the body does not match GitHub's description (line 2, column 7)
    the body ends too early
    the body is larger than 1024 bytes
    the link to the next page leads back to a page that was read already
    the list has 2 entries instead of 3: pages are missing, or the list changed while it was read; try again
    the list changed while it was read; try again
    ");
}

#[test]
fn what_a_call_did_before_it_failed_is_said() {
    let provider = std::io::Error::other("the vault is sealed");
    let key = |may_have_taken_effect| Error::Key {
        error: KeyError::LowOrder,
        may_have_taken_effect,
    };
    let unverified = |value_stored| Error::Unverified {
        name: name("TOKEN"),
        value_stored,
        source: Box::new(Error::NotTried(NotTried::Stopped)),
    };
    let errors = [
        key(false),
        key(true),
        Error::Token {
            source: Arc::new(provider),
            may_have_taken_effect: false,
        },
        Error::ValueRequired(name("TOKEN")),
        Error::AccessNotChanged(name("TOKEN")),
        unverified(true),
        unverified(false),
    ];
    insta::assert_snapshot!(lines(errors), @"
    the public key is a point of low order: anybody could open what is sealed to it; nothing was sealed to it
    the public key is a point of low order: anybody could open what is sealed to it; nothing was sealed to it; an earlier attempt of the call may have taken effect, and repeating it is safe
    the token provider failed or returned an unusable token
    GitHub changes the access of the secret TOKEN only together with its value; use `set` with the value and the new visibility
    GitHub accepted the new access of the secret TOKEN but did not apply it; use `set` with the value and the new visibility
    the new value is stored for the secret TOKEN, but reading back who can use it failed
    the change of access was sent for the secret TOKEN, but reading back who can use it failed
    ");
}

#[test]
fn the_words_of_a_reason_are_for_labels() {
    let reasons = [
        Reason::BadToken,
        Reason::MissingPermission,
        Reason::SingleSignOn,
        Reason::IpAllowList,
        Reason::Archived,
        Reason::Plan,
        Reason::Quota,
        Reason::TokenLifetime,
        Reason::TokenKind,
        Reason::UnapprovedApp,
        Reason::Suspended,
    ];
    insta::assert_snapshot!(lines(reasons), @"
    bad token
    missing permission
    single sign-on
    IP allow list
    archived repository
    plan
    quota
    token lifetime
    kind of token
    unapproved app
    suspended account
    ");
}
