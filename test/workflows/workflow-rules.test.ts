// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkWorkflow, formatViolation, RULE_IDS, WORKFLOW_RULES } from "../../src/workflow-rules/check-workflow";
import { checkDependabot } from "../../src/workflow-rules/dependabot";
import { readPinTable } from "../../src/workflow-rules/pin-table";
import { parseWorkflow } from "../../src/workflow-rules/workflow-view";
import { changed, DEPLOY_JOB, GOOD_WORKFLOW, pinned, violationsOf, withJob, withStep } from "./good-workflow";

const CHECKOUT = pinned("actions/checkout");
const { sha: CHECKOUT_SHA, version: CHECKOUT_VERSION } = readPinTable().actions["actions/checkout"]!;
const run = (script: string): string =>
  withStep(`- name: Test\n  run: |\n    set -euo pipefail\n${script.replace(/^/gm, "    ")}\n`);
const uses = (reference: string, inputs = ""): string => withStep(`- name: Test\n  uses: ${reference}\n${inputs}`);
const SHA = "a".repeat(40);
const FROM_HERE = "  if: github.event.pull_request.head.repo.fork != true\n";
const APP_TOKEN = pinned("actions/create-github-app-token");
/** A step of a job that has a variable for all its steps. */
const forJob = (step: string, variable = "NUMBER: ${{ github.event.pull_request.number }}"): string =>
  withStep(step).replace("    steps:\n", () => `    env:\n      ${variable}\n    steps:\n`);
const condition = (text: string): string => changed(["github.actor != 'nobody'", text]);
const perm = (line: string): string => changed(["contents: read # check out the repository", line]);

