// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type WorkflowRule, steps } from "../rule";
import { mapOf, scalarsBelow, textOf, type WorkflowView } from "../workflow-view";

/** Steps with a script, and the script without its comment lines. */
function* scripts(workflow: WorkflowView) {
  for (const entry of steps(workflow)) {
    const run = entry.step.run;
    if (run !== undefined) {
      yield { ...entry, run, code: run.replace(/^\s*#.*$/gm, "") };
    }
  }
}

/** Code that other programs take from inputs: the script of actions/github-script and the like. */
const CODE_INPUTS = ["script", "run", "command", "commands", "inline-script", "inlineScript"];

export const shellRules: readonly WorkflowRule[] = [
  {
    id: "shell-expression",
    title: "No script contains an expression.",
    reason: "${{ }} is pasted into the text before the shell reads it: a branch name can be a command.",
    *check(workflow) {
      const fix = "Pass the value through 'env:' and use the variable, quoted.";
      for (const { job, step, run } of scripts(workflow)) {
        const expression = /\$\{\{.*?\}\}/s.exec(run)?.[0];
        if (expression) {
          yield { job, step, message: `The script contains ${expression}.`, fix };
        }
      }
      for (const { job, step } of steps(workflow)) {
        for (const input of step.uses === undefined ? [] : CODE_INPUTS) {
          const expression = /\$\{\{.*?\}\}/s.exec(step.with.get(input) ?? "")?.[0];
          if (expression) {
            yield { job, step, message: `The input '${input}' is code and contains ${expression}.`, fix };
          }
        }
      }
    },
  },
  {
    id: "shell-strict",
    title: "Scripts run in bash and stop at the first error.",
    reason: "GitHub's default shell has no pipefail: 'scanner | tee log' is green whatever the scanner says.",
    *check(workflow) {
      const top = textOf(mapOf(mapOf(workflow.root, "defaults") ?? workflow.root, "run") ?? workflow.root, "shell");
      for (const { job, step, run } of scripts(workflow)) {
        const jobShell = textOf(mapOf(mapOf(job.node, "defaults") ?? job.node, "run") ?? job.node, "shell");
        const shell = textOf(step.node, "shell") ?? jobShell ?? top;
        if (shell !== "bash") {
          yield {
            job,
            step,
            message: shell ? `The shell is '${shell}'.` : "The step does not set its shell.",
            fix: workflow.root.has("runs")
              ? "Write 'shell: bash' in the step."
              : "Write 'defaults: { run: { shell: bash } }' at the top.",
          };
        }
        if (run.trim().includes("\n") && !/^set -euo pipefail$/m.test(run.split("\n")[0] ?? "")) {
          yield {
            job,
            step,
            message: "The script does not begin with 'set -euo pipefail'.",
            fix: "Make it the first line.",
          };
        }
      }
    },
  },
  {
    id: "no-soft-fail",
    title: "No job succeeds if its tool fails.",
    reason: "A gate that cannot fail is worse than none, because people trust it.",
    *check(workflow) {
      for (const job of workflow.jobs) {
        if (job.node.has("continue-on-error") && job.node.get("continue-on-error") !== false) {
          yield { job, message: "The job continues on error.", fix: "Remove 'continue-on-error'." };
        }
      }
      for (const { job, step } of steps(workflow)) {
        if (step.node.has("continue-on-error") && step.node.get("continue-on-error") !== false) {
          yield { job, step, message: "The step continues on error.", fix: "Remove 'continue-on-error'." };
        }
        for (const [input, value] of step.with) {
          if (/^(soft[-_]?fail|allow[-_]failure|no[-_]fail|exit[-_]zero)$/i.test(input) && value !== "false") {
            yield {
              job,
              step,
              message: `The input '${input}: ${value}' keeps the step green.`,
              fix: `Remove '${input}'.`,
            };
          }
        }
      }
      for (const { job, step, code } of scripts(workflow)) {
        const soft =
          /\|\|\s*(true|:|exit 0|echo\b[^\n]*)\s*(?=$|[;)}\n])|--soft-fail\b|--exit-zero\b|--no-fail\b|--exit-code[= ]0\b|^\s*set \+e\b|;\s*true\s*$/m.exec(
            code,
          )?.[0];
        if (soft) {
          yield { job, step, message: `'${soft.trim()}' hides a failure.`, fix: "Let the command's exit code decide." };
        }
      }
    },
  },
  {
    id: "install-scripts",
    title: "Packages are installed from the lock file, without their scripts.",
    reason: "Install scripts are how npm worms run (Shai-Hulud, axios); nobody reviewed what is not in the lock file.",
    *check(workflow) {
      for (const { job, step, code } of scripts(workflow)) {
        // What a script prints is not what it does.
        for (const line of code.split("\n").filter((text) => !/^\s*(echo|printf)\b/.test(text))) {
          if (/\bnpm (ci|install|i)\b/.test(line) && !/--ignore-scripts\b/.test(line)) {
            yield {
              job,
              step,
              message: `'${line.trim()}' runs install scripts.`,
              fix: "Write 'npm ci --ignore-scripts'.",
            };
          }
          const adhoc =
            /\b(npm (install|i|add)|yarn (global )?add|pnpm (add|install)|gem install|pip3? install|pipx (install|run)|go install|cargo install|npx (?!--no-install\b)|bundle add)\s+(?!-)\S+/.exec(
              line.replace(/\s--?[\w-]+(=\S+)?/g, " ").replace(/\s+/g, " "),
            )?.[0];
          const npx = /\bnpx\s+(?!--no-install\b)/.test(line);
          if (npx || (adhoc && !/\bnpx\b/.test(adhoc) && !/--require-hashes\b/.test(line))) {
            yield {
              job,
              step,
              message: `'${line.trim()}' installs a package that no lock file fixes.`,
              fix: "Make it a dev dependency and use 'npm ci', or 'npx --no-install', or pip with --require-hashes.",
            };
          }
        }
      }
    },
  },
  {
    id: "download-verified",
    title: "What a step downloads is compared with a known hash before it runs.",
    reason: "A release asset can be replaced; the Trivy incident replaced binaries as well as tags.",
    *check(workflow) {
      for (const { job, step, code } of scripts(workflow)) {
        if (/\b(curl|wget)\b[^\n]*\|\s*(sudo\s+)?(ba|da|z)?sh\b/.test(code.replace(/\\\n/g, " "))) {
          yield {
            job,
            step,
            message: "The script pipes a download into a shell.",
            fix: "Download, compare the SHA-256, then run.",
          };
        } else if (/\b(curl|wget)\b/.test(code) && !/\bsha(256|512)sum\b[^\n]*(--check|-c)\b/.test(code)) {
          yield {
            job,
            step,
            message: "The download is not compared with a hash.",
            fix: "Add 'sha256sum --check --strict'.",
          };
        }
      }
    },
  },
  {
    id: "url-scheme",
    title: "Every address is https.",
    reason: "http and git do not prove who answers.",
    *check(workflow) {
      for (const { node } of scalarsBelow(workflow.root)) {
        const url = /\b(http|git|ftp):\/\/(?!localhost\b|127\.0\.0\.1\b|169\.254\.169\.254\b)[^\s"']+/.exec(
          String(node.value),
        )?.[0];
        if (url) {
          yield { node, message: `'${url}' is not encrypted.`, fix: "Use https." };
        }
      }
    },
  },
  {
    id: "commands-file",
    title: "No step writes event data to GITHUB_ENV or GITHUB_PATH, or turns the old commands on.",
    reason: "One line in GITHUB_ENV is LD_PRELOAD for every later step.",
    *check(workflow) {
      for (const { node, path } of scalarsBelow(workflow.root)) {
        if (path.at(-1) === "ACTIONS_ALLOW_UNSECURE_COMMANDS") {
          yield { node, message: "ACTIONS_ALLOW_UNSECURE_COMMANDS is set.", fix: "Take it away." };
        }
      }
      for (const { job, step, code } of scripts(workflow)) {
        if (/\bGITHUB_(ENV|PATH)\b/.test(code)) {
          yield {
            job,
            step,
            message: "The script writes to GITHUB_ENV or GITHUB_PATH.",
            fix: "Pass values by 'env:' or a step output, and call programs by their full path.",
          };
        }
      }
    },
  },
  {
    id: "no-plan-artifact",
    title: "A Terraform plan or state is never uploaded.",
    reason: "Both contain secrets in plain text, and everyone who can read the repository can download an artifact.",
    *check(workflow) {
      for (const { job, step } of steps(workflow)) {
        const path = step.uses?.startsWith("actions/upload-artifact@") ? (step.with.get("path") ?? "") : "";
        if (/tfplan|\bplan\b|\.tfstate|plan\.json|\*\*?$|^\.$/.test(path)) {
          yield {
            job,
            step,
            message: `'${path}' can contain a plan or a state.`,
            fix: "Upload a summary that names no values.",
          };
        }
      }
    },
  },
];
