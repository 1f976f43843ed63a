// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { resolveWorkflowSettings, type Scanner } from "../../src/config/workflow-settings";
import { IssueList } from "../../src/options/option-issues";
import { HardenRunner, type ScannerException, type WorkflowOptions } from "../../src/options/workflow-options";
import type { GitHubEnvironment } from "../../src/config/github-repository";
import { environment, facts } from "./generated-workflows";

function issuesOf(options: WorkflowOptions) {
  const issues = new IssueList();
  resolveWorkflowSettings(options, facts(), issues);
  return issues.issues;
}

const GOOD: ScannerException = { id: "CKV_AWS_18", reason: "access logs would log themselves", expires: "2099-01-31" };
const excepted = (scanner: Scanner, more: Partial<ScannerException>): WorkflowOptions => ({
  [scanner]: { exceptions: [{ ...GOOD, ...more }] },
});

describe("workflow settings", () => {
  test.each<readonly [string, WorkflowOptions, number, Partial<GitHubEnvironment>, boolean]>([
    ["125 environments", {}, 125, {}, false],
    ["126 environments", {}, 126, {}, true],
    ["as many without a mirror", {}, 160, { mirrored: false }, false],
    ["as many in accounts that are known", {}, 200, { accountId: "111122223333" }, false],
    ["as many without workflows", { enabled: false }, 200, {}, false],
  ])("%s: whether their variables are more than GitHub keeps is told", (_title, options, count, more, told) => {
    const environments = Array.from({ length: count }, (_, index) => environment(`env${index}`, more));
    const issues = new IssueList();
    resolveWorkflowSettings(options, facts({ environments }), issues);
    expect([issues.issues, issues.warnings.map(({ path, fix }) => [path, fix])]).toEqual([
      [],
      told ? [["environments", expect.stringContaining("awsAccountId")]] : [],
    ]);
  });

  test("no option is needed", () => {
    expect(issuesOf({})).toEqual([]);
  });

  test.each<readonly [string, WorkflowOptions, string]>([
    ["a schedule in words", { tfsec: { schedule: "weekly" } }, "workflows.tfsec.schedule"],
    ["six cron fields", { drift: { schedule: "0 1 2 3 4 5" } }, "workflows.drift.schedule"],
    ["a minute that is none", { gitleaks: { schedule: "60 1 * * *" } }, "workflows.gitleaks.schedule"],
    ["every minute", { upgrade: { schedule: "* * * * *" } }, "workflows.upgrade.schedule"],
    ["a range the wrong way round", { trivy: { schedule: "5 1 * * 5-1" } }, "workflows.trivy.schedule"],
    ["a step of nothing", { trivy: { schedule: "5 */0 * * *" } }, "workflows.trivy.schedule"],
    ["no runner", { runnerLabels: [] }, "workflows.runnerLabels"],
    ["the newest runner", { runnerLabels: ["ubuntu-latest"] }, "workflows.runnerLabels[0]"],
    [
      "an expression as a runner",
      { privateRunnerLabels: ["${{ inputs.runner }}"] },
      "workflows.privateRunnerLabels[0]",
    ],
    ["an environment with a newline", { appEnvironment: "a\nb" }, "workflows.appEnvironment"],
    ["a cool-down of years", { upgrade: { cooldownDays: 365 } }, "workflows.upgrade.cooldownDays"],
    [
      "npm's own registry as one that signs nothing",
      { registriesWithoutSignatures: ["registry.npmjs.org"] },
      "workflows.registriesWithoutSignatures[0]",
    ],
    [
      "a registry as an address",
      { registriesWithoutSignatures: ["https://npm.example.com/"] },
      "workflows.registriesWithoutSignatures[0]",
    ],
    ["blocking without endpoints", { hardenRunner: HardenRunner.BLOCK }, "workflows.hardenRunnerEndpoints"],
    [
      "an endpoint with a scheme",
      { hardenRunnerEndpoints: ["https://api.github.com"] },
      "workflows.hardenRunnerEndpoints[0]",
    ],
    [
      "a pin that is a tag",
      { actionPins: { "acme/x": { version: "v1.0.0", sha: "v1.0.0" } } },
      'workflows.actionPins["acme/x"].sha',
    ],
    [
      "a pin of a moving version",
      { actionPins: { "acme/x": { version: "v1", sha: "a".repeat(40) } } },
      'workflows.actionPins["acme/x"].version',
    ],
    [
      "a pin of a sub-action",
      { actionPins: { "acme/x/y": { version: "v1.0.0", sha: "a".repeat(40) } } },
      'workflows.actionPins["acme/x/y"]',
    ],
    [
      "an unknown rule",
      { relax: [{ rule: "job-timeouts", reason: "a reason that is long enough" }] },
      "workflows.relax[0].rule",
    ],
    [
      "a relaxation without reason",
      { relax: [{ rule: "job-timeout", reason: "because" }] },
      "workflows.relax[0].reason",
    ],
    [
      "a relaxation of a path",
      { relax: [{ rule: "job-timeout", reason: "a reason that is long enough", workflow: "../x.yml" }] },
      "workflows.relax[0].workflow",
    ],
    [
      "a relaxation until some day",
      { relax: [{ rule: "job-timeout", reason: "a reason that is long enough", expires: "soon" }] },
      "workflows.relax[0].expires",
    ],
    [
      "a day that does not exist",
      excepted("tfsec", { expires: "2027-02-30" }),
      "workflows.tfsec.exceptions[0].expires",
    ],
    [
      "a reason that could end a table",
      excepted("tfsec", { reason: "fine | really, it is" }),
      "workflows.tfsec.exceptions[0].reason",
    ],
    ["an id with a quote", excepted("gitleaks", { id: "a'''\nb" }), "workflows.gitleaks.exceptions[0].id"],
    ["a path outside", excepted("trivy", { path: "../secrets" }), "workflows.trivy.exceptions[0].path"],
    ["a path that tfsec cannot take", excepted("tfsec", { path: "docs" }), "workflows.tfsec.exceptions[0].path"],
    ["a path that Checkov cannot take", excepted("checkov", { path: "docs" }), "workflows.checkov.exceptions[0].path"],
    [
      "a resource for Gitleaks",
      excepted("gitleaks", { resource: "state/bucket" }),
      "workflows.gitleaks.exceptions[0].resource",
    ],
    [
      "a resource by address",
      excepted("tfsec", { resource: "aws_s3_bucket.x[0]" }),
      "workflows.tfsec.exceptions[0].resource",
    ],
    [
      "a resource and a path",
      excepted("trivy", { resource: "state/bucket", path: "x" }),
      "workflows.trivy.exceptions[0].resource",
    ],
    ["everything everywhere", excepted("trivy", { id: "*" }), "workflows.trivy.exceptions[0].path"],
    [
      "everything for OSV",
      excepted("dependencyCheck", { id: "*", path: "x" }),
      "workflows.dependencyCheck.exceptions[0].id",
    ],
    [
      "an id for the license check",
      excepted("licenseHeader", { path: "x" }),
      "workflows.licenseHeader.exceptions[0].id",
    ],
    [
      "zizmor without a file",
      excepted("workflowAudit", { id: "artipacked" }),
      "workflows.workflowAudit.exceptions[0].path",
    ],
    [
      "a file type by pattern",
      { licenseHeader: { typesWithoutHeader: ["*.parquet"] } },
      "workflows.licenseHeader.typesWithoutHeader[0]",
    ],
    ["a license in words", { licenseHeader: { spdxId: "Apache License 2.0" } }, "workflows.licenseHeader.spdxId"],
    ["a holder that ends a comment", { licenseHeader: { holder: "x */ y" } }, "workflows.licenseHeader.holder"],
    [
      "licenses in words",
      { dependencyCheck: { allowLicenses: ["MIT or so"] } },
      "workflows.dependencyCheck.allowLicenses[0]",
    ],
    [
      "reviewers of no environment",
      { environmentReviewers: { production: ["@acme/platform"] } },
      "workflows.environmentReviewers.production",
    ],
    [
      "a reviewer by mail",
      { environmentReviewers: { prod: ["a@example.com"] } },
      "workflows.environmentReviewers.prod[0]",
    ],
    [
      "seven reviewers",
      { environmentReviewers: { prod: Array.from({ length: 7 }, (_, index) => `@user${index}`) } },
      "workflows.environmentReviewers.prod",
    ],
    [
      "a required workflow by path",
      { requiredWorkflows: [".github/workflows/x.yml"] },
      "workflows.requiredWorkflows[0]",
    ],
  ])("%s is refused, with path, rule and fix", (_title, options, path) => {
    const issues = issuesOf(options);
    expect(issues.map((issue) => issue.path)).toContain(path);
    expect(issues.every(({ rule, fix }) => rule.length > 5 && fix.length > 5)).toBe(true);
  });

  test("a rule that is nearly one is named", () => {
    const [{ fix }] = issuesOf({ relax: [{ rule: "job-timeouts", reason: "a reason that is long enough" }] });
    expect(fix).toBe("did you mean job-timeout?");
  });

  test("all errors are reported at once", () => {
    expect(issuesOf({ tfsec: { schedule: "x" }, trivy: { schedule: "y" }, runnerLabels: [] })).toHaveLength(3);
  });

  test.each(["17 4 * * 1", "0 */6 * * *", "5,35 1-3 1 1-12/2 0", ""])("the schedule '%s' is accepted", (schedule) => {
    expect(issuesOf({ tfsec: { schedule } })).toEqual([]);
  });
});
