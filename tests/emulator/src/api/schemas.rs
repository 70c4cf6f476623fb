//! Repositories as GitHub describes them.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{repository::Repository, world::organization_state::OrganizationState};

/// When every repository of the emulator was created.
const CREATED: &str = "2011-01-26T19:01:12Z";

/// What follows a repository's own address in each address that GitHub lists with it.
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

/// Describes a repository as `minimal-repository` of GitHub's description.
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
        "created_at": CREATED,
        "updated_at": CREATED,
        "pushed_at": CREATED,
    });
    for (field, rest) in ADDRESSES {
        object[field] = format!("{origin}/repos/{login}/{name}{rest}").into();
    }
    object
}

/// Describes a repository as `full-repository` of GitHub's description.
pub(crate) fn full(
    organization: &OrganizationState,
    repository: &Repository,
    origin: &str,
) -> Value {
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

/// Describes an owner as `simple-user` of GitHub's description.
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
