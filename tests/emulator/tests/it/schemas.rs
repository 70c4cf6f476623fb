//! The fields that GitHub's description requires of objects, copied by hand for the operations that
//! the workspace's own copy of the description leaves out.

use serde_json::Value;

/// Returns the required fields that an object does not have.
pub(crate) fn missing_fields<'a>(object: &Value, required: &[&'a str]) -> Vec<&'a str> {
    let fields = object.as_object().unwrap();
    let required = required.iter().copied();
    required
        .filter(|field| !fields.contains_key(*field))
        .collect()
}

/// `simple-user`
pub(crate) const SIMPLE_USER: [&str; 18] = [
    "avatar_url",
    "events_url",
    "followers_url",
    "following_url",
    "gists_url",
    "gravatar_id",
    "html_url",
    "id",
    "node_id",
    "login",
    "organizations_url",
    "received_events_url",
    "repos_url",
    "site_admin",
    "starred_url",
    "subscriptions_url",
    "type",
    "url",
];

/// `public-user`, besides the fields of `simple-user`
pub(crate) const PUBLIC_USER: [&str; 13] = [
    "bio",
    "blog",
    "company",
    "email",
    "followers",
    "following",
    "hireable",
    "location",
    "name",
    "public_gists",
    "public_repos",
    "created_at",
    "updated_at",
];

/// `organization-full`
pub(crate) const ORGANIZATION_FULL: [&str; 23] = [
    "login",
    "url",
    "id",
    "node_id",
    "repos_url",
    "events_url",
    "hooks_url",
    "issues_url",
    "members_url",
    "public_members_url",
    "avatar_url",
    "description",
    "html_url",
    "has_organization_projects",
    "has_repository_projects",
    "public_repos",
    "public_gists",
    "followers",
    "following",
    "type",
    "created_at",
    "updated_at",
    "archived_at",
];

/// `environment`
pub(crate) const ENVIRONMENT: [&str; 7] = [
    "id",
    "node_id",
    "name",
    "url",
    "html_url",
    "created_at",
    "updated_at",
];

/// `minimal-repository`
pub(crate) const MINIMAL_REPOSITORY: [&str; 46] = [
    "archive_url",
    "assignees_url",
    "blobs_url",
    "branches_url",
    "collaborators_url",
    "comments_url",
    "commits_url",
    "compare_url",
    "contents_url",
    "contributors_url",
    "deployments_url",
    "description",
    "downloads_url",
    "events_url",
    "fork",
    "forks_url",
    "full_name",
    "git_commits_url",
    "git_refs_url",
    "git_tags_url",
    "hooks_url",
    "html_url",
    "id",
    "node_id",
    "issue_comment_url",
    "issue_events_url",
    "issues_url",
    "keys_url",
    "labels_url",
    "languages_url",
    "merges_url",
    "milestones_url",
    "name",
    "notifications_url",
    "owner",
    "private",
    "pulls_url",
    "releases_url",
    "stargazers_url",
    "statuses_url",
    "subscribers_url",
    "subscription_url",
    "tags_url",
    "teams_url",
    "trees_url",
    "url",
];
