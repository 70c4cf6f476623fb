//! Organizations, users, repositories and environments, by the schemas of GitHub's description.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    place::encoded,
    repository::{Environment, Repository},
    world::organization_state::OrganizationState,
};

/// When everything that has these schemas was created.
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
pub(crate) fn minimal_repository(
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
        "node_id": repository_node_id(*id),
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
pub(crate) fn full_repository(
    organization: &OrganizationState,
    repository: &Repository,
    origin: &str,
) -> Value {
    let mut object = minimal_repository(organization, repository, origin);
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

/// Describes an organization as `organization-full` of GitHub's description.
pub(crate) fn organization(organization: &OrganizationState, origin: &str) -> Value {
    let (login, id) = (&organization.settings.login, organization.id);
    let url = format!("{origin}/orgs/{login}");
    let repositories = organization.settings.repositories.iter();
    let (public, private): (Vec<_>, Vec<_>) = repositories.partition(|it| it.public);
    json!({
        "login": login,
        "id": id,
        "node_id": organization_node_id(id),
        "name": login,
        "description": null,
        "type": "Organization",
        "avatar_url": avatar(id),
        "html_url": format!("https://github.com/{login}"),
        "repos_url": format!("{url}/repos"),
        "events_url": format!("{url}/events"),
        "hooks_url": format!("{url}/hooks"),
        "issues_url": format!("{url}/issues"),
        "members_url": format!("{url}/members{{/member}}"),
        "public_members_url": format!("{url}/public_members{{/member}}"),
        "url": url,
        "has_organization_projects": false,
        "has_repository_projects": false,
        "is_verified": false,
        "public_repos": public.len(),
        "total_private_repos": private.len(),
        "owned_private_repos": private.len(),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": CREATED,
        "updated_at": CREATED,
        "archived_at": null,
    })
}

/// Describes the user of a token as `public-user` of GitHub's description.
pub(crate) fn user(id: u64, login: &str, origin: &str) -> Value {
    let node_id = STANDARD.encode(format!("04:User{id}"));
    let mut object = account("User", id, node_id, login, origin);
    for unknown in ["name", "company", "location", "email", "hireable", "bio"] {
        object[unknown] = Value::Null;
    }
    for count in ["public_repos", "public_gists", "followers", "following"] {
        object[count] = 0.into();
    }
    object["blog"] = "".into();
    object["user_view_type"] = "public".into();
    object["created_at"] = CREATED.into();
    object["updated_at"] = CREATED.into();
    object
}

/// Describes an environment as `environment` of GitHub's description.
pub(crate) fn environment(
    organization: &OrganizationState,
    repository: &Repository,
    environment: &Environment,
    origin: &str,
) -> Value {
    let path = format!("{}/{}", organization.settings.login, repository.name);
    let Environment { id, name } = environment;
    json!({
        "id": id,
        "node_id": STANDARD.encode(format!("011:Environment{id}")),
        "name": name,
        "url": format!("{origin}/repos/{path}/environments/{}", encoded(name)),
        "html_url": format!(
            "https://github.com/{path}/deployments/activity_log?environments_filter={}",
            encoded(name)
        ),
        "created_at": CREATED,
        "updated_at": CREATED,
        "protection_rules": [],
        "deployment_branch_policy": null,
    })
}

/// Describes an owner as `simple-user` of GitHub's description.
fn owner(organization: &OrganizationState, origin: &str) -> Value {
    let (login, id) = (&organization.settings.login, organization.id);
    account("Organization", id, organization_node_id(id), login, origin)
}

fn account(kind: &str, id: u64, node_id: String, login: &str, origin: &str) -> Value {
    let url = format!("{origin}/users/{login}");
    json!({
        "login": login,
        "id": id,
        "node_id": node_id,
        "type": kind,
        "site_admin": false,
        "gravatar_id": "",
        "avatar_url": avatar(id),
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

fn organization_node_id(id: u64) -> String {
    STANDARD.encode(format!("012:Organization{id}"))
}

/// Returns the node id of a repository.
pub(crate) fn repository_node_id(id: u64) -> String {
    STANDARD.encode(format!("010:Repository{id}"))
}

fn avatar(id: u64) -> String {
    format!("https://avatars.githubusercontent.com/u/{id}")
}
