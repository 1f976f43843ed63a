// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { evaluateAccess } from "../../src/iam/evaluate";
import type { PolicyDocument } from "../../src/iam/policy";
import { TerraformReferences } from "./terraform-references";
import { ACCOUNT, environment, REGION } from "./environments";

const bucket = `arn:aws:s3:::acme-ml-platform-prod-tfstate-${ACCOUNT}`;
const PLAN = `${bucket}/_plans/prod/${"0".repeat(64)}/prod-network.tfplan`;
const STATE = `${bucket}/prod/network.tfstate`;

/** The policy of the bucket of states. */
function policyOf(option: string): PolicyDocument {
  const stack = environment(option).stacks.bootstrap;
  const [body] = Object.values<{ bucket: string; policy: string }>(stack.resource.aws_s3_bucket_policy).filter(
    ({ bucket: of }) => of.includes("state"),
  );
  return JSON.parse(
    new TerraformReferences(stack, { accountId: ACCOUNT, region: REGION }).text((body as { policy: string }).policy),
  );
}

/** What a principal of the account is told that has every right on S3. */
function told(role: string, action: string, resource: string): string {
  const principal = `arn:aws:iam::${ACCOUNT}:role/${role}`;
  const identity = [{ Statement: { Effect: "Allow" as const, Action: "s3:*", Resource: "*" } }];
  const context = { "aws:SecureTransport": "true" };
  const policies = { identity, resource: policyOf("default") };
  return evaluateAccess({ principal, action, resource, context }, policies).decision;
}

const OWN = "ml-platform-prod/bootstrap/ml-platform-prod";

describe("the bucket itself refuses, whatever rights somebody has", () => {
  test.each([
    ["reading a plan", "admin", "s3:GetObject", PLAN, "explicit deny"],
    ["reading an earlier version of one", "admin", "s3:GetObjectVersion", PLAN, "explicit deny"],
    ["putting another in its place", "admin", "s3:PutObject", PLAN, "explicit deny"],
    ["reading a plan, to who saves it", `${OWN}-drift`, "s3:GetObject", PLAN, "explicit deny"],
    ["saving a plan, to who applies it", `${OWN}-apply`, "s3:PutObject", PLAN, "explicit deny"],
    [
      "reading a plan, to a role of the same name elsewhere",
      "ml-platform-prod-apply",
      "s3:GetObject",
      PLAN,
      "explicit deny",
    ],
    ["nothing to who applies a plan", `${OWN}-apply`, "s3:GetObject", PLAN, "allowed"],
    ["nothing to who saves a plan", `${OWN}-drift`, "s3:PutObject", PLAN, "allowed"],
    ["nothing of the state", "admin", "s3:GetObject", STATE, "allowed"],
  ])("%s", (_, role, action, resource, decision) => {
    expect(told(role, action, resource)).toBe(decision);
  });

  test("where nobody saves plans the policy does not speak of them", () => {
    expect(JSON.stringify(policyOf("no GitHub"))).not.toContain("_plans");
  });
});

test("plans that nobody applied are deleted", () => {
  const { resource } = environment("default").stacks.bootstrap;
  const rules = Object.values<{ rule: object[] }>(resource.aws_s3_bucket_lifecycle_configuration).flatMap(
    ({ rule }) => rule,
  );
  expect(rules).toContainEqual(
    expect.objectContaining({ filter: [{ prefix: "_plans/" }], expiration: [{ days: 30 }], status: "Enabled" }),
  );
});
