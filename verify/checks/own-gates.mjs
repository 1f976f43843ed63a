// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

const change = (copy, path, edit) => plant(copy, path, edit(readFileSync(join(copy, path), "utf8")));

/** A synthesized stack, changed. */
function changeStack(copy, name, edit) {
  const stacks = join("cdktf.out", "stacks");
  const stack = readdirSync(join(copy, stacks)).find((one) => one.endsWith(`-${name}`));
  change(copy, join(stacks, stack, "cdk.tf.json"), (text) => {
    const document = JSON.parse(text);
    edit(document.resource);
    return JSON.stringify(document);
  });
}

/** What the platform's own gates have to find, by the step that finds it. */
const GATES = [
  {
    workflow: "sync-check.yml",
    job: "sync-check",
    step: "Compare the managed files with the lock and with the package",
    faults: [
      {
        what: "a workflow that somebody edited",
        plant: (copy) =>
          change(copy, ".github/workflows/gitleaks.yml", (text) => text.replace("--exit-code 1", "--exit-code 0")),
        finding: /gitleaks\.yml/,
      },
      {
        what: "a script that is gone",
        plant: (copy) => rmSync(join(copy, "scripts/exceptions.mjs")),
        finding: /scripts\/exceptions\.mjs/,
      },
    ],
  },
  {
    workflow: "sync-check.yml",
    job: "sync-check",
    step: "Compare the managed files with what was generated",
    faults: [
      {
        what: "options that nobody regenerated from",
        plant: (copy) =>
          change(copy, ".projenrc.ts", (text) => text.replace(/awsRegion: "[^"]*"/, 'awsRegion: "us-east-2"')),
        finding: /platform\.json/,
      },
    ],
  },
  {
    workflow: "policy.yml",
    job: "policy",
    step: "Evaluate the policies on the synthesized stacks",
    faults: [
      {
        what: "an API endpoint that is open to the world",
        plant: (copy) =>
          changeStack(copy, "cluster", ({ aws_eks_cluster: clusters }) => {
            const [vpc] = [Object.values(clusters)[0].vpc_config].flat();
            Object.assign(vpc, { endpoint_public_access: true, public_access_cidrs: ["0.0.0.0/0"] });
          }),
        finding: /terraform\/private-endpoint/,
      },
      {
        what: "a control plane that logs nothing",
        plant: (copy) =>
          changeStack(copy, "cluster", ({ aws_eks_cluster: clusters }) => {
            Object.values(clusters)[0].enabled_cluster_log_types = [];
          }),
        finding: /terraform\/cluster-logging/,
      },
      {
        what: "machines whose metadata needs no token",
        plant: (copy) =>
          changeStack(copy, "cluster", ({ aws_launch_template: templates }) => {
            const [options] = [Object.values(templates)[0].metadata_options].flat();
            options.http_tokens = "optional";
          }),
        finding: /terraform\/[a-z-]*(?:imds|metadata)[a-z0-9-]*/,
      },
    ],
  },
];

export default {
  id: "own-gates",
  title: "sync-check.yml and policy.yml pass on the generated repository and find each planted fault",
  tools: [],
  async run({ generated }) {
    for (const { faults, ...step } of GATES) {
      expectPass(step.step, runStep({ directory: copyOf(generated, { history: true }), ...step }));
      for (const { what, plant: fault, finding } of faults) {
        const copy = copyOf(generated, { history: true });
        fault(copy);
        expectFinding(`${step.step}, ${what}`, runStep({ directory: copy, ...step }), finding);
      }
    }
    return `the generated repository is clean; each of ${GATES.flatMap(({ faults }) => faults).length} planted faults found`;
  },
};
