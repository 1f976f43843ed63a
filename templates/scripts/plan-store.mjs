// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Saves plans where the apply role alone reads them, fetches a plan that was approved, and says whether it is still current.
//
//   node scripts/plan-store.mjs facts STACK                      prints what the state of a stack, and what it reads, are right now
//   node scripts/plan-store.mjs save DIRECTORY                   saves STACK.tfplan with STACK.json, its facts, of each of $STACKS
//   node scripts/plan-store.mjs fetch PLAN DIRECTORY             makes the directory, with each plan that PLAN stands for; none if that is
//                                                               empty, which production refuses
//   node scripts/plan-store.mjs outdated STACK DIRECTORY         prints why the fetched plan is not current; nothing if it is
//   node scripts/plan-store.mjs compare STACK NEW.json DIRECTORY fails if a new plan does what was not approved, in production
//
// PLAN is what save prints, such as prod:<64 digits>. Reads PLATFORM_ENVIRONMENT, STACKS, LATER_STACKS, GITHUB_SHA and GITHUB_RUN_ID;
// save also AFTER, the digest of the job before. Needs the stacks synthesized, and for facts Terraform with its backends.
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beyondWholePlan } from "ray-platform/lib/rehearsal/partial-plan.js";
import { logText } from "./log-text.mjs";
import {
  approvedStacks,
  checkPlanFile,
  digestIn,
  latestText,
  MANIFEST_LIMIT,
  manifestOf,
  manifestText,
  outdated,
  PlanRefused,
  planName,
  sha256,
  stateFacts,
} from "./saved-plan.mjs";

const [action, ...args] = process.argv.slice(2);
const actions = {
  facts: [facts, 1],
  save: [save, 1],
  fetch: [fetch, 2],
  outdated: [isOutdated, 2],
  compare: [compare, 3],
};
const [run, count] = actions[action] ?? [];
if (run === undefined || args.length !== count) {
  console.error(
    "usage: plan-store.mjs facts STACK | save DIRECTORY | fetch PLAN DIRECTORY | outdated STACK DIRECTORY | " +
      "compare STACK NEW.json DIRECTORY",
  );
  process.exit(2);
}
try {
  run(...args);
} catch (error) {
  if (!(error instanceof PlanRefused)) {
    throw error;
  }
  for (const reason of error.reasons) {
    console.error(`::error::The plan is not applied. ${reason}`);
  }
  process.exit(1);
}

function facts(stack) {
  console.log(JSON.stringify(factsOf(stack)));
}

