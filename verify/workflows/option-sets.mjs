// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const exception = (id, more = {}) => ({ id, reason: "accepted for the verification", expires: "2099-01-31", ...more });

/** Repositories whose workflows differ as far as options let them, for the gates that there are. */
export const optionSets = (gates) => ({
  default: {},
  "several environments": {
    awsAccountId: "111122223333",
    environmentNames: ["dev", "stage-eu", "prod"],
    workflows: {
      privateRunnerLabels: ["self-hosted", "linux", "gpu-vpc"],
      environmentReviewers: { prod: ["@acme/platform"] },
    },
  },
  "code security": { workflows: { codeSecurity: true } },
  "the App comments": { workflows: { terraformPlan: { comment: "app" } } },
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
      visibility: "public",
      scorecard: { publish: true },
      upgrade: { cooldownDays: 14 },
    },
  },
  exceptions: {
    workflows: Object.fromEntries(
      gates
        .filter(({ exceptions }) => exceptions !== undefined)
        .map(({ option, exceptions }) => [
          option,
          { exceptions: exceptions.examples.map(({ id, ...where }) => exception(id, where)) },
        ]),
    ),
  },
  // The audit of workflows stays: it is what judges the workflows that are left.
  "no gates but the audit": {
    workflows: Object.fromEntries(
      gates.filter(({ id }) => id !== "workflow-audit").map(({ option }) => [option, { enabled: false }]),
    ),
  },
  "deployment by hand": {
    workflows: { terraformApply: { onPush: false } },
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
});

/** Generates a repository for each option set, without installing anything. @returns its title and directory */
export async function generateOptionSets(repo) {
  const { RayPlatformProject } = await import(pathToFileURL(join(repo, "lib", "index.js")));
  const { GATES } = await import(pathToFileURL(join(repo, "lib", "gates", "index.js")));
  const before = process.env.PROJEN_DISABLE_POST;
  process.env.PROJEN_DISABLE_POST = "true";
  try {
    return Object.entries(optionSets(GATES)).map(([title, options]) => {
      const directory = mkdtempSync(join(tmpdir(), "option-set-"));
      new RayPlatformProject({ name: "platform", outdir: directory, githubOwner: "acme", ...options }).synth();
      return { title, directory };
    });
  } finally {
    if (before === undefined) delete process.env.PROJEN_DISABLE_POST;
    else process.env.PROJEN_DISABLE_POST = before;
  }
}
