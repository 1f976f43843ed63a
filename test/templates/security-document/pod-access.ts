// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Json, policy, resource, resources } from "../synthesize";
import { rewrite, role, rolePolicy, type Row, statement, trustOfRole, unboundMutations } from "./subject";

/** What pods may do in AWS. */
export const podAccess: readonly Row[] = [
  {
    id: "IRSA-01",
    holds: ({ cluster }) => {
      const irsa = resources(cluster, "aws_iam_role").filter((one) => one.name.endsWith("-irsa"));
      expect(irsa.length).toBe(4);
      for (const one of irsa) {
        const { Principal, Condition } = policy(one.assume_role_policy).Statement[0];
        expect(Principal.Federated).toMatch(/^\$\{aws_iam_openid_connect_provider\.oidc/);
        const entries = Object.entries<string>(Condition.StringEquals);
        expect(Object.keys(Condition)).toEqual(["StringEquals"]);
        expect(entries.find(([name]) => name.endsWith(":aud"))?.[1]).toBe("sts.amazonaws.com");
        expect(entries.find(([name]) => name.endsWith(":sub"))?.[1]).toMatch(
          /^system:serviceaccount:kube-system:[a-z-]+$/,
        );
      }
    },
    breaks: {
      "no audience": ({ cluster }) => {
        rewrite(role(cluster, "cluster-autoscaler/role"), "assume_role_policy", (document) => {
          const equals = document.Statement[0].Condition.StringEquals;
          delete equals[Object.keys(equals).find((name) => name.endsWith(":aud")) as string];
        });
      },
      "any service account": ({ cluster }) => {
        rewrite(role(cluster, "cluster-autoscaler/role"), "assume_role_policy", (document) => {
          const equals = document.Statement[0].Condition.StringEquals;
          equals[Object.keys(equals).find((name) => name.endsWith(":sub")) as string] =
            "system:serviceaccount:kube-system:*";
        });
      },
    },
  },
  {
    id: "IRSA-02",
    holds: ({ cluster }) => {
      const document = policy(rolePolicy(cluster, "cluster-autoscaler/permissions").policy);
      expect(unboundMutations(document, "ml-platform-dev")).toEqual([]);
      expect(statement(document, "Scale").Condition).toEqual({
        StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/ml-platform-dev": "owned" },
      });
      expect(role(cluster, "cluster-autoscaler/role").name).toMatch(/^ml-platform-dev-autoscaler-/);
      const tagged = resources(cluster, "aws_autoscaling_group_tag").filter(
        ({ tag }) => tag.key === "k8s.io/cluster-autoscaler/ml-platform-dev" && tag.value === "owned",
      );
      expect(tagged.length).toBe(resources(cluster, "aws_eks_node_group").length);
    },
    breaks: {
      "any group": ({ cluster }) =>
        rewrite(rolePolicy(cluster, "cluster-autoscaler/permissions"), "policy", (document) => {
          delete statement(document, "Scale").Condition;
        }),
      "a group without the tag": ({ cluster }) => {
        const [name] = Object.entries<Json>(cluster.resource.aws_autoscaling_group_tag).find(
          ([, { tag }]) => tag.key === "k8s.io/cluster-autoscaler/ml-platform-dev",
        ) as [string, Json];
        delete cluster.resource.aws_autoscaling_group_tag[name];
      },
    },
  },
  {
    id: "IRSA-03",
    holds: ({ cluster }) => {
      const document = policy(rolePolicy(cluster, "termination-handler/permissions").policy);
      const sqs = document.Statement.filter((one: Json) => JSON.stringify(one.Action).includes("sqs:"));
      expect(sqs.map((one: Json) => [one.Action, one.Resource])).toEqual([
        [
          ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
          expect.stringMatching(/^\$\{aws_sqs_queue\.interruption_queue_.*\.arn\}$/),
        ],
      ]);
      expect(unboundMutations(document, "ml-platform-dev")).toEqual([]);
      expect(role(cluster, "termination-handler/role").name).toMatch(/^ml-platform-dev-nth-/);
    },
    breaks: {
      "full access to SQS": ({ cluster }) =>
        rewrite(rolePolicy(cluster, "termination-handler/permissions"), "policy", (document) => {
          Object.assign(statement(document, "ReceiveEvents"), { Action: "sqs:*", Resource: "*" });
        }),
    },
  },
  {
    id: "IRSA-04",
    holds: ({ cluster }) => {
      const [provider] = resources(cluster, "aws_iam_openid_connect_provider");
      expect(provider.url).toMatch(
        /^\$\{aws_eks_cluster\.control-plane_cluster_\w+\.identity\[0\]\.oidc\[0\]\.issuer\}$/,
      );
      expect(provider.client_id_list).toEqual(["sts.amazonaws.com"]);
      expect(provider.thumbprint_list).toBeUndefined();
      expect(cluster.data.tls_certificate).toBeUndefined();
    },
    breaks: {
      "another issuer": ({ cluster }) => {
        resources(cluster, "aws_iam_openid_connect_provider")[0].url = "https://example.com";
      },
      "a thumbprint": ({ cluster }) => {
        resources(cluster, "aws_iam_openid_connect_provider")[0].thumbprint_list = [
          "9e99a48a9960b14926bb7f3b02e22da2b0ab7280",
        ];
      },
    },
  },
  {
    id: "IRSA-05",
    holds: ({ cluster }) => {
      for (const path of ["vpc-cni/permissions", "ebs-csi/permissions"]) {
        const document = policy(rolePolicy(cluster, path).policy);
        expect(unboundMutations(document, "ml-platform-dev")).toEqual([]);
      }
      for (const [addon, irsa] of [
        ["vpc-cni", "vpc-cni"],
        ["aws-ebs-csi-driver", "ebs-csi"],
      ]) {
        expect(resource(cluster, "aws_eks_addon", addon as string).service_account_role_arn).toContain(
          `service-accounts_${irsa}_role`,
        );
      }
      const node = resources(cluster, "aws_iam_role_policy_attachment").filter((one) => one.role.includes("node-role"));
      expect(node.map((one) => one.policy_arn.split("/").pop()).sort()).toEqual([
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKSWorkerNodePolicy",
        "AmazonSSMManagedInstanceCore",
      ]);
      expect(resources(cluster, "aws_iam_role_policy").filter((one) => one.role.includes("node-role"))).toEqual([]);
    },
    breaks: {
      "CNI on the node role": ({ cluster }) => {
        const node = resources(cluster, "aws_iam_role_policy_attachment").find((one) => one.role.includes("node-role"));
        cluster.resource.aws_iam_role_policy_attachment.cni = {
          ...node,
          policy_arn: "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
        };
      },
      "EBS CSI deletes any volume": ({ cluster }) =>
        rewrite(rolePolicy(cluster, "ebs-csi/permissions"), "policy", (document) => {
          delete statement(document, "ManageVolumes").Condition;
        }),
      "the add-on has no role": ({ cluster }) => {
        delete resource(cluster, "aws_eks_addon", "vpc-cni").service_account_role_arn;
      },
    },
  },
  {
    id: "IRSA-06",
    // test/iam/ray-data.test.ts asks for every right; here is what ties roles and boundary together.
    holds: ({ cluster, withData }) => {
      expect(resources(cluster, "aws_iam_role").filter(({ name }) => name.includes("-ray-"))).toEqual([]);
      const boundary = resource(withData.bootstrap, "aws_iam_policy", "ray-boundary/policy");
      const roles = ["ray-head", "ray-workers"].map((name) => role(withData.cluster, `${name}/role`));
      for (const one of roles) {
        expect(one.permissions_boundary).toMatch(new RegExp(`:policy${boundary.path}${boundary.name}$`));
        expect(JSON.stringify(trustOfRole(one).Condition)).toMatch(/"system:serviceaccount:ray:ray-(?:head|workers)"/);
      }
      const permitted = policy(rolePolicy(withData.cluster, "ray-workers/permissions").policy).Statement;
      const body = ({ Sid: _, ...rest }: Json): Json => rest;
      expect(policy(boundary.policy).Statement.map(body)).toEqual(permitted.map(body));
    },
    breaks: {
      "a boundary that holds more": ({ withData }) => {
        rewrite(resource(withData.bootstrap, "aws_iam_policy", "ray-boundary/policy"), "policy", (document) => {
          document.Statement.push({ Sid: "More", Effect: "Allow", Action: "s3:*", Resource: "*" });
        });
      },
      "the boundary of other roles": ({ withData }) => {
        const one = role(withData.cluster, "ray-workers/role");
        one.permissions_boundary = one.permissions_boundary.replace("-ray-boundary", "-boundary");
      },
      "any service account": ({ withData }) => {
        rewrite(role(withData.cluster, "ray-head/role"), "assume_role_policy", (document) => {
          const equals = document.Statement[0].Condition.StringEquals;
          equals[Object.keys(equals).find((name) => name.endsWith(":sub")) as string] = "system:serviceaccount:ray:*";
        });
      },
    },
  },
];
