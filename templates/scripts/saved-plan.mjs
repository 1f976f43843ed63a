// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// What a saved plan is, and when it may be applied. A manifest binds the plans of stacks to their environment, commit and states;
// the SHA-256 of its bytes is what a person approves. The jobs that plan an environment's stacks chain: each manifest names the
// one of the job before, so that the digest of the last covers all.
//
// Nothing here reads a file or asks AWS.
import { createHash } from "node:crypto";
import { logText } from "./log-text.mjs";
import { isObject, parseJson } from "./read-json.mjs";

const FORMAT = 1;
/** Bytes of a manifest or of what names the newest plan. */
export const MANIFEST_LIMIT = 262_144;
/** Manifests of one plan; each job that plans an environment's stacks makes one. */
const CHAIN_LIMIT = 4;

const DIGEST = /^[0-9a-f]{64}$/;
const COMMIT = /^[0-9a-f]{40}$/;
const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** Why a saved plan is not applied; each reason is a sentence without a value of the plan. */
export class PlanRefused extends Error {
  constructor(reasons) {
    super(reasons.join(" "));
    this.reasons = reasons;
  }
}

export function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What people see and hand back: `prod:` and the digest of the plan's last manifest. */
export function planName(environment, digest) {
  return `${environment}:${digest}`;
}

/** @throws PlanRefused unless the text names a plan of the environment */
export function digestIn(name, environment) {
  const [, of, digest] = /^([^:]+):(.+)$/s.exec(name) ?? [];
  if (digest === undefined || !DIGEST.test(digest)) {
    throw new PlanRefused([
      `"${logText(name)}" is not a plan: its form is ENVIRONMENT:, then the 64 digits of its digest.`,
    ]);
  }
  if (of !== environment) {
    throw new PlanRefused([`It is a plan of the environment "${logText(of)}", and this is "${environment}".`]);
  }
  return digest;
}

/**
 * The manifest's text. Its bytes are what is signed by a digest: no other spelling of the same content is the same plan.
 *
 * @param stacks by name, either `{ plan: { sha256, bytes }, lineage, serial, reads }` or `{ awaits }`
 */
