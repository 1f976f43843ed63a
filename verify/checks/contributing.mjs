// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { contributingTable, isNamed } from "../sample-changes/contributing-table.mjs";
import { SampleTree } from "../sample-changes/sample-tree.mjs";

/** Makes every kind of change that CONTRIBUTING.md names, one after the other, in one copy of this project. */
export default {
  id: "contributing",
  title: "A sample change of each kind touches the files that CONTRIBUTING.md names, and passes the tests of its row",
  tools: ["opa"],
  async run({ repo, tools, exec, log }) {
    log("copying the project");
    const tree = await SampleTree.copy(repo, exec);
    const table = contributingTable(tree.read("CONTRIBUTING.md"));
    const samples = await loadSamples(join(repo, "verify", "sample-changes", "kinds"));
    const withoutSample = [...table.keys()].filter((kind) => !samples.some((sample) => sample.kind === kind));
    const withoutRow = samples.filter(({ kind }) => !table.has(kind)).map(({ kind }) => kind);
    if (withoutSample.length + withoutRow.length > 0) {
      throw new Error(
        `rows without a sample: ${withoutSample.join(", ")}; samples without a row: ${withoutRow.join(", ")}`,
      );
    }

    for (const { kind, change } of samples) {
      log(kind);
      await change(tree);
      const stray = (await tree.touched()).filter((path) => !isNamed(path, table.get(kind).files));
      if (stray.length > 0) {
        throw new Error(`${kind}: the sample had to touch ${stray.join(", ")}, which the row does not name`);
      }
      await tree.commit();
    }

    const rows = [...table.values()];
    for (const command of new Set(rows.flatMap(({ commands }) => commands))) {
      if (!command.startsWith("npm run new")) {
        log(command);
        await tree.run(command, { OPA: tools.opa });
      }
    }
    log("testing");
    const tests = [...new Set(rows.flatMap(({ tests: paths }) => paths))];
    await tree.run(`npx jest --ci ${tests.join(" ")}`);
    await tree.run("npx biome check --error-on-warnings");
    for (const { kind, prove } of samples) {
      await prove?.(tree);
      log(`${kind} is there`);
    }
    return `${samples.length} kinds of change, tested by ${tests.join(", ")}`;
  },
};

async function loadSamples(directory) {
  const files = readdirSync(directory).filter((file) => file.endsWith(".mjs"));
  return Promise.all(files.sort().map(async (file) => (await import(join(directory, file))).default));
}
