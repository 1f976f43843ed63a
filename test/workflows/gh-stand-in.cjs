// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Stands for gh and GitHub in tests, loaded before a script: `node --require gh-stand-in.cjs SCRIPT`. What the script asks of
// gh is answered from state.json in the working directory, which changes as GitHub would; every call is noted in `calls`.
// A program of its own would be started two dozen times for each run of a script.
const childProcess = require("node:child_process");
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const STATE = "state.json";
const { spawnSync } = childProcess;
let state;
let base;

/** What GitHub refuses. */
class Refusal extends Error {}

childProcess.spawnSync = (program, parameters, options) =>
  program === "gh" ? gh(parameters, options?.input) : spawnSync(program, parameters, options);
syncBuiltinESMExports();

function gh(parameters, input) {
  state = JSON.parse(readFileSync(STATE, "utf8"));
  base = `repos/${state.repository.full_name}`;
  try {
    const answer = parameters[0] === "api" ? api(parameters, input) : storeValue(parameters, input);
    writeFileSync(STATE, JSON.stringify(state));
    return { status: 0, stdout: answer === undefined ? "" : JSON.stringify(answer), stderr: "" };
  } catch (error) {
    if (error instanceof Refusal) {
      return { status: 1, stdout: "", stderr: error.message };
    }
    throw error;
  }
}

function api([, , method, fullPath], input) {
  const body = input === undefined ? undefined : JSON.parse(input);
  const path = fullPath.replace(/[?&](per_page|page)=\d+/g, "");
  appendFileSync("calls", `${JSON.stringify({ method, path, body })}\n`);
  const refusal = (state.refusals ?? []).find(
    (one) => one.method === method && (one.exact ? path === one.path : path.startsWith(one.path)),
  );
  if (refusal !== undefined && (refusal.where === undefined || JSON.stringify(body).includes(refusal.where))) {
    fail(refusal.status, refusal.message);
  }
  if (state.answers?.[path] !== undefined) {
    return state.answers[path];
  }
  return paged(route(method, path, body), fullPath);
}

/** A part of a list, as GitHub gives it out. */
function paged(answer, path) {
  const { per_page: size, page } = Object.fromEntries(new URLSearchParams(path.split("?")[1]));
  if (page === undefined) {
    return answer;
  }
  const part = (items) => items.slice((page - 1) * size, page * size);
  return Array.isArray(answer)
    ? part(answer)
    : Object.fromEntries(Object.entries(answer).map(([key, items]) => [key, part(items)]));
}

/** `gh secret set NAME`, `gh variable set NAME`. */
function storeValue(parameters, value) {
  const [kind, , name, ...rest] = parameters;
  const environment = rest.includes("--env") ? rest[rest.indexOf("--env") + 1] : undefined;
  if ((state.refusals ?? []).some((one) => one.method === kind)) {
    fail(500, "down");
  }
  if (kind === "variable") {
    state.variables[name] = value;
  } else if (environment === undefined) {
    state.secrets.push(name);
  } else {
    state.environments[environment].secrets.push(name);
  }
  appendFileSync("stored", `${JSON.stringify({ parameters, value })}\n`);
}

