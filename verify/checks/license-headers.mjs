// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

/** Files without a header: a policy, a script with another comment in its place, a source under another license. */
const PLANTED = {
  "policies/custom/planted.rego": "package license\n",
  "scripts/planted.sh": "#!/usr/bin/env bash\n# Starts what was planted.\necho planted\n",
  "src/planted.ts": "// Copyright acme\n// SPDX-License-Identifier: GPL-3.0-only\nexport {};\n",
};

export default {
  id: "license-headers",
  title: "license-header.yml passes on the generated repository and finds a file without header",
  tools: [],
  async run({ generated }) {
    const check = (directory) =>
      runStep({ directory, workflow: "license-header.yml", job: "license-header", step: "Check the headers" });
    expectPass("The license check", check(generated));
    for (const [path, text] of Object.entries(PLANTED)) {
      const copy = copyOf(generated);
      plant(copy, path, text);
      expectFinding("The license check", check(copy), new RegExp(path.replaceAll(".", "\\.")));
    }
    return `the generated repository is clean; each of ${Object.keys(PLANTED).length} planted files found`;
  },
};
