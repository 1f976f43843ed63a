// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { expectPlantedFaults, UNRENDERABLE } from "../workflows/planted-stacks.mjs";
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

export default {
  id: "trivy",
  title: "trivy.yml passes on stacks and charts and finds each planted fault",
  tools: ["trivy"],
  async run(context) {
    const scan = (directory) => {
      const { code, output: said } = runStep({
        directory,
        workflow: "trivy.yml",
        job: "trivy",
        step: "Scan the stacks and the chart",
        unpacked: { trivy: context.tools.trivy },
      });
      const { output } = runStep({ directory, workflow: "trivy.yml", job: "trivy", step: "Show the findings" });
      return { code, output: `${said}${output}` };
    };
    expectPass("Trivy", scan(copyOf(context.generated)));
    const copy = copyOf(context.generated);
    plant(copy, "helm/planted/Chart.yaml", UNRENDERABLE);
    expectFinding("Trivy, with a chart without its dependency,", scan(copy), /cannot render a chart/);
    return `no finding on the generated repository; found: a chart without its dependency, ${await expectPlantedFaults(context, "trivy", "Trivy", scan)}`;
  },
};
