// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { expectPlantedFaults, PRIVILEGED, UNRENDERABLE } from "../workflows/planted-stacks.mjs";
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

const UNENCRYPTED = 'resource "aws_ebs_volume" "planted" {\n  availability_zone = "eu-west-1a"\n  size = 1\n}\n';

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
    // By the name of what is built, which is left out at the root alone.
    const named = copyOf(context.generated, { history: true });
    plant(named, "helm/build/Chart.yaml", UNRENDERABLE.split("dependencies:")[0].replace("planted", "build"));
    plant(named, "helm/build/templates/pod.yaml", PRIVILEGED);
    plant(named, "cdktf.out/scannable/build-cluster/main.tf", UNENCRYPTED);
    expectPass("Rendering", render(named));
    expectFinding("Checkov on a chart called build", scan(named), /helm\/build\/templates\/pod\.yaml/);
    expectFinding("Checkov on an environment called build", scan(named), /scannable\/build-cluster\/main\.tf/);
    const found = await expectPlantedFaults(context, "checkov", "Checkov", (directory) => {
      expectPass("Rendering", render(directory));
      return scan(directory);
    });
    return `no finding on the generated repository; found: a chart without its dependency, a chart and an environment called build, ${found}`;
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
