// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Json, policy, resource, resources } from "../synthesize";
import { rewrite, role, rolePolicy, type Row, statement, trustOf } from "./subject";

/** Who may act from the pipeline, and as whom. */
export const pipelineAccess: readonly Row[] = [
  {
    id: "OIDC-01",
    holds: ({ bootstrap }) => {
      expect(resources(bootstrap, "aws_iam_openid_connect_provider").map((provider) => provider.url)).toEqual([
        "https://token.actions.githubusercontent.com",
      ]);
      expect(bootstrap.resource.aws_iam_access_key).toBeUndefined();
      expect(bootstrap.resource.aws_iam_user).toBeUndefined();
      for (const id of ["plan", "apply", "drift", "mirror"]) {
        expect(trustOf(bootstrap, `github/${id}/role`).Action).toBe("sts:AssumeRoleWithWebIdentity");
      }
    },
    breaks: {
      "an access key": ({ bootstrap }) => {
        bootstrap.resource.aws_iam_access_key = { ci: { user: "ci" } };
      },
      "another issuer": ({ bootstrap }) => {
        resources(bootstrap, "aws_iam_openid_connect_provider")[0].url = "https://gitlab.com";
      },
    },
  },
  {
    id: "OIDC-02",
    holds: ({ bootstrap }) => {
      for (const [id, context] of [
        ["plan", "pull_request"],
        ["apply", "environment:dev"],
        ["mirror", "environment:dev"],
        ["drift", "ref:refs/heads/main"],
      ]) {
        const { Condition } = trustOf(bootstrap, `github/${id}/role`);
        expect(Condition).toEqual({
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": `repo:acme/ml-platform:${context}`,
          },
        });
      }
    },
    breaks: {
      "any branch": ({ bootstrap }) => {
        rewrite(role(bootstrap, "github/apply/role"), "assume_role_policy", (document) => {
          const condition = document.Statement[0].Condition;
          condition.StringLike = { "token.actions.githubusercontent.com:sub": "repo:acme/ml-platform:*" };
          delete condition.StringEquals["token.actions.githubusercontent.com:sub"];
        });
      },
      "no audience": ({ bootstrap }) => {
        rewrite(role(bootstrap, "github/plan/role"), "assume_role_policy", (document) => {
          delete document.Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:aud"];
        });
      },
    },
  },
  {
    id: "OIDC-03",
    holds: ({ bootstrap }) => {
      const attached = (id: string): string[] =>
        resources(bootstrap, "aws_iam_role_policy_attachment")
          .filter((attachment) => attachment["//"].metadata.path.includes(`/github/${id}/`))
          .map((attachment) => attachment.policy_arn);
      for (const id of ["plan", "drift"]) {
        expect(attached(id).length).toBeGreaterThan(0);
        expect(attached(id).filter((arn) => arn.includes("deployment_write"))).toEqual([]);
      }
      // A data key encrypts what a job keeps of a failure, and changes nothing.
      const reads = /^[a-z0-9]+:(?:Describe|Get|List)|^kms:(?:Decrypt|GenerateDataKey)$/;
      for (const document of resources(bootstrap, "aws_iam_policy").filter((one) => one.name.includes("-read-"))) {
        for (const { Action } of policy(document.policy).Statement) {
          expect([Action].flat().filter((action: string) => !reads.test(action))).toEqual([]);
        }
      }
      expect(
        trustOf(bootstrap, "github/apply/role").Condition.StringEquals["token.actions.githubusercontent.com:sub"],
      ).toMatch(/:environment:dev$/);
    },
    breaks: {
      "plan may write": ({ bootstrap }) => {
        resources(bootstrap, "aws_iam_role_policy_attachment").find((attachment) =>
          attachment["//"].metadata.path.includes("/github/plan/"),
        ).policy_arn = "${aws_iam_policy.deployment_write-state.arn}";
      },
      "reading includes a write": ({ bootstrap }) => {
        const read = resources(bootstrap, "aws_iam_policy").find((one) => one.name.endsWith("-read-platform"));
        rewrite(read, "policy", (document) => document.Statement[0].Action.push("iam:CreateRole"));
      },
    },
  },
  {
    id: "IAM-01",
    holds: ({ bootstrap, network, cluster }) => {
      const roles = [network, cluster].flatMap((stack) => resources(stack, "aws_iam_role"));
      expect(roles.length).toBeGreaterThan(5);
      for (const one of roles) {
        expect(one.permissions_boundary).toMatch(/:policy\/ml-platform-dev\/bootstrap\/ml-platform-dev-boundary$/);
        expect(one.path).toBe("/ml-platform-dev/stacks/");
      }
      const boundary = resource(bootstrap, "aws_iam_policy", "boundary/policy");
      expect(`${boundary.path}${boundary.name}`).toBe("/ml-platform-dev/bootstrap/ml-platform-dev-boundary");
      const actions = policy(boundary.policy).Statement.flatMap(({ Action }: Json) => Action);
      expect(actions.filter((action: string) => /^(?:iam|sts):|^\*$/.test(action))).toEqual([
        "iam:CreateServiceLinkedRole",
      ]);
      const identity = policy(resource(bootstrap, "aws_iam_policy", "write-identity").policy);
      expect(JSON.stringify(statement(identity, "CreateBoundedRoles").Condition)).toContain("iam:PermissionsBoundary");
      expect(statement(identity, "NeverTheBoundary")).toMatchObject({ Effect: "Deny", Resource: "*" });
    },
    breaks: {
      "a role without boundary": ({ cluster }) => {
        delete role(cluster, "node-role/role").permissions_boundary;
      },
      "a boundary that admits IAM": ({ bootstrap }) =>
        rewrite(resource(bootstrap, "aws_iam_policy", "boundary/policy"), "policy", (document) => {
          document.Statement[0].Action.push("iam:PassRole");
        }),
      "roles are made without it": ({ bootstrap }) =>
        rewrite(resource(bootstrap, "aws_iam_policy", "write-identity"), "policy", (document) => {
          statement(document, "CreateBoundedRoles").Condition = {};
        }),
    },
  },
  {
    id: "IAM-02",
    // Every permission on another's resource is asked for in test/iam; here, that nothing writes without a binding.
    holds: ({ bootstrap }) => {
      const unbound = resources(bootstrap, "aws_iam_policy")
        .filter((one) => one.name.includes("-write-"))
        .flatMap((one) => policy(one.policy).Statement)
        .filter(({ Effect }: Json) => Effect === "Allow")
        .filter(
          ({ Resource, Condition }: Json) =>
            !JSON.stringify([Resource, Condition ?? {}])
              .replace(/\$\{data\.[^}]*\}/g, "account")
              .match(/ml-platform-dev|ml-platform\/dev|\$\{aws_/),
        )
        .map(({ Sid }: Json) => Sid);
      expect(unbound.sort()).toEqual([
        "CloseDefaultSecurityGroup",
        "CreateServiceLinkedRoles",
        "ManageLogDelivery",
        "NameEndpoints",
        "RetireRepositoryGrants",
        "TryImages",
      ]);
    },
    breaks: {
      "any VPC": ({ bootstrap }) =>
        rewrite(resource(bootstrap, "aws_iam_policy", "write-network-changes"), "policy", (document) => {
          delete statement(document, "ChangeOwn").Condition;
        }),
      "any key": ({ bootstrap }) =>
        rewrite(resource(bootstrap, "aws_iam_policy", "write-encryption"), "policy", (document) => {
          statement(document, "ManageKey").Condition = { StringEquals: { "aws:ResourceTag/Environment": "dev" } };
        }),
    },
  },
  {
    id: "IAM-03",
    holds: ({ bootstrap, cluster, workloads }) => {
      const people = ["administrator", "ray-user", "viewer"];
      for (const kind of people) {
        expect(trustOf(bootstrap, `people/${kind}/role`).Principal.AWS[0]).toMatch(/:root$/);
        expect(resource(cluster, "aws_eks_access_entry", `access/${kind}`).principal_arn).toContain(
          `access_${kind}-role`,
        );
        const enter = JSON.stringify(policy(rolePolicy(bootstrap, `people/${kind}-enter`).policy));
        expect(enter).toContain("AWS-StartPortForwardingSessionToRemoteHost");
        expect(enter).toContain("SessionDocumentAccessCheck");
      }
      const groups = people.flatMap(
        (kind) => resource(cluster, "aws_eks_access_entry", `access/${kind}`).kubernetes_groups ?? [],
      );
      const { access } = JSON.parse(resource(workloads, "helm_release", "cluster-base").values[0]);
      expect([access.rayUsersGroup, access.viewersGroup]).toEqual(groups);
    },
    breaks: {
      "nobody may enter": ({ cluster }) => {
        const entries = cluster.resource.aws_eks_access_entry;
        for (const [address, one] of Object.entries<Json>(entries)) {
          if (one["//"].metadata.path.endsWith("access/administrator")) {
            delete entries[address];
          }
        }
      },
      "a group that no binding names": ({ cluster }) => {
        resource(cluster, "aws_eks_access_entry", "access/viewer").kubernetes_groups = ["viewers"];
      },
      "a shell on nodes": ({ bootstrap }) =>
        rewrite(rolePolicy(bootstrap, "people/viewer-enter"), "policy", (document) => {
          delete statement(document, "ForwardPortThroughNode").Condition;
        }),
    },
  },
];
