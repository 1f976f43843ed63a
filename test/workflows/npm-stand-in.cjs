#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Stands for npm and its registry in tests of the upgrade. REGISTRY names a JSON file: `packages` has, by name, the versions
// with the time of their publication and, for one that can be installed, its `directory`; `missing` and `invalid` are the
// names of packages whose signature is, and `builtFrom` is what provenance says.
const { createHash } = require("node:crypto");
const { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

const HOST = "https://registry.npmjs.org";
const registry = JSON.parse(readFileSync(process.env.REGISTRY, "utf8"));
const [command, ...rest] = process.argv.slice(2);
const before = /^--before=(.*)$/m.exec(rest.join("\n"))?.[1] ?? process.env.npm_config_before;
const digestOf = (name, version) => createHash("sha512").update(`${name}@${version}`).digest();
const integrityOf = (name, version) => `sha512-${digestOf(name, version).toString("base64")}`;
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

function fail(code, text) {
  process.stderr.write(`npm error code ${code}\nnpm error ${text}\n`);
  process.exit(1);
}

/** The newest version that fits and was published in time: all versions of the tests are in one major. */
function pick(name, wanted) {
  const versions = registry.packages[name] ?? fail("E404", `${name} is not in this registry`);
  const inTime = Object.keys(versions).filter((version) => !before || versions[version].published <= before);
  const fits = inTime.filter((version) => /^[\^]|^latest$/.test(wanted) || version === wanted);
  return fits.sort().at(-1) ?? fail("ETARGET", `No matching version found for ${name}@${wanted}.`);
}

function install(name, version) {
  const path = join("node_modules", name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  const { directory } = registry.packages[name]?.[version] ?? fail("E404", `${name}@${version}`);
  if (directory !== undefined) {
    symlinkSync(directory, path);
  }
}

function writeLock(refresh) {
  const manifest = readJson("package.json");
  const known = existsSync("package-lock.json") ? readJson("package-lock.json").packages : {};
  const packages = { "": manifest };
  for (const [name, wanted] of Object.entries(manifest.devDependencies)) {
    const locked = known[`node_modules/${name}`];
    const isKept = !refresh && locked !== undefined && (wanted.startsWith("^") || wanted === locked.version);
    const version = isKept ? locked.version : pick(name, wanted);
    packages[`node_modules/${name}`] = isKept
      ? locked
      : {
          version,
          resolved: `${HOST}/${name}/-/${name}-${version}.tgz`,
          integrity: integrityOf(name, version),
          dev: true,
        };
  }
  writeFileSync("package-lock.json", `${JSON.stringify({ lockfileVersion: 3, packages }, null, 2)}\n`);
}

function packagesOfLock() {
  return Object.entries(readJson("package-lock.json").packages)
    .filter(([path]) => path !== "")
    .map(([path, entry]) => ({ name: path.replace("node_modules/", ""), ...entry }));
}

switch (command) {
  case "ci": {
    rmSync("node_modules", { recursive: true, force: true });
    for (const { name, version, integrity } of packagesOfLock()) {
      if (integrity !== integrityOf(name, version)) {
        fail("EINTEGRITY", `${name}@${version}`);
      }
      install(name, version);
    }
    for (const [name, directory] of Object.entries(registry.bundled)) {
      mkdirSync("node_modules", { recursive: true });
      symlinkSync(directory, join("node_modules", name));
    }
    break;
  }
  case "install":
    if (rest.includes("--package-lock-only")) {
      writeLock(false);
    } else {
      const [, name, wanted] = /^(.+)@([^@]+)$/.exec(rest.at(-1));
      install(name, pick(name, wanted));
    }
    break;
  case "update":
    writeLock(true);
    break;
  case "audit": {
    const about = (name) => packagesOfLock().filter((one) => one.name === name);
    const found = (names, more) => names.flatMap(about).map((one) => ({ ...one, registry: `${HOST}/`, ...more }));
    const report = {
      invalid: found(registry.invalid ?? [], { code: "EINTEGRITYSIGNATURE" }),
      missing: found(registry.missing ?? [], {}),
      verified: about("ray-platform").map(({ name, version }) => ({
        name,
        version,
        attestationBundles: registry.builtFrom === undefined ? [] : [attestation(name, version, registry.builtFrom)],
      })),
    };
    process.stdout.write(JSON.stringify(report));
    process.exitCode = report.invalid.length + report.missing.length > 0 ? 1 : 0;
    break;
  }
  default:
    fail("EUNKNOWN", `the stand-in knows no ${command}`);
}

function attestation(name, version, repository) {
  const statement = {
    subject: [{ name: `pkg:npm/${name}@${version}`, digest: { sha512: digestOf(name, version).toString("hex") } }],
    predicate: { buildDefinition: { externalParameters: { workflow: { repository } } } },
  };
  const payload = Buffer.from(JSON.stringify(statement)).toString("base64");
  return { predicateType: "https://slsa.dev/provenance/v1", bundle: { dsseEnvelope: { payload } } };
}
