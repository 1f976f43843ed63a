// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "../../src/config/package-data";
import { type ApplicablePolicies, evaluateAccess } from "../../src/iam/evaluate";
import { list, type Statement } from "../../src/iam/policy";
import type { RequestContext } from "../../src/iam/request";
import { ACCOUNT, atItsCeiling, environment, REGION } from "./environments";
import { actionDetails, actionsLike, isKey, realContext } from "./service-reference";

interface UnboundPermission {
  readonly holder: "deployer" | "stacks";
  readonly actions: readonly string[];
  readonly network?: "created";
}

const { permissions } = packageData<{ readonly permissions: readonly UnboundPermission[] }>("unbound-permissions");

/** What a caller can say in a request of its own choice. */
const chosen: RequestContext = {
  "aws:RequestTag/ray-platform/cluster": "ml-platform-prod",
  "aws:RequestedRegion": REGION,
  "iam:PassedToService": "ec2.amazonaws.com",
  "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/ml-platform-prod/bootstrap/ml-platform-prod-boundary`,
};

/** Marks that a neighbour's resource may have. */
const neighbours: readonly RequestContext[] = [
  {},
  { "aws:ResourceTag/Name": "shop", "aws:ResourceTag/Environment": "prod", "kms:ResourceAliases": ["alias/shop"] },
  {
    "aws:ResourceTag/Name": "ml-platform-prod-eu",
    "aws:ResourceTag/ray-platform/cluster": "ml-platform-prod-eu",
    "kms:ResourceAliases": ["alias/ml-platform-prod-eu/secrets"],
  },
];

const reads = /^[\w-]+:(?:Get|List|Describe|BatchGet|BatchCheck)/;
const tagged = "aws:ResourceTag/${TagKey}";
const tagging = "aws:RequestTag/${TagKey}";

/** Writing actions that the policies allow on something of a neighbour's. */
async function reachingOut(policies: ApplicablePolicies, statements: readonly Statement[]): Promise<string[]> {
  const patterns = statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => list(Action));
  const actions = new Set((await Promise.all(patterns.map((pattern) => actionsLike(pattern)))).flat());
  const found: string[] = [];
  for (const action of [...actions].filter((name) => !reads.test(name))) {
    const { kinds } = await actionDetails(action);
    // What the request makes is no neighbour's: it can be tagged with it, and has no tags yet.
    const existing = kinds.filter(({ keys }) => !isKey(tagging, keys) || isKey(tagged, keys));
    const resources =
      kinds.length === 0
        ? ["*"]
        : existing.map(({ arn, name }) =>
            arn
              .replace("${Partition}", "aws")
              .replace("${Region}", REGION)
              .replace("${Account}", ACCOUNT)
              .replace("${OidcProviderName}", `oidc.eks.${REGION}.amazonaws.com/id/THEIRS`)
              .replace(/\$\{[^}]*\}/g, name === "image" ? "ami-theirs" : "theirs"),
          );
    for (const resource of resources) {
      for (const marks of neighbours) {
        // An action without resource makes something or reaches everything: what is made has the environment's tag.
        const { "aws:RequestTag/ray-platform/cluster": _, ...untagged } = chosen;
        const context = await realContext(action, resource, { ...(resource === "*" ? untagged : chosen), ...marks });
        if (evaluateAccess({ principal: "", action, resource, context }, policies).decision === "allowed") {
          found.push(action);
        }
      }
    }
  }
  return [...new Set(found)].sort();
}

async function listed(holder: UnboundPermission["holder"], createdNetwork: boolean): Promise<string[]> {
  const patterns = permissions
    .filter((permission) => permission.holder === holder && (createdNetwork || permission.network === undefined))
    .flatMap(({ actions }) => actions);
  return (await Promise.all(patterns.map((pattern) => actionsLike(pattern))))
    .flat()
    .filter((action) => !reads.test(action))
    .sort();
}

describe.each(["default", "existing VPC", "NAT", "backups, MFA, own registry"])("with the options of %s", (option) => {
  // On a busy machine the synthesis alone can take longer than a test may.
  beforeAll(() => void environment(option), 120_000);
  const createdNetwork = option !== "existing VPC";

  test.each(["apply", "administrator"])(
    "the security document lists what the %s role reaches beyond its environment",
    async (name) => {
      const policies = environment(option).roles.get(name) as ApplicablePolicies;
      const statements = (policies.identity ?? []).flatMap(({ Statement: some }) => list(some));
      expect(await reachingOut(policies, statements)).toEqual(await listed("deployer", createdNetwork));
    },
  );

  test("the security document lists what a role of the stacks reaches at most", async () => {
    const role = environment(option).roles.get("node");
    const statements = list(role?.boundary?.Statement);
    expect(await reachingOut(atItsCeiling(role as never), statements)).toEqual(await listed("stacks", createdNetwork));
  });
});
