// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { insertBefore, insertSorted } from "../insert-line.mjs";

/** What the tests of the records refuse, so that it is replaced. */
const TO_WRITE = "<to be written>";

export default {
  summary: "a workload: its record, the values of its Helm chart, its line in the list of workloads",
  name: {
    pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    rule: "lower-case words with hyphens, the name of its Helm chart",
    example: "metrics-server",
  },
  scaffold(id) {
    const variable = id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
    return {
      files: {
        [`src/workloads/${id}/record.ts`]: record(id, variable),
        [`templates/src/platform/workloads/${id}/values.ts`]: values(id),
      },
      edits: {
        "src/workloads/index.ts": (text) =>
          insertBefore(
            insertSorted(
              text,
              /^import \{ \w+ \} from "\.\/[a-z0-9-]+\/record";$/,
              `import { ${variable} } from "./${id}/record";`,
            ),
            /^\];$/,
            `  ${variable},`,
          ),
      },
      next: [
        `Pin the chart under "${id}" in data/charts.json and its images in data/images.json, versions as its project publishes them.`,
        `Write what stands as ${TO_WRITE} in src/workloads/${id}/record.ts; src/workloads/workload-record.ts says what each field means.`,
        `Complete templates/src/platform/workloads/${id}/values.ts: every image of the chart from the mirror, every pod within the namespace's standard.`,
        "If an option turns it on, add it to src/options/environment-settings.ts, let the record's isOn read it, and give it a line in test/options/effects.ts and in test/workloads/every-workload.ts.",
        "Add the keys of the chart's values to test/workloads/chart-keys.json, its place in the lists of test/workloads/derived.test.ts, where its images' tags come from to scripts/refresh/readers/helm-charts.mjs, and answers for both to test/refresh/answers/.",
        "Compile, run the tests: npx projen compile && npx jest test/workloads test/config test/options test/documents test/templates test/refresh",
      ],
    };
  },
};

function record(id, variable) {
  return `// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { AFTER_MONITORING } from "../after-monitoring";
import type { WorkloadRecord } from "../workload-record";

export const ${variable}: WorkloadRecord = {
  id: "${id}",
  purpose: "${TO_WRITE}",
  isOn: () => true,
  chart: "pinned",
  images: ["${id}"],
  namespace: { name: "${id}", podSecurity: "restricted" },
  after: AFTER_MONITORING,
  endpoints: [],
};
`;
}

function values(id) {
  return `// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { restrictedContainer, systemNodeSelector } from "../system-nodes";
import type { WorkloadValues } from "../workload-values";

/** ${TO_WRITE} */
export const values: WorkloadValues = ({ environment, image }) => {
  const { registry, repository, tag } = image("${id}");
  return {
    image: { repository: \`\${registry}/\${repository}\`, tag },
    nodeSelector: systemNodeSelector(environment),
    containerSecurityContext: restrictedContainer,
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "128Mi" } },
  };
};
`;
}
