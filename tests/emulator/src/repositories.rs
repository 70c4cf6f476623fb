//! Repositories: those that a secret is shared with, and each by its name.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::auth::{Need, authorize};
use crate::operation::Operation;
use crate::organization::Repository;
use crate::token::Token;
use crate::world::{OrganizationState, World};

/// When every repository of the emulator was made.
const MADE: &str = "2011-01-26T19:01:12Z";

/// What follows a repository's address in each of the addresses that GitHub lists with it.
const ADDRESSES: [(&str, &str); 37] = [
    ("url", ""),
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    (
        "notifications_url",
        "/notifications{?since,all,participating}",
    ),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
];

/// `GET /repos/{owner}/{repo}`: the repository, or 301 from its former name.
pub(crate) fn by_name(
    world: &World,
    token: &Token,
    owner: &str,
    name: &str,
    origin: &str,
) -> Result<Answer, Refusal> {
    let organization = world.organization(owner).ok_or_else(Refusal::not_found)?;
    let repositories = &organization.settings.repositories;
    let is_named = |it: &&Repository| it.name.eq_ignore_ascii_case(name);
    let was_named = |it: &&Repository| {
        it.former_name
            .as_ref()
            .is_some_and(|it| it.eq_ignore_ascii_case(name))
    };
    if let Some(repository) = repositories.iter().find(is_named) {
        return see(organization, repository, token)
            .map(|()| Answer::json(200, &full(organization, repository, origin)));
    }
    let repository = repositories
        .iter()
        .find(was_named)
        .ok_or_else(Refusal::not_found)?;
    see(organization, repository, token)?;
    let location = format!("{origin}/repositories/{}", repository.id);
    let body = json!({
        "message": "Moved Permanently",
        "url": location,
        "documentation_url": Operation::Repository.documentation_url(),
    });
    Ok(Answer::json(301, &body).header("location", &location))
}

/// `GET /repositories/{id}`.
pub(crate) fn by_id(
    world: &World,
    token: &Token,
    id: u64,
    origin: &str,
) -> Result<Answer, Refusal> {
    let (organization, repository) = world
        .organizations
        .iter()
        .find_map(|it| Some((it, it.repository(id)?)))
        .ok_or_else(Refusal::not_found)?;
    see(organization, repository, token)?;
    Ok(Answer::json(200, &full(organization, repository, origin)))
}

/// GitHub does not admit that a private repository exists to a token that may not read it.
fn see(
    organization: &OrganizationState,
    repository: &Repository,
    token: &Token,
) -> Result<(), Refusal> {
    if repository.public {
        return Ok(());
    }
    if !token.meets(Need::ReadMetadata) {
        return Err(Refusal::not_found());
    }
    authorize(token, organization, Need::ReadMetadata)
}

/// `minimal-repository` of GitHub's description.
pub(crate) fn minimal(
    organization: &OrganizationState,
    repository: &Repository,
    origin: &str,
) -> Value {
    let login = &organization.settings.login;
    let Repository {
        id,
        name,
        public,
        archived,
        ..
    } = repository;
    let mut object = json!({
        "id": id,
        "node_id": STANDARD.encode(format!("010:Repository{id}")),
        "name": name,
        "full_name": format!("{login}/{name}"),
        "owner": owner(organization, origin),
        "private": !public,
        "visibility": if *public { "public" } else { "private" },
        "html_url": format!("https://github.com/{login}/{name}"),
        "description": null,
        "fork": false,
        "archived": archived,
        "disabled": false,
        "default_branch": "main",
        "created_at": MADE,
        "updated_at": MADE,
        "pushed_at": MADE,
    });
    for (field, rest) in ADDRESSES {
        object[field] = format!("{origin}/repos/{login}/{name}{rest}").into();
    }
    object
}

/// `full-repository` of GitHub's description.
fn full(organization: &OrganizationState, repository: &Repository, origin: &str) -> Value {
    let mut object = minimal(organization, repository, origin);
    let path = format!("{}/{}", organization.settings.login, repository.name);
    for count in [
        "forks",
        "open_issues",
        "stargazers",
        "watchers",
        "network",
        "subscribers",
    ] {
        object[format!("{count}_count")] = 0.into();
    }
    for count in ["forks", "open_issues", "watchers", "size"] {
        object[count] = 0.into();
    }
    for feature in ["discussions", "issues", "pages", "projects", "wiki"] {
        object[format!("has_{feature}")] = false.into();
    }
    for absent in ["homepage", "language", "license", "mirror_url"] {
        object[absent] = Value::Null;
    }
    object["clone_url"] = format!("https://github.com/{path}.git").into();
    object["git_url"] = format!("git://github.com/{path}.git").into();
    object["ssh_url"] = format!("git@github.com:{path}.git").into();
    object["svn_url"] = format!("https://github.com/{path}").into();
    object["permissions"] = json!({ "admin": true, "push": true, "pull": true });
    object
}

/// `simple-user` of GitHub's description.
fn owner(organization: &OrganizationState, origin: &str) -> Value {
    let (login, id) = (&organization.settings.login, organization.id);
    let url = format!("{origin}/users/{login}");
    json!({
        "login": login,
        "id": id,
        "node_id": STANDARD.encode(format!("012:Organization{id}")),
        "type": "Organization",
        "site_admin": false,
        "gravatar_id": "",
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{id}"),
        "html_url": format!("https://github.com/{login}"),
        "followers_url": format!("{url}/followers"),
        "following_url": format!("{url}/following{{/other_user}}"),
        "gists_url": format!("{url}/gists{{/gist_id}}"),
        "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{url}/subscriptions"),
        "organizations_url": format!("{url}/orgs"),
        "repos_url": format!("{url}/repos"),
        "events_url": format!("{url}/events{{/privacy}}"),
        "received_events_url": format!("{url}/received_events"),
        "url": url,
    })
}