function save(directory) {
  const { environment, state } = here();
  const after = process.env.AFTER || null;
  const stacks = Object.fromEntries(words("STACKS").map((layer) => planned(directory, `${environment}-${layer}`)));
  const text = manifestText({ environment, commit: setting("GITHUB_SHA"), after, stacks });
  const digest = sha256(text);
  const prefix = `_plans/${environment}/${digest}`;
  const put = (key, file) => s3(state, "put-object", key, "--body", file);
  // The newest plan is named last: what was saved by half is nobody's newest.
  for (const name of Object.keys(stacks).filter((stack) => stacks[stack].plan !== undefined)) {
    put(`${prefix}/${name}.tfplan`, join(directory, `${name}.tfplan`));
  }
  const written = (name, content) => {
    const file = join(directory, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  put(`${prefix}/manifest.json`, written("manifest", text));
  if (words("LATER_STACKS").length === 0) {
    const latest = latestText({ digest, commit: setting("GITHUB_SHA"), run: setting("GITHUB_RUN_ID") });
    put(`_plans/${environment}/latest.json`, written("latest", latest));
    tell("GITHUB_OUTPUT", `plan=${planName(environment, digest)}\n`);
    tell("GITHUB_STEP_SUMMARY", `\nThe plan of \`${environment}\` is \`${planName(environment, digest)}\`.\n`);
  }
  tell("GITHUB_OUTPUT", `digest=${digest}\n`);
  console.log(planName(environment, digest));
}

function fetch(plan, directory) {
  const { environment, state, production } = here();
  if (plan === "") {
    if (production) {
      throw new PlanRefused([
        `${environment} is a production environment: start the workflow with a plan that somebody has read.`,
      ]);
    }
    return;
  }
  const digest = digestIn(plan, environment);
  mkdirSync(directory, { mode: 0o700 });
  const get = (key, limit) => fetched(state, key, limit, join(directory, "object"));
  const latest = get(`_plans/${environment}/latest.json`, MANIFEST_LIMIT).toString("utf8");
  const chain = [];
  // Each manifest is known by its digest before anything of it is followed.
  for (let next = digest; next !== null && chain.length < 5; ) {
    const text = get(`_plans/${environment}/${next}/manifest.json`, MANIFEST_LIMIT).toString("utf8");
    chain.push({ digest: next, text });
    next = manifestOf(next, text).after;
  }
  const approved = approvedStacks({
    environment,
    commit: setting("GITHUB_SHA"),
    digest,
    chain,
    latest,
    stacks: Object.keys(synthesized()).filter(
      (name) => name.startsWith(`${environment}-`) && name !== `${environment}-bootstrap`,
    ),
    wanted: words("STACKS").map((layer) => `${environment}-${layer}`),
  });
  for (const [name, entry] of Object.entries(approved).filter(([, { plan: saved }]) => saved !== undefined)) {
    const bytes = get(`_plans/${environment}/${entry.manifest}/${name}.tfplan`, entry.plan.bytes);
    checkPlanFile(name, entry, bytes);
    writeFileSync(join(directory, `${name}.tfplan`), bytes, { mode: 0o600, flag: "wx" });
  }
  writeFileSync(join(directory, "approved.json"), JSON.stringify(approved), { flag: "wx" });
}

function isOutdated(stack, directory) {
  const reason = outdated(approvedIn(directory)[stack], factsOf(stack));
  if (reason !== undefined) {
    console.log(reason);
  }
}

/** In production a new plan does nothing that was not approved; elsewhere it is enough that the policies judge it. */
function compare(stack, newPlan, directory) {
  const file = join(directory, `${stack}.json`);
  const approved = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const beyond = beyondWholePlan(JSON.parse(readFileSync(newPlan, "utf8")), approved).map(logText);
  if (beyond.length === 0) {
    return;
  }
  if (here().production) {
    throw new PlanRefused([
      `Of ${stack} it would do what was not approved: ${beyond.join("; ")}. Start the workflow without a plan for one of what is deployed now.`,
    ]);
  }
  console.log(`::notice::The new plan of ${stack} does more than the first: ${beyond.join("; ")}.`);
}

/** A stack's name and its entry in a manifest. */
function planned(directory, name) {
  const known = JSON.parse(readFileSync(join(directory, `${name}.json`), "utf8"));
  if (known.awaits !== undefined) {
    return [name, known];
  }
  const file = join(directory, `${name}.tfplan`);
  const bytes = regular(file);
  return [name, { ...known, plan: { sha256: sha256(bytes), bytes: bytes.length } }];
}

function approvedIn(directory) {
  return JSON.parse(readFileSync(join(directory, "approved.json"), "utf8"));
}

function factsOf(stack) {
  const { lineage, serial } = stateOf(stack);
  const reads = Object.fromEntries(synthesized()[stack].dependencies.map((name) => [name, stateOf(name).outputs]));
  return { lineage, serial, reads };
}

function stateOf(stack) {
  const options = { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 2 ** 30 };
  return stateFacts(execFileSync("terraform", [`-chdir=cdktf.out/stacks/${stack}`, "state", "pull"], options));
}

function synthesized() {
  return JSON.parse(readFileSync("cdktf.out/manifest.json", "utf8")).stacks;
}

function here() {
  const name = setting("PLATFORM_ENVIRONMENT");
  const { environments } = JSON.parse(readFileSync("src/platform/platform.json", "utf8"));
  const environment = environments.find((one) => one.name === name);
  if (environment === undefined) {
    console.error(
      `plan-store.mjs: there is no environment "${name}"; there are ${environments.map((one) => one.name).join(", ")}`,
    );
    process.exit(2);
  }
  return { environment: name, state: environment.state, production: environment.production };
}

/** An object of the bucket, of which no more than one byte over the limit is taken. */
function fetched(state, key, limit, file) {
  try {
    s3(state, "get-object", key, "--range", `bytes=0-${limit}`, file);
  } catch (error) {
    if (/\((NoSuchKey|404)\)/.test(error.stderr ?? "")) {
      throw new PlanRefused([`There is no ${key}: it was never saved, or is older than the bucket keeps plans.`]);
    }
    console.error(`plan-store.mjs: ${logText(error.stderr ?? error.message)}`);
    process.exit(1);
  }
  const bytes = regular(file);
  rmSync(file);
  return bytes;
}

/** @throws PlanRefused if it is a link or anything else than a file */
function regular(file) {
  if (!lstatSync(file).isFile()) {
    throw new PlanRefused([`${file} is no regular file.`]);
  }
  return readFileSync(file);
}

function s3({ bucket, region }, command, key, ...rest) {
  const options = ["--bucket", bucket, "--key", key, "--region", region, "--output", "json", ...rest];
  execFileSync("aws", ["s3api", command, ...options], { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
}

function tell(variable, text) {
  if (process.env[variable]) {
    appendFileSync(process.env[variable], text);
  }
}

function words(variable) {
  return (process.env[variable] ?? "").split(" ").filter((word) => word !== "");
}

function setting(variable) {
  const value = process.env[variable];
  if (!value) {
    console.error(`plan-store.mjs: ${variable} is not set`);
    process.exit(2);
  }
  return value;
}
