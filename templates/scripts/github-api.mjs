// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Calls of GitHub's API by gh, which holds the login.
import { spawnSync } from "node:child_process";
import { parseJson } from "./read-json.mjs";

/** What GitHub answered instead of what was asked for. */
export class GitHubError extends Error {
  constructor(method, path, status, text) {
    super(`${method} ${path}: ${text}`);
    this.status = status;
  }
}

/**
 * One call. @returns the answer, or undefined for an empty one
 * @throws GitHubError with the HTTP status, or with 0 if gh could not be run
 */
export function call(method, path, body) {
  const input = body === undefined ? [] : ["--input", "-"];
  const { status, stdout, stderr, error } = spawnSync("gh", ["api", "--method", method, path, ...input], {
    input: body === undefined ? undefined : JSON.stringify(body),
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) {
    throw new GitHubError(method, path, 0, `gh cannot be run: ${error.message}`);
  }
  if (status !== 0) {
    throw new GitHubError(method, path, Number(/HTTP (\d{3})/.exec(stderr)?.[1] ?? 0), stderr.trim());
  }
  const answer = parsed(method, path, stdout);
  if (method === "GET" && (answer === null || typeof answer !== "object")) {
    throw new GitHubError(method, path, 0, "the answer is empty");
  }
  return answer;
}

function parsed(method, path, text) {
  try {
    return text.trim() === "" ? undefined : parseJson(text);
  } catch (problem) {
    throw new GitHubError(method, path, 0, `the answer is not JSON: ${problem.message}`);
  }
}

/** A GET whose absence is an answer. @returns undefined where GitHub says 404 */
export function find(path) {
  try {
    return call("GET", path);
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}

/**
 * All items of a list that GitHub gives out in pages, which stand under a key or are the answer itself.
 *
 * @throws GitHubError for what is not a list, and where GitHub says 404: it says so of what the login may not see
 */
export function list(path, key) {
  const items = [];
  for (let page = 1; ; page += 1) {
    const answer = call("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`);
    const found = key === undefined ? answer : answer[key];
    if (!Array.isArray(found)) {
      throw new GitHubError("GET", path, 0, "the answer is not a list");
    }
    items.push(...found);
    if (found.length < 100) {
      return items;
    }
  }
}

/**
 * Whether somebody else than GitHub at github.com answered. Its workflows would find neither actions nor the issuer of tokens that
 * roles in AWS trust.
 */
export function isOtherHost({ url }) {
  return url !== undefined && !String(url).startsWith("https://api.github.com/");
}

/** What to say then. */
export const OTHER_HOST =
  "gh talks to a host other than github.com, and the generated files are for github.com only: docs/operations.md, 'Set up GitHub'. Unset GH_HOST, or log in: gh auth login --hostname github.com";
