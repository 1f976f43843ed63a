// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { copyOf } from "../workflows/run-step.mjs";

export default {
  id: "rehearsal",
  title: "Five platforms live a whole life offline, and planted faults are found, with mocked providers too",
  tools: ["opentofu"],
  async run({ repo, generated, tools, exec, log }) {
    // The rehearsal takes terraform or tofu from the PATH.
    const env = { PATH: `${dirname(tools.opentofu)}${delimiter}${process.env.PATH}` };
    const tsx = join(repo, "node_modules", "tsx", "dist", "cli.mjs");
    const run = (script, ...args) =>
      exec(
        process.execPath,
        [tsx, join(repo, "verify", "rehearsal", script), mkdtempSync(join(tmpdir(), "rehearsal-")), ...args],
        { cwd: repo, env, note: log },
      );
    const began = Date.now();
    await exec("npx", ["projen", "rehearse", "--offline"], {
      cwd: copyOf(generated, { history: true }),
      env,
      note: log,
    });
    const seconds = Math.round((Date.now() - began) / 1000);

    const work = [
      ["planted-faults.ts"],
      ["mocks.ts"],
      ["scripts.ts"],
      ["provider-locks.ts"],
      ...(await optionSets(run)).map((name) => ["walk.ts", name]),
    ];
    const results = [];
    const worker = async () => {
      for (let next = work.shift(); next !== undefined; next = work.shift()) {
        const { stdout } = await run(...next);
        results.push(`${next[1] ?? next[0]}: ${stdout.trim().split("\n").pop()}`);
      }
    };
    await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
    return `${results.join("; ")}; the default repository took ${seconds} s`;
  },
};

/** The names that the walk knows. */
async function optionSets(run) {
  const { stdout } = await run("option-sets.ts");
  return JSON.parse(stdout);
}
