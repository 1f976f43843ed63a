// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { plantedStacks } from "../workflows/planted-stacks.mjs";
import { copyOf, expectFinding, expectPass, runStep } from "../workflows/run-step.mjs";

export default {
  id: "checkov",
  title:
    "checkov.yml passes on stacks, charts and workflows and finds an open security group and an unencrypted volume",
  tools: ["checkov", "helm"],
  async run(context) {
    const scan = (directory) =>
      runStep({
        directory,
        workflow: "checkov.yml",
        job: "checkov",
        step: "Scan the stacks, the chart and the workflows",
        commands: { docker: docker(context.tools.checkov), helm: `#!/bin/sh\nexec '${context.tools.helm}' "$@"\n` },
      });
    expectPass("Checkov", scan(copyOf(context.generated)));
    const result = scan(await plantedStacks(context));
    expectFinding("Checkov", result, /CKV_AWS_24/);
    expectFinding("Checkov", result, /CKV_AWS_3\b/);
    return "no finding on the generated repository; both planted faults found";
  },
};

/** The image's entry point is Checkov: what stands after the image are its arguments. */
function docker(checkov) {
  return `#!/bin/bash
while [[ $# -gt 0 && "$1" != *@sha256:* ]]; do shift; done
shift
exec '${checkov}' "$@"
`;
}
