// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Migration } from "./migration";

const DIRECTORY = ".github/scanners";

/** Where each scanner's configuration was, and its name now. */
const MOVED: Readonly<Record<string, string>> = {
  ".checkov.yml": "checkov.yml",
  ".github/actionlint.yaml": "actionlint.yaml",
  ".github/codeql/codeql-config.yml": "codeql.yml",
  ".gitleaks.toml": "gitleaks.toml",
  ".license-headers.json": "license-headers.json",
  ".tfsec/config.yml": "tfsec.yml",
  ".trivyignore.yaml": "trivyignore.yaml",
  "osv-scanner.toml": "osv-scanner.toml",
  "trivy.yaml": "trivy.yaml",
  "zizmor.yml": "zizmor.yml",
};

export const scannerConfigurationsMoved: Migration = {
  id: "scanner-configurations",
  version: "0.1.0",
  description: `the configuration of scanners moves from the root to ${DIRECTORY}/`,
  apply(context) {
    for (const [from, name] of Object.entries(MOVED)) {
      context.moveFile(from, `${DIRECTORY}/${name}`);
    }
  },
};
