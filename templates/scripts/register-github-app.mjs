// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { commandLine } from "./command-line.mjs";

const USAGE = `usage: node scripts/register-github-app.mjs --owner ORGANISATION [--user] [--environment NAME] [--no-open]

Registers the GitHub App of this repository from .github/app/manifest.json, and stores its id and private key as secrets
of the repository. The key is written to no file and shown nowhere.

  --user              the owner is a personal account
  --environment NAME  store the private key in that GitHub environment instead of the repository
  --no-open           print the page's address instead of opening a browser`;

const values = commandLine(USAGE, {
  owner: { type: "string" },
  user: { type: "boolean", default: false },
  environment: { type: "string" },
  "no-open": { type: "boolean", default: false },
});
if (!values.owner) {
  console.error(`Who is to own the App? Pass --owner.\n\n${USAGE}`);
  process.exit(2);
}
const web = process.env.GITHUB_SERVER_URL ?? "https://github.com";
const api = process.env.GITHUB_API_URL ?? "https://api.github.com";
const manifest = JSON.parse(readFileSync(".github/app/manifest.json", "utf8"));
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
    store("APP_ID", app.client_id);
    store("APP_PRIVATE_KEY", app.pem, values.environment);
    respond(response, 200, `The App ${escapeHtml(app.slug)} is registered. Go on in the terminal.`);
    console.log(
      `Registered ${app.slug}. Install it on this repository only: ${web}/apps/${app.slug}/installations/new`,
    );
    console.log("Then store the number at the end of the installation's address: gh secret set INSTALLATION_ID");
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
  return response.json();
}

/** Hand a secret to gh on its standard input, so that it shows neither in the list of processes nor in a shell's history. */
function store(name, value, environment) {
  const where = environment === undefined ? [] : ["--env", environment];
  const { status, error } = spawnSync("gh", ["secret", "set", name, ...where], {
    input: value,
    stdio: ["pipe", "inherit", "inherit"],
  });
  if (status !== 0) {
    throw new Error(`gh secret set ${name} failed${error ? `: ${error.message}` : ""}`);
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
