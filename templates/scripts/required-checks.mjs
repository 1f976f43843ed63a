// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Sums up the checks that a branch waits for. GitHub takes a job that was skipped for one that succeeded, and so a job
// none of whose steps ran: here either fails, as a job does that failed or never came.
//
//   node scripts/required-checks.mjs --commit SHA [--minutes N] [--every SECONDS]
//
// The list is that of .github/settings.json, without the check that THIS_CHECK names. GITHUB_TOKEN may read checks and runs
// of GITHUB_REPOSITORY at GITHUB_API_URL. It asks every 15 seconds for 30 minutes, unless told otherwise, and no longer than
// until one has failed. Where GitHub is down, or has been asked too much, it asks again. GitHub
// counts questions, and answers a hundred checks at a time: of more it asks as much less often.
//
// Exit codes: 0 every check succeeded, 1 one did not, 2 wrong usage.
import { parseArgs } from "node:util";
import { logText } from "./log-text.mjs";
import { readObject } from "./read-json.mjs";

/** GitHub Actions itself: another App may report a check of any name. */
const GITHUB_ACTIONS = "github-actions";
/** Steps that GitHub adds to every job. */
const AROUND = /^(Set up job|Complete job|Post .*)$/;
const USAGE = "usage: node scripts/required-checks.mjs --commit SHA [--minutes N] [--every SECONDS]";

/** That GitHub has no answer now. */
class NoAnswer extends Error {}

const { commit, minutes, every } = options();
const { GITHUB_API_URL: api = "https://api.github.com", GITHUB_REPOSITORY, GITHUB_TOKEN, THIS_CHECK } = process.env;
const required = readObject(".github/settings.json", { requiredChecks: [""] }).requiredChecks.filter(
  (name) => name !== THIS_CHECK,
);

/** What is known of jobs that have ended, by id: GitHub counts questions. */
const known = new Map();
/** Answers that the checks of the commit fill. */
let pages = 1;
const until = Date.now() + minutes * 60_000;
let states = await answered();
while ((states === undefined || (!states.some(hasFailed) && states.some(isWaiting))) && Date.now() < until) {
  await new Promise((resolve) => setTimeout(resolve, every * pages * 1000));
  states = await answered();
}
if (states === undefined) {
  process.exit(1);
}
const failed = states.filter(({ state }) => state !== "success");
for (const { name, state, says } of states) {
  console.log(logText(state === "success" ? `ok      ${name}` : `failed  ${name}: ${says}`));
}
if (failed.length > 0) {
  console.error(
    `::error::${failed.length} of ${required.length} required checks did not succeed. docs/operations.md, "When a check is red", says what to do; then run this job again.`,
  );
  process.exitCode = 1;
}

function isWaiting({ state }) {
  return state === "waiting";
}

function hasFailed({ state }) {
  return state === "failed";
}

/** The states, or undefined where GitHub has none to give at the moment: the next question may have an answer. */
async function answered() {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof NoAnswer)) {
      throw error;
    }
    console.error(logText(error.message));
    return undefined;
  }
}

/** The state of every required check. */
async function ask() {
  const runs = await checkRuns();
  return Promise.all(
    required.map(async (name) => {
      const found = runs.filter((run) => run.name === name && run.app?.slug === GITHUB_ACTIONS);
      if (found.length === 0 || found.some(({ status }) => status !== "completed")) {
        return { name, state: "waiting", says: found.length === 0 ? "it was never started" : "it has not ended" };
      }
      const bad = found.find(({ conclusion }) => conclusion !== "success");
      if (bad !== undefined) {
        return {
          name,
          state: "failed",
          says: bad.conclusion === "skipped" ? "it was skipped" : `it ended with '${bad.conclusion}'`,
        };
      }
      const ran = await Promise.all(found.map(({ id }) => ranSteps(id)));
      return ran.every(Boolean) ? { name, state: "success" } : { name, state: "failed", says: "none of its steps ran" };
    }),
  );
}

async function checkRuns() {
  const runs = [];
  for (let page = 1; ; page += 1) {
    const { check_runs: found } = await get(`commits/${commit}/check-runs?filter=latest&per_page=100&page=${page}`);
    runs.push(...found);
    if (found.length < 100) {
      pages = page;
      return runs;
    }
  }
}

/** The id of an Actions job is that of its check. */
async function ranSteps(job) {
  if (!known.has(job)) {
    const { steps } = await get(`actions/jobs/${job}`);
    known.set(
      job,
      steps.some(({ name, conclusion }) => !AROUND.test(name) && conclusion === "success"),
    );
  }
  return known.get(job);
}

async function get(path) {
  const headers = { authorization: `Bearer ${GITHUB_TOKEN}`, accept: "application/vnd.github+json" };
  const answer = await fetch(`${api}/repos/${GITHUB_REPOSITORY}/${path}`, { headers }).catch((error) => {
    throw new NoAnswer(`GitHub cannot be reached: ${error.cause?.message ?? error.message}`);
  });
  if (answer.ok) {
    return answer.json().catch(() => {
      throw new NoAnswer(`GitHub's answer to ${path} was cut off`);
    });
  }
  const text = (await answer.text().catch(() => "")).slice(0, 500);
  const said = `GitHub answers ${answer.status} to ${path}: ${text}`;
  // Its limits count every question of every run, and pass.
  if (answer.status >= 500 || answer.status === 429 || /rate limit/i.test(text)) {
    throw new NoAnswer(said);
  }
  console.error(logText(said));
  process.exit(1);
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        commit: { type: "string" },
        minutes: { type: "string", default: "30" },
        every: { type: "string", default: "15" },
        help: { type: "boolean" },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    const [minutes, every] = [Number(values.minutes), Number(values.every)];
    if (!/^[0-9a-f]{40}$/.test(values.commit ?? "") || !(minutes >= 0) || !(every > 0)) {
      throw new Error(USAGE);
    }
    return { commit: values.commit, minutes, every };
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
