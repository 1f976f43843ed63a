// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { evaluateAccess } from "../../src/iam/evaluate";
import type { PolicyDocument } from "../../src/iam/policy";
import type { RequestContext } from "../../src/iam/request";
import { type SynthesizedRole, synthesizedRoles } from "./synthesized-access";
import { DataAccess } from "../../src/options/data-access";
import { S3Access } from "../../src/options/s3-access";
import type { EnvironmentConfig } from "../../templates/src/platform/platform-config";
import { platform } from "../templates/configs";
import { type Json, synthesize } from "../templates/synthesize";
import { ACCOUNT, GIVEN_BOUNDARY, GIVEN_KEY, REGION, SUBNETS, VPC } from "./environments";
import { realContext } from "./service-reference";

const GROUPS = [
  { name: "cpu-workers", pool: "cpu" },
  { name: "gpu-workers", pool: "gpu" },
];
const READ_WRITE = { name: "acme-training", access: DataAccess.READ_WRITE };

/** What reading a whole bucket is. */
const READS_TRAINING = [
  ...["a/1", "b/1", "a-not/1", "1"].map((key) => `read acme-training/${key}`),
  ...["", "a/", "b/", "a-not/"].map((prefix) => `list acme-training/${prefix}`),
];

interface DataCase {
  readonly options: object;
  /** Service accounts of the head, and of the worker groups in their order. */
  readonly accounts: readonly (string | undefined)[];
  /** What each account may do: `action bucket/key`, `secret NAME`, or `action resource`. */
  readonly may: Readonly<Record<string, readonly string[]>>;
}

/** Eight environments, and all that Ray's pods may do in each. What is not in `may` they may not. */
const CASES: Readonly<Record<string, DataCase>> = {
  "nothing named": { options: {}, accounts: [undefined, undefined, undefined], may: {} },
  "a bucket to read": {
    options: { data: { buckets: [{ name: "acme-training" }] } },
    accounts: ["ray-head", "ray-workers", "ray-workers"],
    may: {
      "ray-head": READS_TRAINING,
      "ray-workers": READS_TRAINING,
    },
  },
  "prefixes to read and write": {
    options: { data: { buckets: [{ ...READ_WRITE, prefixes: ["a/"] }] } },
    accounts: ["ray-head", "ray-workers", "ray-workers"],
    may: {
      "ray-head": ["read acme-training/a/1", "write acme-training/a/1", "list acme-training/a/"],
      "ray-workers": ["read acme-training/a/1", "write acme-training/a/1", "list acme-training/a/"],
    },
  },
  "one bucket to read, another to write only": {
    options: {
      data: {
        buckets: [{ name: "acme-training" }, { name: "acme-results", access: DataAccess.WRITE, prefixes: ["a/"] }],
      },
    },
    accounts: ["ray-head", "ray-workers", "ray-workers"],
    may: Object.fromEntries(
      ["ray-head", "ray-workers"].map((account) => [
        account,
        [...READS_TRAINING, "write acme-results/a/1", "list acme-results/a/"],
      ]),
    ),
  },
  "a head and a worker group that differ": {
    options: {
      data: { buckets: [{ name: "acme-training", prefixes: ["a/"] }] },
      headData: { buckets: [{ name: "acme-results", access: DataAccess.WRITE, prefixes: ["b/"] }] },
      workerGroups: [GROUPS[0], { ...GROUPS[1], data: { buckets: [{ ...READ_WRITE, prefixes: ["b/"] }] } }],
    },
    accounts: ["ray-head", "ray-workers", "ray-group-gpu-workers"],
    may: {
      "ray-head": ["write acme-results/b/1", "list acme-results/b/"],
      "ray-workers": ["read acme-training/a/1", "list acme-training/a/"],
      "ray-group-gpu-workers": ["read acme-training/b/1", "write acme-training/b/1", "list acme-training/b/"],
    },
  },
  "a worker group with nothing": {
    options: {
      data: { buckets: [{ ...READ_WRITE, prefixes: ["a/"] }] },
      workerGroups: [{ ...GROUPS[0], data: {} }, GROUPS[1]],
    },
    accounts: ["ray-head", undefined, "ray-workers"],
    may: {
      "ray-head": ["read acme-training/a/1", "write acme-training/a/1", "list acme-training/a/"],
      "ray-workers": ["read acme-training/a/1", "write acme-training/a/1", "list acme-training/a/"],
    },
  },
  "keys, secrets and more": {
    options: {
      data: {
        buckets: [{ ...READ_WRITE, prefixes: ["a/"], kmsKeyArn: GIVEN_KEY }],
        secrets: [{ name: "ray/token", kmsKeyArn: GIVEN_KEY }],
        policies: [
          { actions: ["dynamodb:GetItem"], resources: [`arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/features`] },
        ],
      },
    },
    accounts: ["ray-head", "ray-workers", "ray-workers"],
    may: Object.fromEntries(
      ["ray-head", "ray-workers"].map((account) => [
        account,
        [
          "read acme-training/a/1",
          "write acme-training/a/1",
          "list acme-training/a/",
          "decrypt acme-training/a/1",
          "encrypt acme-training/a/1",
          "secret ray/token",
          "decrypt-secret ray/token",
          "item features",
        ],
      ]),
    ),
  },
  "a given VPC and boundary, a RayService": {
    options: {
      data: { buckets: [{ name: "acme-training", prefixes: ["a/"] }] },
      serveConfig: "applications: []",
    },
    accounts: ["ray-head", "ray-workers", "ray-workers"],
    may: {
      "ray-head": ["read acme-training/a/1", "list acme-training/a/"],
      "ray-workers": ["read acme-training/a/1", "list acme-training/a/"],
    },
  },
};