/** Bad examples by rule. The name in brackets is the zizmor audit that the example is for. */
const BAD: Record<string, readonly (readonly [string, string])[]> = {
  "pin-action": [
    ["a tag [unpinned-uses]", changed([CHECKOUT, "actions/checkout@v7"])],
    ["a branch", changed([CHECKOUT, "actions/checkout@main"])],
    ["a short commit", changed([CHECKOUT, `actions/checkout@${CHECKOUT_SHA.slice(0, 7)} # ${CHECKOUT_VERSION}`])],
    ["no reference at all", changed([CHECKOUT, "actions/checkout"])],
    [
      "a reusable workflow by branch",
      withJob("  check:\n    name: Check\n    permissions: {}\n    uses: acme/ci/.github/workflows/check.yml@main\n"),
    ],
    ["the version inside the quotes", changed([CHECKOUT, `"${CHECKOUT}"`])],
    ["a tag that looks like a commit", changed([CHECKOUT, `actions/checkout@${"A".repeat(40)}`])],
  ],
  "pin-version-comment": [
    ["no comment [ref-version-mismatch]", changed([` # ${CHECKOUT_VERSION}`, ""])],
    ["a major version alone", changed([` # ${CHECKOUT_VERSION}`, " # v7"])],
  ],
  "pin-known": [
    ["an action that nobody reviewed [forbidden-uses]", uses(`acme/unknown@${SHA} # v1.0.0`)],
    ["another commit than the table's [impostor-commit]", changed([CHECKOUT_SHA, SHA])],
    ["a comment that lies [ref-version-mismatch]", changed([`# ${CHECKOUT_VERSION}`, "# v0.0.1"])],
  ],
  "pin-image": [
    ["a container by tag [unpinned-images]", changed(["    steps:", "    container: node:22\n    steps:"])],
    ["a container without tag", changed(["    steps:", "    container:\n      image: node\n    steps:"])],
    ["a service by tag", changed(["    steps:", "    services:\n      redis:\n        image: redis:7\n    steps:"])],
    ["a docker step by tag", uses("docker://alpine:3.20")],
    [
      "an image in the environment",
      withStep('- name: Test\n  env:\n    IMAGE: bridgecrew/checkov:3\n  run: docker run "$IMAGE"\n'),
    ],
  ],
  "no-local-action": [
    ["a local action [self-repository]", uses("./.github/actions/setup")],
    ["the other spelling", uses("$/.github/actions/setup")],
    [
      "a workflow by the other spelling",
      withJob("  check:\n    name: Check\n    permissions: {}\n    uses: $/.github/workflows/other.yml\n"),
    ],
    [
      "a workflow that lies elsewhere",
      withJob("  check:\n    name: Check\n    permissions: {}\n    uses: ./ci/other.yml\n"),
    ],
    [
      "a workflow by a misleading path",
      withJob("  check:\n    name: Check\n    permissions: {}\n    uses: ./.github/workflows/../../other.yml\n"),
    ],
  ],
  "permissions-top-empty": [
    ["none [excessive-permissions]", changed(["permissions: {}\n", ""])],
    ["read-all", changed(["permissions: {}", "permissions: read-all"])],
    ["write-all", changed(["permissions: {}", "permissions: write-all"])],
    ["a scope for all jobs", changed(["permissions: {}", "permissions:\n  contents: read"])],
    ["nothing after the colon", changed(["permissions: {}", "permissions:"])],
  ],
  "permissions-per-job": [
    [
      "none [excessive-permissions]",
      changed(["    permissions:\n      contents: read # check out the repository\n", ""]),
    ],
    [
      "write-all",
      changed(["    permissions:\n      contents: read # check out the repository\n", "    permissions: write-all\n"]),
    ],
  ],
  "permissions-reason": [["no comment [undocumented-permissions]", perm("contents: read")]],
  "permissions-pull-request": [
    ["contents: write [excessive-permissions]", perm("contents: write # push")],
    ["packages: write", perm("packages: write # publish")],
    ["comments beside code of the pull request", perm("pull-requests: write # comment")],
  ],
  "trigger-dangerous": [
    ["pull_request_target [dangerous-triggers]", changed(["  pull_request:", "  pull_request_target:"])],
    ["workflow_run [dangerous-triggers]", changed(["  pull_request:", "  workflow_run:\n    workflows: [Build]"])],
    ["issue_comment", changed(["  pull_request:", "  issue_comment:"])],
    ["in a list of events", GOOD_WORKFLOW.replace(/on:\n[\s\S]*?merge_group:\n/, "on: [push, pull_request_target]\n")],
    ["as the only event", GOOD_WORKFLOW.replace(/on:\n[\s\S]*?merge_group:\n/, "on: pull_request_target\n")],
  ],
  "trigger-merge-group": [
    ["no merge_group", changed(["  merge_group:\n", ""])],
    ["no pull_request", changed(["  pull_request:\n", ""])],
    ["a job that is skipped in the queue", condition("github.event_name != 'merge_group'")],
    ["a job that is skipped for pull requests", condition("github.event_name != 'pull_request'")],
    [
      "a job that waits for one that is skipped",
      `${GOOD_WORKFLOW.replace("    runs-on", "    needs: first\n    runs-on")}  first:\n    name: First\n    if: github.event_name == 'push'\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - name: Test\n        run: 'true'\n`,
    ],
    [
      "a job none of whose steps runs in the queue",
      withJob(
        "  check:\n    name: Check\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - name: Test\n        if: github.event_name == 'pull_request'\n        run: 'true'\n",
      ),
    ],
  ],
  "trigger-path-filter": [
    ["paths", changed(["  pull_request:", "  pull_request:\n    paths: [src/**]"])],
    ["paths-ignore", changed(["branches: [main]", "branches: [main]\n    paths-ignore: [docs/**]"])],
    ["types without a push", changed(["  pull_request:", "  pull_request:\n    types: [opened, reopened]"])],
    ["one type", changed(["  pull_request:", "  pull_request:\n    types: labeled"])],
  ],
  "step-event": [
    ["an upload from a merge queue", uses(pinned("github/codeql-action/upload-sarif"), FROM_HERE)],
    [
      "an upload from a fork",
      uses(pinned("github/codeql-action/upload-sarif"), "  if: github.event_name != 'merge_group'\n"),
    ],
    ["an analysis that uploads", uses(pinned("github/codeql-action/analyze"), FROM_HERE)],
    ["a dependency review of a push", uses(pinned("actions/dependency-review-action"))],
    ["a score of a pull request", uses(pinned("ossf/scorecard-action"))],
    [
      "the number of a pull request on a push",
      withStep("- name: Test\n  env:\n    NUMBER: ${{ github.event.pull_request.number }}\n  run: 'true'\n"),
    ],
    [
      "the base of a merge group for a pull request",
      withStep(
        "- name: Test\n  if: github.event_name != 'push'\n  env:\n    BASE: ${{ github.event.merge_group.base_sha }}\n  run: 'true'\n",
      ),
    ],
    [
      "the commit before a push in a merge queue",
      withStep("- name: Test\n  env:\n    BEFORE: ${{ github.event.before }}\n  run: 'true'\n"),
    ],
    ...["echo $NUMBER", 'gh pr view "${NUMBER}" || exit 1', 'echo "${NUMBER:-}"', ": ${NUMBER:?missing}"].map(
      (script): readonly [string, string] => [
        `the number of a pull request for a whole job, in which a step runs ${script}`,
        forJob(`- name: Test\n  shell: bash\n  run: |\n    set -euo pipefail\n    ${script}\n`),
      ],
    ),
    [
      "the number of a pull request for a whole job, which a step is given",
      forJob(
        `- name: Test\n  uses: ${CHECKOUT}\n  with:\n    persist-credentials: false\n    ref: \${{ env.NUMBER }}\n`,
      ),
    ],
    [
      "the number of a pull request for a whole job, which a step takes under another name",
      forJob("- name: Test\n  env:\n    OTHER: ${{ env.NUMBER }}\n  run: 'true'\n"),
    ],
    [
      "the number of a pull request for a whole job, of which a condition leaves another event out",
      forJob("- name: Test\n  if: github.event_name != 'push'\n  run: echo $NUMBER\n"),
    ],
    [
      "the commit before a push for a whole job, with text before it",
      forJob("- name: Test\n  if: env.RANGE != ''\n  run: echo $RANGE\n", "RANGE: from-${{ github.event.before }}"),
    ],
    [
      "the number of a pull request that is handed to a called workflow",
      withJob(
        "  check:\n    name: Check\n    permissions: {}\n    uses: ./.github/workflows/other.yml\n    with:\n      number: ${{ github.event.pull_request.number }}\n",
      ),
    ],
    [
      "a job that stands before the one that it needs",
      withJob(
        `  check:\n    name: Check\n    needs: [first]\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - name: Score\n        uses: ${pinned("ossf/scorecard-action")}\n  first:\n    name: First\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - name: Test\n        run: 'true'\n`,
      ),
    ],
    [
      "a group that all runs of a merge queue share",
      changed(["check-${{ github.ref }}", "check-${{ github.head_ref }}"]),
    ],
    [
      "a group by the number of a pull request",
      changed(["check-${{ github.ref }}", "${{ github.workflow }}-${{ github.event.pull_request.number }}"]),
    ],
    [
      "a group of a job by the head of a merge group",
      changed(["    steps:\n", "    concurrency: check-${{ github.event.merge_group.head_sha }}\n    steps:\n"]),
    ],
  ],
  "name-workflow": [["no name [anonymous-definition]", changed(["name: Check\n", ""])]],
  "name-step": [
    ["a step without name", changed(["- name: Test\n        env", "- env"])],
    ["a job without name [anonymous-definition]", changed(["    name: Check\n", ""])],
  ],
  "job-shape": [
    ["a job with nothing to do", withJob("  check:\n    name: Check\n    permissions: {}\n    timeout-minutes: 5\n")],
    [
      "a call with a time limit",
      withJob(
        "  check:\n    name: Check\n    permissions: {}\n    timeout-minutes: 5\n    uses: ./.github/workflows/other.yml\n",
      ),
    ],
    [
      "a call with steps",
      withJob(
        "  check:\n    name: Check\n    permissions: {}\n    uses: ./.github/workflows/other.yml\n    steps: []\n",
      ),
    ],
  ],
  "name-literal": [
    ["an expression", changed(["    name: Check\n", "    name: Check ${{ github.ref }}\n"])],
    ["a matrix", changed(["    steps:", "    strategy:\n      matrix:\n        node: [20, 22]\n    steps:"])],
  ],
  "job-timeout": [["no timeout", changed(["    timeout-minutes: 5\n", ""])]],
  "job-runner": [
    ["ubuntu-latest", changed(["ubuntu-24.04", "ubuntu-latest"])],
    ["in a list", changed(["ubuntu-24.04", "[self-hosted, ubuntu-latest]"])],
  ],
  concurrency: [
    ["none [concurrency-limits]", GOOD_WORKFLOW.replace(/concurrency:\n.*\n.*\n/, "")],
    ["a bare group [concurrency-limits]", GOOD_WORKFLOW.replace(/concurrency:\n.*\n.*\n/, "concurrency: check\n")],
    ["a group without a decision [concurrency-limits]", changed(["  cancel-in-progress: true\n", ""])],
  ],
  "deploy-not-cancelled": [
    ["cancelled with the workflow", withJob(DEPLOY_JOB)],
    [
      "cancelled by the job's own group",
      withJob(
        DEPLOY_JOB.replace(
          "    steps:",
          "    concurrency:\n      group: prod\n      cancel-in-progress: true\n    steps:",
        ),
      ).replace("cancel-in-progress: true", "cancel-in-progress: false"),
    ],
    [
      "decided by an expression",
      withJob(DEPLOY_JOB).replace(
        "cancel-in-progress: true",
        "cancel-in-progress: ${{ github.event_name == 'pull_request' }}",
      ),
    ],
  ],
  "checkout-credentials": [
    ["not said [artipacked]", changed(["        with:\n          persist-credentials: false\n", ""])],
    ["true [artipacked]", changed(["persist-credentials: false", "persist-credentials: true"])],
  ],
  "shell-expression": [
    ["a branch name [template-injection]", run("echo ${{ github.head_ref }}")],
    ["any expression, harmless or not [template-injection]", run("echo ${{ github.sha }}")],
    ["an expression over two lines", run("echo ${{\n  github.sha }}")],
    [
      "code for github-script [template-injection]",
      uses(
        `actions/github-script@${SHA} # v9.0.0`,
        "  with:\n    script: core.info('${{ github.event.issue.title }}')\n",
      ),
    ],
  ],
  "shell-strict": [
    ["no shell", GOOD_WORKFLOW.replace(/defaults:\n.*\n.*\n/, "")],
    ["sh", changed(["    shell: bash", "    shell: sh"])],
    ["no strict mode", changed(["          set -euo pipefail\n", ""])],
    ["half of it", changed(["set -euo pipefail", "set -e"])],
  ],
  "no-soft-fail": [
    ["continue-on-error in a step", changed(["        run: |", "        continue-on-error: true\n        run: |"])],
    ["continue-on-error in a job", changed(["    steps:", "    continue-on-error: true\n    steps:"])],
    [
      "continue-on-error by expression",
      changed(["    steps:", "    continue-on-error: ${{ github.event_name == 'push' }}\n    steps:"]),
    ],
    ["|| true", run("npm audit || true")],
    ["|| :", run("npm audit || :")],
    ["|| exit 0", run("npm audit || exit 0")],
    ["|| echo", run('npm audit || echo "never mind"')],
    ["; true", run("npm audit; true")],
    ["set +e", run("set +e\nnpm audit")],
    ["--soft-fail", run("tfsec . --soft-fail")],
    ["--exit-code 0", run("trivy config --exit-code 0 .")],
    ["an input", uses(CHECKOUT, "  with:\n    persist-credentials: false\n    soft_fail: true\n")],
  ],
  "install-scripts": [
    ["npm ci with scripts", changed([" --ignore-scripts", ""])],
    ["a named package [adhoc-packages]", run("npm install --ignore-scripts left-pad")],
    ["a global package [adhoc-packages]", run("npm install -g --ignore-scripts left-pad")],
    ["yarn add [adhoc-packages]", run("yarn add left-pad")],
    ["pnpm add [adhoc-packages]", run("pnpm add left-pad")],
    ["gem install [adhoc-packages]", run("gem install rake")],
    ["pip install", run("pip install checkov")],
    ["npx of whatever is newest", run("npx cowsay")],
    ["npx -y", run("npx -y cowsay")],
  ],
  "download-verified": [
    ["curl into a shell", run("curl -fsSL https://example.com/install | bash")],
    ["curl into a root shell", run("curl -fsSL https://example.com/install \\\n  | sudo sh")],
    ["a download that nothing compares", run('curl -fsSL -o "$RUNNER_TEMP/x" https://example.com/x')],
  ],
  "url-scheme": [
    ["http [insecure-url-scheme]", run("git clone http://example.com/x.git")],
    [
      "git [insecure-url-scheme]",
      uses(CHECKOUT, "  with:\n    persist-credentials: false\n    url: git://example.com/x.git\n"),
    ],
  ],
  "commands-file": [
    ["GITHUB_ENV [github-env]", run('echo "X=$BRANCH" >> "$GITHUB_ENV"')],
    ["GITHUB_PATH [github-env]", run('echo "$BRANCH" >> "$GITHUB_PATH"')],
    [
      "the old commands [insecure-commands]",
      changed(["          BRANCH:", "          ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n          BRANCH:"]),
    ],
  ],
  "no-plan-artifact": [
    ["a plan", uses(pinned("actions/upload-artifact"), "  with:\n    path: out/prod.tfplan\n")],
    ["everything", uses(pinned("actions/upload-artifact"), "  with:\n    path: .\n")],
  ],
  "condition-bot": [
    ["the actor [bot-conditions]", condition("github.actor == 'dependabot[bot]'")],
    ["the other way round [bot-conditions]", condition("${{ 'dependabot[bot]' == github.triggering_actor }}")],
  ],
  "condition-always-true": [
    [
      "a block [unsound-condition]",
      changed(["if: github.actor != 'nobody'", "if: |\n      ${{ github.actor != 'nobody' }}"]),
    ],
    ["two expressions [unsound-condition]", condition("${{ github.actor }} != 'nobody'")],
  ],
  "condition-contains": [
    ["a string of names [unsound-contains]", condition("contains('refs/heads/main refs/heads/dev', github.ref)")],
  ],
  "expression-ternary": [
    [
      "an empty middle [unsound-ternary]",
      changed(["${{ github.head_ref }}", "${{ github.head_ref == 'x' && '' || 'y' }}"]),
    ],
  ],
  "expression-obfuscated": [
    ["dots in a reference [obfuscation]", uses(`actions/./checkout@${SHA} # v7.0.1`)],
    ["two slashes [obfuscation]", uses(`actions/checkout//@${SHA} # v7.0.1`)],
    ["a computed index [obfuscation]", changed(["${{ github.head_ref }}", "${{ github[format('{0}_ref', 'head')] }}"])],
    ["there and back [obfuscation]", changed(["${{ github.head_ref }}", "${{ fromJSON(toJSON(github)).head_ref }}"])],
  ],
  "secrets-inherit": [
    [
      "inherit [secrets-inherit]",
      withJob(
        `  check:\n    name: Check\n    permissions: {}\n    uses: acme/ci/.github/workflows/x.yml@${SHA}\n    secrets: inherit\n`,
      ),
    ],
  ],
  "secrets-all": [
    ["all of them [overprovisioned-secrets]", changed(["${{ github.head_ref }}", "${{ toJSON(secrets) }}"])],
    ["by a computed name [overprovisioned-secrets]", changed(["${{ github.head_ref }}", "${{ secrets[github.ref] }}"])],
    [
      "a part of one [unredacted-secrets]",
      changed(["${{ github.head_ref }}", "${{ fromJSON(secrets.ALL).password }}"]),
    ],
  ],
  "secrets-registry": [
    [
      "a literal password [hardcoded-container-credentials]",
      changed([
        "    steps:",
        `    container:\n      image: x@sha256:${"a".repeat(64)}\n      credentials:\n        username: u\n        password: hunter2\n    steps:`,
      ]),
    ],
  ],
  "secrets-scanner": [
    [
      "a token beside a scanner",
      withStep(
        '- name: Test\n  env:\n    TOKEN: ${{ secrets.TOKEN }}\n  run: "$RUNNER_TEMP/trivy" config .\n'
          .replace('run: "', "run: '\"")
          .replace("config .\n", "config .'\n"),
      ),
    ],
  ],
  "secrets-fork": [
    ["a secret", changed(["${{ github.head_ref }}", "${{ secrets.TOKEN }}"])],
    ["a role", perm("id-token: write # assume the role")],
    [
      "a condition that speaks of forks and lets them in",
      changed(
        ["github.actor != 'nobody'", "github.event.pull_request.head.repo.fork != true || github.event_name != 'push'"],
        ["${{ github.head_ref }}", "${{ secrets.TOKEN }}"],
      ),
    ],
    [
      "a job that runs whatever became of the one that keeps forks out",
      `${changed(["    if: github.actor != 'nobody'\n", "    needs: first\n    if: always()\n"], ["${{ github.head_ref }}", "${{ secrets.TOKEN }}"])}  first:\n    name: First\n    if: github.event.pull_request.head.repo.fork != true\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - name: Test\n        run: 'true'\n`,
    ],
  ],
  "app-token": [
    ["all permissions [github-app]", uses(APP_TOKEN, "  with:\n    client-id: x\n")],
    [
      "all repositories [github-app]",
      uses(APP_TOKEN, "  with:\n    client-id: x\n    owner: acme\n    permission-issues: write\n"),
    ],
    [
      "never revoked [github-app]",
      uses(APP_TOKEN, "  with:\n    client-id: x\n    permission-issues: write\n    skip-token-revoke: true\n"),
    ],
    ["the deprecated input", uses(APP_TOKEN, "  with:\n    app-id: x\n    permission-issues: write\n")],
  ],
  "cloud-key": [
    ["inputs", uses(pinned("aws-actions/configure-aws-credentials"), "  with:\n    aws-access-key-id: x\n")],
    ["environment", changed(["BRANCH: ${{ github.head_ref }}", "AWS_SECRET_ACCESS_KEY: ${{ secrets.KEY }}"])],
  ],
  "publish-token": [
    [
      "npm [use-trusted-publishing]",
      withStep("- name: Publish\n  env:\n    NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n  run: npm publish\n"),
    ],
    [
      "PyPI [use-trusted-publishing]",
      uses(`pypa/gh-action-pypi-publish@${SHA} # v1.0.0`, "  with:\n    password: x\n"),
    ],
  ],
  "action-look-alike": [
    ["a letter less [typosquat-uses]", uses(`actions/chekout@${SHA} # v7.0.1`)],
    ["the other owner [typosquat-uses]", uses(`action/checkout@${SHA} # v7.0.1`)],
    ["two letters swapped [typosquat-uses]", uses(`actions/setup-ndoe@${SHA} # v7.0.1`)],
  ],
  "action-refused": [
    ["archived [archived-uses]", uses(`actions/create-release@${SHA} # v1.1.4`)],
    ["what gh does [superfluous-actions]", uses(`softprops/action-gh-release@${SHA} # v2.0.0`)],
    ["a gate that cannot fail", uses(`aquasecurity/tfsec-action@${SHA} # v1.0.3`, "  with:\n    soft_fail: false\n")],
  ],
  "action-tool-version": [
    ["no version [unpinned-tools]", uses(pinned("open-policy-agent/setup-opa"))],
    ["latest [unpinned-tools]", uses(pinned("open-policy-agent/setup-opa"), "  with:\n    version: latest\n")],
  ],
  "action-misfeature": [
    ["pip-install [misfeature]", uses(`actions/setup-python@${SHA} # v7.0.0`, "  with:\n    pip-install: requests\n")],
    ["cmd [misfeature]", changed(["        run: |", "        shell: cmd\n        run: |"])],
    ["Terraform's wrapper", uses(pinned("hashicorp/setup-terraform"), "  with:\n    terraform_version: 1.11.4\n")],
  ],
  "expression-length": [
    ["a condition", condition(`github.ref != '${"x".repeat(21_000)}'`)],
    [
      "a variable with an expression",
      withStep(`- name: Test\n  env:\n    A: ${"x".repeat(21_000)}\${{ github.ref }}\n  run: 'true'\n`),
    ],
  ],
  "cache-with-credentials": [
    [
      "setup-node's own cache [cache-poisoning]",
      withJob(DEPLOY_JOB.replace("        with:\n          package-manager-cache: false\n", "")),
    ],
    [
      "actions/cache [cache-poisoning]",
      withJob(DEPLOY_JOB.replace(/uses: .*\n {8}with:\n.*\n/, `uses: actions/cache@${SHA} # v6.1.0\n`)),
    ],
  ],
};

