// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { inOwnDirectory } from "../repositories.mjs";
import { contributingTable, isNamed } from "../sample-changes/contributing-table.mjs";
import { SampleTree } from "../sample-changes/sample-tree.mjs";

/** Makes the kinds of change that CONTRIBUTING.md names, one after the other, in one copy of this project. */
export default {
  id: "contributing",
  title:
    "A sample change of each kind touches the files that CONTRIBUTING.md names, and passes the tests that it names",
  tools: ["opa"],
  run: (context) => inOwnDirectory("contributing", (directory) => check(context, directory)),
};

async function check({ repo, tools, exec, log }, base) {
  const tree = await SampleTree.make(repo, join(base, "project"), exec);
  const table = contributingTable(tree.read("CONTRIBUTING.md"));
  const samples = await loadSamples(join(repo, "verify", "sample-changes", "kinds"));
  demandSamples(table, samples, join(repo, "verify", "checks"));
  const rows = samples.map(({ kind }) => table.get(kind));

  for (const [index, { kind, change }] of samples.entries()) {
    log(kind);
    await change(tree);
    const stray = (await tree.touched()).filter((path) => !isNamed(path, rows[index].files));
    if (stray.length > 0) {
      throw new Error(`${kind}: the sample had to touch ${stray.join(", ")}, which the row does not name`);
    }
    await tree.commit();
  }
  // A command that names the new thing is the sample's to run.
  const commands = rows.flatMap((row) => row.commands).filter((command) => !command.includes("NAME"));
  for (const command of new Set(commands)) {
    log(command);
    await tree.run(command, { OPA: tools.opa });
  }
  const tests = [...new Set(rows.flatMap((row) => row.tests))];
  const missing = tests.filter(
    (path) => ![path, `${path}.test.ts`].some((name) => existsSync(join(tree.directory, name))),
  );
  if (missing.length > 0) {
    throw new Error(`CONTRIBUTING.md names tests that are not there: ${missing.join(", ")}`);
  }
  await tree.run("npx biome check --error-on-warnings");
  await tree.commit();
  log(`tests of ${tests.join(", ")}`);
  await tree.run(`npx jest --ci --silent --coverage=false ${tests.join(" ")}`);
  for (const { prove } of samples) {
    await prove?.(tree);
  }
  return `${samples.length} kinds of change, and the tests of ${tests.length} files and directories`;
}

/** Every row has a sample, here or in a check of its own that the row names, and every sample has a row. */
function demandSamples(table, samples, checks) {
  const problems = [...table]
    .filter(([kind]) => !samples.some((sample) => sample.kind === kind))
    .filter(([, { check: id }]) => id === undefined || !existsSync(join(checks, `${id}.mjs`)))
    .map(([kind]) => `no sample of ${kind}`);
  problems.push(...samples.filter(({ kind }) => !table.has(kind)).map(({ kind }) => `no row for ${kind}`));
  if (problems.length > 0) {
    throw new Error(problems.join("; "));
  }
}

async function loadSamples(directory) {
  const files = readdirSync(directory).filter((file) => file.endsWith(".mjs"));
  return Promise.all(files.sort().map(async (file) => (await import(join(directory, file))).default));
}
