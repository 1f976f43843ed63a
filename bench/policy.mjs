#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// How long the compiled policies take (the fastest of the runs, because whatever else the machine does only adds), beside
// `opa eval` and `conftest` on the same input, which need Go to be installed.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { benchmarkOptions, result, target } from "./harness/report.mjs";
import { runOnce } from "./harness/measure.mjs";
import { defaultRepository, pinnedTool, progress, scratchDirectory } from "./harness/repository.mjs";
import { ROOT, setUp } from "../scripts/setup.mjs";

const { runs } = benchmarkOptions("Time and memory of policy evaluation, beside opa eval and conftest.", 5);
await setUp(progress);
const opa = await pinnedTool("opa");
const require = createRequire(import.meta.url);
const { loadPolicies } = require("../lib/policy/load-policies.js");
const { judgeControls } = require("../lib/environment/judge-controls.js");
const conftest = await pinnedTool("conftest");
const { largePlan, pairedPlan, usualDocuments } = await import("./policy-inputs.mjs");
const input = join(scratchDirectory("policy"), "input.json");

const started = performance.now();
const policies = await loadPolicies();
result("load policy.wasm.br", performance.now() - started, "ms");

for (const [title, documents, limit] of [
  ["a default repository", usualDocuments(), 200],
  ["a plan of 5,000 resources", [{ policy: "terraform", document: largePlan(5000) }], 2000],
]) {
  const samples = Array.from({ length: runs }, () => {
    const start = performance.now();
    for (const { policy, document } of documents) {
      policies.evaluate(policy, document, undefined);
    }
    return performance.now() - start;
  });
  target(`${title}: policy.wasm, fastest of ${runs}`, Math.min(...samples), limit, "ms");
  result(
    `${title}: opa eval, with its start`,
    documents.reduce((sum, entry) => sum + opaTime(entry), 0),
    "ms",
  );
}
const repository = await defaultRepository();
const judged = Array.from({ length: runs }, () => {
  const start = performance.now();
  const { environments } = judgeControls(policies, repository, repository);
  if (environments.length === 0) {
    throw new Error(`${repository} has no synthesized stacks to judge`);
  }
  return performance.now() - start;
});
target(`a default repository: its controls, read and judged, fastest of ${runs}`, Math.min(...judged), 100, "ms");
target("memory after all of it", process.memoryUsage().rss / 2 ** 20, 1024, "MiB");

// What grows with the number of pools: in a process of its own, so that its memory is that of the command.
const PAIRS = 5000;
for (const [title, isFirst] of [
  ["a first plan", true],
  ["a later plan", false],
]) {
  writeFileSync(input, JSON.stringify(pairedPlan(PAIRS, { isFirst })));
  const command = [process.execPath, join(ROOT, "bin", "ray-platform"), "policy", input];
  const samples = Array.from({ length: runs }, () => runOnce("policy", { command, cwd: ROOT }));
  const name = `${title} of ${PAIRS} templates and groups`;
  target(`${name}: ray-platform policy`, Math.min(...samples.map(({ wallMs }) => wallMs)), 10_000, "ms");
  target(`${name}: its memory`, Math.max(...samples.map(({ rssMb }) => rssMb)), 600, "MB");
  const document = JSON.parse(readFileSync(input, "utf8"));
  result(`${name}: opa eval`, opaTime({ policy: "terraform", document }), "ms");
  result(`${name}: conftest`, conftestTime(), "ms");
}

function conftestTime() {
  const policies = ["lib", "ray", "terraform"].flatMap((name) => ["--policy", join(ROOT, "policies", name)]);
  const start = performance.now();
  execFileSync(conftest, ["test", ...policies, "--namespace", "terraform", input], { stdio: "ignore" });
  return performance.now() - start;
}

function opaTime({ policy, document }) {
  writeFileSync(input, JSON.stringify(document));
  const data = ["lib", "ray", "terraform"].flatMap((name) => ["--data", join(ROOT, "policies", name)]);
  const start = performance.now();
  execFileSync(opa, ["eval", ...data, "--input", input, `[data.${policy}.deny, data.${policy}.warn]`], {
    stdio: "ignore",
  });
  return performance.now() - start;
}