describe("workflow rules", () => {
  test("the good workflow breaks none", () => {
    expect(violationsOf(GOOD_WORKFLOW).map(formatViolation)).toEqual([]);
  });

  test("a workflow that deploys and is never cancelled breaks none", () => {
    const text = withJob(DEPLOY_JOB).replace("cancel-in-progress: true", "cancel-in-progress: false");
    expect(violationsOf(text).map(formatViolation)).toEqual([]);
  });

  test.each(
    Object.entries(BAD).flatMap(([rule, examples]) => examples.map(([title, text]) => [rule, title, text] as const)),
  )("%s refuses %s", (rule, _title, text) => {
    const found = violationsOf(text).filter((violation) => violation.rule === rule);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ fix, message }) => fix.length > 5 && message.length > 5)).toBe(true);
  });

  test("every rule has a bad example, and a reason", () => {
    expect(Object.keys(BAD).sort()).toEqual(WORKFLOW_RULES.map(({ id }) => id).sort());
    expect(WORKFLOW_RULES.every(({ reason, title }) => reason.length > 20 && title.endsWith("."))).toBe(true);
  });

  test("every zizmor audit that can be decided offline has an example", () => {
    const offline = [
      "adhoc-packages",
      "anonymous-definition",
      "archived-uses",
      "artipacked",
      "bot-conditions",
      "cache-poisoning",
      "concurrency-limits",
      "dangerous-triggers",
      "excessive-permissions",
      "forbidden-uses",
      "github-app",
      "github-env",
      "hardcoded-container-credentials",
      "insecure-commands",
      "insecure-url-scheme",
      "misfeature",
      "obfuscation",
      "overprovisioned-secrets",
      "ref-version-mismatch",
      "secrets-inherit",
      "self-repository",
      "superfluous-actions",
      "template-injection",
      "typosquat-uses",
      "undocumented-permissions",
      "unpinned-images",
      "unpinned-tools",
      "unpinned-uses",
      "unredacted-secrets",
      "unsound-condition",
      "unsound-contains",
      "unsound-ternary",
      "use-trusted-publishing",
    ];
    const titles = Object.values(BAD)
      .flat()
      .map(([title]) => title);
    expect(offline.filter((audit) => !titles.some((title) => title.includes(`[${audit}]`)))).toEqual([]);
  });

  test("a violation names workflow, line, job, step, rule and fix", () => {
    const [violation] = violationsOf(changed([" --ignore-scripts", ""]));
    expect(violation && formatViolation(violation)).toBe(
      ".github/workflows/check.yml:32, job 'check', step 'Test': [install-scripts] 'npm ci' runs install scripts. Write 'npm ci --ignore-scripts'.",
    );
  });

  test("a step that is left out on the events it is not made for breaks no rule", () => {
    const good = [
      uses(
        pinned("github/codeql-action/upload-sarif"),
        "  if: github.event.pull_request.head.repo.fork != true && github.event_name != 'merge_group'\n",
      ),
      uses(pinned("github/codeql-action/analyze"), "  with:\n    upload: never\n"),
      uses(
        pinned("github/codeql-action/analyze"),
        "  with:\n    upload: ${{ (github.event.pull_request.head.repo.fork == true || github.event_name == 'merge_group') && 'never' || 'always' }}\n",
      ),
      uses(pinned("actions/dependency-review-action"), "  if: github.event_name != 'push'\n"),
      withStep(
        "- name: Test\n  env:\n    REVISION: ${{ github.event.pull_request.head.sha || github.sha }}\n  run: 'true'\n",
      ),
      forJob("- name: Test\n  run: 'true'\n"),
      forJob("- name: Test\n  if: github.event_name == 'pull_request'\n  run: echo $NUMBER\n"),
      forJob("- name: Test\n  if: env.NUMBER\n  run: echo $NUMBER\n"),
      forJob("- name: Test\n  if: ${{ env.NUMBER != '' }}\n  run: echo $NUMBER\n"),
      forJob("- name: Test\n  run: echo $NUMBERS\n"),
      forJob("- name: Test\n  run: echo $NUMBER\n", "NUMBER: ${{ github.event.pull_request.number || 0 }}"),
      forJob('- name: Test\n  run: if [ -n "$NUMBER" ]; then gh pr view $NUMBER; fi\n'),
      forJob('- name: Test\n  run: if [[ "$NUMBER" == "" ]]; then exit 0; fi; gh pr view $NUMBER\n'),
      forJob('- name: Test\n  run: gh pr view "${NUMBER:-1}"\n'),
      forJob("- name: Test\n  env:\n    NUMBER: 1\n  run: echo $NUMBER\n"),
      forJob("- name: Test\n  env:\n    OTHER: ${{ env.NUMBER || 'none' }}\n  run: 'true'\n"),
      forJob("- name: Test\n  run: 'true'\n", '"A(": ${{ github.event.pull_request.number }}'),
      forJob(
        "- name: Test\n  if: github.event_name == 'push'\n  run: echo $BASE\n",
        "BASE: ${{ github.event.before }}",
      ),
      withStep(
        '- name: Test\n  env:\n    BASE: ${{ github.event.before }}\n  run: |\n    if [ -z "$BASE" ]; then BASE=HEAD^; fi\n',
      ),
      changed(["check-${{ github.ref }}", "check-${{ github.head_ref || github.ref }}"]),
      changed(["check-${{ github.ref }}", "check-${{ github.ref }}-${{ github.head_ref }}"]),
    ];
    for (const text of good) {
      expect(violationsOf(text).filter(({ rule }) => rule === "step-event")).toEqual([]);
    }
  });

  test("of a variable of a job it is said who uses it, and what can be done", () => {
    const [found] = violationsOf(forJob("- name: Say\n  run: echo $NUMBER\n")).filter(
      ({ rule }) => rule === "step-event",
    );
    expect(found && formatViolation(found)).toContain(
      "'NUMBER' reads github.event.pull_request, which 'push' does not have, and step 'Say' uses it. Add a fallback with ||, or move it to the step that uses it",
    );
  });

  test("a job that waits for one that keeps forks out may read a secret", () => {
    const text = `${changed(["    if: github.actor != 'nobody'\n", "    needs: first\n"], ["${{ github.head_ref }}", "${{ secrets.TOKEN }}"])}  first:\n    name: First\n    if: github.event.pull_request.head.repo.fork != true\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    permissions: {}\n    steps:\n      - name: Test\n        run: 'true'\n`;
    expect(violationsOf(text)).toEqual([]);
  });

  test("what is no workflow is a violation, not a crash", () => {
    for (const text of ["", "- a\n", "a: [\n", "a: 1\na: 2\n"]) {
      expect(violationsOf(text).map(({ rule }) => rule)).toContain("syntax");
    }
  });

  test("a workflow that GitHub would not start is refused, whatever is in it", () => {
    const padded = (bytes: number, pad: string) => {
      const text = `${GOOD_WORKFLOW}# `;
      return text + pad.repeat(Math.ceil((bytes - Buffer.byteLength(text)) / Buffer.byteLength(pad)));
    };
    expect(violationsOf(padded(512_000, "x"))).toEqual([]);
    for (const text of [padded(512_001, "x"), padded(512_001, "é"), padded(3_000_000, "x")]) {
      expect(violationsOf(text).map(({ rule }) => rule)).toEqual(["file-size"]);
    }
  });

  test("a long text without an expression is none of GitHub's concern", () => {
    expect(violationsOf(withStep(`- name: Test\n  env:\n    A: ${"x".repeat(30_000)}\n  run: 'true'\n`))).toEqual([]);
  });

  test("a workflow that is not required need not run in the merge queue", () => {
    expect(violationsOf(changed(["  merge_group:\n", ""]), false)).toEqual([]);
  });
});

