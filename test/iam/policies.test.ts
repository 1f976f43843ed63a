// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { list, type PolicyDocument, type Statement } from "../../src/iam/policy";
import { synthesizedRoles } from "./synthesized-access";
import { matchesPattern } from "../../src/iam/wildcards";
import { platform } from "../templates/configs";
import { resources, synthesize } from "../templates/synthesize";
import { ACCOUNT, environment, optionSets } from "./environments";
import { actionDetails, actionsLike, conditionKeysOf, isKey } from "./service-reference";

/** Statements of the stacks' own policies, each once, with the role that has it. */
function ownStatements(): [title: string, statement: Statement][] {
  const found = new Map<string, [string, Statement]>();
  for (const option of Object.keys(optionSets)) {
    for (const [name, { identity, boundary }] of environment(option).roles) {
      for (const document of [...identity, ...(boundary === undefined ? [] : [boundary])]) {
        for (const statement of list(document.Statement).filter(({ Sid }) => Sid !== undefined)) {
          found.set(JSON.stringify(statement), [`${name}: ${statement.Sid}`, statement]);
        }
      }
    }
  }
  return [...found.values()];
}

const statements = ownStatements();

test.each(statements)("AWS has every action of %s", async (_, { Action }) => {
  for (const pattern of list(Action)) {
    expect([pattern, (await actionsLike(pattern)).length > 0]).toEqual([pattern, true]);
  }
});

// A condition on a key that requests for an action never have would never hold, or always.
test.each(statements.filter(([, { Condition }]) => Condition !== undefined))(
  "requests have the keys that %s compares",
  async (_, { Action, Resource, Condition }) => {
    const keys = Object.values(Condition ?? {}).flatMap((block) => Object.keys(block));
    for (const action of (await Promise.all(list(Action).map((pattern) => actionsLike(pattern)))).flat()) {
      const { kinds } = await actionDetails(action);
      const arns = kinds
        .map(({ arn }) => arn.replace("${Partition}", "aws").replace(/\$\{[^}]*\}/g, "x"))
        .filter((arn) => list(Resource).some((pattern) => overlap(pattern, arn)));
      const known = await Promise.all((kinds.length === 0 ? ["*"] : arns).map((arn) => conditionKeysOf(action, arn)));
      const missing = keys.filter((key) => !known.some((one) => isKey(key, one)));
      expect([action, action.startsWith("elasticloadbalancing:") ? [] : missing]).toEqual([action, []]);
    }
  },
);

/** Whether a policy's pattern can mean a kind of resource: the parts that say which kind agree. */
function overlap(pattern: string, arn: string): boolean {
  const kind = (text: string): string => text.split(":").slice(5).join(":").split(/[/:]/)[0] as string;
  return (
    pattern === "*" ||
    (pattern.split(":")[2] === arn.split(":")[2] && (kind(pattern) === kind(arn) || kind(arn) === "x"))
  );
}

const READS = /^[\w-]+:(?:Get|List|Describe)[A-Za-z]*\*?$|^kms:(?:Decrypt|GenerateDataKey)$/;

test.each<[string, string, [string, string][]]>([
  ["the plan role only reads", "plan", []],
  [
    "the drift role only reads, and adds plans",
    "drift",
    [["s3:PutObject", `arn:aws:s3:::acme-ml-platform-prod-tfstate-${ACCOUNT}/_plans/prod/*`]],
  ],
])("%s; data keys, which write nothing, aside", (_, name, besides) => {
  const writes = (environment("default").roles.get(name)?.identity ?? [])
    .flatMap(({ Statement: some }) => list<Statement>(some))
    .flatMap(({ Action, Resource }) => list(Action).map((action) => [action, list(Resource).join()]))
    .filter(([action]) => !READS.test(action as string));
  expect(writes).toEqual(besides);
});

test.each(Object.keys(optionSets))("with the options of %s the boundary admits what each role is given", (option) => {
  for (const [name, { identity, boundary }] of environment(option).roles) {
    const ceiling = list(boundary?.Statement).flatMap(({ Action }) => list(Action));
    const given = identity
      .flatMap(({ Statement: some }) => list<Statement>(some))
      .filter(({ Sid }) => Sid !== undefined && Sid !== "WorkerNodePermissions")
      .flatMap(({ Action }) => list(Action));
    const beyond = given.filter((action) => !ceiling.some((pattern) => matchesPattern(pattern, action)));
    expect([name, boundary === undefined ? [] : beyond]).toEqual([name, []]);
  }
});

describe("with the longest names", () => {
  const config = platform({
    environmentNames: undefined,
    environments: [
      {
        name: "a".repeat(16),
        clusterName: "b".repeat(40),
        awsAccountId: ACCOUNT,
        awsRegion: "ap-southeast-1",
        cluster: { kmsKeyArn: `arn:aws:kms:ap-southeast-1:${ACCOUNT}:key/mrk-${"1".repeat(32)}` },
        network: {
          vpcId: "vpc-0123456789abcdef0",
          subnetIds: Array.from({ length: 6 }, (_, index) => `subnet-0123456789abcdef${index}`),
          availabilityZones: ["ap-southeast-1a", "ap-southeast-1b", "ap-southeast-1c"],
          vpcCidr: "10.8.0.0/16",
        },
        images: { repositoryPrefix: "c".repeat(100) },
        backupBucket: `e${"f".repeat(62)}`,
        ray: { logRetentionDays: 30 },
        access: { podBuckets: Array.from({ length: 4 }, (_, index) => `${"d".repeat(62)}${index}`) },
      },
    ],
    allowedRegions: ["ap-southeast-1"],
  });
  const { stacks } = synthesize(config);
  const text = (value: string): string =>
    value.replace(/\$\{data\.aws_caller_identity[^}]*\}/g, ACCOUNT).replace(/\s/g, "");
  const created = platform({ clusterName: "b".repeat(35), environmentNames: ["prod"], awsAccountId: ACCOUNT });

  test.each([
    ["a given network", stacks],
    ["a created network", synthesize(created).stacks],
  ])("every policy fits IAM's bounds in %s", (_, all) => {
    const bootstrap = Object.entries(all).find(([name]) => name.endsWith("-bootstrap"))?.[1];
    for (const one of resources(bootstrap, "aws_iam_policy")) {
      expect([one.name, Math.max(text(one.policy).length, 6144)]).toEqual([one.name, 6144]);
    }
    for (const one of resources(bootstrap, "aws_iam_role")) {
      expect([one.name, text(one.assume_role_policy).length <= 2048]).toEqual([one.name, true]);
      expect([one.name, one.name.length <= 64]).toEqual([one.name, true]);
      const attached = resources(bootstrap, "aws_iam_role_policy_attachment").filter(({ role }) =>
        role.startsWith(`\${aws_iam_role.${one["//"].metadata.uniqueId}.`),
      );
      expect([
        one.name,
        attached.length > 0 || one.name.endsWith("user") || one.name.endsWith("viewer"),
        attached.length <= 10,
      ]).toEqual([one.name, true, true]);
    }
  });
});

test("a policy that no stack makes and nobody gives is an error", () => {
  const stack = {
    resource: {
      aws_iam_role: {
        x: { name: "x", assume_role_policy: JSON.stringify({ Statement: [] } satisfies PolicyDocument) },
      },
      aws_iam_role_policy_attachment: {
        y: { role: "${aws_iam_role.x.name}", policy_arn: "arn:aws:iam::aws:policy/Z" },
      },
    },
  };
  expect(() => synthesizedRoles({ stack }, { accountId: ACCOUNT, region: "us-east-1" })).toThrow(
    "no stack makes the policy",
  );
});
