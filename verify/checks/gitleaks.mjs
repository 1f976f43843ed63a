// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { rmSync } from "node:fs";
import { join } from "node:path";
import { copyOf, expectFinding, expectPass, plant, runStep } from "../workflows/run-step.mjs";

/** Assembled here, so that the scan of this project does not find it. */
const KEY = ["AKIA", "Q7WX2MZ5TR4NPL6B"].join("");

export default {
  id: "gitleaks",
  title:
    "gitleaks.yml passes on files and history, finds keys in a file, a removed commit and a merge, and none elsewhere",
  tools: ["gitleaks"],
  async run({ generated, tools, exec }) {
    const scan = (directory, step, env = {}) =>
      runStep({
        directory,
        workflow: "gitleaks.yml",
        job: "gitleaks",
        step,
        unpacked: { gitleaks: tools.gitleaks },
        env: { BASE: "", ...env },
      });
    const files = (directory) => scan(directory, "Scan the files");
    const history = (directory, base) => scan(directory, "Scan the history", { BASE: base ?? "" });
    expectPass("gitleaks on files", files(copyOf(generated)));
    expectPass("gitleaks on the history", history(generated));
    const copy = copyOf(generated, { history: true });
    const git = async (...parameters) =>
      (
        await exec("git", ["-c", "user.name=a", "-c", "user.email=a@example.invalid", ...parameters], { cwd: copy })
      ).stdout?.trim();
    const commit = async (message) => {
      await git("add", "--all");
      await git("commit", "--quiet", "--message", message);
    };
    const leak = `export AWS_ACCESS_KEY_ID=${KEY}\n`;
    const main = await git("rev-parse", "HEAD");

    plant(copy, "settings.sh", leak);
    expectFinding("gitleaks on files", files(copy), /aws-access-token/);
    await commit("leak");
    rmSync(join(copy, "settings.sh"));
    await commit("remove the leak");
    expectPass("gitleaks on files without the leak", files(copy));
    const removed = history(copy, main);
    expectFinding("gitleaks on a removed key", removed, /aws-access-token/);
    if (removed.output.includes(KEY)) {
      throw new Error("gitleaks prints the key that it found");
    }
    // Another branch, to which the leak is nothing.
    await git("switch", "--quiet", "--create", "clean", main);
    plant(copy, "note.sh", "# nothing\n");
    await commit("no leak");
    expectPass("gitleaks on a branch beside the leak", history(copy, main));
    expectPass("gitleaks on the history of a branch beside the leak", history(copy));
    // A key that no commit but the merge has, and a later commit takes away.
    await git("switch", "--quiet", "--create", "side", main);
    plant(copy, "side.sh", "# nothing\n");
    await commit("side");
    await git("merge", "--quiet", "--no-commit", "--no-ff", "clean");
    plant(copy, "merged.sh", leak);
    await commit("merge");
    rmSync(join(copy, "merged.sh"));
    await commit("remove the merged leak");
    expectFinding("gitleaks on a merge commit", history(copy, main), /aws-access-token/);
    return "generated files and history clean; keys in a file, a removed commit and a merge commit found and redacted";
  },
};
