// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Writes into .terraform.lock.hcl the providers of the synthesized stacks that it does not pin yet, with the checksums that the
// registry signs. Entries of versions that no stack requires any more go. The generated block stays as it is.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { commandLine } from "./command-line.mjs";
import {
  described,
  entryFor,
  LOCK_FILE,
  readEntries,
  registryOf,
  requirementsOf,
  stackNames,
} from "./provider-locks.mjs";
import { isThere, readBytes } from "./read-json.mjs";

const PLATFORMS = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];

const USAGE = `usage: node scripts/lock-providers.mjs [OPTIONS], after npx projen synth

Writes into ${LOCK_FILE} the providers that it does not pin yet. Commit the file.

  --program PROGRAM   terraform or tofu: each has a registry of its own. Default: $TF, else terraform
  --platform OS_ARCH  a platform that people or runners work on; can be repeated. Default: ${PLATFORMS.join(", ")}
  --mirror DIRECTORY  take the packages from a filesystem mirror instead of the registry
  --check             write nothing; end with 1 if a provider is not pinned
  --help              print this text

Exit code: 0 all are pinned, 1 they are not or could not be, 2 wrong usage.`;

const BLOCK = /^# >>> ray-platform:[\s\S]*?^# <<< ray-platform$/m;

const values = commandLine(USAGE, {
  program: { type: "string", default: process.env.TF || "terraform" },
  platform: { type: "string", multiple: true, default: PLATFORMS },
  mirror: { type: "string" },
  check: { type: "boolean" },
});

try {
  main();
} catch (error) {
  console.error(`lock-providers.mjs: ${error.message}`);
  process.exitCode = 1;
}

function main() {
  if (!isThere("cdktf.out/manifest.json")) {
    throw new Error("there are no synthesized stacks: run npx projen synth");
  }
  const registry = registryOf(values.program);
  const required = requiredProviders(registry);
  const text = isThere(LOCK_FILE) ? readBytes(LOCK_FILE).toString("utf8") : "";
  const entries = readEntries(text);
  const missing = required.filter((provider) => entryFor(provider, entries) === undefined);
  if (values.check || missing.length === 0) {
    for (const provider of missing) {
      console.error(`${described(provider)} is not pinned by ${LOCK_FILE}`);
    }
    if (missing.length === 0) {
      console.log(`${LOCK_FILE} pins every provider that the stacks take from ${registry}`);
    }
    process.exitCode = missing.length === 0 ? 0 : 1;
    return;
  }
  const added = lockedByProgram(missing);
  const block = BLOCK.exec(text);
  const isGenerated = ({ start }) => block !== null && start > block.index && start < block.index + block[0].length;
  const outdated = entries.filter(
    (entry) =>
      !isGenerated(entry) &&
      entry.address.startsWith(`${registry}/`) &&
      !required.some((provider) => entryFor(provider, [entry]) !== undefined),
  );
  const kept = outdated.reduceRight((all, { start, end }) => all.slice(0, start) + all.slice(end), text).trimEnd();
  writeFileSync(LOCK_FILE, [...(kept === "" ? [] : [`${kept}\n`]), ...added.map((entry) => entry.text)].join("\n"));
  for (const entry of added) {
    console.log(`pinned ${entry.address} ${entry.version} for ${values.platform.join(", ")}`);
  }
  console.log(`Commit ${LOCK_FILE}.`);
}

/** What all stacks require, each once. */
function requiredProviders(registry) {
  const all = stackNames().flatMap((stack) => requirementsOf(stack, registry).providers);
  return [...new Map(all.map((provider) => [described(provider), provider])).values()];
}

/** The entries that the program makes for providers, in a directory that has nothing else. */
function lockedByProgram(providers) {
  const directory = mkdtempSync(join(tmpdir(), "lock-providers-"));
  try {
    const wanted = providers.map(({ address, version }, index) => [`provider-${index}`, { source: address, version }]);
    const configuration = { terraform: { required_providers: Object.fromEntries(wanted) } };
    writeFileSync(join(directory, "providers.tf.json"), JSON.stringify(configuration));
    const options = [
      ...values.platform.map((platform) => `-platform=${platform}`),
      ...(values.mirror === undefined ? [] : [`-fs-mirror=${resolve(values.mirror)}`]),
    ];
    const { status, error } = spawnSync(values.program, ["providers", "lock", ...options], {
      cwd: directory,
      stdio: ["ignore", "inherit", "inherit"],
    });
    if (error !== undefined || status !== 0) {
      throw new Error(
        `${values.program} providers lock failed${error === undefined ? "" : `: ${error.message}`}; nothing was written`,
      );
    }
    const entries = readEntries(readFileSync(join(directory, LOCK_FILE), "utf8"));
    const without = providers.filter((provider) => entryFor(provider, entries) === undefined);
    if (without.length > 0) {
      throw new Error(`${values.program} did not lock ${without.map(described).join(", ")}; nothing was written`);
    }
    return entries;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