function route(method, path, body) {
  const below = path.startsWith(base) ? path.slice(base.length) : path;
  const [, environmentName, rest] = /^\/environments\/([^/]+)(.*)$/.exec(below) ?? [];
  if (environmentName !== undefined) {
    return environmentRoute(method, decodeURIComponent(environmentName), rest, body);
  }
  const key = {
    "/actions/permissions": "actions",
    "/actions/permissions/selected-actions": "selectedActions",
    "/actions/permissions/workflow": "workflowToken",
    "/actions/permissions/fork-pr-workflows-private-repos": "forks",
    "/actions/permissions/fork-pr-contributor-approval": "forksOfPublic",
    "/code-scanning/default-setup": "defaultSetup",
  }[below];
  if (key !== undefined) {
    if (method === "GET") {
      return state[key] ?? fail(404, "Not Found");
    }
    state[key] = { ...state[key], ...body };
    return undefined;
  }
  const variable = /^\/actions\/variables\/(\w+)$/.exec(below)?.[1];
  if (variable !== undefined) {
    const value = state.variables[variable];
    return value === undefined ? fail(404, "Not Found") : { name: variable, value };
  }
  const ruleset = /^\/rulesets(?:\/(\d+))?$/.exec(below);
  if (ruleset !== null) {
    return rulesetRoute(method, ruleset[1] === undefined ? undefined : Number(ruleset[1]), body);
  }
  switch (below) {
    case "":
      return state.repository;
    case "/actions/secrets":
      return { secrets: state.secrets.map((name) => ({ name })) };
    case "/environments":
      return { environments: Object.keys(state.environments).map((name) => ({ name })) };
    case "/dependabot/secrets":
      return { secrets: (state.dependabotSecrets ?? []).map((name) => ({ name })) };
    case "/actions/organization-secrets":
      return { secrets: state.organization?.secrets?.map((name) => ({ name })) ?? fail(404, "Not Found") };
    case "/actions/organization-variables":
      return { variables: state.organization?.variables ?? fail(404, "Not Found") };
    case "/actions/secrets/public-key":
      return { key: "public" };
    case "apps/github-actions":
      return { id: state.actionsApp };
    case `orgs/${state.repository.full_name.split("/")[0]}/installations`:
      return { installations: state.installations };
  }
  const [kind, id] = [below.split("/")[0], below];
  return kind === "users" || kind === "orgs" ? { id: state.ids[id] ?? fail(404, "Not Found") } : fail(404, "Not Found");
}

function environmentRoute(method, name, rest, body) {
  const environment = state.environments[name];
  if (rest === "" && method === "PUT") {
    const before = environment ?? { policies: [], secrets: [] };
    state.environments[name] = { ...before, ...body };
    return {};
  }
  if (environment === undefined) {
    return fail(404, "Not Found");
  }
  switch (rest) {
    case "": {
      const { reviewers = [], prevent_self_review: own, wait_timer: minutes = 0 } = environment;
      const handles = Object.fromEntries(Object.entries(state.ids).map(([path, id]) => [id, path.split("/").at(-1)]));
      return {
        name,
        protection_rules: [
          ...(minutes > 0 ? [{ type: "wait_timer", wait_timer: minutes }] : []),
          ...(reviewers.length > 0
            ? [
                {
                  type: "required_reviewers",
                  prevent_self_review: own,
                  reviewers: reviewers.map(({ type, id }) => ({
                    type,
                    reviewer: { id, login: handles[id], slug: handles[id] },
                  })),
                },
              ]
            : []),
        ],
        deployment_branch_policy: environment.deployment_branch_policy ?? null,
        can_admins_bypass: environment.can_admins_bypass ?? true,
      };
    }
    case "/deployment-branch-policies":
      if (method === "GET") {
        return { branch_policies: environment.policies };
      }
      environment.policies.push({ id: 1000 + environment.policies.length, ...body });
      return {};
    case "/secrets/public-key":
      return { key: "public" };
    case "/secrets":
      return { secrets: environment.secrets.map((secret) => ({ name: secret })) };
  }
  const policy = /^\/deployment-branch-policies\/(\d+)$/.exec(rest)?.[1];
  if (policy !== undefined && method === "DELETE") {
    environment.policies = environment.policies.filter(({ id }) => id !== Number(policy));
    return undefined;
  }
  const secret = /^\/secrets\/(\w+)$/.exec(rest)?.[1];
  return environment.secrets.includes(secret) ? { name: secret } : fail(404, "Not Found");
}

function rulesetRoute(method, id, body) {
  if (method === "POST") {
    state.rulesets.push({ id: 1000 + state.rulesets.length, source_type: "Repository", ...body });
    return {};
  }
  if (id === undefined) {
    return state.rulesets.map(({ rules: _rules, conditions: _conditions, ...summary }) => summary);
  }
  const ruleset = state.rulesets.find((one) => one.id === id);
  if (method === "PUT") {
    Object.assign(ruleset, body);
  }
  return ruleset;
}

function fail(status, message) {
  throw new Refusal(`gh: ${message} (HTTP ${status})`);
}
