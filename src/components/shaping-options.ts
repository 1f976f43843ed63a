// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { WORKFLOWS } from "../config/workflow-list";
import { GATES } from "../gates";
import { filesOfWorkflow, workflowFile } from "../gates/workflow-record";
import { ownExceptions } from "./own-exceptions";

const ENVIRONMENTS = ["awsAccountId", "awsRegion", "environmentNames", "environments"];
const REPOSITORY = ["defaultBranch", "githubOwner", "githubRepository", "name"];
const EVERY_WORKFLOW = [
  "actionPins",
  "enabled",
  "hardenRunner",
  "hardenRunnerEndpoints",
  "runnerLabels",
  "visibility",
].map(ofWorkflows);

/** What an environment is: its stacks are made of these. */
const PLATFORM = [
  ...[
    "accelerator",
    "access",
    "backupBucket",
    "cluster",
    "clusterName",
    "cost",
    "cpuPool",
    "gpuPool",
    "images",
    "pools",
    "ray",
  ],
  ...["kubernetesVersion", "monitoring", "network", "state", "tags"],
  ...ENVIRONMENTS,
];

const GATE_OPTIONS = GATES.map(({ option }) => ofWorkflows(option));

/** The options that decide whether a workflow with an exception of the generator's own is there. */
const OWN_EXCEPTIONS = [
  "enabled",
  ...WORKFLOWS.filter(({ id }) => ownExceptions().some(({ workflow }) => workflow === id)).flatMap(({ option }) =>
    option === undefined ? [] : [option],
  ),
].map(ofWorkflows);

/** The options that shape files, by the beginning of their paths; a file has those of every row that fits. */
const ROWS: ReadonlyArray<readonly [place: string, options: readonly string[]]> = [
  ...WORKFLOWS.flatMap((record) => filesOfWorkflow(record).map((id) => ({ ...record, id }))).map(
    ({ id, option, needs }): readonly [string, readonly string[]] => [
      workflowFile({ id }),
      [
        "defaultBranch",
        ...EVERY_WORKFLOW,
        ...["appEnvironment", "codeScanning", "codeSecurity", "registriesWithoutSignatures"].map(ofWorkflows),
        ...(option === undefined ? [] : [ofWorkflows(option)]),
        ...(needs === undefined
          ? []
          : [...ENVIRONMENTS, "images", ...["mirrorImages", "privateRunnerLabels"].map(ofWorkflows)]),
      ],
    ],
  ),
  ...GATES.flatMap(({ option, configuration }) =>
    configuration.map(({ path }): readonly [string, readonly string[]] => [path, ["enabled", option].map(ofWorkflows)]),
  ),
  [".github/CODEOWNERS", ["documents"]],
  [
    ".github/scanners/actionlint.yaml",
    ["drift", "privateRunnerLabels", "runnerLabels", "terraformApply", "terraformPlan"].map(ofWorkflows),
  ],
  [".github/app/", [...REPOSITORY, ...["appEnvironment", "enabled", "terraformPlan", "upgrade"].map(ofWorkflows)]],
  [
    ".github/settings.json",
    [
      ...REPOSITORY,
      ...ENVIRONMENTS,
      ...GATE_OPTIONS,
      ...["actionPins", "appEnvironment", "codeSecurity", "enabled", "environmentReviewers", "visibility"].map(
        ofWorkflows,
      ),
      ...["requiredWorkflows", "terraformPlan"].map(ofWorkflows),
    ],
  ],
  [".github/scanners/license-headers.json", ["documents", "githubOwner", "name"]],
  [".projen/", ["deps", "devDeps", "engine", "images", "projenVersion", "workflows"]],
  [".ray-platform/exceptions.json", [...GATE_OPTIONS, ...OWN_EXCEPTIONS, ofWorkflows("relax")]],
  ["CONTRIBUTING.md", [...REPOSITORY, "documents", ...["enabled", "terraformPlan"].map(ofWorkflows)]],
  ["LICENSE", ["documents", "githubOwner", "name"]],
  ["README.md", [...REPOSITORY, ...ENVIRONMENTS, "accelerator", "clusterName", "kubernetesVersion", "workflows"]],
  ["SECURITY.md", [...REPOSITORY, "documents", ...["enabled", "upgrade"].map(ofWorkflows)]],
  ["cdktf.json", ["name"]],
  ["docs/", [...PLATFORM, ...REPOSITORY, "documents", "policyLimits", "workflows"]],
  ["examples/", [...PLATFORM, ...REPOSITORY]],
  ["package.json", ["deps", "devDeps", "engine", "name", "projenVersion"]],
  ["policies/data.json", ["accelerator", "allowedRegions", "policyLimits"]],
  [
    "src/platform/platform.json",
    [...PLATFORM, ...REPOSITORY, "allowedRegions", "engine", "githubOidcProviderArn", "githubOwnerId"].concat(
      "githubRepositoryId",
      "policyLimits",
    ),
  ],
  ["src/platform/scanner-exceptions.json", GATE_OPTIONS],
  [".github/scanners/zizmor.yml", [ofWorkflows("actionPins")]],
];

/** The options that shape a generated file, sorted. None: it is the same in every repository that has it. */
export function shapingOptions(path: string): readonly string[] {
  const options = ROWS.filter(([place]) => (place.endsWith("/") ? path.startsWith(place) : path === place));
  return [...new Set(options.flatMap(([, names]) => names))].sort();
}

function ofWorkflows(option: string): string {
  return `workflows.${option}`;
}
