// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { INJECTION } from "../workflows/injection.mjs";
import { generateOptionSets } from "../workflows/option-sets.mjs";
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

/** A composite action that lets its caller's input be a command. */
const INJECTED_ACTION = `name: Greet
description: Greets
inputs:
  who:
    description: Whom
    required: true
runs:
  using: composite
  steps:
    - name: Greet
      shell: bash
      run: echo \${{ inputs.who }}
`;

export default {
  id: "zizmor",
  title: "zizmor, pedantic, passes on the workflows of every option set and finds a script injection",
  tools: ["zizmor"],
  async run({ repo, generated, tools }) {
    const audit = (directory) =>
      runStep({
        directory,
        workflow: "workflow-audit.yml",
        job: "zizmor",
        step: "Audit the workflows",
        unpacked: { zizmor: tools.zizmor },
        // Without a token zizmor leaves out the audits that ask GitHub, and says so.
        env: { ZIZMOR_OFFLINE: "true" },
      });
    // As it was checked out: the job installs nothing.
    expectPass("zizmor", audit(copyOf(generated)));
    const sets = await generateOptionSets(repo);
    for (const { title, directory } of sets) {
      expectPass(`zizmor (${title})`, audit(directory));
    }
    const copy = copyOf(generated);
    plant(copy, ".github/workflows/planted.yml", INJECTION);
    const result = audit(copy);
    for (const found of [
      /template-injection/,
      /dangerous-triggers/,
      /unpinned-uses/,
      /excessive-permissions/,
      /artipacked/,
    ]) {
      expectFinding("zizmor", result, found);
    }
    plant(
      copy,
      ".github/workflows/planted.yml",
      INJECTION.replace("actions/checkout@v4", `acme/unknown@${"a".repeat(40)} # v1.0.0`),
    );
    expectFinding("zizmor", audit(copy), /forbidden-uses/);
    const elsewhere = copyOf(generated, { history: true });
    plant(elsewhere, "tools/greet/action.yml", INJECTED_ACTION);
    expectFinding("zizmor outside of .github", audit(elsewhere), /template-injection/);
    // Whoever commits it by force keeps it from a search that heeds .gitignore.
    const ignored = copyOf(generated, { history: true });
    plant(ignored, "build/greet/action.yml", INJECTED_ACTION);
    expectFinding("zizmor in what git ignores", audit(ignored), /template-injection/);
    return `${sets.length + 1} repositories clean in the pedantic persona, offline audits; eight planted faults found`;
  },
};
