// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Break } from "./break";
import { ADMINISTRATOR, allow, attach, aud, BOUNDARY, sub, trust } from "./tampering";

/** GitHub Actions. */
export const githubActionsBreaks: readonly Break[] = [
  { red: "OIDC-01", how: "a stack makes a user", apply: (p) => p.add("bootstrap", "aws_iam_user", { name: "ci" }) },
  {
    red: "OIDC-01",
    how: "another stack makes an access key",
    apply: (p) => p.beside("aws_iam_access_key", { user: "ci" }),
  },
  {
    red: "OIDC-01",
    how: "a stack of no environment gives a user a password",
    apply: (p) => p.shared("aws_iam_user_login_profile", { user: "ci" }),
  },
  {
    red: "OIDC-02",
    how: "every repository of the owner is trusted",
    apply: trust("bootstrap", "github/plan", (s) => {
      s.Condition.StringLike = { [sub(s)]: "repo:acme/*" };
      delete s.Condition.StringEquals[sub(s)];
    }),
  },
  {
    red: "OIDC-02",
    how: "a subject has a wildcard",
    apply: trust("bootstrap", "github/plan", (s) => {
      s.Condition.StringEquals[sub(s)] = "repo:*";
    }),
  },
  {
    red: "OIDC-02",
    how: "the audience is not compared",
    apply: trust("bootstrap", "github/drift", (s) => {
      delete s.Condition.StringEquals[aud(s)];
    }),
  },
  {
    red: "OIDC-02",
    how: "the trust policy has no condition",
    apply: trust("bootstrap", "github/mirror", (s) => {
      delete s.Condition;
    }),
  },
  {
    red: "OIDC-02",
    how: "everybody may assume the role",
    apply: trust("bootstrap", "github/apply", (_, d) =>
      d.Statement.push({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }),
    ),
  },
  {
    red: "OIDC-02",
    how: "a repository of another owner is trusted besides",
    apply: trust("bootstrap", "github/plan", (s) => {
      s.Condition.StringEquals[sub(s)] = [s.Condition.StringEquals[sub(s)], "repo:evil/ml-platform:pull_request"];
    }),
  },
  {
    red: "OIDC-02",
    how: "another stack makes a role for another repository",
    apply: (p) =>
      p.beside("aws_iam_role", {
        name: "x",
        permissions_boundary: BOUNDARY,
        assume_role_policy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: {
                  "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                  "token.actions.githubusercontent.com:sub": "repo:acme/other:ref:refs/heads/main",
                },
              },
            },
          ],
        }),
      }),
  },
  {
    red: "OIDC-02",
    how: "where ids are known, the repository is trusted by its name",
    on: "immutable subjects",
    apply: trust("bootstrap", "github/drift", (s) => {
      s.Condition.StringEquals[sub(s)] = "repo:acme/ml-platform:ref:refs/heads/main";
    }),
  },
  {
    red: "OIDC-03",
    how: "pull requests may assume the role that writes",
    apply: trust("bootstrap", "github/apply", (s) => {
      s.Condition.StringEquals[sub(s)] = "repo:acme/ml-platform:pull_request";
    }),
  },
  {
    red: "OIDC-03",
    how: "another GitHub environment may assume the role that writes",
    apply: trust("bootstrap", "github/apply", (s) => {
      s.Condition.StringEquals[sub(s)] = "repo:acme/ml-platform:environment:dev";
    }),
  },
  {
    red: "OIDC-03",
    how: "the role for pull requests changes the cluster",
    apply: (p) =>
      p.add("bootstrap", "aws_iam_role_policy", {
        role: p.ref("bootstrap", "aws_iam_role", "name", "github/plan"),
        policy: allow("eks:*"),
      }),
  },
  {
    red: "OIDC-03",
    how: "the role for pull requests is administrator",
    apply: attach("bootstrap", "github/plan", ADMINISTRATOR),
  },
  {
    red: "OIDC-03",
    how: "the role for drift enters another role",
    apply: (p) =>
      p.add("bootstrap", "aws_iam_role_policy", { role: "ml-platform-prod-drift", policy: allow("sts:AssumeRole") }),
  },
  {
    red: "OIDC-03",
    how: "a list of roles gets a policy of AWS",
    apply: (p) =>
      p.add("bootstrap", "aws_iam_policy_attachment", {
        name: "x",
        roles: ["ml-platform-prod-plan"],
        policy_arn: "arn:aws:iam::aws:policy/PowerUserAccess",
      }),
  },
];
