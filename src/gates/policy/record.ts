// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GateRecord } from "../gate-record";

/** Tests of the Rego policies, and their verdict on the stacks. */
export const policy: GateRecord = {
  id: "policy",
  option: "policy",
  tool: "OPA",
  pins: ["opa"],
  scanner: false,
  findings: { policy: [{ exitCodes: [2] }] },
  synthesizedFor: "the policies",
  requiredJobs: ["policy"],
  starts: ["node", "npx"],
  coverage: "Policy tests, and the policies on what the stacks synthesize",
  controls: ["OPA-01", "OPA-02"],
  failsWhen: "a Rego test fails, or a policy denies what the stacks synthesize",
  remedy:
    "The message names the rule, the resource, the limit and the fix: change the option, or your own test or rule in `policies/custom/`. If something that `terraform/programs` denies is right as it is, add it to `workflows.policy.exceptions`, with a reason and a last day.",
  badge: true,
  required: true,
  exceptions: { scope: "finding", resources: false, examples: [{ id: "data.http.status" }] },
  // The policies read it wherever they run.
  configuration: [{ path: ".github/scanners/policy.yml", always: true, lists: [{ key: ["exceptions"], of: "ids" }] }],
  defaults: {},
};
