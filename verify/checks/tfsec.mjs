// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expectPlantedFaults } from "../workflows/planted-stacks.mjs";
import { copyOf, expectPass, runStep } from "../workflows/run-step.mjs";

export default {
  id: "tfsec",
  title: "tfsec.yml passes on the stacks and finds each planted fault",
  tools: ["tfsec"],
  async run(context) {
    const scan = (directory) =>
      runStep({
        directory,
        workflow: "tfsec.yml",
        job: "tfsec",
        step: "Scan the synthesized stacks",
        unpacked: { tfsec: context.tools.tfsec },
      });
    const clean = copyOf(context.generated);
    expectPass("tfsec", withReport(clean, scan(clean)));
    expectTolerated(lesserFindings(clean, context.tools.tfsec));
    const found = await expectPlantedFaults(context, "tfsec", "tfsec", (copy) => withReport(copy, scan(copy)));
    return `no finding on the generated stacks but those that the security document lists below the threshold; found: ${found}`;
  },
};

/** Ids of what tfsec finds on the stacks below the threshold of the workflow. */
function lesserFindings(directory, tfsec) {
  const args = [
    "cdktf.out/scannable",
    "--config-file",
    ".github/scanners/tfsec.yml",
    "--format",
    "json",
    "--no-color",
    "--soft-fail",
  ];
  const { stdout } = spawnSync(tfsec, args, { cwd: directory, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return new Set(JSON.parse(stdout).results.map(({ long_id: id }) => id));
}

/** The security document names what the threshold lets pass; it must name all of it, and nothing else. */
function expectTolerated(found) {
  const { findings } = JSON.parse(readFileSync(new URL("../../data/tolerated-findings.json", import.meta.url), "utf8"));
  const known = findings.filter(({ scanner }) => scanner === "tfsec").map(({ id }) => id);
  if ([...found].sort().join() !== known.sort().join()) {
    throw new Error(`below the threshold tfsec finds ${[...found]}; data/tolerated-findings.json says ${known}`);
  }
}

/** The findings are in a file that the next step of the job prints. */
function withReport(directory, { code }) {
  const { output } = runStep({ directory, workflow: "tfsec.yml", job: "tfsec", step: "Show the findings" });
  return { code, output };
}
