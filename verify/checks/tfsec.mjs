// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { plantedStacks } from "../workflows/planted-stacks.mjs";
import { copyOf, expectFinding, expectPass, runStep } from "../workflows/run-step.mjs";

export default {
  id: "tfsec",
  title: "tfsec.yml passes on the stacks and finds an open security group and an unencrypted volume",
  tools: ["tfsec"],
  async run(context) {
    const scan = (directory) =>
      runStep({
        directory,
        workflow: "tfsec.yml",
        job: "tfsec",
        step: "Scan the synthesized stacks",
        unpacked: { tfsec: context.tools.tfsec },
      });
    const clean = copyOf(context.generated);
    expectPass("tfsec", withReport(clean, scan(clean)));
    const planted = await plantedStacks(context);
    const result = withReport(planted, scan(planted));
    expectFinding("tfsec", result, /aws-ec2-no-public-ingress-sgr/);
    expectFinding("tfsec", result, /aws-ebs-enable-volume-encryption|aws-ec2-enable-volume-encryption/);
    return "no finding on the generated stacks; both planted faults found";
  },
};

/** The findings are in a file that the next step of the job prints. */
function withReport(directory, { code }) {
  const { output } = runStep({ directory, workflow: "tfsec.yml", job: "tfsec", step: "Show the findings" });
  return { code, output };
}