const SURROUNDINGS: Readonly<Record<string, object>> = {
  "keys, secrets and more": { network: { s3Access: S3Access.INTERFACE } },
  "a given VPC and boundary, a RayService": {
    cluster: { permissionsBoundaryArn: GIVEN_BOUNDARY },
    network: {
      vpcId: VPC,
      subnetIds: SUBNETS,
      availabilityZones: ["us-east-1a", "us-east-1b"],
      vpcCidr: "10.8.0.0/16",
    },
  },
};

interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly context?: RequestContext;
}

const secretArn = (name: string): string => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-AbCdEf`;
const s3Key = (place: string): RequestContext => ({
  "kms:ViaService": `s3.${REGION}.amazonaws.com`,
  "kms:EncryptionContext:aws:s3:arn": `arn:aws:s3:::${place}`,
});

/** Everything that is asked of every role: each of the kinds of `may` on everything near what is named. */
const PLACES = ["acme-training", "acme-results", "acme-other"].flatMap((bucket) =>
  ["a/1", "b/1", "a-not/1", "1"].map((key) => `${bucket}/${key}`),
);
const ASKED: Readonly<Record<string, readonly Asked[]>> = {
  ...Object.fromEntries(
    PLACES.flatMap((place): [string, Asked[]][] => [
      [`read ${place}`, [{ action: "s3:GetObject", resource: `arn:aws:s3:::${place}` }]],
      [
        `write ${place}`,
        ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"].map((action) => ({
          action,
          resource: `arn:aws:s3:::${place}`,
        })),
      ],
      [`acl ${place}`, [{ action: "s3:PutObjectAcl", resource: `arn:aws:s3:::${place}` }]],
      [`decrypt ${place}`, [{ action: "kms:Decrypt", resource: GIVEN_KEY, context: s3Key(place) }]],
      [`encrypt ${place}`, [{ action: "kms:GenerateDataKey", resource: GIVEN_KEY, context: s3Key(place) }]],
    ]),
  ),
  ...Object.fromEntries(
    ["acme-training", "acme-results", "acme-other"].flatMap((bucket) =>
      ["", "a/", "b/", "a-not/"].map((prefix): [string, Asked[]] => [
        `list ${bucket}/${prefix}`,
        [{ action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}`, context: { "s3:prefix": prefix } }],
      ]),
    ),
  ),
  ...Object.fromEntries(
    ["ray/token", "ray/token-2", "shop"].flatMap((name): [string, Asked[]][] => [
      [`secret ${name}`, [{ action: "secretsmanager:GetSecretValue", resource: secretArn(name) }]],
      [`change-secret ${name}`, [{ action: "secretsmanager:PutSecretValue", resource: secretArn(name) }]],
      [
        `decrypt-secret ${name}`,
        [
          {
            action: "kms:Decrypt",
            resource: GIVEN_KEY,
            context: {
              "kms:ViaService": `secretsmanager.${REGION}.amazonaws.com`,
              "kms:EncryptionContext:SecretARN": secretArn(name),
            },
          },
        ],
      ],
    ]),
  ),
  "decrypt directly": [{ action: "kms:Decrypt", resource: GIVEN_KEY }],
  "change a bucket": [{ action: "s3:PutBucketPolicy", resource: "arn:aws:s3:::acme-training" }],
  ...Object.fromEntries(
    ["features", "features-2"].map((table): [string, Asked[]] => [
      `item ${table}`,
      [{ action: "dynamodb:GetItem", resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}` }],
    ]),
  ),
  "write an item": [{ action: "dynamodb:PutItem", resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/features` }],
  "read the state": [
    { action: "s3:GetObject", resource: `arn:aws:s3:::acme-ml-platform-prod-tfstate-${ACCOUNT}/prod/cluster.tfstate` },
  ],
  "make a role": [{ action: "iam:CreateRole", resource: `arn:aws:iam::${ACCOUNT}:role/x` }],
  "assume a role": [{ action: "sts:AssumeRole", resource: `arn:aws:iam::${ACCOUNT}:role/x` }],
};

interface Built {
  readonly config: EnvironmentConfig;
  readonly stacks: Readonly<Record<string, Json>>;
  readonly roles: ReadonlyMap<string, SynthesizedRole>;
}

const built = new Map<string, Built>();

function build(name: string): Built {
  const cached = built.get(name);
  if (cached !== undefined) {
    return cached;
  }
  const { options } = CASES[name] as DataCase;
  const config = platform({
    environmentNames: ["prod"],
    awsAccountId: ACCOUNT,
    ...(SURROUNDINGS[name] as object),
    ray: { workerGroups: GROUPS, ...options },
  });
  const { stacks } = synthesize(config);
  const layers = Object.fromEntries(
    ["bootstrap", "network", "cluster", "workloads"].flatMap((layer) =>
      stacks[`prod-${layer}`] === undefined ? [] : [[layer, stacks[`prod-${layer}`] as Json]],
    ),
  );
  const everything: PolicyDocument = { Statement: { Effect: "Allow", Action: "*", Resource: "*" } };
  const awsPolicies = [
    "AmazonEKSClusterPolicy",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonSSMManagedInstanceCore",
  ].map((policy) => [`arn:aws:iam::aws:policy/${policy}`, everything] as const);
  const roles = synthesizedRoles(layers, {
    accountId: ACCOUNT,
    region: REGION,
    givenPolicies: { ...Object.fromEntries(awsPolicies), [GIVEN_BOUNDARY]: everything },
  });
  const made = { config: config.environments[0] as EnvironmentConfig, stacks: layers, roles };
  built.set(name, made);
  return made;
}

/** The role of a service account, which is the one that trusts it. */
function roleOf({ roles }: Built, account: string): SynthesizedRole {
  const subject = `system:serviceaccount:ray:${account}`;
  const found = [...roles.values()].filter(({ trust }) => JSON.stringify(trust).includes(`"${subject}"`));
  expect(found).toHaveLength(1);
  return found[0] as SynthesizedRole;
}

async function isAllowed(role: SynthesizedRole, { action, resource, context = {} }: Asked): Promise<boolean> {
  const real = await realContext(action, resource, context);
  return evaluateAccess({ principal: role.arn, action, resource, context: real }, role).decision === "allowed";
}

describe.each(Object.entries(CASES))("%s", (name, { accounts, may }) => {
  beforeAll(() => void build(name), 120_000);

  test("head and worker groups run as the accounts that have the roles", () => {
    const { config } = build(name);
    const { ray } = config;
    expect([ray.head.serviceAccount, ...ray.workerGroups.map((group) => group.serviceAccount)]).toEqual(
      accounts.map((account) => account ?? null),
    );
    const values = JSON.parse(valuesOf(build(name)));
    const cluster = values.rayCluster?.spec ?? values.rayService.spec.rayClusterConfig;
    const pods = [cluster.headGroupSpec, ...cluster.workerGroupSpecs].map(({ template }) => template);
    expect(pods.map(({ metadata }) => metadata.labels["ray-platform/identity"])).toEqual([...accounts]);
    for (const [index, account] of accounts.entries()) {
      expect(pods[index].spec.serviceAccountName).toBe(account);
    }
    const made = new Map<string, string | null>(
      values.serviceAccounts.map((one: Json) => [one.name as string, one.roleArn as string | null]),
    );
    for (const account of new Set(accounts.flatMap((one) => one ?? []))) {
      const arn = made.get(account) ?? "";
      expect(arn.replace(/\$\{[^}]*\}/, ACCOUNT)).toBe(roleOf(build(name), account).arn);
    }
  });

  test("the roles may do exactly what is named", async () => {
    for (const [account, named] of Object.entries(may)) {
      const role = roleOf(build(name), account);
      const told: string[] = [];
      for (const [what, requests] of Object.entries(ASKED)) {
        const answers = await Promise.all(requests.map((request) => isAllowed(role, request)));
        // A right that holds in part is neither named nor refused.
        expect([what, new Set(answers).size]).toEqual([what, 1]);
        if (answers[0]) {
          told.push(what);
        }
      }
      expect([account, told.sort()]).toEqual([account, [...named].sort()]);
    }
  });

  test("whatever somebody adds to such a role, its boundary ends where the options do", async () => {
    const everybodys = [...new Set(Object.values(may).flat())].sort();
    for (const account of Object.keys(may)) {
      const role = roleOf(build(name), account);
      if (build(name).config.cluster.permissionsBoundaryArn !== null) {
        expect(role.boundary).toBeDefined();
        continue;
      }
      const loosened = { ...role, identity: [{ Statement: { Effect: "Allow", Action: "*", Resource: "*" } } as const] };
      const told: string[] = [];
      for (const [what, requests] of Object.entries(ASKED)) {
        if (await isAllowed(loosened, requests[0] as Asked)) {
          told.push(what);
        }
      }
      expect(told.sort()).toEqual(everybodys);
    }
  });

  test("pods with a role, and no others, reach what their data takes", () => {
    const { config, stacks } = build(name);
    const { data } = JSON.parse(valuesOf(build(name))).networkPolicy;
    const named = Object.keys(may).length > 0;
    expect(data).toEqual(
      named ? { endpointCidr: config.network.vpcCidr, publicAddresses: config.network.s3Access === "gateway" } : null,
    );
    const endpoints = Object.values<Json>(stacks.network?.resource.aws_vpc_endpoint ?? {});
    if (stacks.network === undefined) {
      return;
    }
    const services = endpoints.map(({ service_name }) => service_name.split(`${REGION}.`)[1]);
    expect(services).toContain("sts");
    expect(services.includes("secretsmanager")).toBe(JSON.stringify(CASES[name]).includes('"secrets"'));
    const s3 = endpoints.find(({ service_name }) => service_name.endsWith(".s3")) as Json;
    const policy = JSON.parse(s3.policy.replace(/\$\{[^}]*\}/g, ACCOUNT)) as PolicyDocument;
    const passes = (account: string, resource: string): boolean =>
      evaluateAccess(
        {
          principal: `arn:aws:iam::${account}:role/x`,
          action: "s3:PutObject",
          resource,
          context: { "aws:PrincipalAccount": account, "aws:SecureTransport": "true" },
        },
        { resource: policy },
      ).decision === "allowed";
    // Credentials of another account that somebody left in a job pass where there is no data to carry off.
    expect(passes(ACCOUNT, "arn:aws:s3:::acme-training/a/1")).toBe(true);
    expect(passes("999988887777", "arn:aws:s3:::elsewhere/a/1")).toBe(!named);
  });
});

function valuesOf({ stacks }: Built): string {
  const releases = stacks.workloads?.resource.helm_release as Json;
  const ray = Object.values<Json>(releases).find(({ name }) => name === "ray") as Json;
  return ray.values[0];
}

test("nodes read their images and packages through an endpoint that admits one account", () => {
  const { stacks } = build("a bucket to read");
  const gateway = Object.values<Json>(stacks.network?.resource.aws_vpc_endpoint).find(
    ({ vpc_endpoint_type }) => vpc_endpoint_type === "Gateway",
  ) as Json;
  const policy = JSON.parse(gateway.policy) as PolicyDocument;
  for (const bucket of [`prod-${REGION}-starport-layer-bucket`, `al2023-repos-${REGION}-de612dc2`]) {
    const request = { principal: "anonymous", resource: `arn:aws:s3:::${bucket}/x` };
    const context = { "aws:SecureTransport": "true" };
    const told = (action: string) => evaluateAccess({ ...request, action, context }, { resource: policy }).decision;
    expect([bucket, told("s3:GetObject"), told("s3:PutObject")]).toEqual([bucket, "allowed", "implicit deny"]);
  }
});

test("there are eight option sets", () => {
  expect(Object.keys(CASES)).toHaveLength(8);
});
