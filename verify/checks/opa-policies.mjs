// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(import.meta.url);

/** Formats, checks and tests the policies with OPA itself, and rebuilds their bundle. */
export default {
  id: "opa-policies",
  title: "OPA agrees with the policies, their tests and their bundle",
  tools: ["opa"],
  async run({ repo, tools, exec, log }) {
    const policies = join(repo, "policies");
    const opa = (...args) => exec(tools.opa, args, { cwd: policies });
    const sources = ["controls", "lib", "ray", "terraform"];

    const { stdout: unformatted } = await opa("fmt", "--list", ".");
    if (unformatted.trim() !== "") throw new Error(`opa fmt would change ${unformatted.trim().split("\n").join(", ")}`);
    await opa("check", "--strict", ...sources);
    log("formatted and checked");

    await exec(process.execPath, [join(policies, "build.mjs"), "--check"], {
      cwd: repo,
      env: { ...process.env, OPA: tools.opa },
    });
    log("policy.wasm.br is what these sources build");

    const beside = await opa("test", ...sources);
    log(beside.stdout.trim().split("\n").at(-1));

    const scratch = mkdtempSync(join(tmpdir(), "opa-"));
    try {
      const { allCases } = require(join(repo, "test/policies/cases/expand.cjs"));
      const cases = allCases().map((entry) => ({ ...entry, limits: entry.limits ?? {} }));
      writeFileSync(join(scratch, "cases.json"), JSON.stringify({ cases }));
      const tests = [
        "lib",
        "ray",
        "terraform",
        join(repo, "verify/policies/cases_test.rego"),
        join(scratch, "cases.json"),
      ];
      await opa("test", "--timeout", "10m", ...tests);
      const { stdout } = await opa("test", "--timeout", "10m", "--coverage", "--format", "json", ...tests);
      const uncovered = uncoveredLines(JSON.parse(stdout).files);
      if (uncovered.length > 0) throw new Error(`no test reaches ${uncovered.join(", ")}`);
      return `${cases.length} cases, every line of every rule covered`;
    } finally {
      rmSync(scratch, { recursive: true });
    }
  },
};

function uncoveredLines(files) {
  return (
    Object.entries(files)
      // What the rules of the controls read is tried by test/environment/breaks/.
      .filter(([file]) => !file.endsWith("_test.rego") && !file.startsWith("lib/environment/"))
      .flatMap(([file, { not_covered: ranges = [] }]) =>
        ranges.map(({ start, end }) => `${file}:${start.row}-${end.row}`),
      )
  );
}
