// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { dirname } from "node:path";
import { INJECTION } from "../workflows/injection.mjs";
import { generateOptionSets } from "../workflows/option-sets.mjs";
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

const HARMLESS = `name: Planted
on: push
jobs:
  planted:
    runs-on: ubuntu-24.04
    steps:
      - run: echo planted
`;

const PLANTED = {
  "a script injection": { workflow: INJECTION, found: /github\.event\.pull_request\.title/ },
  "an unquoted variable": { workflow: HARMLESS.replace("echo planted", "echo $UNQUOTED"), found: /SC2086/ },
  "a job that waits for no job": {
    workflow: HARMLESS.replace("    runs-on", "    needs: nothing\n    runs-on"),
    found: /needs job "nothing" which does not exist/,
  },
};

export default {
  id: "actionlint",
  title: "actionlint, with shellcheck, passes on the workflows of every option set and finds a script injection",
  tools: ["actionlint", "shellcheck"],
  async run({ repo, generated, tools, exec }) {
    const PATH = `${dirname(tools.shellcheck)}:${process.env.PATH}`;
    const lint = (directory) =>
      runStep({
        directory,
        workflow: "workflow-audit.yml",
        job: "actionlint",
        step: "Lint the workflows",
        unpacked: { actionlint: tools.actionlint },
        commands: { shellcheck: `#!/bin/sh\nexec '${tools.shellcheck}' "$@"\n` },
      });
    expectPass("actionlint", lint(generated));
    const sets = await generateOptionSets(repo);
    for (const { title, directory } of sets) {
      await exec("git", ["init", "--quiet"], { cwd: directory });
      expectPass(`actionlint (${title})`, lint(directory));
    }
    await exec("shellcheck", ["--version"], { env: { PATH } });
    for (const [what, { workflow, found }] of Object.entries(PLANTED)) {
      const copy = copyOf(generated, { history: true });
      plant(copy, ".github/workflows/planted.yml", workflow);
      expectFinding(`actionlint, with ${what},`, lint(copy), found);
    }
    return `${sets.length + 1} repositories clean; found: ${Object.keys(PLANTED).join(", ")}`;
  },
};