describe("a job that calls a workflow of its repository", () => {
  const call = (more: string, permissions = " {}") =>
    withJob(
      `  call:\n    name: Call\n    permissions:${permissions}\n    uses: ./.github/workflows/other.yml\n${more}`,
    );
  const TOKEN = "\n      id-token: write # exchange GitHub's token";
  const other = (job: string) =>
    parseWorkflow("other.yml", `on: workflow_call\njobs:\n  a:\n    name: A\n    permissions: {}\n${job}`).jobs;
  const judged = (text: string, jobs: ReturnType<typeof other> | undefined) =>
    checkWorkflow(".github/workflows/test.yml", text, {
      pins: readPinTable(),
      required: false,
      workflowAt: (path) =>
        path === ".github/workflows/other.yml" && jobs !== undefined
          ? { path, text: "", triggers: [], jobs }
          : undefined,
    }).map(({ rule }) => rule);
  const HARMLESS = other("    runs-on: ubuntu-24.04\n    steps: []\n");
  const DEPLOYS = other("    environment: prod\n    runs-on: ubuntu-24.04\n    steps: []\n").map((job) => {
    job.node.setIn(["permissions", "id-token"], "write");
    return job;
  });
  const READS = other(
    "    environment: prod\n    steps:\n      - name: S\n        env:\n          A: ${{ secrets.KEY }}\n        run: 'true'\n",
  );

  test.each<readonly [string, string, ReturnType<typeof other> | undefined, readonly string[]]>([
    ["is admitted", call(""), HARMLESS, []],
    ["calls one that is there", call(""), undefined, ["no-local-action"]],
    ["keeps forks from a role", call("", TOKEN), HARMLESS, ["secrets-fork"]],
    ["keeps forks from what the called one reads", call(""), READS, ["secrets-fork"]],
    ["may do so by its condition", call(FROM_HERE.replace("  ", "    "), TOKEN), READS, []],
    [
      "is not cancelled while the called one deploys",
      call(FROM_HERE.replace("  ", "    "), TOKEN),
      DEPLOYS,
      ["deploy-not-cancelled"],
    ],
    [
      "grants a pull request nothing to write",
      call("", "\n      pull-requests: write # comment"),
      HARMLESS,
      ["permissions-pull-request"],
    ],
    ["says why it grants", call("", "\n      contents: read"), HARMLESS, ["permissions-reason"]],
  ])("%s", (_title, text, jobs, rules) => {
    expect(judged(text, jobs)).toEqual(rules);
  });

  describe("answers for what its event meets there", () => {
    const UPLOAD = `      - name: Upload\n        uses: ${pinned("github/codeql-action/upload-sarif")}\n`;
    const REVIEW = `      - name: Review\n        uses: ${pinned("actions/dependency-review-action")}\n`;
    const NUMBER =
      "      - name: Say\n        env:\n          NUMBER: ${{ github.event.pull_request.number }}\n        run: 'true'\n";
    const INPUT = "    inputs:\n      upload:\n        type: boolean\n        default: false\n";
    const job = (condition: string, steps: string) =>
      `jobs:\n  a:\n    name: A\n${condition}    runs-on: ubuntu-24.04\n    steps:\n${steps}`;
    const reached = (callers: string, files: Readonly<Record<string, string>>) =>
      checkWorkflow(".github/workflows/test.yml", callers, {
        pins: readPinTable(),
        required: false,
        workflowAt: (path) => {
          const text = files[path.split("/").at(-1) as string];
          return text === undefined ? undefined : parseWorkflow(path, text);
        },
      }).filter(({ rule }) => rule === "step-event");
    const called = (text: string) => `on:\n  workflow_call:\n${text}`;
    const from = (more: string) => call(`    if: ${more}\n`);
    const NO_FORK = "github.event.pull_request.head.repo.fork != true";

    test.each<readonly [string, string, Readonly<Record<string, string>>]>([
      ["an upload from a merge queue", from(NO_FORK), { "other.yml": called(job("", UPLOAD)) }],
      ["an upload from a fork", from("github.event_name != 'merge_group'"), { "other.yml": called(job("", UPLOAD)) }],
      ["a review of a push", call(""), { "other.yml": called(job("", REVIEW)) }],
      [
        "a part that the caller's event does not have",
        from("github.event_name == 'merge_group'"),
        { "other.yml": called(job("", NUMBER)) },
      ],
      [
        "an upload that an input turns on",
        call("    with:\n      upload: ${{ github.event_name == 'merge_group' }}\n"),
        { "other.yml": called(`${INPUT}${job("    if: inputs.upload\n", UPLOAD)}`) },
      ],
      [
        "an upload in a workflow that the called one calls",
        from(NO_FORK),
        {
          "other.yml": called("jobs:\n  b:\n    name: B\n    uses: ./.github/workflows/inner.yml\n"),
          "inner.yml": called(job("", UPLOAD)),
        },
      ],
      [
        "an upload of a called job that stands before the one that it needs",
        from(NO_FORK),
        {
          "other.yml": called(
            `${job("    needs: b\n", UPLOAD)}  b:\n    name: B\n    runs-on: ubuntu-24.04\n    steps: []\n`,
          ),
        },
      ],
      [
        "a call that goes round",
        from(NO_FORK),
        {
          "other.yml": called(`${job("", UPLOAD)}  b:\n    name: B\n    uses: ./.github/workflows/other.yml\n`),
        },
      ],
    ])("%s is found", (_title, text, files) => {
      const found = reached(text, files);
      expect(found).toMatchObject([{ job: "call" }]);
      expect(found[0]?.message).toMatch(/^It calls \.github\/workflows\/(other|inner)\.yml, job 'a', step '\w+': /);
    });

    test.each<readonly [string, string, Readonly<Record<string, string>>]>([
      ["left out by the call", from("github.event_name == 'push'"), { "other.yml": called(job("", UPLOAD)) }],
      [
        "left out by the called job",
        call(""),
        { "other.yml": called(job("    if: github.event_name == 'push'\n", UPLOAD)) },
      ],
      [
        "left out by an input that is not given",
        call(""),
        { "other.yml": called(`${INPUT}${job("    if: inputs.upload\n", UPLOAD)}`) },
      ],
      [
        "left out by an input that is given",
        call("    with:\n      upload: ${{ github.event_name == 'push' }}\n"),
        { "other.yml": called(`${INPUT}${job("    if: inputs.upload\n", UPLOAD)}`) },
      ],
    ])("%s, nothing is", (_title, text, files) => {
      expect(reached(text, files)).toEqual([]);
    });

    test.each<readonly [string, string, string]>([
      ["a called job that is skipped", job("    if: github.event_name != 'merge_group'\n", NUMBER), "is skipped"],
      [
        "a called job none of whose steps runs",
        job("", "      - name: Say\n        if: github.event_name == 'push'\n        run: 'true'\n"),
        "runs",
      ],
    ])("%s where its check is required is found", (_title, text, said) => {
      const found = checkWorkflow(".github/workflows/test.yml", call(""), {
        pins: readPinTable(),
        required: true,
        workflowAt: (path) => parseWorkflow(path, called(text)),
      }).filter(({ rule }) => rule === "trigger-merge-group");
      expect(found[0]).toMatchObject({ job: "call", message: expect.stringContaining(said) });
      expect(found[0]?.message).toContain("'a' of .github/workflows/other.yml");
    });

    test("and by itself a workflow that is only called has no event", () => {
      const text = `name: Other\n${called(job("", REVIEW + NUMBER))}`;
      expect(violationsOf(text, false).filter(({ rule }) => rule === "step-event")).toEqual([]);
    });
  });

  test("and one that is only called has its caller's concurrency, but no looser one", () => {
    const only = (more: string) =>
      checkWorkflow(
        ".github/workflows/other.yml",
        `name: Other\non: workflow_call\npermissions: {}\n${more}jobs:\n  a:\n    name: A\n    permissions:\n      id-token: write # exchange GitHub's token\n    environment: prod\n    timeout-minutes: 5\n    runs-on: ubuntu-24.04\n    steps: []\n`,
        { pins: readPinTable(), required: false },
      ).map(({ rule }) => rule);
    expect(only("")).toEqual([]);
    expect(only("concurrency:\n  group: a\n  cancel-in-progress: true\n")).toEqual(["deploy-not-cancelled"]);
  });
});

