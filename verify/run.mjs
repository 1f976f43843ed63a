// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { exec } from "../scripts/command.mjs";
import { generate, pack, removeDirectory, temporaryDirectory } from "../scripts/generate.mjs";
import { Progress } from "../scripts/progress.mjs";
import { installDependencies, ROOT, setUp } from "../scripts/setup.mjs";
import { CheckQueue } from "./check-queue.mjs";
import { installTool } from "./install-tool.mjs";
import { FIRST_RUN, freeSpace, withPassingGoCaches } from "./passing-go-caches.mjs";

const HELP = `usage: npm run verify [-- OPTIONS]

Runs the checks that need programs beyond Node: opa, helm, checkov, trivy, ... The programs are installed in the versions
that verify/tools.json pins, into .tools, with Go and Python as found on the machine. What cannot be installed is said,
and the checks that need it are counted as skipped; a check says itself what part of it could not run.

  --only ID[,ID]   run these checks only
  --list           list the checks
  --small-disk     keep no cache of what Go builds; by default where less than ${FIRST_RUN / 2 ** 30} GiB are free
  --strict         what could not be run is a failure
  --json           print the results as JSON on standard output
  --help           print this text

Exit code: 0 no check failed, 1 some failed (or, with --strict, were skipped), 2 wrong usage.`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    list: { type: "boolean" },
    "small-disk": { type: "boolean" },
    strict: { type: "boolean" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const progress = new Progress({ quiet: values.json });
// The checks import packages.
await installDependencies(progress);
const all = await loadChecks();
if (values.list) {
  console.log(all.map(({ id, title }) => `${id.padEnd(24)} ${title}`).join("\n"));
  process.exit(0);
}
const only = values.only?.split(",");
const unknown = only?.filter((id) => !all.some((check) => check.id === id)) ?? [];
if (unknown.length > 0) {
  console.error(`No such check: ${unknown.join(", ")}. See npm run verify -- --list.`);
  process.exit(2);
}
const checks = all.filter(({ id }) => only === undefined || only.includes(id));

await setUp(progress);
const base = temporaryDirectory("ray-platform-verify");
// What the checks and their programs leave behind lies there too.
Object.assign(process.env, { TMPDIR: base, TEMP: base });
const tools = {};
const isSmallDisk = values["small-disk"] ?? freeSpace(base) < FIRST_RUN;
if (isSmallDisk) {
  const free = (freeSpace(base) / 2 ** 30).toFixed(1);
  progress.line(
    `${free} GiB are free in ${base}: what Go builds programs of is kept until each is built, and no longer`,
  );
}
const generated = await generateRepository();
// Programs are built, mostly by Go, while the checks run that have theirs already.
const queue = new CheckQueue(checks, usedBy);
const results = (await Promise.all([runChecks(), installTools().then(runChecks)])).flat();
if (results.every(({ outcome }) => outcome !== "failed")) {
  removeDirectory(base); // after a failure it is there to look at
}
report();

async function loadChecks() {
  const directory = join(ROOT, "verify", "checks");
  const files = readdirSync(directory)
    .filter((file) => file.endsWith(".mjs"))
    .sort();
  const modules = await Promise.all(files.map((file) => import(join(directory, file))));
  return modules.map((module) => module.default).filter((check) => check?.id !== undefined);
}

/** A check is skipped without one of its `tools`, and says itself what it leaves out without one that it `wants`. */
function usedBy({ tools: needed, wants = [] }) {
  return [...needed, ...wants];
}

async function installTools() {
  const pinned = JSON.parse(readFileSync(join(ROOT, "verify", "tools.json"), "utf8"));
  const needed = new Set(checks.flatMap(usedBy));
  for (const name of [...needed].sort()) {
    if (pinned[name] === undefined) {
      throw new Error(`verify/tools.json does not pin ${name}`);
    }
    try {
      tools[name] = await progress.step(`Install ${name} ${pinned[name].version}`, (note) => {
        const install = (env) => installTool(name, pinned[name], note, env);
        return isSmallDisk ? withPassingGoCaches(base, install) : install();
      });
    } catch (error) {
      progress.line(`  ${name} CANNOT BE INSTALLED: ${error.message.split("\n").slice(0, 3).join(" ")}`);
    }
    queue.settle(name);
  }
}

/** Checks never write into the generated repository: those that change something take a copy of it. */
async function runChecks() {
  const ended = [];
  for (let check = await queue.take(); check !== undefined; check = await queue.take()) {
    ended.push(await runCheck(check));
  }
  return ended;
}

async function generateRepository() {
  const directory = join(base, "platform");
  await progress.step("Generate and build a repository", async (note) => {
    const tarball = await pack(base, note);
    await generate({ directory, tarball, flags: ["--aws-region", "eu-west-1", "--github-owner", "acme"], note });
    await exec("npx", ["projen", "build"], { cwd: directory, note });
  });
  return directory;
}

async function runCheck({ id, title, tools: required, run }) {
  const missing = required.filter((name) => tools[name] === undefined);
  if (missing.length > 0) {
    progress.line(`- ${title}: SKIPPED, as it needs ${missing.join(", ")}`);
    return { id, title, outcome: "skipped", message: `needs ${missing.join(", ")}` };
  }
  try {
    const result = await progress.step(title, (note) => run({ repo: ROOT, generated, tools, exec, log: note }));
    const { message, notRun } = typeof result === "object" ? result : { message: result };
    for (const line of [message, notRun?.toUpperCase()].filter(Boolean)) {
      progress.line(`  ${line}`);
    }
    return { id, title, outcome: "passed", message: message ?? "", ...(notRun ? { notRun } : {}) };
  } catch (error) {
    progress.line(error.message);
    return { id, title, outcome: "failed", message: error.message };
  }
}

function report() {
  const count = (outcome) => results.filter((result) => result.outcome === outcome).length;
  const incomplete = results.filter(({ outcome, notRun }) => outcome === "skipped" || notRun !== undefined);
  if (values.json) {
    console.log(
      JSON.stringify({ passed: count("passed"), failed: count("failed"), skipped: count("skipped"), results }, null, 2),
    );
  } else {
    if (incomplete.length > 0) {
      console.log(`NOT RUN: ${incomplete.map(({ id, notRun, message }) => `${id} (${notRun ?? message})`).join(", ")}`);
    }
    console.log(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
  }
  process.exit(count("failed") > 0 || (values.strict && incomplete.length > 0) ? 1 : 0);
}
