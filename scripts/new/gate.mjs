// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { insertAtEnd, insertSorted } from "../insert-line.mjs";

const PINS = new URL("../../workflows/pins.json", import.meta.url);

/** What the tests of the records refuse, so that it is replaced. */
const TO_WRITE = "<to be written>";

export default {
  summary: "a CI gate: its record, its workflow, its option, its line in the list of gates",
  name: {
    pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    rule: "lower-case words with hyphens, the name of the tool or of what it checks",
    example: "kube-linter",
  },
  scaffold(id) {
    const option = id.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());
    return {
      files: { [`src/gates/${id}/record.ts`]: record(id, option), [`workflows/${id}.yml`]: workflow(id) },
      edits: {
        "src/gates/index.ts": (text) =>
          insertAtEnd(
            insertSorted(
              text,
              /^import \{ \w+ \} from "\.\/[a-z0-9-]+\/record";$/,
              `import { ${option} } from "./${id}/record";`,
            ),
            { begin: /^export const GATES\b/, end: /^\];$/ },
            `  ${option},`,
          ),
        "src/options/workflow-options.ts": (text) =>
          insertAtEnd(
            text,
            { begin: /^export interface WorkflowOptions \{$/, end: /^\}$/ },
            `  /**\n   * ${TO_WRITE}\n   * @default - on\n   */\n  readonly ${option}?: ScheduledGateOptions;`,
          ),
      },
      next: [
        `Pin the program: "${id}" in "tools" of workflows/pins.json, with version and sha256 from the release's own list of checksums; then: npm run pins`,
        `Write what stands as ${TO_WRITE} in src/gates/${id}/record.ts and at the option ${option}; src/gates/gate-record.ts says what each field means.`,
        `Complete workflows/${id}.yml: where the program is downloaded from, and how it is started so that it fails on a finding.`,
        "If its findings have severities, give the record a severity and the option SeverityGateOptions; if it has options of its own, a struct of its own in src/options/workflow-options.ts.",
        "If it needs more than a record can say, write workflow.ts beside it and add it to src/components/gate-workflows.ts.",
        `Compile, run the tests of gates and workflows: npx projen compile && npx jest test/gates test/workflows test/options`,
        `Prove that it finds something: a check in verify/checks/${id}.mjs, which plants a fault as the others do, with the program in verify/tools.json.`,
      ],
    };
  },
};

function record(id, option) {
  return `// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { GateRecord } from "../gate-record";

/** ${TO_WRITE} */
export const ${option}: GateRecord = {
  id: "${id}",
  option: "${option}",
  tool: "${id}",
  pins: ["${id}"],
  scanner: true,
  starts: ["${id}"],
  coverage: "${TO_WRITE}",
  controls: [],
  failsWhen: "${TO_WRITE}",
  remedy: "${TO_WRITE}",
  badge: true,
  required: true,
  exceptions: { scope: "finding", resources: false, examples: [{ id: "${TO_WRITE}" }] },
  configuration: [{ path: ".github/scanners/${id}.yml", lists: [{ key: ["exclude"], of: "ids" }] }],
  defaults: {},
};
`;
}

function workflow(id) {
  const { sha, version } = JSON.parse(readFileSync(PINS, "utf8")).actions["actions/checkout"];
  return `# Copyright the ray-platform authors
# SPDX-License-Identifier: Apache-2.0

# ${TO_WRITE}
name: ${id}

on:
  pull_request:
  push:
    branches: [main]
  merge_group:
  schedule:
    - cron: "${minuteOf(id)} 4 * * 1"
  workflow_dispatch:

permissions: {}

concurrency:
  group: ${id}-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

defaults:
  run:
    shell: bash

jobs:
  ${id}:
    name: ${id}
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read # check out the repository
    steps:
      - name: Check out the repository
        uses: actions/checkout@${sha} # ${version}
        with:
          persist-credentials: false
      - name: Install ${id}
        env:
          VERSION: ""
          SHA256: ""
        run: |
          set -euo pipefail
          curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$RUNNER_TEMP/download" \\
            "https://github.com/OWNER/${id}/releases/download/v\${VERSION}/${id}_linux_amd64.tar.gz"
          echo "$SHA256  $RUNNER_TEMP/download" | sha256sum --check --strict
          tar --extract --gzip --file "$RUNNER_TEMP/download" --directory "$RUNNER_TEMP" ${id}
      - name: Scan the repository
        run: |
          set -euo pipefail
          "$RUNNER_TEMP/${id}" --config .${id}.yml .
`;
}

/** Gates start at different minutes; this one is the name's own. */
function minuteOf(id) {
  return [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 60;
}
