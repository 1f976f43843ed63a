// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Project, TextFile } from "projen";
import { PROJEN_MARKER } from "projen/lib/common";
import { toolchain } from "../src/components/engine-dependencies";
import { scannerConfigurations } from "../src/components/scanner-configurations";
import { adjustedWorkflow } from "../src/components/workflow-adjustments";
import { WorkflowCheck } from "../src/components/workflow-check";
import type { GitHubRepository } from "../src/config/github-repository";
import { resolveWorkflowSettings } from "../src/config/workflow-settings";
import { GATES } from "../src/gates";
import { licenseHeaderConfiguration } from "../src/gates/license-header/header-configuration";
import { IssueList } from "../src/options/option-issues";
import { RepositoryVisibility } from "../src/options/workflow-options";
import { type PinTable, readPinTable, withActions } from "../src/workflow-rules/pin-table";

const FACTS: GitHubRepository = {
  owner: "ray-platform",
  repository: "ray-platform",
  defaultBranch: "main",
  environments: [],
  nodeVersion: toolchain().node,
  terraformVersion: "",
  engine: "",
  copyrightHolder: "the ray-platform authors",
};

/** Workflows of generated repositories that this one has too. */
const SHARED: readonly string[] = [
  "codeql",
  "gitleaks",
  "dependency-check",
  "license-header",
  "workflow-audit",
  "scorecard",
];
/** Workflows of this repository alone. */
const OWN = ["build", "verify", "docs", "release", "refresh"];

/** The step that compares a lock file with the base branch first: what it guards is the generator, which is here. */
const COMPARED_INSTALL =
  /run: \|\n\s+set -euo pipefail\n\s+judge=HEAD\n[\s\S]*?node "\$RUNNER_TEMP\/install-dependencies\.mjs"\n/;

/** Writes the workflows of this repository: the ones that it generates for others where they fit, under the same rules. */
export function addOwnWorkflows(project: Project): void {
  const own: PinTable = JSON.parse(readFileSync(join(__dirname, "workflows", "pins.json"), "utf8"));
  const pins = withActions(readPinTable(), own.actions);
  const issues = new IssueList();
  const off = GATES.filter(({ id }) => !SHARED.includes(id)).map(({ option }) => [option, { enabled: false }]);
  const settings = resolveWorkflowSettings(
    { visibility: RepositoryVisibility.PUBLIC, ...Object.fromEntries(off) },
    FACTS,
    issues,
  );
  issues.throwIfAny();
  const context = { settings, facts: FACTS, pins };

  for (const name of SHARED) {
    const text = adjustedWorkflow(name, context).toString();
    // The scripts that generated repositories receive lie among the templates here.
    const ownScripts = text.replaceAll("node scripts/", "node templates/scripts/");
    write(
      project,
      `.github/workflows/${name}.yml`,
      ownScripts.replace(COMPARED_INSTALL, "run: npm ci --ignore-scripts\n"),
    );
  }
  for (const name of OWN) {
    write(project, `.github/workflows/${name}.yml`, readFileSync(join(__dirname, "workflows", `${name}.yml`), "utf8"));
  }
  for (const [path, content] of scannerConfigurations(context).set(
    ".github/scanners/license-headers.json",
    licenseConfiguration(),
  )) {
    write(project, path, content);
  }
  new WorkflowCheck(project, {
    pins,
    relaxations: [],
    required: ["build.yml", ...SHARED.filter((name) => name !== "scorecard").map((name) => `${name}.yml`)],
    requiredChecks: [],
    requiredJobs: {},
    requiredWorkflows: [],
  });
}

/** What this repository has beyond a generated one: Mustache templates, programs without an extension, inputs of tests. */
function licenseConfiguration(): string {
  const configuration = JSON.parse(
    licenseHeaderConfiguration({ holder: FACTS.copyrightHolder, spdxId: "Apache-2.0", typesWithoutHeader: [] }, []),
  );
  Object.assign(configuration.styles, { "ray-platform": "//", run: "#", ".go": "//", ".mod": "//" });
  configuration.exclude.push({ path: "test/policies/cases", reason: "inputs that the policies judge" });
  Object.assign(configuration.withoutHeader, {
    ".mustache": "text of a document that carries none",
    ".sum": "checksums",
    ".git-blame-ignore-revs": "a list of commits",
  });
  configuration.hints = {
    header: "It is set in projenrc/own-workflows.ts.",
    fileType: "add it to 'styles' or 'withoutHeader' in projenrc/own-workflows.ts",
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

function write(project: Project, path: string, content: string): void {
  const marker = `${PROJEN_MARKER}. To modify, edit projenrc/own-workflows.ts and run "npx projen".`;
  const marked = path.endsWith(".json")
    ? `${JSON.stringify({ ...JSON.parse(content), "//": marker }, null, 2)}\n`
    : `# ${marker}\n${content}`;
  new TextFile(project, path, { lines: marked.split("\n"), marker: false });
}
