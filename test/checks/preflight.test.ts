// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { Accelerator } from "../../src/options/accelerator";
import type { RayPlatformProjectOptions } from "../../src/options/ray-platform-project-options";
import type { EnvironmentConfig, PlatformConfig } from "../../templates/src/platform/platform-config";
import { platform } from "../templates/configs";
import { type Answer, fails, json, type Outcome, runChecks } from "./simulated-platform";

const ACCOUNT = "111122223333";
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const base = platform({
  awsAccountId: ACCOUNT,
  backupBucket: "acme-backups",
  ray: { data: { buckets: [{ name: "acme-data" }] } },
});
const { state, network, pools } = base.environments[0] as EnvironmentConfig;
const error = (operation: string, code: string, message: string): string =>
  `\nAn error occurred (${code}) when calling the ${operation} operation: ${message}\n`;
const quota = (code: string, value: number): Answer =>
  json("aws", `service-quotas get-service-quota --service-code ec2 --quota-code ${code}`, {
    Quota: { ServiceCode: "ec2", QuotaCode: code, Value: value, Unit: "None" },
  });
const zones = (ids: readonly string[]): Answer =>
  json("aws", "ec2 describe-availability-zones", {
    AvailabilityZones: network.availabilityZones.map((ZoneName, index) => ({
      ZoneName,
      ZoneId: ids[index],
      State: "available",
    })),
  });
const head = (bucket: string): string => `s3api head-bucket --bucket ${bucket}`;
const types = pools.flatMap(({ instanceTypes }) => instanceTypes);
const offers = (without: readonly string[] = []): Answer =>
  json("aws", "ec2 describe-instance-type-offerings", {
    InstanceTypeOfferings: types
      .filter((type) => !without.includes(type))
      .flatMap((InstanceType) => network.availabilityZones.map((Location) => ({ InstanceType, Location }))),
  });
const decisions = (denied: readonly string[]): Answer =>
  json("aws", "iam simulate-principal-policy", {
    EvaluationResults: ["iam:CreateRole", "s3:CreateBucket", "kms:CreateKey"].map((EvalActionName) => ({
      EvalActionName,
      EvalDecision: denied.includes(EvalActionName) ? "implicitDeny" : "allowed",
    })),
  });

/**
 * An account in which nothing is in the way. Forms of answers are those that the AWS CLI's reference documents; none was
 * recorded from an account.
 */
