// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { configurationTemplate, tomlString } from "../../components/configuration-document";
import type { GateWorkflow } from "../../components/gate-workflow";
import { ownSettings } from "../../config/workflow-settings";
import { dependencyCheck } from "./record";

/** The review of new dependencies takes severity, licenses and exceptions as inputs of its action; OSV has a file. */
export const dependencyCheckWorkflow: GateWorkflow = {
  adjust(workflow, { settings }) {
    const { dependencyReview, allowLicenses } = ownSettings(settings, dependencyCheck);
    workflow.set(
      workflow.step("npm-signatures", "Verify registry signatures and provenance"),
      ["env", "REGISTRIES_WITHOUT_SIGNATURES"],
      settings.registriesWithoutSignatures.join(" "),
    );
    if (!(dependencyReview ?? settings.codeSecurity)) {
      workflow.removeJob("dependency-review");
      return;
    }
    const review = workflow.step("dependency-review", "Review the dependencies that this change adds");
    const severity = dependencyCheck.severity?.words[settings.severities[dependencyCheck.id]];
    workflow.set(review, ["with", "fail-on-severity"], severity as string);
    if (allowLicenses.length > 0) {
      workflow.set(review, ["with", "allow-licenses"], allowLicenses.join(", "));
    }
    const advisories = settings.exceptions.dependencyCheck.map(({ id }) => id).filter((id) => id.startsWith("GHSA-"));
    if (advisories.length > 0) {
      workflow.set(review, ["with", "allow-ghsas"], advisories.join(", "));
    }
  },
  configuration: {
    ".github/scanners/osv-scanner.toml": (exceptions) => {
      const blocks = exceptions.map(({ id, reason, expires }) => [
        "[[IgnoredVulns]]",
        `id = ${tomlString(id)}`,
        `ignoreUntil = ${expires}`,
        `reason = ${tomlString(reason)}`,
      ]);
      const template = configurationTemplate(".github/scanners/osv-scanner.toml");
      return [template, ...blocks.map((block) => `${block.join("\n")}\n`)].join("\n");
    },
  },
};
