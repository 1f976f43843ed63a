// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { evaluateAccess } from "../../src/iam/evaluate";
import type { PolicyDocument } from "../../src/iam/policy";
import {
  applyTrustPolicy,
  driftTrustPolicy,
  type GithubTrust,
  planTrustPolicy,
  trustWarnings,
} from "../../templates/src/platform/github-oidc-trust";
import { platform } from "../templates/configs";

type Claims = Readonly<Record<string, string>>;
interface Statement {
  readonly Effect: string;
  readonly Action: string;
  readonly Principal: { readonly Federated: string };
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const ISSUER = "token.actions.githubusercontent.com";

/** Whether STS would hand out the role to a token with these claims. */
function allows(policy: object, claims: Claims): boolean {
  const [statement] = (policy as { Statement: readonly Statement[] }).Statement;
  const { decision } = evaluateAccess(
    {
      principal: statement?.Principal.Federated ?? "",
      action: "sts:AssumeRoleWithWebIdentity",
      resource: "arn:aws:iam::111122223333:role/any",
      context: Object.fromEntries(Object.entries(claims).map(([claim, value]) => [`${ISSUER}:${claim}`, value])),
    },
    { resource: policy as PolicyDocument, resourceDecides: true },
  );
  return decision === "allowed";
}

const immutable: GithubTrust = {
  providerArn: `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`,
  repository: { owner: "acme", name: "gpu", ownerId: "4242", repositoryId: "777", defaultBranch: "main" },
  githubEnvironment: "prod",
  region: "eu-west-1",
};
const named: GithubTrust = { ...immutable, repository: { ...immutable.repository, ownerId: null, repositoryId: null } };
const aud = "sts.amazonaws.com";

describe.each([
  ["with the immutable subject", immutable, "repo:acme@4242/gpu@777"],
  ["with the subject of names", named, "repo:acme/gpu"],
])("trust policies %s", (_title, trust, prefix) => {
  const roles = { plan: planTrustPolicy(trust), apply: applyTrustPolicy(trust), drift: driftTrustPolicy(trust) };
  const contexts = {
    "a pull request": "pull_request",
    "the environment": "environment:prod",
    "the default branch": "ref:refs/heads/main",
    "another environment": "environment:dev",
    "an environment whose name begins the same": "environment:prod2",
    "the environment in capitals": "environment:Prod",
    "another branch": "ref:refs/heads/feature",
    "a branch whose name begins the same": "ref:refs/heads/main2",
    "a branch called like an environment": "ref:refs/heads/environment%3Aprod",
    "a tag called like the branch": "ref:refs/tags/main",
    "a merge queue": "ref:refs/heads/gh-readonly-queue/main/pr-1",
    nothing: "",
    "a wildcard": "*",
  };
  const expected: Record<string, keyof typeof roles> = {
    "a pull request": "plan",
    "the environment": "apply",
    "the default branch": "drift",
  };

  test.each(Object.entries(contexts))("%s gets the role that is meant for it and no other", (title, context) => {
    for (const [role, policy] of Object.entries(roles)) {
      expect([role, allows(policy, { aud, sub: `${prefix}:${context}` })]).toEqual([role, expected[title] === role]);
    }
  });

  test.each([
    "repo:acme-evil/gpu",
    "repo:acme/gpu-evil",
    "repo:evil/gpu",
    "repo:acme/gpu/x",
    "repo:acme",
    "repo:ACME/gpu",
    "repo:acme*/gpu*",
    "enterprise:acme",
    "repo:acme@4242/gpu@7777",
    "repo:acme@42/gpu@777",
    "repo:acme@4242/other@778",
    "repo:evil@4242/gpu@777x",
    " repo:acme@4242/gpu@777",
  ])("a token of %s gets nothing", (other) => {
    for (const context of ["pull_request", "environment:prod", "ref:refs/heads/main"]) {
      expect(Object.values(roles).map((policy) => allows(policy, { aud, sub: `${other}:${context}` }))).toEqual([
        false,
        false,
        false,
      ]);
    }
  });

  test("a fork's token names the fork", () => {
    expect(allows(roles.plan, { aud, sub: `${prefix.replace("acme", "mallory")}:pull_request` })).toBe(false);
  });

  test.each<readonly [string, Claims]>([
    ["without a subject", { aud }],
    ["without an audience", { sub: `${prefix}:environment:prod` }],
    ["for another service", { aud: "https://github.com/acme", sub: `${prefix}:environment:prod` }],
    ["for China", { aud: "sts.amazonaws.com.cn", sub: `${prefix}:environment:prod` }],
    ["without any claim", {}],
  ])("a token %s gets nothing", (_name, claims) => {
    expect(Object.values(roles).some((policy) => allows(policy, claims))).toBe(false);
  });

  test("every condition is StringEquals, on audience and subject, with one literal value", () => {
    for (const policy of Object.values(roles)) {
      const { Statement } = policy as { Statement: readonly Statement[] };
      expect(Statement).toHaveLength(1);
      expect(Object.keys(Statement[0]?.Condition ?? {})).toEqual(["StringEquals"]);
      expect(Object.keys(Statement[0]?.Condition.StringEquals ?? {})).toEqual([`${ISSUER}:aud`, `${ISSUER}:sub`]);
      expect(JSON.stringify(policy)).not.toMatch(/[*?]/);
      expect(Statement[0]).toMatchObject({
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: trust.providerArn },
      });
    }
  });
});

test("with the ids, a new owner of the same name gets nothing", () => {
  expect(allows(applyTrustPolicy(immutable), { aud, sub: "repo:acme/gpu:environment:prod" })).toBe(false);
  expect(allows(applyTrustPolicy(immutable), { aud, sub: "repo:acme@9999/gpu@8888:environment:prod" })).toBe(false);
});

test("in China the audience is that of its partition", () => {
  const policy = applyTrustPolicy({ ...immutable, region: "cn-north-1" });
  const sub = "repo:acme@4242/gpu@777:environment:prod";
  expect(allows(policy, { aud: "sts.amazonaws.com.cn", sub })).toBe(true);
  expect(allows(policy, { aud, sub })).toBe(false);
});

test("the evaluator sees that a wildcard subject admits every branch, pull request and environment", () => {
  const wildcard = {
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: immutable.providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${ISSUER}:aud`]: aud }, StringLike: { [`${ISSUER}:sub`]: "repo:acme/gpu:*" } },
      },
    ],
  };
  for (const context of ["pull_request", "ref:refs/heads/feature", "environment:dev"]) {
    expect(allows(wildcard, { aud, sub: `repo:acme/gpu:${context}` })).toBe(true);
  }
});

test("the ids of the repository are asked for where the options do not name them", () => {
  expect(trustWarnings(platform()).join()).toContain("gh api repos/acme/ml-platform");
  expect(trustWarnings(platform({ githubOwnerId: "4242", githubRepositoryId: "777" }))).toEqual([]);
  expect(trustWarnings(platform({ githubOwner: undefined }))).toEqual([]);
});
