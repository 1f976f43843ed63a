// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// What .terraform.lock.hcl at the root of the repository says of the providers of a stack.
import { rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isThere, readBytes, readObject } from "./read-json.mjs";
import { synthesizedStacks } from "./stack-manifest.mjs";

export const LOCK_FILE = ".terraform.lock.hcl";

const HEADING = `# Copied from ${LOCK_FILE} at the root of the repository: what this stack requires of it.\n\n`;

/** What is asked of a synthesized stack. */
const STACK = {
  "terraform?": { "required_providers?": { "*": { source: "", "version?": "" } } },
  "module?": {},
};

/** Comes with the program, and needs no lock. */
const BUILT_IN = "terraform.io/builtin/terraform";

/** The registry that a program takes providers from whose source names none. */
export function registryOf(program) {
  return basename(program).startsWith("tofu") ? "registry.opentofu.org" : "registry.terraform.io";
}

/** Names of the synthesized stacks. */
export function stackNames() {
  return Object.keys(synthesizedStacks());
}

/** Where a stack is synthesized to. */
export function stackDirectory(stack) {
  return join("cdktf.out", "stacks", stack);
}

/** The entries of a lock file, each with its text and where it is. Throws if one cannot be read. */
export function readEntries(text) {
  if (/^(?:<{7}|={7}|>{7})/m.test(text)) {
    throw new Error(`${LOCK_FILE} has conflict markers: resolve them`);
  }
  const entries = [...text.matchAll(/^provider "([^"]+)" \{\r?\n[^}]*^\}\r?\n?/gm)].map((match) => ({
    address: match[1].toLowerCase(),
    version: /^\s*version\s*=\s*"([^"]+)"/m.exec(match[0])?.[1],
    text: match[0].replaceAll("\r\n", "\n"),
    start: match.index,
    end: match.index + match[0].length,
  }));
  const begun = text.match(/^\s*provider\b/gm)?.length ?? 0;
  if (begun !== entries.length || entries.some(({ version }) => version === undefined)) {
    throw new Error(
      `${LOCK_FILE} has an entry that cannot be read; "terraform providers lock" writes them as they must be`,
    );
  }
  return entries;
}

/** The entries at the root of the repository. */
export function rootEntries() {
  return isThere(LOCK_FILE) ? readEntries(readBytes(LOCK_FILE).toString("utf8")) : [];
}

/** The providers that a stack requires, each with its full address and the version, and whether modules may require more. */
export function requirementsOf(stack, registry) {
  const { terraform = {}, module = {} } = readObject(`${stackDirectory(stack)}/cdk.tf.json`, STACK);
  const providers = Object.values(terraform.required_providers ?? {})
    .map(({ source, version }) => ({ address: addressOf(source, registry), version }))
    .filter(({ address }) => address !== BUILT_IN);
  return { providers, isOpen: Object.keys(module).length > 0 };
}

/** The entry that locks a required provider; undefined if none does, or one of another version. */
export function entryFor({ address, version }, entries) {
  const exact = /^=?\s*(\d[\w.+-]*)$/.exec(version ?? "")?.[1];
  return entries.find((entry) => entry.address === address && (exact === undefined || entry.version === exact));
}

/** What a person is told of providers that are not locked. */
export function described({ address, version }) {
  return `${address} ${version ?? "of any version"}`;
}

/**
 * Writes the lock file of a stack: the entries of what it requires, and no other, since a read-only lock may have no other.
 *
 * Returns the providers that are not locked. Where that is none the lock is whole, and `init` can be held to it.
 */
export function lockStack(stack, registry, entries = rootEntries()) {
  const { providers, isOpen } = requirementsOf(stack, registry);
  const found = providers.map((provider) => [provider, entryFor(provider, entries)]);
  const locked = found.flatMap(([, entry]) => (entry === undefined ? [] : [entry]));
  const file = join(stackDirectory(stack), LOCK_FILE);
  if (locked.length === 0) {
    rmSync(file, { force: true });
  } else {
    writeFileSync(file, HEADING + locked.map(({ text }) => text).join("\n"));
  }
  const missing = found.filter(([, entry]) => entry === undefined).map(([provider]) => provider);
  return { missing, isWhole: missing.length === 0 && locked.length > 0 && !isOpen };
}

/**
 * Arguments of `init` for a stack, whose lock file it writes: held to that where it is whole. Otherwise what is locked must still
 * be what the lock says, and the rest is taken as the registry signs it; says so on standard error.
 */
export function initArguments(stack, program) {
  const { missing, isWhole } = lockStack(stack, registryOf(program));
  if (missing.length > 0) {
    const mark = process.env.GITHUB_ACTIONS === "true" ? "::warning::" : "warning: ";
    console.error(
      `${mark}${stack} installs what ${LOCK_FILE} does not pin: ${missing.map(described).join(", ")}. ` +
        "Run: node scripts/lock-providers.mjs",
    );
  }
  return [`-chdir=${stackDirectory(stack)}`, "init", ...(isWhole ? ["-lockfile=readonly"] : []), "-input=false"];
}

function addressOf(source, registry) {
  const parts = source.toLowerCase().split("/");
  return [registry, "hashicorp"]
    .slice(0, Math.max(0, 3 - parts.length))
    .concat(parts)
    .join("/");
}