export function manifestText({ environment, commit, after, stacks }) {
  const sorted = (entries) => Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
  const entry = (stack) =>
    stack.awaits === undefined
      ? {
          plan: { sha256: stack.plan.sha256, bytes: stack.plan.bytes },
          lineage: stack.lineage,
          serial: stack.serial,
          reads: sorted(stack.reads),
        }
      : { awaits: [...stack.awaits].sort() };
  const content = sorted(Object.fromEntries(Object.entries(stacks).map(([name, stack]) => [name, entry(stack)])));
  const manifest = { format: FORMAT, environment, commit, after, stacks: content };
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`;
  readManifest(text);
  return text;
}

/** @throws PlanRefused unless it is a manifest as `manifestText` writes it, and nothing besides */
export function readManifest(text) {
  const manifest = parsed(text, "manifest");
  const problems = [
    ...keys(manifest, "the manifest", ["format", "environment", "commit", "after", "stacks"]),
    ...unless(manifest.format === FORMAT, `its format is not ${FORMAT}`),
    ...unless(matches(NAME, manifest.environment), "its environment is not a name"),
    ...unless(matches(COMMIT, manifest.commit), "its commit is not a commit"),
    ...unless(manifest.after === null || matches(DIGEST, manifest.after), "what it comes after is not a digest"),
    ...(isObject(manifest.stacks) && Object.keys(manifest.stacks).length > 0
      ? Object.entries(manifest.stacks).flatMap(([name, entry]) => entryProblems(name, entry))
      : ["it has no stacks"]),
  ];
  if (problems.length > 0) {
    throw new PlanRefused([`What was saved is not a manifest of plans: ${problems.join("; ")}.`]);
  }
  return manifest;
}

/** What names the newest plan of an environment. */
export function latestText({ digest, commit, run }) {
  return `${JSON.stringify({ format: FORMAT, digest, commit, run })}\n`;
}

function readLatest(text) {
  const latest = parsed(text, "name of the newest plan");
  const isOne =
    keys(latest, "", ["format", "digest", "commit", "run"]).length === 0 &&
    latest.format === FORMAT &&
    matches(DIGEST, latest.digest) &&
    matches(COMMIT, latest.commit) &&
    matches(/^\d{1,20}$/, latest.run);
  if (!isOne) {
    throw new PlanRefused(["What was saved does not name the newest plan: plan again."]);
  }
  return latest;
}

/** What a digest refers to next, before anything else of it is believed. @throws PlanRefused on another manifest's bytes */
export function manifestOf(digest, text) {
  if (sha256(text) !== digest) {
    throw new PlanRefused([`The manifest stored under ${digest} has another digest: it was replaced or cut off.`]);
  }
  return readManifest(text);
}

/**
 * The plans by stack that an approved digest stands for.
 *
 * @param chain manifests by digest, the approved one first, each followed by the one that it comes after
 * @param latest text that names the newest plan
 * @param stacks those of the environment that may be deployed; `wanted` are those that this job applies
 * @throws PlanRefused with every reason
 */
export function approvedStacks({ environment, commit, digest, chain, latest, stacks, wanted }) {
  const newest = readLatest(latest);
  const reasons = [];
  if (newest.digest !== digest) {
    reasons.push(
      newest.commit === commit
        ? `A newer plan of this commit waits: ${planName(environment, newest.digest)}, of run ${newest.run}. Read that one.`
        : `It is superseded by the plan of commit ${newest.commit}: ${planName(environment, newest.digest)}, of run ${newest.run}.`,
    );
  }
  if (chain.length > CHAIN_LIMIT) {
    reasons.push(`It has more than ${CHAIN_LIMIT} manifests.`);
  }
  const entries = new Map();
  let expected = digest;
  for (const [index, link] of chain.entries()) {
    if (link.digest !== expected) {
      reasons.push(`The manifest ${link.digest} is not of this plan.`);
    }
    const manifest = manifestOf(link.digest, link.text);
    if (manifest.environment !== environment) {
      reasons.push(`It is a plan of the environment "${manifest.environment}", and this is "${environment}".`);
    }
    if (manifest.commit !== commit) {
      reasons.push(`It is a plan of commit ${manifest.commit}, and this is ${commit}: wait for the plan of this one.`);
    }
    for (const [name, entry] of Object.entries(manifest.stacks)) {
      if (entries.has(name)) {
        reasons.push(`It has two plans of ${name}.`);
      }
      if (!stacks.includes(name)) {
        reasons.push(`It has a plan of ${name}, which is not a stack that is deployed here.`);
      }
      entries.set(name, { ...entry, manifest: link.digest });
    }
    expected = manifest.after;
    if ((index === chain.length - 1) !== (expected === null)) {
      reasons.push("Its chain of manifests is not whole.");
    }
  }
  if (chain.length === 0) {
    reasons.push("It has no manifest.");
  }
  for (const name of wanted.filter((stack) => !entries.has(stack))) {
    reasons.push(`It says nothing about ${name}.`);
  }
  if (reasons.length > 0) {
    throw new PlanRefused([...new Set(reasons)]);
  }
  return Object.fromEntries(entries);
}

/** @throws PlanRefused unless a plan's bytes are those that its manifest binds */
export function checkPlanFile(name, { plan }, bytes) {
  if (bytes.length !== plan.bytes) {
    throw new PlanRefused([`The plan of ${name} has ${bytes.length} of ${plan.bytes} bytes.`]);
  }
  if (sha256(bytes) !== plan.sha256) {
    throw new PlanRefused([`The plan of ${name} is not the one that was saved.`]);
  }
}

/**
 * What a plan was made against: the state's lineage and serial, and a hash of its outputs.
 *
 * @param text what `terraform state pull` prints: nothing where there is no state yet
 */
export function stateFacts(text) {
  const { lineage, serial, outputs } =
    text.trim() === "" ? { lineage: "", serial: 0, outputs: {} } : parsed(text, "state", Number.POSITIVE_INFINITY);
  if (typeof lineage !== "string" || !Number.isSafeInteger(serial)) {
    throw new PlanRefused(["Terraform's state has no lineage or serial."]);
  }
  return { lineage, serial, outputs: sha256(canonical(outputs ?? {})) };
}

/**
 * Why a plan is not current any more, in a sentence's second half; undefined if it is.
 *
 * @param entry the stack's in a manifest
 * @param now `{ lineage, serial, reads }` of what is deployed
 */
export function outdated(entry, now) {
  if (entry.awaits !== undefined) {
    return `it could not be planned before ${entry.awaits.join(", ")} was deployed`;
  }
  if (entry.lineage !== now.lineage) {
    return "its state is another one";
  }
  if (entry.serial !== now.serial) {
    return `its state went from serial ${entry.serial} to ${now.serial}`;
  }
  const names = [...new Set([...Object.keys(entry.reads), ...Object.keys(now.reads)])].sort();
  const changed = names.filter((name) => entry.reads[name] !== now.reads[name]);
  return changed.length > 0 ? `outputs that it reads changed: ${changed.join(", ")}` : undefined;
}

function entryProblems(name, entry) {
  const of = `of ${logText(name)}, `;
  if (!NAME.test(name) || !isObject(entry)) {
    return [`${of}the name or the entry is invalid`];
  }
  if ("awaits" in entry) {
    const isList =
      Array.isArray(entry.awaits) && entry.awaits.length > 0 && entry.awaits.every((one) => matches(NAME, one));
    return [...keys(entry, name, ["awaits"]), ...unless(isList, `${of}what it awaits are not stacks`)];
  }
  return [
    ...keys(entry, name, ["plan", "lineage", "serial", "reads"]),
    ...unless(
      isObject(entry.plan) &&
        keys(entry.plan, "", ["sha256", "bytes"]).length === 0 &&
        matches(DIGEST, entry.plan.sha256) &&
        isCount(entry.plan.bytes) &&
        entry.plan.bytes > 0,
      `${of}the plan has no hash and length`,
    ),
    ...unless(matches(/^[0-9a-f-]{0,64}$/i, entry.lineage), `${of}the lineage is invalid`),
    ...unless(isCount(entry.serial), `${of}the serial is invalid`),
    ...unless(
      isObject(entry.reads) &&
        Object.entries(entry.reads).every(([one, hash]) => NAME.test(one) && matches(DIGEST, hash)),
      `${of}what it reads has no hashes`,
    ),
  ];
}

function parsed(text, what, limit = MANIFEST_LIMIT) {
  if (text.length > limit) {
    throw new PlanRefused([`The ${what} is longer than ${limit} bytes.`]);
  }
  try {
    const value = parseJson(text);
    if (isObject(value)) {
      return value;
    }
  } catch {
    // Cut off, or something else.
  }
  throw new PlanRefused([`The ${what} is not an object in JSON: it was replaced or cut off.`]);
}

/** JSON whose bytes do not depend on the order of keys. */
function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`;
  }
  return isObject(value)
    ? `{${Object.keys(value)
        .sort()
        .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
        .join(",")}}`
    : JSON.stringify(value);
}

function keys(value, what, expected) {
  const found = Object.keys(value);
  return [
    ...found.filter((key) => !expected.includes(key)).map((key) => `${what} has ${logText(key)}`),
    ...expected.filter((key) => !found.includes(key)).map((key) => `${what} has no ${key}`),
  ];
}

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const matches = (pattern, value) => typeof value === "string" && pattern.test(value);
const unless = (holds, problem) => (holds ? [] : [problem]);
