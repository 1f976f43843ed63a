// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { commentSyntax } from "../../comment-syntax";
import type { LicenseHeaderSettings } from "../../config/workflow-settings";
import type { ScannerException } from "../../options/workflow-options";

/** Header of the files that this generator writes. */
const GENERATED_HEADER = ["Copyright the ray-platform authors", "SPDX-License-Identifier: Apache-2.0"];

/** Types of files that carry a header. */
const WITH_HEADER = [
  ".ts",
  ".mts",
  ".cts",
  ".js",
  ".mjs",
  ".cjs",
  ".go",
  ".rego",
  ".yml",
  ".yaml",
  ".toml",
  ".sh",
  ".py",
  ".tf",
  ".hcl",
  ".tfvars",
  "Dockerfile",
  "Makefile",
  ".tpl",
  ".html",
  ".css",
];

/** Comment signs by file type: the prefix of a line, or the two ends of a block. */
const STYLES = Object.fromEntries(
  WITH_HEADER.map((type) => [type, commentSyntax(type.startsWith(".") ? `x${type}` : type)]),
);

/** File types that carry no header, and why. */
const WITHOUT_HEADER = {
  ".json": "the format has no comments",
  ".ipynb": "the format has no comments",
  ".csv": "the format has no comments",
  ".mod": "a list of Go modules",
  ".sum": "a lock file",
  ".jsonc": "configuration",
  ".md": "prose",
  ".txt": "prose",
  ".patch": "a diff",
  ".sarif": "a scanner's report",
  ".svg": "an image",
  ".png": "an image",
  ".wasm": "compiled from Rego that carries it",
  ".br": "compressed",
  ".gz": "compressed",
  ".zip": "compressed",
  LICENSE: "the license itself",
  NOTICE: "the notice itself",
  CODEOWNERS: "configuration",
  ".terraform.lock.hcl": "a lock file",
  ".gitignore": "configuration",
  ".gitattributes": "configuration",
  ".gitleaksignore": "configuration",
  ".npmignore": "configuration",
  ".npmrc": "configuration",
  ".nvmrc": "configuration",
  ".editorconfig": "configuration",
  ".helmignore": "configuration",
  ".dockerignore": "configuration",
  ".gitkeep": "empty",
  ".bak": "a backup",
};

/** What `scripts/license-headers.mjs` reads from `.github/scanners/license-headers.json`. */
export function licenseHeaderConfiguration(
  license: LicenseHeaderSettings,
  exceptions: readonly ScannerException[],
): string {
  // The last one is what a new file is told to carry.
  const holders = [...(license.formerHolder === undefined ? [] : [license.formerHolder]), license.holder];
  const own = holders.map((holder) => [`Copyright ${holder}`, `SPDX-License-Identifier: ${license.spdxId}`]);
  const configuration = {
    headers: withoutRepeats([GENERATED_HEADER, ...own]),
    hints: {
      header:
        "It is set by the options documents.copyrightHolder, by default githubOwner, and workflows.licenseHeader.",
      fileType: "add it to the option workflows.licenseHeader.typesWithoutHeader",
    },
    styles: STYLES,
    withoutHeader: {
      ...WITHOUT_HEADER,
      ...Object.fromEntries(license.typesWithoutHeader.map((type) => [type, "an option"])),
    },
    exclude: exceptions.map(({ path, reason, expires }) => ({ path, reason, expires })),
    // Compressed bases of merges, named by their hash.
    bookkeeping: [".ray-platform/base/"],
    toolDirectories: [".git", "node_modules", "build", "cdktf.out", "coverage"],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

/** Each header once, where it comes last. */
function withoutRepeats(headers: readonly string[][]): readonly string[][] {
  const texts = headers.map((header) => header.join("\n"));
  return headers.filter((_, index) => texts.lastIndexOf(texts[index] as string) === index);
}
