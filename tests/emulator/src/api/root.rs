//! `GET /`, with which `gh auth` asks for the scopes of a token. They are in the headers; the body
//! is the schema `root` of GitHub's description.

use serde_json::{Map, Value};

const AUTHORIZATIONS: &str = "https://github.com/settings/connections/applications{/client_id}";

const ADDRESSES: [(&str, &str); 30] = [
    ("authorizations_url", "/authorizations"),
    (
        "code_search_url",
        "/search/code{?q,page,per_page,sort,order}",
    ),
    (
        "commit_search_url",
        "/search/commits{?q,page,per_page,sort,order}",
    ),
    (
        "current_user_repositories_url",
        "/user/repos{?type,page,per_page,sort}",
    ),
    ("current_user_url", "/user"),
    ("emails_url", "/user/emails"),
    ("emojis_url", "/emojis"),
    ("events_url", "/events"),
    ("feeds_url", "/feeds"),
    ("followers_url", "/user/followers"),
    ("following_url", "/user/following{/target}"),
    ("gists_url", "/gists{/gist_id}"),
    (
        "issue_search_url",
        "/search/issues{?q,page,per_page,sort,order}",
    ),
    ("issues_url", "/issues"),
    ("keys_url", "/user/keys"),
    (
        "label_search_url",
        "/search/labels{?q,repository_id,page,per_page}",
    ),
    ("notifications_url", "/notifications"),
    (
        "organization_repositories_url",
        "/orgs/{org}/repos{?type,page,per_page,sort}",
    ),
    ("organization_teams_url", "/orgs/{org}/teams"),
    ("organization_url", "/orgs/{org}"),
    ("public_gists_url", "/gists/public"),
    ("rate_limit_url", "/rate_limit"),
    (
        "repository_search_url",
        "/search/repositories{?q,page,per_page,sort,order}",
    ),
    ("repository_url", "/repos/{owner}/{repo}"),
    ("starred_gists_url", "/gists/starred"),
    ("starred_url", "/user/starred{/owner}{/repo}"),
    ("user_organizations_url", "/user/orgs"),
    (
        "user_repositories_url",
        "/users/{user}/repos{?type,page,per_page,sort}",
    ),
    (
        "user_search_url",
        "/search/users{?q,page,per_page,sort,order}",
    ),
    ("user_url", "/users/{user}"),
];

pub(crate) fn describe(origin: &str) -> Value {
    let addresses = ADDRESSES.map(|(name, path)| (name.to_owned(), format!("{origin}{path}")));
    let mut body: Map<String, Value> = addresses
        .into_iter()
        .map(|(name, address)| (name, address.into()))
        .collect();
    body.insert(
        "current_user_authorizations_html_url".to_owned(),
        AUTHORIZATIONS.into(),
    );
    Value::Object(body)
}
