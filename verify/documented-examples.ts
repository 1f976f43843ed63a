// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: tsx documented-examples.ts DIRECTORY
//
// Synthesizes the options of every documented example below DIRECTORY, each under its number, and judges the stacks by the
// policies under the limits of the example. For scanners it leaves each stack once: most examples change one stack of several. Prints as JSON how many there are, what was denied, the examples that are a whole
// `src/extensions.ts`, and the exceptions that the document beside one makes.

import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { ownExceptions } from "../src/components/own-exceptions";
import { resolveInto } from "../src/config/resolve-platform-config";
import { IssueList } from "../src/options/option-issues";
import { judge, policyDocuments } from "../src/policy/judgement";
import { loadPolicies, type Policies } from "../src/policy/load-policies";
import { readInputs } from "../src/policy/policy-input";
import { synthesizePlatform } from "../templates/src/platform/synthesize-platform";
import { writeScannableStacks } from "../templates/src/platform/write-scannable-stacks";
import { type Example, examples, isExtension, isOptions, optionsOf } from "../test/documents/examples";

/** The generator's own exceptions of single resources, as every generated repository has them. */
const OWN_EXCEPTIONS = ownExceptions().flatMap(({ scanner, id, resource, reason, expires }) =>
  resource === undefined ? [] : [{ scanner, id, resource, reason, expires }],
);

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  throw new Error("usage: documented-examples.ts DIRECTORY");
}
void main(directory);

async function main(directory: string): Promise<void> {
  const all = examples();
  const options = all.filter(isOptions);
  const policies = await loadPolicies();
  const extensions = all.filter(isExtension);
  const seen = new Set<string>();
  const beside = new Set(extensions.map(({ path }) => path));
  console.log(
    JSON.stringify({
      options: options.length,
      denied: options.flatMap((example, index) => denied(example, join(directory, String(index)), policies, seen)),
      extensions: extensions.map(({ where, code }) => ({ where, code })),
      exceptions: options
        .filter(({ path, code }) => beside.has(path) && code.includes("exceptions: ["))
        .map(({ code }) => code),
    }),
  );
}

/** What the policies deny of an example. @param seen stacks that lie there for scanners already */
function denied(example: Example, outdir: string, policies: Policies, seen: Set<string>): string[] {
  const issues = new IssueList();
  const config = resolveInto({ name: "ml-platform", githubOwner: "acme", ...optionsOf(example) }, issues);
  issues.throwIfAny();
  mkdirSync(join(outdir, "cdktf.out"), { recursive: true });
  const app = new App({ outdir: join(outdir, "cdktf.out") });
  synthesizePlatform(app, config, () => {});
  writeScannableStacks(app, OWN_EXCEPTIONS);
  leaveOnce(join(app.outdir, "scannable"), seen);
  const { inputs } = readInputs(outdir, outdir, [], () => "");
  return judge(policies, policyDocuments(inputs), config.limits as never).flatMap(({ deny }) =>
    deny.map(({ id, msg }) => `${example.where}: ${id}: ${msg}`),
  );
}

function leaveOnce(scannable: string, seen: Set<string>): void {
  for (const stack of readdirSync(scannable)) {
    const text = readFileSync(join(scannable, stack, "main.tf"), "utf8");
    if (seen.has(text)) {
      rmSync(join(scannable, stack), { recursive: true });
    }
    seen.add(text);
  }
}
