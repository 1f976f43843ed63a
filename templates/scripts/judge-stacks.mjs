// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Refuses synthesized stacks that would run a program, reach another machine or read a file when they are planned: to be asked
// before there are credentials. The policies judge the plan afterwards, all of it.
//
//   node scripts/judge-stacks.mjs
//
// Ends with 1 if there is anything of that kind, or no verdict.
import { spawnSync } from "node:child_process";
import { policyReport } from "ray-platform/lib/script-interface.js";
import { logText } from "./log-text.mjs";

/** Rules that are about what happens while Terraform plans. */
const RULES = new Set(["terraform/programs", "terraform/files", "helm/chart"]);
const LARGEST = 256 * 2 ** 20;

const { status, stdout, stderr, error } = spawnSync(
  process.execPath,
  ["node_modules/ray-platform/bin/ray-platform", "policy", "--json"],
  { encoding: "utf8", maxBuffer: LARGEST },
);
try {
  if (error !== undefined || (status !== 0 && status !== 2)) {
    throw new Error(`there is no verdict on the stacks: ${error?.message ?? stderr.trim()}`);
  }
  const { files } = policyReport.read(stdout);
  const denied = files.flatMap(({ file, deny }) =>
    deny.filter(({ id }) => RULES.has(id)).map(({ msg, fix }) => `${file}: ${msg}. ${fix}`),
  );
  for (const text of denied) {
    console.error(logText(text));
  }
  if (denied.length > 0) {
    throw new Error("nothing is planned of these stacks");
  }
} catch (problem) {
  console.error(logText(`judge-stacks.mjs: ${problem.message}`));
  process.exitCode = 1;
}
