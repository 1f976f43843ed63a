#!/usr/bin/env node
// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// How long the compiled policies take (the fastest of the runs, because whatever else the machine does only adds), beside
// `opa eval` on the same input, which needs Go to be installed.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { benchmarkOptions, result, target } from "./harness/report.mjs";
import { pinnedTool, progress, scratchDirectory } from "./harness/repository.mjs";
import { ROOT, setUp } from "../scripts/setup.mjs";

const { runs } = benchmarkOptions("Time and memory of policy evaluation, beside opa eval.", 5);
await setUp(progress);
const opa = await pinnedTool("opa");
const require = createRequire(import.meta.url);
const { loadPolicies } = require("../lib/policy/load-policies.js");
const { largePlan, usualDocuments } = await import("./policy-inputs.mjs");
const input = join(scratchDirectory("policy"), "input.json");

const started = performance.now();
const policies = await loadPolicies();
result("load policy.wasm", performance.now() - started, "ms");

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
target("memory after all of it", process.memoryUsage().rss / 2 ** 20, 1024, "MiB");

function opaTime({ policy, document }) {
  writeFileSync(input, JSON.stringify(document));
  const data = ["lib", "ray", "terraform"].flatMap((name) => ["--data", join(ROOT, "policies", name)]);
  const start = performance.now();
  execFileSync(opa, ["eval", ...data, "--input", input, `[data.${policy}.deny, data.${policy}.warn]`], {
    stdio: "ignore",
  });
  return performance.now() - start;
}
