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
//
// Roles of a bootstrap stack of an earlier version cannot save plans. Until it is applied again, save warns and tells GitHub the output
// unsaved=true, and fetch admits production without a plan: it is deployed as before, after the approvals of its GitHub environment.
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beyondWholePlan } from "ray-platform/lib/script-interface.js";
import { logText } from "./log-text.mjs";
import { environmentNamed } from "./platform-environment.mjs";
import { isThere, readBytes, readObject } from "./read-json.mjs";
import { synthesizedStacks } from "./stack-manifest.mjs";
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
const [run, count] = Object.hasOwn(actions, action ?? "") ? actions[action] : [];
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
  const { environment, state, production, deployment } = here();
  if (process.env.AFTER === "") {
    // The job before saved nothing, and said why.
    tell("GITHUB_OUTPUT", "unsaved=true\n");
    return;
  }
  const after = process.env.AFTER ?? null;
  const stacks = Object.fromEntries(words("STACKS").map((layer) => planned(directory, `${environment}-${layer}`)));
  const text = manifestText({ environment, commit: setting("GITHUB_SHA"), after, stacks });
  const digest = sha256(text);
  const prefix = `_plans/${environment}/${digest}`;
  const written = (name, content) => {
    const file = join(directory, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const isWhole = words("LATER_STACKS").length === 0;
  const latest = latestText({ digest, commit: setting("GITHUB_SHA"), run: setting("GITHUB_RUN_ID") });
  // The newest plan is named last: what was saved by half is nobody's newest.
  const objects = [
    ...Object.keys(stacks)
      .filter((stack) => stacks[stack].plan !== undefined)
      .map((stack) => [`${prefix}/${stack}.tfplan`, join(directory, `${stack}.tfplan`)]),
    [`${prefix}/manifest.json`, written("manifest", text)],
    ...(isWhole ? [[`_plans/${environment}/latest.json`, written("latest", latest)]] : []),
  ];
  for (const [key, file] of objects) {
    const refused = s3(state, "put-object", key, "--body", file);
    if (refused === undefined) {
      continue;
    }
    if (!/\(AccessDenied\)/.test(refused) || rolesSavePlans(deployment)) {
      failed(refused);
    }
    warnOfBootstrap(environment);
    tell("GITHUB_OUTPUT", "unsaved=true\n");
    return;
  }
  const name = planName(environment, digest);
  if (isWhole) {
    const apply = production
      ? ` It waits until somebody who has read it runs \`gh workflow run terraform-apply.yml --field plan=${name}\`.`
      : "";
    tell("GITHUB_OUTPUT", `plan=${name}\n`);
    tell("GITHUB_STEP_SUMMARY", `\nThe plan of \`${environment}\` is \`${name}\`.${apply}\n`);
  }
  tell("GITHUB_OUTPUT", `digest=${digest}\n`);
  console.log(name);
}

function fetch(plan, directory) {
  const { environment, state, production, deployment } = here();
  if (plan === "") {
    if (production && !rolesSavePlans(deployment)) {
      warnOfBootstrap(environment);
    } else if (production) {
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
    stacks: Object.keys(synthesizedStacks()).filter(
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
  const approved = isThere(file) ? readObject(file) : {};
  const beyond = beyondWholePlan(readObject(newPlan), approved).map(logText);
  if (beyond.length === 0) {
    return;
  }
  if (here().production) {
    throw new PlanRefused([
      `In ${stack} it would do what was not approved: ${beyond.join("; ")}. Start the workflow without a plan to get one for what is deployed now.`,
    ]);
  }
  console.log(`::notice::The new plan of ${stack} does more than the first: ${beyond.join("; ")}.`);
}

/** A stack's name and its entry in a manifest. */
function planned(directory, name) {
  const known = readObject(join(directory, `${name}.json`));
  if (known.awaits !== undefined) {
    return [name, known];
  }
  const file = join(directory, `${name}.tfplan`);
  const bytes = regular(file);
  return [name, { ...known, plan: { sha256: sha256(bytes), bytes: bytes.length } }];
}

function approvedIn(directory) {
  return readObject(join(directory, "approved.json"));
}

function factsOf(stack) {
  const { lineage, serial } = stateOf(stack);
  const reads = Object.fromEntries(
    synthesizedStacks()[stack].dependencies.map((name) => [name, stateOf(name).outputs]),
  );
  return { lineage, serial, reads };
}

function stateOf(stack) {
  const options = { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 2 ** 30 };
  return stateFacts(execFileSync("terraform", [`-chdir=cdktf.out/stacks/${stack}`, "state", "pull"], options));
}

function here() {
  const name = setting("PLATFORM_ENVIRONMENT");
  const { state, production, deployment } = environmentNamed(name);
  return { environment: name, state, production, deployment };
}

/** Whether the bootstrap stack that is deployed is of a version whose roles save and fetch plans. */
function rolesSavePlans({ driftRoleName }) {
  // The name of the policy in src/platform/bootstrap/github-roles.ts.
  const query = ["iam", "get-role-policy", "--role-name", driftRoleName, "--policy-name", "plans", "--output", "json"];
  const refused = aws(query);
  if (refused === undefined) {
    return true;
  }
  // Only what is not there is of an earlier version; what cannot be seen may be there.
  return /\(NoSuchEntity\)/.test(refused) ? false : failed(refused);
}

function warnOfBootstrap(environment) {
  const text = `The bootstrap stack of ${environment} is of an earlier version, whose roles cannot save plans: ${environment} is deployed as before, after the approvals of its GitHub environment, and what is applied is planned then. An administrator runs scripts/bootstrap.sh for it again.`;
  console.log(`::warning title=Bootstrap again::${text}`);
  tell("GITHUB_STEP_SUMMARY", `\n${text}\n`);
}

/** Ends with AWS's own words. */
function failed(refused) {
  console.error(`plan-store.mjs: ${logText(refused)}`);
  process.exit(1);
}

/** An object of the bucket, of which no more than one byte over the limit is taken. */
function fetched(state, key, limit, file) {
  const refused = s3(state, "get-object", key, "--range", `bytes=0-${limit}`, file);
  if (refused !== undefined) {
    if (/\((NoSuchKey|404)\)/.test(refused)) {
      throw new PlanRefused([`There is no ${key}: it was never saved, or is older than the bucket keeps plans.`]);
    }
    failed(refused);
  }
  const bytes = regular(file);
  rmSync(file);
  return bytes;
}

/** @throws PlanRefused if it is a link or anything else than a file */
function regular(file) {
  if (!lstatSync(file).isFile()) {
    throw new PlanRefused([`${file} is not a regular file.`]);
  }
  return readBytes(file);
}

function s3({ bucket, region }, command, key, ...rest) {
  const options = ["--bucket", bucket, "--key", key, "--region", region, "--output", "json", ...rest];
  return aws(["s3api", command, ...options]);
}

/** @returns what AWS said if it did not do it, undefined if it did */
function aws(args) {
  const { status, stderr, error } = spawnSync("aws", args, {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  return status === 0 ? undefined : (error?.message ?? stderr);
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
