// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { deepEqual } from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

/** Judges what the default repository synthesizes, by the command and by OPA on the repository's own Rego. */
export default {
  id: "opa-default-repository",
  title: "The default repository passes its own policies",
  tools: ["opa"],
  async run({ repo, generated, tools, exec }) {
    if (!existsSync(join(generated, "cdktf.out", "stacks"))) await exec("npx", ["projen", "synth"], { cwd: generated });
    const { stdout } = await exec(
      process.execPath,
      ["node_modules/ray-platform/bin/ray-platform", "policy", "--json"],
      { cwd: generated },
    );
    const { policyReport } = await import(join(repo, "lib", "reports", "policy-report.js"));
    const { files } = policyReport.read(stdout);
    const found = files.flatMap(({ file, deny, warn }) =>
      [...deny, ...warn].map(({ id, msg }) => `${file}: ${id}: ${msg}`),
    );
    if (found.length > 0) throw new Error(`the default repository is denied or warned of:\n${found.join("\n")}`);
    assertGatePasses(generated, tools.opa);
    await assertBundleHasLimits(generated, tools.opa, exec);
    const rego = ["policies/lib", "policies/ray", "policies/terraform"];
    const { stdout: tests } = await exec(tools.opa, ["test", ...rego], { cwd: generated });
    return `${files.length} files without denial or warning; ${tests.trim().split("\n").at(-1)}`;
  },
};

/** The gate's own step, with the repository's limits, with others, and with Rego of its own that fails. */
function assertGatePasses(generated, opa) {
  const gate = (directory) =>
    runStep({
      directory,
      workflow: "policy.yml",
      job: "policy",
      step: "Check and test the policies",
      commands: { opa: `#!/bin/sh\nexec '${opa}' "$@"\n` },
    });
  expectPass("The policy gate", gate(generated));
  const copy = copyOf(generated);
  const data = JSON.parse(readFileSync(join(copy, "policies", "data.json"), "utf8"));
  data.limits.terraform.allowed_regions = ["eu-central-1"];
  data.limits.terraform.max_volume_gib = 7;
  plant(copy, "policies/data.json", JSON.stringify(data));
  const own = (gib) =>
    `package custom.terraform_test\n\ntest_limits_are_ours if data.limits.terraform.max_volume_gib == ${gib}\n`;
  plant(copy, "policies/custom/own.rego", "package custom.terraform\n\ndeny := set()\n");
  plant(copy, "policies/custom/own_test.rego", own(7));
  expectPass("The policy gate with other limits", gate(copy));
  plant(copy, "policies/custom/own_test.rego", own(8));
  expectFinding("The policy gate", gate(copy), /test_limits_are_ours: FAIL/);
}

/** As docs/policies.md has it: OPA alone, with the directory as its bundle, judges by this repository's limits. */
async function assertBundleHasLimits(generated, opa, exec) {
  const manifests = join(generated, "cdktf.out", "manifests");
  const input = readdirSync(manifests)
    .map((name) => join(manifests, name))
    .find((file) => /"kind": ?"RayCluster"/.test(readFileSync(file, "utf8")));
  const copy = join(mkdtempSync(join(tmpdir(), "bundle-")), "policies");
  cpSync(join(generated, "policies"), copy, { recursive: true });
  const denied = async () => {
    const args = ["eval", "--bundle", copy, "--input", input, "--format", "raw", "data.ray.deny"];
    return JSON.parse((await exec(opa, args)).stdout).map(({ id, limit }) => `${id} ${limit}`);
  };
  deepEqual(await denied(), [], "with the repository's limits");
  const file = join(copy, "data.json");
  const data = JSON.parse(readFileSync(file, "utf8"));
  data.limits.ray.max_total_workers = 1;
  rmSync(file);
  writeFileSync(file, JSON.stringify(data));
  deepEqual(await denied(), ["ray/max-workers 1"], "with a limit of one worker");
}
