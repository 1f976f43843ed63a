// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const exception = (id, more = {}) => ({ id, reason: "accepted for the verification", expires: "2099-01-31", ...more });

/** Repositories whose workflows differ as far as options let them. */
const OPTION_SETS = {
  default: {},
  "several environments": {
    awsAccountId: "111122223333",
    environmentNames: ["dev", "stage-eu", "prod"],
    workflows: {
      privateRunnerLabels: ["self-hosted", "linux", "gpu-vpc"],
      environmentReviewers: { prod: ["@acme/platform"] },
    },
  },
  "no code scanning": { workflows: { codeScanning: false } },
  "harden-runner": {
    workflows: {
      hardenRunner: "block",
      hardenRunnerEndpoints: ["api.github.com:443", "objects.githubusercontent.com:443"],
    },
  },
  "other schedules, severities and branch": {
    defaultBranch: "trunk",
    workflows: {
      tfsec: { schedule: "5 1 * * 2", minimumSeverity: "high" },
      trivy: { schedule: "" },
      codeql: { minimumSeverity: "low" },
      dependencyCheck: { allowLicenses: ["MIT", "Apache-2.0"] },
      scorecard: { publish: true },
      upgrade: { cooldownDays: 14 },
    },
  },
  exceptions: {
    workflows: {
      tfsec: { exceptions: [exception("aws-s3-enable-bucket-logging")] },
      trivy: { exceptions: [exception("AVD-AWS-0089"), exception("*", { path: "vendor" })] },
      checkov: { exceptions: [exception("CKV_AWS_18"), exception("*", { path: "vendor" })] },
      codeql: { exceptions: [exception("js/unused-local-variable"), exception("*", { path: "vendor" })] },
      gitleaks: {
        exceptions: [
          exception("generic-api-key", { path: "docs/example.md" }),
          exception("private-key"),
          exception("*", { path: "vendor" }),
        ],
      },
      dependencyCheck: { exceptions: [exception("GHSA-aaaa-bbbb-cccc")] },
      workflowAudit: { exceptions: [exception("superfluous-actions", { path: ".github/workflows/build.yml" })] },
    },
  },
  "comments by the workflow's token": {
    workflows: { terraformPlan: { comment: "workflow-token" }, terraformApply: { onPush: false } },
  },
  "no comments, own runner": {
    workflows: {
      terraformPlan: { comment: "none" },
      runnerLabels: ["self-hosted", "linux", "big"],
      appEnvironment: "automation",
    },
  },
  "few gates": {
    workflows: {
      tfsec: { enabled: false },
      scorecard: { enabled: false },
      drift: { enabled: false },
      upgrade: { enabled: false },
      dependencyCheck: { dependencyReview: false },
    },
  },
};

/** Generates a repository for each option set, without installing anything. @returns its title and directory */
export async function generateOptionSets(repo) {
  const { RayPlatformProject } = await import(pathToFileURL(join(repo, "lib", "index.js")));
  const before = process.env.PROJEN_DISABLE_POST;
  process.env.PROJEN_DISABLE_POST = "true";
  try {
    return Object.entries(OPTION_SETS).map(([title, options]) => {
      const directory = mkdtempSync(join(tmpdir(), "option-set-"));
      new RayPlatformProject({ name: "platform", outdir: directory, githubOwner: "acme", ...options }).synth();
      return { title, directory };
    });
  } finally {
    if (before === undefined) delete process.env.PROJEN_DISABLE_POST;
    else process.env.PROJEN_DISABLE_POST = before;
  }
}
