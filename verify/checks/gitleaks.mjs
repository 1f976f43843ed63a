// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { rmSync } from "node:fs";
import { join } from "node:path";
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

/** Assembled here, so that the scan of this project does not find it. */
const KEY = ["AKIA", "Q7WX2MZ5TR4NPL6B"].join("");

export default {
  id: "gitleaks",
  title: "gitleaks.yml passes on the history and finds a key that a later commit removed",
  tools: ["gitleaks"],
  async run({ generated, tools, exec }) {
    const scan = (directory) =>
      runStep({
        directory,
        workflow: "gitleaks.yml",
        job: "gitleaks",
        step: "Scan the history",
        unpacked: { gitleaks: tools.gitleaks },
      });
    expectPass("gitleaks", scan(generated));
    const copy = copyOf(generated, { history: true });
    const commit = async (message) => {
      await exec("git", ["add", "--all"], { cwd: copy });
      await exec(
        "git",
        ["-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", "--quiet", "--message", message],
        { cwd: copy },
      );
    };
    plant(copy, "settings.sh", `export AWS_ACCESS_KEY_ID=${KEY}\n`);
    await commit("leak");
    rmSync(join(copy, "settings.sh"));
    await commit("remove the leak");
    const result = scan(copy);
    expectFinding("gitleaks", result, /aws-access-token/);
    if (result.output.includes(KEY)) {
      throw new Error("gitleaks prints the key that it found");
    }
    return "no leak in the generated history; the planted key found in an old commit and redacted";
  },
};
