// Sets, lists and deletes secrets with octokit. EMULATOR is the address of an emulator.

import assert from "node:assert/strict";
import sodium from "libsodium-wrappers";
import { Octokit } from "octokit";

const url = process.env.EMULATOR;
const octokit = new Octokit({ baseUrl: url, auth: "ghp_example" });
await sodium.ready;

/** Returns what a write sends for a value: it is sealed to the public key of a store. */
async function sealed(secrets, value) {
  const { data } = await octokit.request(`GET ${secrets}/public-key`);
  const base64 = sodium.base64_variants.ORIGINAL;
  const box = sodium.crypto_box_seal(value, sodium.from_base64(data.key, base64));
  return { encrypted_value: sodium.to_base64(box, base64), key_id: data.key_id };
}

/** Returns the decrypted secrets: the value by place and name, and who can use it. */
async function stored() {
  const secrets = await (await fetch(`${url}/_emulator/secrets`)).json();
  return Object.fromEntries(
    secrets.map((it) => [
      `${it.place}/${it.name}`,
      [it.value, it.visibility, ...it.selected_repository_ids],
    ]),
  );
}

const { data: user } = await octokit.rest.users.getAuthenticated();
assert.equal(user.login, "octocat");
const repositories = await octokit.paginate("GET /orgs/{org}/repos", { org: "acme", per_page: 1 });
assert.deepEqual(repositories.map((it) => it.name).sort(), ["Hello-World", "website"]);
const website = { owner: "acme", repo: "website" };
const { data: repository } = await octokit.rest.repos.get(website);
const production = { ...website, environment_name: "production" };

// Dependabot takes the ids of repositories as text in the version of the API that octokit asks for.
const ids = { actions: [repository.id], codespaces: [repository.id], dependabot: [`${repository.id}`] };
const expected = {};
for (const [store, selected_repository_ids] of Object.entries(ids)) {
  const secrets = `/orgs/acme/${store}/secrets`;
  for (const [secret_name, access] of Object.entries({
    FOR_ALL: { visibility: "all" },
    FOR_PRIVATE: { visibility: "private" },
    FOR_SELECTED: { visibility: "selected", selected_repository_ids },
  })) {
    const value = `${store} ${access.visibility}`;
    const { status } = await octokit.request(`PUT /orgs/{org}/${store}/secrets/{secret_name}`, {
      org: "acme",
      secret_name,
      ...access,
      ...(await sealed(secrets, value)),
    });
    assert.equal(status, 201);
    const selected = access.visibility === "selected" ? [repository.id] : [];
    expected[`orgs/acme/${store}/${secret_name}`] = [value, access.visibility, ...selected];
  }
}
await octokit.rest.actions.createOrUpdateRepoSecret({
  ...website,
  secret_name: "TOKEN",
  ...(await sealed("/repos/acme/website/actions/secrets", "line 1\nline 2 ✓")),
});
expected["repos/acme/website/actions/TOKEN"] = ["line 1\nline 2 ✓", null];
await octokit.rest.actions.createOrUpdateEnvironmentSecret({
  ...production,
  secret_name: "DB_PASSWORD",
  ...(await sealed("/repos/acme/website/environments/production/secrets", "hunter2")),
});
expected["repos/acme/website/environments/production/DB_PASSWORD"] = ["hunter2", null];
assert.deepEqual(await stored(), expected);

for (const store of Object.keys(ids)) {
  const list = `GET /orgs/{org}/${store}/secrets`;
  const listed = await octokit.paginate(list, { org: "acme", per_page: 2 });
  assert.deepEqual(listed.map((it) => [it.name, it.visibility]), [
    ["FOR_ALL", "all"],
    ["FOR_PRIVATE", "private"],
    ["FOR_SELECTED", "selected"],
  ]);
  const forAll = { org: "acme", secret_name: "FOR_ALL" };
  await octokit.request(`DELETE /orgs/{org}/${store}/secrets/{secret_name}`, forAll);
  await assert.rejects(
    octokit.request(`GET /orgs/{org}/${store}/secrets/{secret_name}`, forAll),
    { status: 404 },
  );
  delete expected[`orgs/acme/${store}/FOR_ALL`];
}
const { data: inside } = await octokit.rest.actions.listEnvironmentSecrets(production);
assert.deepEqual(inside.secrets.map((it) => it.name), ["DB_PASSWORD"]);
await octokit.rest.actions.deleteRepoSecret({ ...website, secret_name: "TOKEN" });
await octokit.rest.actions.deleteEnvironmentSecret({ ...production, secret_name: "DB_PASSWORD" });
delete expected["repos/acme/website/actions/TOKEN"];
delete expected["repos/acme/website/environments/production/DB_PASSWORD"];
assert.deepEqual(await stored(), expected);
console.log("octokit set 11 secrets, listed them, and deleted 5");
