// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { commandLine } from "./command-line.mjs";
import { call, find, GitHubError, isOtherHost, list, OTHER_HOST } from "./github-api.mjs";
import { readObject } from "./read-json.mjs";

const USAGE = `usage: node scripts/register-github-app.mjs --owner ORGANIZATION [--user] [--environment NAME | --repository-secret]
         [--repository OWNER/NAME] [--replace] [--no-open]

Registers the GitHub App of this repository from .github/app/manifest.json. Its id becomes the variable APP_ID, its
private key the secret APP_PRIVATE_KEY of a GitHub environment. The key is written to no file and shown nowhere. Needs gh
with the login of an administrator of the repository. Whatever is missing is reported before GitHub is asked for anything.

  --user                   the owner is a personal account
  --environment NAME       the environment for the key; by default the one in .github/settings.json
  --repository-secret      store the key for every workflow of every branch; needed for plan comments by the App
  --repository OWNER/NAME  default: the repository that the options name
  --replace                replace the existing App with this one
  --no-open                print the page's address instead of opening a browser`;

const values = commandLine(USAGE, {
  owner: { type: "string" },
  user: { type: "boolean", default: false },
  environment: { type: "string" },
  "repository-secret": { type: "boolean", default: false },
  repository: { type: "string" },
  replace: { type: "boolean", default: false },
  "no-open": { type: "boolean", default: false },
});
if (!values.owner) {
  console.error(`Who will own the App? Pass --owner.\n\n${USAGE}`);
  process.exit(2);
}
const settings = readObject(".github/settings.json");
const repository = values.repository ?? settings.repository;
const inRepository = values["repository-secret"] || (settings.app?.keyInRepository === true && !values.environment);
const environment = inRepository ? undefined : (values.environment ?? settings.app?.environment);
const missing = whatIsMissing();
if (missing.length > 0) {
  console.error(`Nothing was registered:\n${missing.map((text) => `- ${text}`).join("\n")}`);
  process.exit(1);
}
const web = process.env.GITHUB_SERVER_URL ?? "https://github.com";
const api = process.env.GITHUB_API_URL ?? "https://api.github.com";
const manifest = readObject(".github/app/manifest.json");
// GitHub hands it back with the code; a page that somebody else prepared does not know it.
const state = randomBytes(24).toString("base64url");

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  answer(url, response).catch((error) => {
    respond(response, 500, "The registration failed; see the terminal.");
    finish(error);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = `http://127.0.0.1:${server.address().port}/`;
  console.log(`Continue in the browser: ${address}`);
  if (!values["no-open"]) {
    const opener = { darwin: "open", win32: "explorer" }[process.platform] ?? "xdg-open";
    spawn(opener, [address], { stdio: "ignore", detached: true }).on("error", () => {});
  }
});

async function answer(url, response) {
  if (url.pathname === "/") {
    respond(response, 200, page());
  } else if (url.pathname === "/registered") {
    if (url.searchParams.get("state") !== state) {
      respond(response, 403, "This answer does not belong to this registration.");
      return;
    }
    const app = await convert(url.searchParams.get("code") ?? "");
    store(app);
    respond(response, 200, `The App ${escapeHtml(app.slug)} is registered. Continue in the terminal.`);
    console.log(
      `Registered ${app.slug}. Install it on this repository only: ${web}/apps/${app.slug}/installations/new`,
    );
    console.log("Then store the number at the end of the installation's address: gh variable set INSTALLATION_ID");
    finish();
  } else {
    respond(response, 404, "Not found.");
  }
}

/** A form that sends the manifest: GitHub takes it by POST from the browser, where the owner is logged in. */
function page() {
  const target = values.user
    ? `${web}/settings/apps/new`
    : `${web}/organizations/${encodeURIComponent(values.owner)}/settings/apps/new`;
  const complete = { ...manifest, redirect_url: `http://127.0.0.1:${server.address().port}/registered` };
  return `<form action="${escapeHtml(`${target}?state=${state}`)}" method="post">
<input type="hidden" name="manifest" value="${escapeHtml(JSON.stringify(complete))}">
<pre>${escapeHtml(JSON.stringify(manifest, null, 2))}</pre>
<button type="submit">Register this App on GitHub</button>
</form>`;
}