const READY: readonly Answer[] = [
  json("aws", "sts get-caller-identity", {
    Account: ACCOUNT,
    Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Administrator/me`,
  }),
  zones(["use1-az1", "use1-az2", "use1-az4"]),
  offers(),
  json("aws", "service-quotas get-service-quota", { Quota: { Value: 10_000 } }),
  json("aws", "iam list-open-id-connect-providers", { OpenIDConnectProviderList: [] }),
  json("aws", "iam list-open-id-connect-provider-tags", { Tags: [] }),
  json("aws", "iam get-role", { Role: { Arn: `arn:aws:iam::${ACCOUNT}:role/org/Administrator` } }),
  fails("aws", head(state.bucket), error("HeadBucket", "404", "Not Found")),
  { program: "aws", when: "s3api head-bucket" },
  decisions([]),
];

const ARGS = ["--environment", "dev", "--json"];
const preflight = (answers: readonly Answer[], config: PlatformConfig = base): Outcome =>
  runChecks("preflight.mjs", READY, [{ args: ARGS, config, answers }])[0] as Outcome;

/** What is in the way, how AWS says it, the code that names it, and options other than the default ones. */
const STOPPED: readonly (readonly [string, readonly Answer[], string, Partial<RayPlatformProjectOptions>?])[] = [
  ["a zone that EKS refuses", [zones(["use1-az1", "use1-az3", "use1-az4"])], "zone-refused"],
  [
    "a zone that the account lacks",
    [
      fails(
        "aws",
        "ec2 describe-availability-zones",
        error("DescribeAvailabilityZones", "InvalidParameterValue", "Invalid availability zone: [us-east-1c]"),
      ),
    ],
    "zone-missing",
  ],
  [
    "a region that is off",
    [
      fails(
        "aws",
        "ec2 describe-availability-zones",
        error("DescribeAvailabilityZones", "OptInRequired", "You are not subscribed to this service"),
      ),
    ],
    "region-disabled",
  ],
  ["a GPU type that is offered nowhere", [offers(["g4dn.2xlarge"])], "type-not-offered"],
  ["no quota for GPUs on spot", [quota("L-3819A6DF", 0)], "quota-exceeded"],
  ["no quota for GPUs on demand", [quota("L-DB2E81BA", 0)], "quota-exceeded"],
  ["a quota for less than the first nodes", [quota("L-1216C47A", 5)], "quota-exceeded"],
  [
    "no quota for H100",
    [quota("L-C4BD4855", 96)],
    "quota-exceeded",
    { accelerator: Accelerator.P5, policyLimits: { gpuInstanceTypes: ["p5.48xlarge"] } },
  ],
  [
    "no quota for A100",
    [quota("L-7212CCBC", 0)],
    "quota-exceeded",
    { accelerator: Accelerator.P4D, policyLimits: { gpuInstanceTypes: ["p4d.24xlarge"] } },
  ],
  [
    "an OIDC provider of somebody's",
    [json("aws", "iam list-open-id-connect-providers", { OpenIDConnectProviderList: [{ Arn: PROVIDER }] })],
    "oidc-provider-exists",
  ],
  ["no OIDC provider of that name", [], "oidc-provider-missing", { githubOidcProviderArn: PROVIDER }],
  [
    "an account that never had spot",
    [
      fails(
        "aws",
        "iam get-role --role-name AWSServiceRoleForEC2Spot",
        error("GetRole", "NoSuchEntity", "The role cannot be found."),
      ),
    ],
    "service-role-missing",
  ],
  [
    "an account that never had a scaling group, and volumes with a key",
    [
      fails(
        "aws",
        "iam get-role --role-name AWSServiceRoleForAutoScaling",
        error("GetRole", "NoSuchEntity", "The role cannot be found."),
      ),
    ],
    "service-role-missing",
    { cpuPool: { volumeKmsKeyArn: KEY } },
  ],
  [
    "a name of a bucket that is taken",
    [fails("aws", head(state.bucket), error("HeadBucket", "403", "Forbidden"))],
    "bucket-taken",
  ],
  [
    "a name of the bucket of logs that is taken",
    [fails("aws", head("acme-ml-platform-dev-ray-logs"), error("HeadBucket", "403", "Forbidden"))],
    "bucket-taken",
    { ray: { logRetentionDays: 30 } },
  ],
  [
    "a bucket of data that is not there",
    [fails("aws", head("acme-data"), error("HeadBucket", "404", "Not Found"))],
    "data-bucket-missing",
  ],
  [
    "a bucket of data far away",
    [fails("aws", head("acme-data"), error("HeadBucket", "301", "Moved Permanently"))],
    "data-bucket-region",
  ],
  [
    "no bucket for backups",
    [fails("aws", head("acme-backups"), error("HeadBucket", "404", "Not Found"))],
    "backup-bucket-missing",
  ],
  [
    "a bucket for backups far away",
    [fails("aws", head("acme-backups"), error("HeadBucket", "301", "Moved Permanently"))],
    "backup-bucket-region",
  ],
  ["no right to make roles", [decisions(["iam:CreateRole"])], "rights-missing"],
];

const VPC = "vpc-0123456789abcdef0";
const given = platform({
  awsAccountId: ACCOUNT,
  network: {
    vpcId: VPC,
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    availabilityZones: ["us-east-1a", "us-east-1b"],
    vpcCidr: "10.9.0.0/16",
  },
});
const subnet = (more: object = {}): object => ({
  SubnetId: "subnet-0123456789abcdef0",
  VpcId: VPC,
  AvailabilityZone: "us-east-1a",
  AvailabilityZoneId: "use1-az1",
  AvailableIpAddressCount: 4000,
  MapPublicIpOnLaunch: false,
  ...more,
});
const subnets = (one: object): Answer => json("aws", "ec2 describe-subnets", { Subnets: [one, subnet()] });

/** Subnets of a given VPC that cannot be used. */
const GIVEN: readonly (readonly [title: string, subnet: object, code: string])[] = [
  ["a subnet in a zone that EKS refuses", subnet({ AvailabilityZoneId: "use1-az3" }), "zone-refused"],
  ["a subnet of another VPC", subnet({ VpcId: "vpc-1" }), "subnet-missing"],
  ["a full subnet", subnet({ AvailableIpAddressCount: 3 }), "addresses-exhausted"],
  ["a public subnet", subnet({ MapPublicIpOnLaunch: true }), "subnet-public"],
];

const codes = ({ findings }: Outcome): string[] => findings.flatMap(({ code }) => code ?? []);

test("nothing is in the way", () => {
  const outcome = preflight([]);
  expect(outcome.findings.filter(({ status }) => status !== "ok")).toEqual([]);
  expect(outcome.status).toBe(0);
  // The role behind a session has a path that the session does not tell.
  expect(outcome.calls.join("\n")).toContain(`--policy-source-arn arn:aws:iam::${ACCOUNT}:role/org/Administrator`);
  const reads = /^aws (?:--version|[\w-]+ (?:get|list|describe|head|simulate)-)/;
  expect(outcome.calls.filter((call) => !reads.test(call))).toEqual([]);
});

describe("an account that stops a first deployment", () => {
  const cases = [
    ...STOPPED.map(([title, answers, code, options]) => {
      const config = options === undefined ? base : platform({ awsAccountId: ACCOUNT, ...options });
      return { title, code, config, answers: options === undefined ? answers : [...answers, offersOf(config)] };
    }),
    ...GIVEN.map(([title, one, code]) => ({ title, code, config: given, answers: [subnets(one), offersOf(given)] })),
  ];
  let outcomes: readonly Outcome[];
  beforeAll(() => {
    const runs = cases.map(({ config, answers }) => ({ args: ARGS, config, answers }));
    outcomes = runChecks("preflight.mjs", READY, runs);
  }, 120_000);

  test.each(cases.map(({ title, code }, index) => [title, code, index] as const))("%s: %s", (_, code, index) => {
    const outcome = outcomes[index] as Outcome;
    expect([...new Set(codes(outcome))]).toEqual([code]);
    expect(outcome.status).toBe(1);
    expect(outcome.findings.find((one) => one.code === code)?.detail).not.toMatch(/undefined|\[object/);
  });
});

function offersOf(config: PlatformConfig): Answer {
  const own = config.environments[0] as EnvironmentConfig;
  return json("aws", "ec2 describe-instance-type-offerings", {
    InstanceTypeOfferings: own.pools.flatMap(({ instanceTypes, availabilityZones }) =>
      instanceTypes.flatMap((InstanceType) => availabilityZones.map((Location) => ({ InstanceType, Location }))),
    ),
  });
}

test("a subnet that is not there", () => {
  const answer = fails(
    "aws",
    "ec2 describe-subnets",
    error("DescribeSubnets", "InvalidSubnetID.NotFound", "The subnet ID does not exist"),
  );
  expect(codes(preflight([answer, offersOf(given)], given))).toEqual(["subnet-missing"]);
});

test("an OIDC provider that an earlier deployment of the environment made is not in the way", () => {
  const outcome = preflight([
    json("aws", "iam list-open-id-connect-providers", { OpenIDConnectProviderList: [{ Arn: PROVIDER }] }),
    json("aws", "iam list-open-id-connect-provider-tags", {
      Tags: [{ Key: "ray-platform/cluster", Value: "ml-platform-dev" }],
    }),
  ]);
  expect(codes(outcome)).toEqual([]);
});

test("what the caller may not ask is not checked, and no alarm", () => {
  const denied = (when: string): Answer =>
    fails("aws", when, error("X", "AccessDenied", "is not authorized to perform"));
  const outcome = preflight(
    [
      "ec2 describe-availability-zones",
      "ec2 describe-instance-type-offerings",
      "service-quotas",
      "iam list-open-id-connect-providers",
      "iam get-role",
      "iam simulate-principal-policy",
    ].map(denied),
  );
  expect([codes(outcome), outcome.status]).toEqual([[], 0]);
  expect(outcome.findings.filter(({ status }) => status === "not checked").length).toBeGreaterThan(6);
});

test("every code that the scripts print has an entry, and every entry a code", () => {
  const directory = join(PACKAGE_ROOT, "templates/scripts/checks");
  const source = readdirSync(directory)
    .map((file) => readFileSync(join(directory, file), "utf8"))
    .join("\n");
  const entries = [
    ...readFileSync(join(PACKAGE_ROOT, "templates/docs/troubleshooting.md.mustache"), "utf8").matchAll(/^### (.+)$/gm),
  ].map(([, heading]) => heading as string);
  expect(entries.length).toBeGreaterThan(60);
  expect(new Set(entries).size).toBe(entries.length);
  // A code stands in quotes where it is printed, and only codes stand where codes are given.
  expect(entries.filter((entry) => !source.includes(`"${entry}"`))).toEqual([]);
  const printed = [...source.matchAll(/report\.broken\(\s*[^,]+,\s*"([a-z-]+)"/g)].map(([, code]) => code as string);
  expect(printed.length).toBeGreaterThan(30);
  expect(printed.filter((code) => !entries.includes(code))).toEqual([]);
});
