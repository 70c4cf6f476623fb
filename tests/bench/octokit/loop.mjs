// Stores secrets in many repositories by Octokit and libsodium, as a loop: it cannot know what is
// there already, and writes everything each time. Usage: node loop.mjs URL SECRETS REPOSITORIES
import { createRequire } from "node:module";
import { Octokit } from "@octokit/core";

// Its ES module names a file that the package does not have.
const sodium = createRequire(import.meta.url)("libsodium-wrappers");

const [url, secrets, repositories] = process.argv.slice(2);
const number = (index) => String(index).padStart(4, "0");
const octokit = new Octokit({ baseUrl: url, auth: process.env.GH_TOKEN });
const base64 = sodium.base64_variants?.ORIGINAL ?? 1;
await sodium.ready;

for (let index = 0; index < Number(repositories); index++) {
  const place = { owner: "acme", repo: `svc-${number(index)}` };
  const { data: key } = await octokit.request(
    "GET /repos/{owner}/{repo}/actions/secrets/public-key",
    place,
  );
  const publicKey = sodium.from_base64(key.key, base64);
  for (let secret = 0; secret < Number(secrets); secret++) {
    const name = `SECRET_${number(secret)}`;
    const sealed = sodium.crypto_box_seal(name.padStart(32, "*"), publicKey);
    await octokit.request("PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}", {
      ...place,
      secret_name: name,
      encrypted_value: sodium.to_base64(sealed, base64),
      key_id: key.key_id,
    });
  }
}