/** Exchange the code, which is good for one hour and one use. */
async function convert(code) {
  if (!/^[A-Za-z0-9_-]{1,200}$/.test(code)) {
    throw new Error("GitHub sent no code");
  }
  const response = await fetch(`${api}/app-manifests/${code}/conversions`, {
    method: "POST",
    headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
  });
  if (response.status !== 201) {
    throw new Error(`GitHub refused the code: ${response.status} ${await response.text()}`);
  }
  const app = await response.json();
  if (![app?.slug, app?.client_id, app?.pem].every((value) => typeof value === "string" && value !== "")) {
    throw new Error(
      "GitHub's answer has no slug, client_id and pem of an App. The App may be registered all the same: check the Apps of the owner, and continue by hand with docs/github-app.md.",
    );
  }
  return app;
}

/** Everything that storing will need, looked at while nothing is lost yet: the code is good for one use. */
function whatIsMissing() {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository ?? "")) {
    return ["the repository is not known: set githubOwner in .projenrc.ts, or pass --repository OWNER/NAME"];
  }
  const base = `repos/${repository}`;
  const found = [];
  const [owner] = repository.split("/");
  if (values.owner.toLowerCase() !== owner.toLowerCase()) {
    found.push(
      `an App that ${values.owner} owns is private, and cannot be installed on ${repository}: pass --owner ${owner}`,
    );
  }
  try {
    const about = call("GET", base);
    if (isOtherHost(about)) {
      return [OTHER_HOST];
    }
    if (about.permissions?.admin !== true) {
      return [`the login of gh is not an administrator of ${repository}: gh auth login`];
    }
    const type = values.user ? "User" : "Organization";
    if ((about.owner?.type ?? type) !== type) {
      found.push(
        `${owner} is ${values.user ? "an organization" : "a person's account"}: ${values.user ? "leave --user out" : "pass --user"}`,
      );
    }
    if (environment !== undefined) {
      const path = `${base}/environments/${encodeURIComponent(environment)}`;
      const current = find(path);
      if (current === undefined) {
        found.push(`the environment ${environment} does not exist: node scripts/github-settings.mjs --apply`);
      } else {
        const custom = current.deployment_branch_policy?.custom_branch_policies === true;
        const branches = custom ? list(`${path}/deployment-branch-policies`, "branch_policies") : [];
        const isDefault = ({ name, type }) => name === settings.defaultBranch && type !== "tag";
        if (custom && branches.length === 0) {
          found.push(
            `the environment ${environment} admits no branch, so no workflow could read the key: node scripts/github-settings.mjs --apply --force`,
          );
        } else if (!custom || !branches.every(isDefault)) {
          found.push(
            `the environment ${environment} admits other branches than ${settings.defaultBranch}, whose workflows could read the key: node scripts/github-settings.mjs --apply`,
          );
        }
        call("GET", `${path}/secrets/public-key`);
      }
    } else if (!inRepository) {
      found.push("no environment for the key is named: pass --environment NAME");
    } else {
      call("GET", `${base}/actions/secrets/public-key`);
    }
    if (!values.replace && find(`${base}/actions/variables/APP_ID`) !== undefined) {
      found.push("the variable APP_ID is set: an App is registered already. --replace puts another in its place");
    }
  } catch (error) {
    if (!(error instanceof GitHubError)) {
      throw error;
    }
    found.push(error.message);
  }
  return found;
}

/** The key first: without it the id would tell the workflows that there is an App. */
function store({ slug, client_id: id, pem }) {
  const where = environment === undefined ? [] : ["--env", environment];
  try {
    gh(["secret", "set", "APP_PRIVATE_KEY", ...where, "--repo", repository], pem);
    gh(["variable", "set", "APP_ID", "--repo", repository], id);
  } catch (error) {
    const page = values.user
      ? `${web}/settings/apps/${slug}`
      : `${web}/organizations/${values.owner}/settings/apps/${slug}`;
    throw new Error(
      `${error.message}\nThe App ${slug} (${id}) is registered, but its key is not stored. Generate another one on ${page}, and store both by hand: docs/github-app.md.`,
    );
  }
}

/** Values reach gh on its standard input, so that they show neither in the list of processes nor in a shell's history. */
function gh(parameters, value) {
  const { status, error } = spawnSync("gh", parameters, { input: value, stdio: ["pipe", "inherit", "inherit"] });
  if (status !== 0) {
    throw new Error(`gh ${parameters.slice(0, 3).join(" ")} failed${error ? `: ${error.message}` : ""}`);
  }
}

function respond(response, status, body) {
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    connection: "close",
  });
  response.end(`<!doctype html><meta charset="utf-8"><title>GitHub App</title><body>${body}`);
}

function finish(error) {
  if (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
  server.close();
}

function escapeHtml(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
