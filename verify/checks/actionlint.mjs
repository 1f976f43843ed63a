// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { dirname } from "node:path";
import { INJECTION } from "../workflows/injection.mjs";
import { generateOptionSets } from "../workflows/option-sets.mjs";
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

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
    const copy = copyOf(generated, { history: true });
    plant(copy, ".github/workflows/planted.yml", INJECTION);
    const result = lint(copy);
    expectFinding("actionlint", result, /github\.event\.pull_request\.title/);
    expectFinding("actionlint, through shellcheck", result, /SC2086/);
    await exec("shellcheck", ["--version"], { env: { PATH } });
    return `${sets.length + 1} repositories clean; the planted injection and the unquoted variable found`;
  },
};
