// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { limitViolations } from "../../templates/src/platform/limits";
import { configs, platform } from "./configs";
import { type Json, policy, resource, resources, type Synthesis, synthesize } from "./synthesize";

/** What a row looks at: the default platform, and platforms that options make different. */
interface Subject {
  readonly config: ReturnType<typeof platform>;
  readonly bootstrap: Json;
  readonly network: Json;
  readonly cluster: Json;
  readonly workloads: Json;
  readonly values: Json;
  readonly publicEndpoint: Json;
  readonly givenKey: Json;
  /** The stacks of an environment whose Ray pods have data. */
  readonly withData: { readonly bootstrap: Json; readonly cluster: Json };
}

interface Row {
  readonly id: string;
  /** Holds while the control does. */
  readonly holds: (subject: Subject) => void;
  /** Breaks the control; `holds` must then throw. Several where a control has several ways to fail. */
  readonly breaks: Readonly<Record<string, (subject: Subject) => void>>;
}

const chartSchema = JSON.parse(readFileSync(join(__dirname, "../../templates/helm/ray/values.schema.json"), "utf8"));
const controls: { id: string; sentence: string; tested: string }[] = JSON.parse(
  readFileSync(join(__dirname, "../../data/controls.json"), "utf8"),
).controls;

const statement = (document: Json, sid: string): Json =>
  document.Statement.find((candidate: Json) => candidate.Sid === sid);
const rewrite = (owner: Json, key: string, change: (document: Json) => void): void => {
  const document = policy(owner[key]);
  change(document);
  owner[key] = JSON.stringify(document);
};
const role = (stack: Json, path: string): Json => resource(stack, "aws_iam_role", path);
const rolePolicy = (stack: Json, path: string): Json => resource(stack, "aws_iam_role_policy", path);
const key = ({ cluster }: Subject): Json => resource(cluster, "aws_kms_key", "encryption/key");
const eks = ({ cluster }: Subject): Json => resource(cluster, "aws_eks_cluster", "control-plane/cluster");
const templates = ({ cluster }: Subject): Json[] => resources(cluster, "aws_launch_template");
const nodeGroups = ({ cluster }: Subject): Json[] => resources(cluster, "aws_eks_node_group");
const isGpu = (group: Json): boolean => group.labels["nvidia.com/gpu.present"] === "true";
const headSpec = ({ values }: Subject): Json => values.rayCluster.spec.headGroupSpec.template.spec;
const workers = ({ values }: Subject): Json[] => values.rayCluster.spec.workerGroupSpecs;
const podSpecs = (subject: Subject): Json[] => [
  headSpec(subject),
  ...workers(subject).map((group) => group.template.spec),
];
const validateValues = new Ajv({ strict: false }).compile(chartSchema);
const open = ["0.0.0.0/0", "::/0"];
const ingress = (stack: Json): Json[] => resources(stack, "aws_vpc_security_group_ingress_rule");
const egress = (stack: Json): Json[] => resources(stack, "aws_vpc_security_group_egress_rule");
const trustOfRole = (one: Json): Json => policy(one.assume_role_policy).Statement[0];
const trustOf = (stack: Json, path: string): Json => policy(role(stack, path).assume_role_policy).Statement[0];

/** Statements that write and whose resources or conditions do not name this cluster. */
function unboundMutations(document: Json, cluster: string): string[] {
  const reading = /^(?:ec2:(?:Describe|Get)|autoscaling:Describe|eks:Describe|s3:ListBucket|ec2:CreateTags)/;
  return document.Statement.filter((candidate: Json) => {
    const actions = [candidate.Action].flat();
    // The account id is an expression too, and binds nothing.
    const bound = JSON.stringify([candidate.Resource, candidate.Condition ?? {}]).replace(
      /\$\{data\.[^}]*\}/g,
      "account",
    );
    const names = bound.includes(cluster) || bound.includes("ec2:Vpc") || bound.includes("${aws_");
    return actions.some((action: string) => !reading.test(action)) && !names;
  }).map((candidate: Json) => candidate.Sid);
}

