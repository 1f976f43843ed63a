// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

export default {
  id: "license-headers",
  title: "license-header.yml passes on the generated repository and finds a file without header",
  tools: [],
  async run({ generated }) {
    const check = (directory) =>
      runStep({ directory, workflow: "license-header.yml", job: "license-header", step: "Check the headers" });
    expectPass("The license check", check(generated));
    const copy = copyOf(generated);
    plant(copy, "policies/custom/planted.rego", "package license\n");
    expectFinding("The license check", check(copy), /policies\/custom\/planted\.rego/);
    return "the generated repository is clean; the planted file found";
  },
};
