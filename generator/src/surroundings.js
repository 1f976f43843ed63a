// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { core } from "./core.js";

/**
 * A value that was found rather than given, and where.
 * @typedef {{ path: string, value: unknown, source: string }} Proposal
 */

/** How long a program may take that only saves typing, in milliseconds. */
const PATIENCE = 3000;

/**
 * Values that the directory, git and the AWS configuration suggest.
 * @param {string} cwd @param {NodeJS.ProcessEnv} env @returns {Promise<Proposal[]>}
 */
export async function surroundings(cwd, env) {
  const [remote, branch] = await Promise.all([
    answer("git", ["-C", cwd, "remote", "get-url", "origin"], env),
    answer("git", ["-C", cwd, "symbolic-ref", "--short", "HEAD"], env),
  ]);
  return [
    { path: "name", value: core.defaultName(cwd), source: "the directory's name" },
    ...fromRemote(remote),
    ...(remote !== undefined && branch !== undefined && branch !== "main"
      ? [{ path: "defaultBranch", value: branch, source: "the branch that is checked out" }]
      : []),
    ...fromAws(env),
  ];
}

/**
 * Numeric ids that GitHub's command line knows. Asked in the background while the first questions are answered.
 * @param {string} owner @param {string | undefined} repository @param {NodeJS.ProcessEnv} env @returns {Promise<Proposal[]>}
 */
export async function githubIds(owner, repository, env) {
  if (!/^[\w.-]+$/.test(owner) || repository === undefined || !/^[\w.-]+$/.test(repository)) {
    return [];
  }
  const text = await answer("gh", ["api", `repos/${owner}/${repository}`, "--jq", "[.owner.id, .id] | @tsv"], env);
  const [, ownerId, id] = /^(\d+)\t(\d+)$/.exec(text ?? "") ?? [];
  return ownerId === undefined
    ? []
    : [
        { path: "githubOwnerId", value: ownerId, source: "gh" },
        { path: "githubRepositoryId", value: id, source: "gh" },
      ];
}

/** @param {string | undefined} remote @returns {Proposal[]} */
function fromRemote(remote) {
  const [, owner, name] = /github\.com[:/]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(remote ?? "") ?? [];
  return owner === undefined
    ? []
    : [
        { path: "githubOwner", value: owner, source: "the git remote" },
        { path: "githubRepository", value: name, source: "the git remote" },
      ];
}

/** @param {NodeJS.ProcessEnv} env @returns {Proposal[]} */
function fromAws(env) {
  const profile = env.AWS_PROFILE ?? "default";
  const file = env.AWS_CONFIG_FILE ?? join(env.HOME ?? homedir(), ".aws", "config");
  const section = iniSection(readOptional(file), profile === "default" ? "default" : `profile ${profile}`);
  const where = `${basename(file)} of AWS, profile ${profile}`;
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  /** @type {Proposal[]} */
  const found = [];
  if (region !== undefined && region !== "") {
    found.push({ path: "awsRegion", value: region, source: env.AWS_REGION ? "AWS_REGION" : "AWS_DEFAULT_REGION" });
  } else if (section.region !== undefined) {
    found.push({ path: "awsRegion", value: section.region, source: where });
  }
  const account = section.sso_account_id ?? /^arn:[\w-]+:iam::(\d{12}):/.exec(section.role_arn ?? "")?.[1];
  if (account !== undefined) {
    found.push({ path: "awsAccountId", value: account, source: where });
  }
  return found;
}

/** @param {string} text @param {string} name @returns {Record<string, string>} */
function iniSection(text, name) {
  /** @type {Record<string, string>} */
  const values = {};
  let current = "";
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[([^\]]+)\]/.exec(line);
    const entry = /^([\w-]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (header !== null) {
      current = header[1].trim();
    } else if (entry !== null && current === name) {
      values[entry[1]] = entry[2];
    }
  }
  return values;
}

/** @param {string} file */
function readOptional(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/**
 * What a program prints, in one line; undefined if it fails, is missing or is slow.
 * @param {string} command @param {readonly string[]} args @param {NodeJS.ProcessEnv} env @returns {Promise<string | undefined>}
 */
function answer(command, args, env) {
  return new Promise((resolve) => {
    execFile(command, args, { env, timeout: PATIENCE, encoding: "utf8" }, (error, stdout) => {
      const text = stdout?.trim();
      resolve(error === null && text !== "" ? text : undefined);
    });
  });
}
