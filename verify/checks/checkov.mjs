// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { expectPlantedFaults } from "../workflows/planted-stacks.mjs";
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

/** A chart with a dependency that nobody fetched. */
const UNRENDERABLE = `# Copyright acme
# SPDX-License-Identifier: Apache-2.0
apiVersion: v2
name: planted
version: 1.0.0
dependencies:
  - name: redis
    version: 1.0.0
    repository: https://charts.example.invalid
`;

export default {
  id: "checkov",
  title: "checkov.yml passes on stacks, charts and workflows and finds each planted fault",
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
    const render = (directory) =>
      runStep({
        directory,
        workflow: "checkov.yml",
        job: "checkov",
        step: "Render the charts",
        commands: { docker: docker(context.tools.helm) },
      });
    const copy = copyOf(context.generated, { history: true });
    expectPass("Rendering", render(copy));
    expectPass("Checkov", scan(copy));
    plant(copy, "helm/planted/Chart.yaml", UNRENDERABLE);
    expectFinding("Rendering", render(copy), /helm\/planted cannot be rendered/);
    const found = await expectPlantedFaults(context, "checkov", "Checkov", (directory) => {
      expectPass("Rendering", render(directory));
      return scan(directory);
    });
    return `no finding on the generated repository; found: a chart without its dependency, ${found}`;
  },
};

/** The image, whose entry point is the program: what stands after the image are its arguments. */
function docker(program) {
  return `#!/bin/bash
while [[ $# -gt 0 && "$1" != *@sha256:* ]]; do shift; done
shift
exec '${program}' "$@"
`;
}
