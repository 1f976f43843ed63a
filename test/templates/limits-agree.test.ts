// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checkLimits, optionOf } from "../../src/config/limits";
import { resolveInto } from "../../src/config/resolve-platform-config";
import { IssueList } from "../../src/options/option-issues";
import type { PolicyLimitOptions } from "../../src/options/policy-limit-options";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import { judge, policyDocuments } from "../../src/policy/judgement";
import { loadPolicies, POLICY_DIRECTORY, type Policies } from "../../src/policy/load-policies";
import { readInputs } from "../../src/policy/policy-input";
import { ruleList } from "../../src/policy/rule-list";
import { LIMIT_RECORDS, type LimitRecord, measured } from "../../templates/src/platform/limit-records";
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

const config = platform(OPTIONS);

/** A row for each limit that is a number, right at what it measures in the platform, and just beyond. */
function measuredRow(name: string, record: LimitRecord): Row {
  const option = optionOf(name) as keyof PolicyLimitOptions;
  const values = measured(record, config.environments[0], () => true).map(({ value }) => value);
  const step = record.fraction ? 0.5 : 1;
  return record.bounds === "most"
    ? limited(option, Math.max(...values), Math.max(...values) - step)
    : limited(option, Math.min(...values), Math.min(...values) + step);
}

const ROWS: readonly Row[] = [
  ...Object.values(LIMIT_RECORDS).flatMap((records) =>
    Object.entries(records).map(([name, record]) => measuredRow(name, record)),
  ),
  limited("cpuInstanceTypes", ["m5.2xlarge", "m5.4xlarge"], ["m5.2xlarge"]),
  limited("gpuInstanceTypes", ["g4dn.2xlarge", "g4dn.4xlarge"], ["g4dn.2xlarge"]),
  limited("requiredTags", ["ManagedBy"], ["CostCenter"]),
  { limit: "allowedRegions", at: { allowedRegions: ["us-east-1"] }, beyond: { allowedRegions: ["us-east-2"] } },
];

let policies: Policies;
let synthesized: string;

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

test.each(Object.entries(LIMIT_RECORDS))(
  "each limit of %s names a rule, and the row that the rule enforces",
  (_, records) => {
    const rows = ruleList().map(({ id, row }) => [id, row.split(", ")] as const);
    for (const { rule, row } of Object.values(records)) {
      expect(rows.filter(([id]) => id === rule).flatMap(([, names]) => names)).toContain(row);
    }
  },
);

test("what the options leave beyond a limit is refused, with the limit's own option", () => {
  const issues = new IssueList();
  const { terraform, ray } = config.limits;
  const tight = { terraform: { ...terraform, max_volume_gib: 199 }, ray: { ...ray, min_cpu_request: 6 } };
  checkLimits(config.environments[0], tight, issues);
  expect(issues.issues.map(({ path, value, rule, fix }) => [path, value, rule, fix])).toEqual([
    ...["gpu", "gpu-on-demand"].map((pool) => [
      "policyLimits.maxVolumeGib",
      199,
      `pool "${pool}" of "dev" has volumes of 200 GiB, beyond this limit (terraform/max-volume)`,
      "change what it bounds, or raise policyLimits.maxVolumeGib",
    ]),
    [
      "policyLimits.minCpuRequest",
      6,
      'the Ray head of "dev" has cpu 2, beyond this limit (ray/min-cpu)',
      "change what it bounds, or lower policyLimits.minCpuRequest",
    ],
  ]);
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