describe("dependabot.yml", () => {
  const update = (more: string) => `version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n${more}`;
  test.each([
    ["no cool-down", update(""), "dependabot-cooldown"],
    ["a cool-down of two days", update("    cooldown:\n      default-days: 2\n"), "dependabot-cooldown"],
    ["none for patches", update("    cooldown: { default-days: 7, semver-patch-days: 0 }\n"), "dependabot-cooldown"],
    ["all but some", update("    cooldown: { default-days: 14, exclude: ['@types/*'] }\n"), "dependabot-cooldown"],
    ["some alone", update("    cooldown: { default-days: 14, include: [left-pad] }\n"), "dependabot-cooldown"],
    ["days as a text", update("    cooldown: { default-days: '7' }\n"), "dependabot-cooldown"],
    [
      "by an alias",
      "a: &a\n  - package-ecosystem: npm\n    cooldown: { default-days: 1 }\nupdates: *a\n",
      "dependabot-cooldown",
    ],
    ["an update that is an alias", "a: &a { package-ecosystem: npm }\nupdates: [*a]\n", "dependabot-cooldown"],
    ["an alias of nothing", "updates: [*a]\n", "syntax"],
    [
      "code of strangers",
      update("    cooldown:\n      default-days: 7\n    insecure-external-code-execution: allow\n"),
      "dependabot-execution",
    ],
  ])("%s is refused", (_title, text, rule) => {
    expect(checkDependabot(".github/dependabot.yml", text).map((violation) => violation.rule)).toEqual([rule]);
  });

  test.each([
    ["a week", "    cooldown:\n      default-days: 7\n"],
    ["longer for some", "    cooldown: { default-days: 7, semver-major-days: 30, include: ['*'], exclude: [] }\n"],
  ])("a cool-down of %s is accepted", (_title, more) => {
    expect(checkDependabot(".github/dependabot.yml", update(more))).toEqual([]);
  });
});

test("the guide lists every rule with its title and its reason", () => {
  const guide = readFileSync(join(__dirname, "../../docs/workflows.md"), "utf8");
  const rows = [...guide.matchAll(/^\| `([a-z-]+)` \| (.+?) \| (.+) \|$/gm)].map(([, id, title, reason]) => [
    id,
    title,
    reason?.replace(/\\\|/g, "|"),
  ]);
  const listed = rows.filter(([id]) => RULE_IDS.includes(id as string));
  expect(listed.filter(([id]) => !id?.startsWith("dependabot-"))).toEqual(
    WORKFLOW_RULES.map(({ id, title, reason }) => [id, title, reason]),
  );
  expect(listed.map(([id]) => id)).toEqual([...RULE_IDS]);
});
