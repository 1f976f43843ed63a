// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { generateOptionSets } from "../workflows/option-sets.mjs";
import { copyOf, expectFinding, expectPass, runStep } from "../workflows/run-step.mjs";

/** What CodeQL writes: rules in an extension, each with a score. */
const codeqlResults = (...findings) => ({
  version: "2.1.0",
  runs: [
    {
      tool: {
        driver: { name: "CodeQL", rules: [] },
        extensions: [
          {
            name: "codeql/javascript-queries",
            rules: findings.map(([id, score]) => ({ id, properties: { "security-severity": score } })),
          },
        ],
      },
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
      results: findings.map(([id], index) => ({
        ruleId: id,
        rule: { id, index, toolComponent: { index: 0 } },
        message: { text: "planted" },
        locations: [{ physicalLocation: { artifactLocation: { uri: "src/extensions.ts" }, region: { startLine: 7 } } }],
      })),
    },
  ],
});

const CODEQL = [
  ["js/command-line-injection", "9.8"],
  ["js/path-injection", "7.5"],
  ["js/incomplete-sanitization", "4.0"],
];

/** What `npm audit signatures --json` says of one package. */
const REGISTRY = "https://registry.npmjs.org/";
const refusal = (code) => ({ code, name: "cdktf", version: "0.21.0", registry: REGISTRY });
const SIGNATURES = [
  [{ invalid: [refusal("EINTEGRITYSIGNATURE")], missing: [] }, /cdktf@0\.21\.0: invalid registry signature/],
  [{ invalid: [], missing: [refusal(undefined)] }, /cdktf@0\.21\.0: missing registry signature/],
  [{ invalid: [refusal("EATTESTATIONVERIFY")], missing: [] }, /cdktf@0\.21\.0: invalid attestation/],
];

/** What GitHub's API says of a dependency that a change adds. */
const added = (severity, scope) => ({ severity, scope });
const REVIEWED = [added("moderate", "runtime"), added("critical", "development"), added("high", "unknown")];

export default {
  id: "recorded-answers",
  title:
    "codeql.yml and dependency-check.yml pass on a clean answer of GitHub's or npm's, and fail on each planted one",
  tools: [],
  async run({ repo, generated }) {
    const directory = copyOf(generated);
    const codeql = (...findings) => {
      mkdirSync(join(directory, "codeql-results"), { recursive: true });
      writeFileSync(join(directory, "codeql-results", "javascript.sarif"), JSON.stringify(codeqlResults(...findings)));
      const job = "codeql-javascript-typescript";
      return runStep({ directory, workflow: "codeql.yml", job, step: "Fail on findings" });
    };
    expectPass("CodeQL", codeql());
    for (const finding of CODEQL) {
      expectFinding(`CodeQL, with ${finding[0]},`, codeql(finding), new RegExp(finding[0]));
    }

    const signatures = (report, code) =>
      runStep({
        directory,
        workflow: "dependency-check.yml",
        job: "npm-signatures",
        step: "Verify registry signatures and provenance",
        commands: { npm: `#!/bin/sh\necho '${JSON.stringify(report)}'\nexit ${code}\n` },
      });
    expectPass("npm signatures", signatures({ invalid: [], missing: [], verified: [] }, 0));
    for (const [report, finding] of SIGNATURES) {
      expectFinding("npm signatures", signatures(report, 1), finding);
    }

    const bought = (await generateOptionSets(repo)).find(({ title }) => title === "code security");
    const text = readFileSync(join(bought.directory, ".github/workflows/dependency-check.yml"), "utf8");
    const { with: inputs } = parse(text).jobs["dependency-review"].steps.at(-1);
    const missed = REVIEWED.filter((change) => !isRefused(change, inputs));
    if (missed.length > 0 || isRefused(added("low", "runtime"), inputs)) {
      throw new Error(`the dependency review is told to pass ${JSON.stringify(missed)}, or to fail on what is low`);
    }
    // No machine but GitHub's ever runs them: that is no reason for --strict to fail.
    return "a clean answer of each passes, three planted ones of each are refused; NOT RUN: CodeQL, npm's registry and GitHub's dependency review, of which the inputs are judged";
  },
};

/** As the action documents its inputs: severities from one on, in the scopes that are named. */
function isRefused({ severity, scope }, { "fail-on-severity": least, "fail-on-scopes": scopes }) {
  const order = ["low", "moderate", "high", "critical"];
  return order.indexOf(severity) >= order.indexOf(least) && scopes.split(/,\s*/).includes(scope);
}