const rows: readonly Row[] = [
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
      for (const document of resources(bootstrap, "aws_iam_policy").filter((one) => one.name.includes("-read-"))) {
        for (const { Action } of policy(document.policy).Statement) {
          expect(
            [Action].flat().filter((action: string) => !/^[a-z0-9]+:(?:Describe|Get|List)|^kms:Decrypt$/.test(action)),
          ).toEqual([]);
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
  {
    id: "KMS-01",
    holds: (subject) => {
      expect(eks(subject).encryption_config).toEqual({
        provider: { key_arn: expect.stringMatching(/^\$\{aws_kms_key\.encryption_key_\w+\.arn\}$/) },
        resources: ["secrets"],
      });
      expect(key(subject)).toMatchObject({
        key_usage: "ENCRYPT_DECRYPT",
        customer_master_key_spec: "SYMMETRIC_DEFAULT",
      });
    },
    breaks: {
      "no encryption": (subject) => {
        delete eks(subject).encryption_config;
      },
      "an asymmetric key": (subject) => {
        key(subject).customer_master_key_spec = "RSA_2048";
      },
    },
  },
  {
    id: "KMS-02",
    holds: ({ bootstrap, network, cluster }) => {
      const keys = [bootstrap, network, cluster].flatMap((stack) => resources(stack, "aws_kms_key"));
      expect(keys.map((one) => one.enable_key_rotation)).toEqual([true, true, true]);
    },
    breaks: {
      "no rotation": (subject) => {
        key(subject).enable_key_rotation = false;
      },
    },
  },
  {
    id: "KMS-03",
    holds: ({ bootstrap, network, cluster }) => {
      const keys = [bootstrap, network, cluster].flatMap((stack) => resources(stack, "aws_kms_key"));
      expect(keys.map((one) => one.deletion_window_in_days)).toEqual([7, 7, 7]);
    },
    breaks: {
      "30 days": (subject) => {
        key(subject).deletion_window_in_days = 30;
      },
    },
  },
  {
    id: "KMS-04",
    holds: (subject) => {
      const statements = policy(key(subject).policy).Statement;
      expect(statements.map((one: Json) => one.Sid)).toEqual(["AccountRoot", "ClusterRole", "CloudWatchLogs"]);
      const [root, clusterRole, logs] = statements;
      expect(root.Principal).toEqual({ AWS: expect.stringMatching(/^arn:aws:iam::\$\{.*\}:root$/) });
      expect(clusterRole.Principal).toEqual({
        AWS: expect.stringMatching(/^\$\{aws_iam_role\.encryption_cluster-role_\w+\.arn\}$/),
      });
      expect(logs.Principal).toEqual({ Service: "logs.us-east-1.amazonaws.com" });
      expect(Object.keys(logs.Condition)).toEqual(["ArnEquals"]);
      expect(logs.Condition.ArnEquals["kms:EncryptionContext:aws:logs:arn"]).toMatch(
        /^arn:aws:logs:us-east-1:\$\{.*\}:log-group:\/aws\/eks\/ml-platform-dev\/cluster$/,
      );
    },
    breaks: {
      "a further principal": (subject) =>
        rewrite(key(subject), "policy", (document) => {
          document.Statement.push({
            Sid: "Other",
            Effect: "Allow",
            Principal: "*",
            Action: "kms:Decrypt",
            Resource: "*",
          });
        }),
      "any log group": (subject) =>
        rewrite(key(subject), "policy", (document) => {
          delete statement(document, "CloudWatchLogs").Condition;
        }),
    },
  },
  {
    id: "KMS-05",
    holds: ({ givenKey }) => {
      const arn = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
      expect(givenKey.resource.aws_kms_key).toBeUndefined();
      expect(resources(givenKey, "aws_eks_cluster")[0].encryption_config.provider.key_arn).toBe(arn);
      expect(resources(givenKey, "aws_cloudwatch_log_group")[0].kms_key_id).toBe(arn);
    },
    breaks: {
      "a key all the same": ({ givenKey }) => {
        givenKey.resource.aws_kms_key = { key: {} };
      },
    },
  },
  {
    id: "KMS-06",
    holds: (subject) => {
      const [logGroup] = resources(subject.cluster, "aws_cloudwatch_log_group");
      expect(logGroup.name).toBe("/aws/eks/ml-platform-dev/cluster");
      expect(logGroup.kms_key_id).toBe(eks(subject).encryption_config.provider.key_arn);
      expect(eks(subject).depends_on).toContainEqual(expect.stringMatching(/^aws_cloudwatch_log_group\./));
    },
    breaks: {
      "an unencrypted log group": ({ cluster }) => {
        delete resources(cluster, "aws_cloudwatch_log_group")[0].kms_key_id;
      },
      "EKS makes the log group first": (subject) => {
        eks(subject).depends_on = [];
      },
    },
  },
  {
    id: "IMDS-01",
    holds: (subject) =>
      templates(subject).forEach(({ metadata_options }) => {
        expect(metadata_options).toMatchObject({ http_endpoint: "enabled", http_tokens: "required" });
      }),
    breaks: {
      "tokens optional": (subject) => {
        templates(subject)[1].metadata_options.http_tokens = "optional";
      },
      "no metadata options": (subject) => {
        delete templates(subject)[0].metadata_options;
      },
    },
  },
  {
    id: "IMDS-02",
    holds: (subject) =>
      templates(subject).forEach(({ metadata_options }) => {
        expect(metadata_options.http_put_response_hop_limit).toBe(1);
      }),
    breaks: {
      "two hops": (subject) => {
        templates(subject)[0].metadata_options.http_put_response_hop_limit = 2;
      },
    },
  },
  {
    id: "IMDS-03",
    holds: (subject) => {
      const names = Object.keys(subject.cluster.resource.aws_launch_template);
      // One in each zone that has a share of its pool: cpu and gpu in three, gpu-on-demand in two.
      expect(nodeGroups(subject).length).toBe(8);
      for (const group of nodeGroups(subject)) {
        expect(names.map((name) => `\${aws_launch_template.${name}.id}`)).toContain(group.launch_template?.id);
        expect(group.disk_size).toBeUndefined();
        expect(group.remote_access).toBeUndefined();
      }
    },
    breaks: {
      "EKS's own template": (subject) => {
        delete nodeGroups(subject)[2].launch_template;
      },
    },
  },
  {
    id: "NODE-01",
    holds: (subject) => {
      const gpu = nodeGroups(subject).filter(isGpu);
      expect(gpu.length).toBe(5);
      for (const group of gpu) {
        expect(group.ami_type).toMatch(/NVIDIA$/);
        expect(group.taint).toEqual([{ key: "nvidia.com/gpu", value: "true", effect: "NO_SCHEDULE" }]);
        const tags = resources(subject.cluster, "aws_autoscaling_group_tag")
          .filter((one) => one["//"].metadata.path.startsWith(group["//"].metadata.path.replace(/\/node-group$/, "/")))
          .map((one) => `${one.tag.key}=${one.tag.value}`);
        const template = "k8s.io/cluster-autoscaler/node-template";
        expect(tags).toContain(`${template}/taint/nvidia.com/gpu=true:NoSchedule`);
        expect(tags).toContain(`${template}/resources/nvidia.com/gpu=1`);
        for (const [label, value] of Object.entries(group.labels)) {
          expect(tags).toContain(`${template}/label/${label}=${value}`);
        }
      }
    },
    breaks: {
      "no taint": (subject) => {
        nodeGroups(subject).filter(isGpu)[0].taint = [];
      },
      "the autoscaler does not know the taint": ({ cluster }) => {
        const [name] = Object.entries<Json>(cluster.resource.aws_autoscaling_group_tag).find(([, { tag }]) =>
          tag.key.includes("/taint/"),
        ) as [string, Json];
        delete cluster.resource.aws_autoscaling_group_tag[name];
      },
    },
  },
  {
    id: "NODE-02",
    holds: (subject) => {
      for (const group of workers(subject)) {
        const { containers, tolerations, nodeSelector } = group.template.spec;
        const gpus = Number(containers[0].resources.limits["nvidia.com/gpu"] ?? 0);
        expect(tolerations).toEqual(
          gpus > 0 ? [{ key: "nvidia.com/gpu", operator: "Equal", value: "true", effect: "NoSchedule" }] : [],
        );
        const labels = nodeGroups(subject).filter(
          (one) => one.labels["ray-platform/pool-group"] === nodeSelector["ray-platform/pool-group"],
        );
        expect(labels.length).toBeGreaterThan(0);
        expect(labels.every(isGpu)).toBe(gpus > 0);
      }
      expect(headSpec(subject).tolerations).toEqual([]);
    },
    breaks: {
      "a GPU worker without toleration": (subject) => {
        workers(subject)[1].template.spec.tolerations = [];
      },
      "the head tolerates GPU nodes": (subject) => {
        headSpec(subject).tolerations = [{ operator: "Exists" }];
      },
    },
  },
  {
    id: "EBS-01",
    holds: (subject) =>
      templates(subject).forEach(({ block_device_mappings }) => {
        expect(block_device_mappings.length).toBeGreaterThan(0);
        for (const { ebs } of block_device_mappings) {
          expect(ebs.encrypted).toBe("true");
        }
      }),
    breaks: {
      "not encrypted": (subject) => {
        templates(subject)[0].block_device_mappings[0].ebs.encrypted = "false";
      },
      "the AMI's own volume": (subject) => {
        templates(subject)[2].block_device_mappings = [];
      },
    },
  },
  {
    id: "NET-01",
    holds: (subject) => {
      const { cluster } = subject;
      expect(egress(cluster).map((rule) => rule.cidr_ipv4 ?? rule.prefix_list_id)).toEqual([
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        expect.stringMatching(/^\$\{lookup\(data\.terraform_remote_state\.network\.outputs\.prefix_list_ids, "s3"/),
      ]);
      expect(egress(cluster)[3]).toMatchObject({ ip_protocol: "tcp", from_port: 443, to_port: 443 });
      const [group] = Object.keys(cluster.resource.aws_security_group);
      expect(resources(cluster, "aws_security_group")[0].egress).toBeUndefined();
      for (const template of templates(subject)) {
        expect(template.vpc_security_group_ids).toEqual([`\${aws_security_group.${group}.id}`]);
      }
      for (const group of nodeGroups(subject)) {
        expect(
          group.depends_on.filter((name: string) => name.startsWith("aws_vpc_security_group_egress_rule.")).length,
        ).toBe(4);
      }
    },
    breaks: {
      "the internet": ({ cluster }) => {
        egress(cluster)[0].cidr_ipv4 = "0.0.0.0/0";
      },
      "a further range": ({ cluster }) => {
        cluster.resource.aws_vpc_security_group_egress_rule.other = { cidr_ipv4: "100.64.0.0/10", ip_protocol: "-1" };
      },
      "EKS's own security group, with open egress": (subject) => {
        templates(subject)[0].vpc_security_group_ids.push(
          "${aws_eks_cluster.c.vpc_config[0].cluster_security_group_id}",
        );
      },
      "no security group named, so that EKS attaches its own": (subject) => {
        delete templates(subject)[0].vpc_security_group_ids;
      },
    },
  },
  {
    id: "NET-02",
    holds: ({ cluster }) => {
      const [group] = Object.keys(cluster.resource.aws_security_group);
      const toNodes = ingress(cluster).filter(
        (rule) => rule.security_group_id === `\${aws_security_group.${group}.id}`,
      );
      const fromNodes = toNodes.filter((rule) => rule.referenced_security_group_id === rule.security_group_id);
      const fromControlPlane = toNodes.filter((rule) =>
        /cluster_security_group_id\}$/.test(rule.referenced_security_group_id),
      );
      expect(fromNodes.length + fromControlPlane.length).toBe(toNodes.length);
      expect(fromNodes.length).toBe(1);
      expect(fromControlPlane.map((rule) => rule.from_port).sort((a, b) => a - b)).toEqual([
        443, 4443, 6443, 8443, 9443, 10250, 10251,
      ]);
      expect(fromControlPlane.every((rule) => rule.ip_protocol === "tcp" && rule.from_port === rule.to_port)).toBe(
        true,
      );
    },
    breaks: {
      "SSH from anywhere in the VPC": ({ cluster }) => {
        const rule = resource(cluster, "aws_vpc_security_group_ingress_rule", "/from-nodes");
        cluster.resource.aws_vpc_security_group_ingress_rule.ssh = {
          ...rule,
          referenced_security_group_id: undefined,
          cidr_ipv4: "10.0.0.0/8",
          ip_protocol: "tcp",
          from_port: 22,
          to_port: 22,
        };
      },
      "kubelet out of reach": ({ cluster }) => {
        const [name] = Object.entries<Json>(cluster.resource.aws_vpc_security_group_ingress_rule).find(
          ([, rule]) => rule.from_port === 10250,
        ) as [string, Json];
        delete cluster.resource.aws_vpc_security_group_ingress_rule[name];
      },
    },
  },
  {
    id: "NET-03",
    holds: ({ network, cluster }) => {
      for (const stack of [network, cluster]) {
        expect(ingress(stack).filter((rule) => open.includes(rule.cidr_ipv4) || open.includes(rule.cidr_ipv6))).toEqual(
          [],
        );
        for (const group of resources(stack, "aws_security_group")) {
          expect(group.ingress).toBeUndefined();
        }
      }
      const [unused] = resources(network, "aws_default_security_group");
      expect(unused.ingress).toBeUndefined();
      expect(unused.egress).toBeUndefined();
    },
    breaks: {
      "open to the world": ({ network }) => {
        ingress(network)[0].cidr_ipv4 = "0.0.0.0/0";
      },
      "the default group admits traffic": ({ network }) => {
        resources(network, "aws_default_security_group")[0].ingress = [{ protocol: "-1", self: true }];
      },
    },
  },
  {
    id: "NET-04",
    holds: (subject) => {
      const { network } = subject;
      expect(network.resource.aws_internet_gateway).toBeUndefined();
      expect(network.resource.aws_nat_gateway).toBeUndefined();
      expect(network.resource.aws_route).toBeUndefined();
      expect(resources(network, "aws_subnet").map((subnet) => subnet.map_public_ip_on_launch)).toEqual([
        false,
        false,
        false,
      ]);
      expect(
        Object.values<string>(network.output.node_subnet_ids.value).every((id) => id.includes("node-subnet")),
      ).toBe(true);
      for (const group of nodeGroups(subject)) {
        expect(
          group.subnet_ids.every((id: string) => id.includes("terraform_remote_state.network.outputs.node_subnet_ids")),
        ).toBe(true);
      }
    },
    breaks: {
      "a route to the internet": ({ network }) => {
        network.resource.aws_route = { out: { destination_cidr_block: "0.0.0.0/0", gateway_id: "igw-1" } };
      },
      "public addresses": ({ network }) => {
        resources(network, "aws_subnet")[0].map_public_ip_on_launch = true;
      },
      "nodes elsewhere": (subject) => {
        nodeGroups(subject)[0].subnet_ids = ["subnet-public"];
      },
    },
  },
  {
    id: "NET-05",
    holds: ({ network, config }) => {
      const endpoints = resources(network, "aws_vpc_endpoint");
      const services = endpoints
        .map((endpoint) => endpoint.service_name.replace("com.amazonaws.us-east-1.", ""))
        .sort();
      for (const needed of [
        "ec2",
        "ecr.api",
        "ecr.dkr",
        "s3",
        "sts",
        "eks",
        "logs",
        "ssm",
        "ssmmessages",
        "ec2messages",
        "autoscaling",
        "sqs",
      ]) {
        expect(services).toContain(needed);
      }
      const [group] = Object.keys(network.resource.aws_security_group);
      for (const endpoint of endpoints.filter((one) => one.vpc_endpoint_type === "Interface")) {
        expect(endpoint.private_dns_enabled).toBe(true);
        expect(endpoint.security_group_ids).toEqual([`\${aws_security_group.${group}.id}`]);
      }
      expect(ingress(network).map((rule) => rule.cidr_ipv4)).toEqual(config.environments[0]?.network.nodeSubnetCidrs);
      expect(
        ingress(network).every((rule) => rule.ip_protocol === "tcp" && rule.from_port === 443 && rule.to_port === 443),
      ).toBe(true);
    },
    breaks: {
      "no endpoint for ECR": ({ network }) => {
        delete network.resource.aws_vpc_endpoint[
          Object.keys(network.resource.aws_vpc_endpoint).find((name) => name.includes("ecrapi")) as string
        ];
      },
      "another port": ({ network }) => {
        ingress(network)[0].from_port = 0;
      },
      "from anywhere": ({ network }) => {
        ingress(network)[0].cidr_ipv4 = "10.0.0.0/8";
      },
    },
  },
  {
    id: "NET-06",
    holds: ({ network }) => {
      const [flowLog] = resources(network, "aws_flow_log");
      expect(flowLog).toMatchObject({ traffic_type: "ALL", vpc_id: expect.stringMatching(/^\$\{aws_vpc\./) });
      const [logGroup] = resources(network, "aws_cloudwatch_log_group");
      expect(logGroup.kms_key_id).toMatch(/^\$\{aws_kms_key\./);
    },
    breaks: {
      "rejected traffic only": ({ network }) => {
        resources(network, "aws_flow_log")[0].traffic_type = "REJECT";
      },
      "no flow log": ({ network }) => {
        delete network.resource.aws_flow_log;
      },
      "not encrypted": ({ network }) => {
        delete resources(network, "aws_cloudwatch_log_group")[0].kms_key_id;
      },
    },
  },
  {
    id: "EKS-01",
    holds: (subject) => {
      expect(eks(subject).vpc_config.endpoint_private_access).toBe(true);
      expect(resources(subject.publicEndpoint, "aws_eks_cluster")[0].vpc_config.endpoint_private_access).toBe(true);
    },
    breaks: {
      "public only": ({ publicEndpoint }) => {
        resources(publicEndpoint, "aws_eks_cluster")[0].vpc_config.endpoint_private_access = false;
      },
    },
  },
  {
    id: "EKS-02",
    holds: (subject) => {
      expect(eks(subject).vpc_config.endpoint_public_access).toBe(false);
      const named = resources(subject.publicEndpoint, "aws_eks_cluster")[0].vpc_config;
      expect(named).toMatchObject({ endpoint_public_access: true, public_access_cidrs: ["198.51.100.0/24"] });
    },
    breaks: {
      "left to the provider, which opens it": (subject) => {
        delete eks(subject).vpc_config.endpoint_public_access;
      },
      "open to the world": ({ publicEndpoint }) => {
        resources(publicEndpoint, "aws_eks_cluster")[0].vpc_config.public_access_cidrs = ["0.0.0.0/0"];
      },
    },
  },
  {
    id: "EKS-03",
    holds: (subject) => {
      expect([...eks(subject).enabled_cluster_log_types].sort()).toEqual([
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
      ]);
    },
    breaks: {
      "no audit log": (subject) => {
        eks(subject).enabled_cluster_log_types = ["api"];
      },
    },
  },
  {
    id: "EKS-04",
    holds: (subject) => {
      expect(eks(subject).access_config).toEqual({
        authentication_mode: "API",
        bootstrap_cluster_creator_admin_permissions: false,
      });
      const cluster = resources(subject.cluster, "aws_eks_access_policy_association").filter(
        (one) => one.access_scope.type === "cluster",
      );
      const entries = cluster.map((one) => [one["//"].metadata.path.split("/").pop(), one.policy_arn.split("/").pop()]);
      expect(Object.fromEntries(entries)).toEqual({
        "administrator-policy": "AmazonEKSClusterAdminPolicy",
        "viewer-policy": "AmazonEKSViewPolicy",
        "apply-policy": "AmazonEKSClusterAdminPolicy",
      });
      // A role that was made again has another id, and the entry of the old one is dead.
      for (const one of resources(subject.cluster, "aws_eks_access_entry")) {
        expect(one.lifecycle.replace_triggered_by[0]).toMatch(/^terraform_data\./);
      }
    },
    breaks: {
      "the creator is administrator": (subject) => {
        eks(subject).access_config.bootstrap_cluster_creator_admin_permissions = true;
      },
      "aws-auth counts too": (subject) => {
        eks(subject).access_config.authentication_mode = "API_AND_CONFIG_MAP";
      },
      "plan has the whole cluster": ({ cluster }) => {
        resource(cluster, "aws_eks_access_policy_association", "plan-policy").access_scope = { type: "cluster" };
      },
    },
  },
  {
    id: "TLS-01",
    holds: ({ bootstrap, network, cluster, workloads }) => {
      const documents = [
        ...resources(bootstrap, "aws_s3_bucket_policy"),
        ...resources(cluster, "aws_sqs_queue_policy"),
        ...resources(network, "aws_vpc_endpoint").filter((endpoint) => endpoint.vpc_endpoint_type === "Gateway"),
      ];
      expect(documents.length).toBe(4);
      for (const document of documents) {
        expect(statement(policy(document.policy), "DenyInsecureTransport")).toMatchObject({
          Effect: "Deny",
          Principal: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        });
      }
      const [helm] = workloads.provider.helm;
      expect(helm.kubernetes.cluster_ca_certificate).toBe(
        "${data.terraform_remote_state.cluster.outputs.cluster_certificate_authority}",
      );
      expect(cluster.output.cluster_certificate_authority.value).toMatch(/^\$\{base64decode\(aws_eks_cluster\./);
      expect(helm.kubernetes.insecure).toBeUndefined();
    },
    breaks: {
      "a queue in clear text": ({ cluster }) => {
        rewrite(resources(cluster, "aws_sqs_queue_policy")[0], "policy", (document) => document.Statement.pop());
      },
      "the API's certificate unchecked": ({ workloads }) => {
        workloads.provider.helm[0].kubernetes.insecure = true;
      },
    },
  },
  {
    id: "SQS-01",
    holds: ({ cluster }) => {
      const queues = resources(cluster, "aws_sqs_queue");
      expect(queues.map((queue) => queue.sqs_managed_sse_enabled)).toEqual([true, true]);
      const queue = resource(cluster, "aws_sqs_queue", "interruption/queue");
      expect(policy(queue.redrive_policy).deadLetterTargetArn).toMatch(/^\$\{aws_sqs_queue\.interruption_dead-letters/);
      expect(resources(cluster, "aws_cloudwatch_event_rule").length).toBe(5);
      const document = policy(resource(cluster, "aws_sqs_queue_policy", "queue-policy").policy);
      const allowed = document.Statement.filter((one: Json) => one.Effect === "Allow");
      expect(allowed.length).toBe(1);
      expect(allowed[0].Principal).toEqual({ Service: "events.amazonaws.com" });
      expect(allowed[0].Condition.ArnEquals["aws:SourceArn"].map((arn: string) => arn.split("/").pop()).sort()).toEqual(
        resources(cluster, "aws_cloudwatch_event_rule")
          .map((rule) => rule.name)
          .sort(),
      );
    },
    breaks: {
      "not encrypted": ({ cluster }) => {
        resource(cluster, "aws_sqs_queue", "interruption/queue").sqs_managed_sse_enabled = false;
      },
      "anyone's rules": ({ cluster }) =>
        rewrite(resource(cluster, "aws_sqs_queue_policy", "queue-policy"), "policy", (document) => {
          delete statement(document, "OurRules").Condition;
        }),
      "no dead-letter queue": ({ cluster }) => {
        resource(cluster, "aws_sqs_queue", "interruption/queue").redrive_policy = "{}";
      },
    },
  },
  {
    id: "OPA-03",
    holds: ({ config }) => {
      expect(limitViolations(config.environments[0] as Json, config.limits)).toEqual([]);
    },
    breaks: Object.fromEntries(
      (
        [
          ["region", (one) => (one.region = "ap-south-1")],
          ["nodes in a group", (one) => (one.pools[0].maxSize = 21)],
          ["GPU nodes", (one) => (one.pools[1].maxSize = 10)],
          ["instance type", (one) => (one.pools[0].instanceTypes = ["x2iedn.32xlarge"])],
          ["volume", (one) => (one.pools[0].volume.sizeGib = 501)],
          ["minimum equal to maximum", (one) => (one.pools[0].minSize = one.pools[0].maxSize)],
          ["tag", (one) => delete one.tags.ManagedBy],
          ["CPU of a worker", (one) => (one.ray.workerGroups[0].cpu = 17)],
          ["memory of a worker", (one) => (one.ray.workerGroups[0].memoryGib = 65)],
          ["GPUs of a worker", (one) => (one.ray.workerGroups[0].gpus = 5)],
          ["workers", (one) => (one.ray.workerGroups[0].maxReplicas = 51)],
        ] as [string, (environment: Json) => unknown][]
      ).map(([name, change]) => [name, ({ config }: Subject) => void change(config.environments[0])]),
    ),
  },
  {
    id: "OPA-04",
    holds: ({ workloads, config }) => {
      const { admission } = JSON.parse(resource(workloads, "helm_release", "dev-workloads/cluster-base").values[0]);
      expect(admission).toEqual({
        action: "deny",
        operator: "system:serviceaccount:kuberay-system:kuberay-operator",
        limits: config.limits.ray,
      });
    },
    breaks: {
      "violations are only written down": ({ workloads }) => {
        const release = resource(workloads, "helm_release", "dev-workloads/cluster-base");
        release.values = [release.values[0].replace('"action":"deny"', '"action":"audit"')];
      },
      "another limit than that of the policies": ({ workloads }) => {
        const release = resource(workloads, "helm_release", "dev-workloads/cluster-base");
        release.values = [release.values[0].replace('"max_total_workers":50', '"max_total_workers":500')];
      },
    },
  },
  {
    id: "TAG-01",
    holds: ({ bootstrap, network, cluster, workloads }) => {
      const tags = { ManagedBy: "ray-platform", Environment: "dev", Repository: "acme/ml-platform" };
      for (const stack of [bootstrap, network, cluster, workloads]) {
        expect(stack.provider.aws[0].alias).toBeUndefined();
        expect(stack.provider.aws[0].default_tags[0].tags).toMatchObject(tags);
      }
      // AWS makes the default security group, without tags; nothing that the stacks make goes without.
      const untagged = [bootstrap, network, cluster, workloads].flatMap((stack) =>
        Object.entries<Json>(stack.resource).flatMap(([type, instances]) =>
          Object.values<Json>(instances).flatMap(({ provider }) => (provider === undefined ? [] : [type])),
        ),
      );
      expect(untagged).toEqual(["aws_default_security_group"]);
      for (const template of resources(cluster, "aws_launch_template")) {
        expect(template.tag_specifications.map((one: Json) => one.resource_type)).toEqual([
          "instance",
          "volume",
          "network-interface",
        ]);
        template.tag_specifications.forEach((one: Json) => expect(one.tags).toMatchObject(tags));
      }
    },
    breaks: {
      "no default tags": ({ network }) => {
        network.provider.aws[0].default_tags = [{ tags: {} }];
      },
      "untagged volumes": ({ cluster }) => {
        resources(cluster, "aws_launch_template")[0].tag_specifications.splice(1, 1);
      },
    },
  },
  {
    id: "POD-01",
    holds: (subject) => {
      for (const spec of podSpecs(subject)) {
        expect(spec.securityContext).toMatchObject({
          runAsUser: 1000,
          runAsGroup: 1000,
          fsGroup: 1000,
          runAsNonRoot: true,
        });
        for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
          expect(container.securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000, runAsNonRoot: true });
        }
      }
      expect(subject.values.rayCluster.spec.autoscalerOptions.securityContext).toMatchObject({
        runAsUser: 1000,
        runAsNonRoot: true,
      });
    },
    breaks: {
      root: (subject) => {
        headSpec(subject).securityContext.runAsUser = 0;
      },
      "a sidecar as root": (subject) => {
        subject.values.rayCluster.spec.autoscalerOptions.securityContext.runAsNonRoot = false;
      },
    },
  },
  {
    id: "POD-02",
    holds: ({ values }) => {
      expect(validateValues(values) ? [] : validateValues.errors).toEqual([]);
    },
    breaks: Object.fromEntries(
      (
        [
          ["privilege escalation", (container) => (container.securityContext.allowPrivilegeEscalation = true)],
          ["privileged", (container) => (container.securityContext.privileged = true)],
          ["a capability kept", (container) => (container.securityContext.capabilities = { drop: ["NET_RAW"] })],
          ["a capability added", (container) => (container.securityContext.capabilities.add = ["SYS_ADMIN"])],
          ["no seccomp", (container) => delete container.securityContext.seccompProfile],
          ["no security context", (container) => delete container.securityContext],
          ["no requests", (container) => delete container.resources.requests],
          // That `latest` is no tag is a rule of the chart itself: verify/bad-chart-values.mjs sees Helm refuse it.
          ["no tag", (container) => (container.image = container.image.replace(/:[^:]*$/, ""))],
        ] as [string, (container: Json) => unknown][]
      ).map(([name, change]) => [
        name,
        (subject: Subject) => void change(workers(subject)[0].template.spec.containers[0]),
      ]),
    ),
  },
  {
    id: "POD-03",
    holds: ({ workloads }) => {
      const { namespaces } = JSON.parse(resource(workloads, "helm_release", "dev-workloads/cluster-base").values[0]);
      const standard = Object.fromEntries(namespaces.map((one: Json) => [one.name, one.podSecurity]));
      expect(standard).toEqual({ "kuberay-system": "restricted", ray: "restricted", "gpu-system": "privileged" });
      const ray = resource(workloads, "helm_release", "dev-workloads/ray");
      expect(ray.namespace).toBe("ray");
      expect(ray.create_namespace).toBe(false);
    },
    breaks: {
      "baseline only": ({ workloads }) => {
        const release = resource(workloads, "helm_release", "dev-workloads/cluster-base");
        release.values = [
          release.values[0].replace('"name":"ray","podSecurity":"restricted"', '"name":"ray","podSecurity":"baseline"'),
        ];
      },
      "Helm makes an unlabelled namespace": ({ workloads }) => {
        resource(workloads, "helm_release", "dev-workloads/ray").create_namespace = true;
      },
    },
  },
  {
    id: "POD-04",
    holds: ({ values, cluster }) => {
      expect(values.networkPolicy).toEqual({
        operatorNamespace: "kuberay-system",
        monitoringNamespace: null,
        apiServerCidrs: ["10.0.0.0/16", "10.100.0.1/32", "172.20.0.1/32"],
        redis: null,
        data: null,
        egress: expect.any(Array),
      });
      // Without this the VPC CNI enforces no policy at all.
      expect(JSON.parse(resource(cluster, "aws_eks_addon", "vpc-cni").configuration_values)).toEqual({
        enableNetworkPolicy: "true",
      });
      const chart = readFileSync(join(__dirname, "../../templates/helm/ray/templates/networkpolicies.yaml"), "utf8");
      expect(chart).toMatch(
        /name: default-deny\nspec:\n {2}podSelector: \{\}\n {2}policyTypes: \[Ingress, Egress\]\n---/,
      );
      // The sentence names what each of these lets through.
      expect([...chart.matchAll(/^ {2}name: (\S+)$/gm)].map(([, name]) => name)).toEqual([
        "default-deny",
        "allow-dns",
        "allow-ray-internal",
        "allow-operator",
        "allow-api-server",
        "allow-metrics",
        "allow-redis",
        "allow-data",
        "allow-egress",
      ]);
    },
    breaks: {
      "nothing enforces the policies": ({ cluster }) => {
        resource(cluster, "aws_eks_addon", "vpc-cni").configuration_values = "{}";
      },
      "the API server's range is everything": ({ values }) => {
        values.networkPolicy.apiServerCidrs = ["0.0.0.0/0"];
      },
    },
  },
  {
    id: "RAY-01",
    holds: ({ values }) => {
      expect(values.rayCluster.spec.authOptions).toEqual({ mode: "token" });
    },
    breaks: {
      "no token": ({ values }) => {
        delete values.rayCluster.spec.authOptions;
      },
    },
  },
  {
    id: "STATE-01",
    holds: ({ bootstrap, network, cluster, workloads }) => {
      for (const stack of [network, cluster, workloads]) {
        expect(stack.terraform.backend.s3).toMatchObject({ bucket: expect.any(String), use_lockfile: true });
        // With `encrypt` alone the backend would ask for AES256 instead of the bucket's key.
        expect(stack.terraform.backend.s3.encrypt).toBeUndefined();
      }
      expect(network.terraform.backend.s3.bucket).toBe(resources(bootstrap, "aws_s3_bucket")[0].bucket);
      const [{ rule }] = resources(bootstrap, "aws_s3_bucket_server_side_encryption_configuration");
      expect(rule[0].apply_server_side_encryption_by_default).toEqual({
        sse_algorithm: "aws:kms",
        kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\./),
      });
      expect(resources(bootstrap, "aws_s3_bucket_versioning")[0].versioning_configuration.status).toBe("Enabled");
      expect(resources(bootstrap, "aws_s3_bucket_public_access_block")[0]).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    },
    breaks: {
      "no lock": ({ cluster }) => {
        cluster.terraform.backend.s3.use_lockfile = false;
      },
      "AWS's own key": ({ bootstrap }) => {
        resources(
          bootstrap,
          "aws_s3_bucket_server_side_encryption_configuration",
        )[0].rule[0].apply_server_side_encryption_by_default.sse_algorithm = "AES256";
      },
      "no versions": ({ bootstrap }) => {
        resources(bootstrap, "aws_s3_bucket_versioning")[0].versioning_configuration.status = "Suspended";
      },
    },
  },
];

let pristine: Subject;

beforeAll(() => {
  const config = platform();
  const { stacks, values } = synthesize(config);
  const clusterOf = (name: string): Json =>
    (synthesize((configs[name] as () => typeof config)()) as Synthesis).stacks["dev-cluster"];
  const { stacks: data } = synthesize((configs["data for Ray"] as () => typeof config)()) as Synthesis;
  pristine = {
    config,
    bootstrap: stacks["dev-bootstrap"],
    network: stacks["dev-network"],
    cluster: stacks["dev-cluster"],
    workloads: stacks["dev-workloads"],
    values: values.dev,
    publicEndpoint: clusterOf("public endpoint"),
    givenKey: clusterOf("given KMS key"),
    withData: { bootstrap: data["dev-bootstrap"], cluster: data["dev-cluster"] },
  };
});

test("each control that stacks can show has a row, and each row a control", () => {
  const ids = controls.filter((control) => control.tested === "synth").map((control) => control.id);
  expect(rows.map((row) => row.id)).toEqual(ids);
});

describe.each(rows)("$id", ({ id, holds, breaks }) => {
  test(controls.find((control) => control.id === id)?.sentence ?? id, () => {
    holds(structuredClone(pristine));
  });

  test.each(Object.entries(breaks))("is seen to break: %s", (_, breakIt) => {
    const subject = structuredClone(pristine);
    breakIt(subject);
    expect(() => holds(subject)).toThrow();
  });
});
