"""Sets, lists and deletes secrets with PyGithub. EMULATOR is the address of an emulator."""

import json
import os
from urllib.request import urlopen

from github import Auth, Github, UnknownObjectException

URL = os.environ["EMULATOR"]


def stored():
    """Returns the decrypted secrets: the value by place and name, and who can use it."""
    with urlopen(f"{URL}/_emulator/secrets") as response:
        secrets = json.load(response)
    return {
        f"{it['place']}/{it['name']}": (
            it["value"],
            it["visibility"],
            it["selected_repository_ids"],
        )
        for it in secrets
    }


github = Github(base_url=URL, auth=Auth.Token("ghp_example"), per_page=2)
acme = github.get_organization("acme")
website = github.get_repo("acme/website")
hello = github.get_repo("acme/Hello-World")
production = website.get_environment("production")

assert github.get_user().login == "octocat"
assert {it.name for it in acme.get_repos()} == {"website", "Hello-World"}
assert [it.name for it in website.get_environments()] == ["production"]

for store in ["actions", "dependabot"]:
    acme.create_secret("FOR_ALL", "for all", "all", secret_type=store)
    acme.create_secret("FOR_PRIVATE", "for private", "private", secret_type=store)
    acme.create_secret("FOR_SELECTED", "for selected", "selected", [website], store)
    website.create_secret("TOKEN", "first", store)
    website.create_secret("TOKEN", "line 1\nline 2 ✓", store)
    website.create_secret("SPARE", "", store)
production.create_secret("DB_PASSWORD", "hunter2")

expected = {"repos/acme/website/environments/production/DB_PASSWORD": ("hunter2", None, [])}
for store in ["actions", "dependabot"]:
    expected |= {
        f"orgs/acme/{store}/FOR_ALL": ("for all", "all", []),
        f"orgs/acme/{store}/FOR_PRIVATE": ("for private", "private", []),
        f"orgs/acme/{store}/FOR_SELECTED": ("for selected", "selected", [website.id]),
        f"repos/acme/website/{store}/TOKEN": ("line 1\nline 2 ✓", None, []),
        f"repos/acme/website/{store}/SPARE": ("", None, []),
    }
assert stored() == expected, stored()

for store in ["actions", "dependabot"]:
    listed = {it.name: it.visibility for it in acme.get_secrets(store)}
    assert listed == {"FOR_ALL": "all", "FOR_PRIVATE": "private", "FOR_SELECTED": "selected"}
    assert {it.name for it in website.get_secrets(store)} == {"TOKEN", "SPARE"}

    selected = acme.get_secret("FOR_SELECTED", store)
    selected.add_repo(hello)
    assert {it.name for it in selected.selected_repositories} == {"website", "Hello-World"}
    selected.remove_repo(website)
    assert stored()[f"orgs/acme/{store}/FOR_SELECTED"][2] == [hello.id]

    acme.get_secret("FOR_ALL", store).delete()
    website.delete_secret("TOKEN", store)
    try:
        acme.get_secret("FOR_ALL", store)
        raise AssertionError("a deleted secret is still there")
    except UnknownObjectException:
        pass
assert [it.name for it in production.get_secrets()] == ["DB_PASSWORD"]
production.delete_secret("DB_PASSWORD")

left = {f"orgs/acme/{store}/{name}" for store in ["actions", "dependabot"]
        for name in ["FOR_PRIVATE", "FOR_SELECTED"]}
left |= {f"repos/acme/website/{store}/SPARE" for store in ["actions", "dependabot"]}
assert set(stored()) == left, stored()
print(f"PyGithub set {len(expected)} secrets, listed them, and deleted {len(expected) - len(left)}")
