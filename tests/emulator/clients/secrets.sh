#!/usr/bin/env bash
# Sets, lists and deletes secrets with gh. EMULATOR is the address of an emulator.
set -euo pipefail

# gh uses plain HTTP only for the host github.localhost, so the emulator is its proxy.
export HTTP_PROXY=$EMULATOR GH_HOST=github.localhost GH_TOKEN=ghp_example
export GH_PROMPT_DISABLED=1 GH_NO_UPDATE_NOTIFIER=1
unset NO_PROXY no_proxy GITHUB_TOKEN GH_REPO
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
export GH_CONFIG_DIR=$folder

# The decrypted secrets, one a line: place and name, value, visibility, ids of repositories.
stored() {
    curl --silent --show-error --fail --noproxy '*' "$EMULATOR/_emulator/secrets" | python3 -c '
import json, sys
for it in json.load(sys.stdin):
    row = [it["value"], it["visibility"], *it["selected_repository_ids"]]
    print(it["place"] + "/" + it["name"], json.dumps(row))'
}

# same WHAT EXPECTED FOUND: the lines are the same, in any order.
same() {
    diff <(sort <<<"$2") <(sort <<<"$3") || {
        echo "error: $1 differ: expected is <, found is >" >&2
        exit 1
    }
}

# listed NAMES OPTION…: gh lists these secrets.
listed() {
    local names=$1
    shift
    same "the secrets of $*" "${names// /$'\n'}" "$(gh secret list "$@" | cut -f 1)"
}

gh auth status --hostname github.localhost 2>&1 | grep --quiet octocat
cat >"$folder/.env" <<'ENV'
FROM_FILE=plain
LINES="line 1\nline 2 ✓"
ENV
gh secret set TOKEN --repo acme/website --body first
echo second | gh secret set TOKEN --repo acme/website
gh secret set --env-file "$folder/.env" --repo acme/website
gh secret set TOKEN --app dependabot --repo acme/website --body bot
gh secret set DB_PASSWORD --env production --repo acme/website --body hunter2
gh secret set FOR_ALL --org acme --visibility all --body all
gh secret set FOR_PRIVATE --org acme --body private
gh secret set FOR_SELECTED --org acme --repos website,Hello-World --body selected
gh secret set FOR_BOT --org acme --app dependabot --repos website --body bot
gh secret set MINE --user --repos acme/website --body mine

same 'the secrets' 'orgs/acme/actions/FOR_ALL ["all", "all"]
orgs/acme/actions/FOR_PRIVATE ["private", "private"]
orgs/acme/actions/FOR_SELECTED ["selected", "selected", 1296269, 1296280]
orgs/acme/dependabot/FOR_BOT ["bot", "selected", 1296280]
repos/acme/website/actions/FROM_FILE ["plain", null]
repos/acme/website/actions/LINES ["line 1\nline 2 \u2713", null]
repos/acme/website/actions/TOKEN ["second", null]
repos/acme/website/dependabot/TOKEN ["bot", null]
repos/acme/website/environments/production/DB_PASSWORD ["hunter2", null]
user/codespaces/MINE ["mine", "selected", 1296280]' "$(stored)"

listed 'FROM_FILE LINES TOKEN' --repo acme/website
listed TOKEN --app dependabot --repo acme/website
listed DB_PASSWORD --env production --repo acme/website
listed 'FOR_ALL FOR_PRIVATE FOR_SELECTED' --org acme
listed FOR_BOT --org acme --app dependabot
listed MINE --user

gh secret delete TOKEN --repo acme/website
gh secret delete TOKEN --app dependabot --repo acme/website
gh secret delete DB_PASSWORD --env production --repo acme/website
gh secret delete FOR_ALL --org acme
gh secret delete FOR_BOT --org acme --app dependabot
gh secret delete MINE --user
if gh secret delete MINE --user 2>"$folder/error"; then
    echo 'error: gh deleted a secret twice' >&2
    exit 1
fi
grep --quiet 'HTTP 404' "$folder/error"

same 'what is left' 'orgs/acme/actions/FOR_PRIVATE
orgs/acme/actions/FOR_SELECTED
repos/acme/website/actions/FROM_FILE
repos/acme/website/actions/LINES' "$(stored | cut -d ' ' -f 1)"
echo "gh $(gh --version | sed -n 's/^gh version \([^ ]*\).*/\1/p') set 10 secrets, listed them, and deleted 6"
