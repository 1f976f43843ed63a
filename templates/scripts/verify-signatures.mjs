// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Verifies the registry's signature on each installed package, and every attestation that there is:
//
//   node scripts/verify-signatures.mjs [--provenance NAME=REPOSITORY]...
//
// npm verifies. With --provenance, the named package must have been built from that repository, by an attestation about the
// very archive that package-lock.json names. An npm that does not hand over the attestation that it verified leaves that to a
// second request: what the registry answers to it is believed.
//
// REGISTRIES_WITHOUT_SIGNATURES names hosts of registries that sign nothing, with spaces between them: nothing is asked of
// what package-lock.json takes from there, and that is said.
//
// Exit codes: 0 verified, 1 not, 2 wrong usage.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { logText } from "./log-text.mjs";
import { parseJson, readObject } from "./read-json.mjs";

const PROVENANCE = "https://slsa.dev/provenance/v1";

const wanted = provenanceOptions();
const unsigned = new Set((process.env.REGISTRIES_WITHOUT_SIGNATURES ?? "").split(/\s+/).filter(Boolean));
const packages = Object.entries(readObject("package-lock.json").packages ?? {}).filter(([path]) => path !== "");
const problems = [];

const registries = new Map();
const fromUnsigned = packages.filter(([path, entry]) => unsigned.has(sourceOf(path, entry)));
if (fromUnsigned.length > 0) {
  console.log(`${fromUnsigned.length} packages come from registries that sign nothing: ${[...unsigned].join(", ")}`);
}
const remote = packages.filter(([, { resolved, link }]) => link !== true && !String(resolved).startsWith("file:"));
const verified = remote.length > fromUnsigned.length ? auditSignatures() : [];
for (const [name, repository] of wanted) {
  await checkProvenance(name, repository);
}
if (problems.length > 0) {
  for (const problem of problems) {
    console.error(logText(problem));
  }
  process.exit(1);
}
console.log(`signatures verified: ${remote.length - fromUnsigned.length} packages`);

/** @returns what npm verified attestations of */
function auditSignatures() {
  const { status, stdout, stderr } = npm("audit", "signatures", "--json", "--include-attestations");
  let report;
  try {
    report = parseJson(stdout);
  } catch {
    problems.push(`npm audit signatures ended with ${status}, and says nothing: ${stderr.trim()}`);
    return [];
  }
  const { invalid, missing, error, verified: attested = [] } = report;
  if (error !== undefined || !Array.isArray(invalid) || !Array.isArray(missing)) {
    problems.push(`npm audit signatures failed: ${error?.summary ?? stderr.trim()}`);
    return [];
  }
  const isAsked = ({ registry }) => !unsigned.has(hostOf(registry));
  const found = problems.length;
  for (const { name, version, registry, code } of invalid) {
    const what = code === "EATTESTATIONVERIFY" ? "attestation" : "registry signature";
    problems.push(`${name}@${version}: invalid ${what} (${registry})`);
  }
  for (const { name, version, registry } of missing.filter(isAsked)) {
    problems.push(`${name}@${version}: missing registry signature, and ${registry} signs packages`);
  }
  if (status !== 0 && invalid.length === 0 && missing.length === 0 && problems.length === found) {
    problems.push(`npm audit signatures ended with ${status}: ${stderr.trim()}`);
  }
  return attested;
}

async function checkProvenance(name, repository) {
  const [, entry] = packages.find(([path]) => path === `node_modules/${name}`) ?? [];
  if (entry === undefined) {
    problems.push(`${name} is not installed`);
    return;
  }
  if (unsigned.has(sourceOf(`node_modules/${name}`, entry))) {
    console.log(`${name}@${entry.version} has no provenance to compare: its registry signs nothing`);
    return;
  }
  const statements = (await attestationsOf(name, entry.version))
    .filter(({ predicateType }) => predicateType === PROVENANCE)
    .map(({ bundle }) => parseJson(Buffer.from(bundle.dsseEnvelope.payload, "base64").toString("utf8")));
  if (statements.length === 0) {
    problems.push(`${name}@${entry.version} has no provenance: what it was built from is unknown`);
  }
  const digest = Buffer.from(String(entry.integrity).replace(/^sha512-/, ""), "base64").toString("hex");
  for (const { subject = [], predicate } of statements) {
    const from = predicate?.buildDefinition?.externalParameters?.workflow?.repository;
    if (from !== repository) {
      problems.push(`${name}@${entry.version} was built from ${from}, and is expected from ${repository}`);
    }
    if (!subject.some((one) => one.digest?.sha512 === digest)) {
      problems.push(`${name}@${entry.version}: its provenance is about another archive than package-lock.json names`);
    }
  }
}

async function attestationsOf(name, version) {
  const handedOver = verified.find((one) => one.name === name && one.version === version)?.attestationBundles;
  if (handedOver !== undefined) {
    return handedOver;
  }
  const { stdout } = npm("view", `${name}@${version}`, "dist.attestations", "--json");
  let url;
  try {
    url = parseJson(stdout).url;
  } catch {
    return [];
  }
  const registry = npm("config", "get", "registry").stdout.trim();
  // As npm does: from the registry that is in use.
  const answer = await fetch(new URL(new URL(url).pathname, registry));
  return answer.ok ? (await answer.json()).attestations : [];
}

function npm(...args) {
  return spawnSync("npm", args, { encoding: "utf8", maxBuffer: 1 << 28, shell: process.platform === "win32" });
}

/** The host that a package comes from. A lock file need not say it: it is the registry that npm is configured with then. */
function sourceOf(path, { resolved, link }) {
  if (resolved !== undefined || link === true || unsigned.size === 0) {
    return hostOf(resolved);
  }
  const [, scope] = /(?:^|\/)node_modules\/(?:(@[^/]+)\/)?[^/]+$/.exec(path) ?? [];
  return hostOf(registryOf(scope)) ?? hostOf(registryOf(undefined));
}

function registryOf(scope) {
  if (!registries.has(scope)) {
    const key = scope === undefined ? "registry" : `${scope}:registry`;
    registries.set(scope, npm("config", "get", key).stdout.trim());
  }
  return registries.get(scope);
}

function hostOf(address) {
  return URL.canParse(address) ? new URL(address).host : undefined;
}

function provenanceOptions() {
  try {
    const { values } = parseArgs({ options: { provenance: { type: "string", multiple: true, default: [] } } });
    return values.provenance.map((text) => {
      const [name, repository] = text.split(/=(.*)/s);
      if (!repository) {
        throw new Error(`--provenance ${text}: write NAME=REPOSITORY`);
      }
      return [name, repository];
    });
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}
