// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { expectPlantedFaults } from "../workflows/planted-stacks.mjs";
import { copyOf, expectPass, runStep } from "../workflows/run-step.mjs";

export default {
  id: "trivy",
  title: "trivy.yml passes on stacks and charts and finds each planted fault",
  tools: ["trivy"],
  async run(context) {
    const scan = (directory) => {
      const { code } = runStep({
        directory,
        workflow: "trivy.yml",
        job: "trivy",
        step: "Scan the stacks and the chart",
        unpacked: { trivy: context.tools.trivy },
      });
      const { output } = runStep({ directory, workflow: "trivy.yml", job: "trivy", step: "Show the findings" });
      return { code, output };
    };
    expectPass("Trivy", scan(copyOf(context.generated)));
    return `no finding on the generated repository; found: ${await expectPlantedFaults(context, "trivy", "Trivy", scan)}`;
  },
};
