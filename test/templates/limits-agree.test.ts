// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { resolveInto } from "../../src/config/resolve-platform-config";
import { IssueList } from "../../src/options/option-issues";
import type { PolicyLimitOptions } from "../../src/options/policy-limit-options";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { judge, policyDocuments } from "../../src/policy/judgement";
import { loadPolicies, POLICY_DIRECTORY, type Policies } from "../../src/policy/load-policies";
import { readInputs } from "../../src/policy/policy-input";
import { limitViolations } from "../../templates/src/platform/limits";
import { DEFAULT_LIMITS } from "../options/effects";
import { platform } from "./configs";
import { synthesize } from "./synthesize";

/** A platform whose every limited number is written out, so that a limit can be put right at it, and just below. */
const OPTIONS: Partial<RayPlatformProjectOptions> = {
  cpuPool: { instanceTypes: ["m5.2xlarge", "m5.4xlarge"], maxSize: 10, volumeSizeGib: 100 },
  gpuPool: { instanceTypes: ["g4dn.2xlarge", "g4dn.4xlarge"], maxSize: 5, fallbackMaxSize: 2, volumeSizeGib: 200 },
  ray: {
    headCpu: 2,
    headMemoryGib: 8,
    workerGroups: [
      { name: "cpu-workers", pool: "cpu", cpu: 6, memoryGib: 20, maxReplicas: 8 },
      { name: "gpu-workers", pool: "gpu", cpu: 6, memoryGib: 20, gpus: 1, maxReplicas: 7 },
    ],
  },
};

interface Row {
  readonly limit: string;
  readonly at: Partial<RayPlatformProjectOptions>;
  readonly beyond: Partial<RayPlatformProjectOptions>;
}

function limited<K extends keyof PolicyLimitOptions>(
  limit: K,
  at: PolicyLimitOptions[K],
  beyond: PolicyLimitOptions[K],
): Row {
  return { limit, at: { policyLimits: { [limit]: at } }, beyond: { policyLimits: { [limit]: beyond } } };
}

const ROWS: readonly Row[] = [
  limited("maxNodesPerGroup", 10, 9),
  limited("maxGpuNodes", 7, 6),
  limited("maxVolumeGib", 200, 199),
  limited("cpuInstanceTypes", ["m5.2xlarge", "m5.4xlarge"], ["m5.2xlarge"]),
  limited("gpuInstanceTypes", ["g4dn.2xlarge", "g4dn.4xlarge"], ["g4dn.2xlarge"]),
  limited("requiredTags", ["ManagedBy"], ["CostCenter"]),
  limited("maxCpuPerWorker", 6, 5),
  limited("maxMemoryGibPerWorker", 20, 19),
  limited("maxGpuPerWorker", 1, 0),
  limited("maxTotalWorkers", 15, 14),
  limited("maxTotalGpus", 7, 6),
  limited("minCpuRequest", 0.5, 6.5),
  limited("minMemoryGibRequest", 0.5, 20.5),
  { limit: "allowedRegions", at: { allowedRegions: ["us-east-1"] }, beyond: { allowedRegions: ["us-east-2"] } },
];

let policies: Policies;
let synthesized: string;
const config = platform(OPTIONS);

beforeAll(async () => {
  policies = await loadPolicies();
  synthesized = mkdtempSync(join(tmpdir(), "ray-platform-limits-"));
  for (const [path, text] of Object.entries(synthesize(config).files)) {
    const target = join(synthesized, "cdktf.out", path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
});

/** Whether options, stacks and policies accept the platform under the limits that some options set. */
function accepted(limits: Partial<RayPlatformProjectOptions>): Record<"options" | "stacks" | "policies", boolean> {
  const issues = new IssueList();
  const tight = resolveInto(
    { name: "ml-platform", githubOwner: "acme", environmentNames: ["dev"], ...OPTIONS, ...limits },
    issues,
  ).limits;
  const judgements = judge(
    policies,
    policyDocuments(readInputs(synthesized, synthesized, [], () => "").inputs),
    tight as never,
  );
  return {
    options: issues.issues.length === 0,
    stacks: limitViolations(config.environments[0], tight).length === 0,
    policies: judgements.every(({ deny }) => deny.length === 0),
  };
}

test("each limit is an option of its name in camel case", () => {
  const keys = Object.keys({ ...config.limits.terraform, ...config.limits.ray });
  const options = [...ROWS.map(({ limit }) => limit), "requiredLabels", "requiredLogTypes"];
  expect(keys.sort()).toEqual(
    options.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).sort(),
  );
});

test.each(["terraform", "ray"] as const)("the defaults of the policy %s are those of the options", (policy) => {
  const rego = readFileSync(join(POLICY_DIRECTORY, policy, `${policy}.rego`), "utf8");
  const written = /^_default_limits := (\{[\s\S]*?\n\})/m.exec(rego)![1]!;
  const expected = { ...DEFAULT_LIMITS[policy], ...(policy === "terraform" ? { required_log_types: ["audit"] } : {}) };
  expect(JSON.parse(written.replace(/,(\s*[\]}])/g, "$1"))).toEqual(expected);
});

test.each(ROWS.map((row) => [row.limit, row] as const))("options, stacks and policies agree at %s", (_, { at }) => {
  expect(accepted(at)).toEqual({ options: true, stacks: true, policies: true });
});

test.each(ROWS.map((row) => [row.limit, row] as const))(
  "options, stacks and policies agree beyond %s",
  (_, { beyond }) => {
    expect(accepted(beyond)).toEqual({ options: false, stacks: false, policies: false });
  },
);
