// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { plantedStacks } from "../workflows/planted-stacks.mjs";
import { copyOf, expectFinding, expectPass, runStep } from "../workflows/run-step.mjs";

export default {
  id: "trivy",
  title: "trivy.yml passes on stacks and charts and finds an open security group and an unencrypted volume",
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
    const result = scan(await plantedStacks(context));
    expectFinding("Trivy", result, /AWS-0107/);
    expectFinding("Trivy", result, /AWS-0026/);
    return "no finding on the generated repository; both planted faults found";
  },
};
