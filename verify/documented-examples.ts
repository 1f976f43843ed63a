// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: tsx documented-examples.ts DIRECTORY
//
// Synthesizes the options of every documented example below DIRECTORY, each under its number, and judges the stacks by the
// policies under the limits of the example. Prints as JSON how many there are, what was denied, the examples that are a whole
// `src/extensions.ts`, and the exceptions that the document beside one makes.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { resolveInto } from "../src/config/resolve-platform-config";
import { IssueList } from "../src/options/option-issues";
import { judge, policyDocuments } from "../src/policy/judgement";
import { loadPolicies, type Policies } from "../src/policy/load-policies";
import { readInputs } from "../src/policy/policy-input";
import { synthesizePlatform } from "../templates/src/platform/synthesize-platform";
import { writeScannableStacks } from "../templates/src/platform/write-scannable-stacks";
import { type Example, examples, isExtension, isOptions, optionsOf } from "../test/documents/examples";

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
  const beside = new Set(extensions.map(({ path }) => path));
  console.log(
    JSON.stringify({
      options: options.length,
      denied: options.flatMap((example, index) => denied(example, join(directory, String(index)), policies)),
      extensions: extensions.map(({ where, code }) => ({ where, code })),
      exceptions: options
        .filter(({ path, code }) => beside.has(path) && code.includes("exceptions: ["))
        .map(({ code }) => code),
    }),
  );
}

/** What the policies deny of an example. */
function denied(example: Example, outdir: string, policies: Policies): string[] {
  const issues = new IssueList();
  const config = resolveInto(optionsOf(example), issues);
  issues.throwIfAny();
  mkdirSync(join(outdir, "cdktf.out"), { recursive: true });
  const app = new App({ outdir: join(outdir, "cdktf.out") });
  synthesizePlatform(app, config, () => {});
  writeScannableStacks(app, []);
  const { inputs } = readInputs(outdir, outdir, [], () => "");
  return judge(policies, policyDocuments(inputs), config.limits as never).flatMap(({ deny }) =>
    deny.map(({ id, msg }) => `${example.where}: ${id}: ${msg}`),
  );
}
