// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { ControlState } from "../../src/controls/control-record";
import { type Json, policy, resources, type Synthesis } from "../templates/synthesize";

/** What one environment's stacks and manifests show of each control, without a look at the options. */
export interface Evidence {
  readonly bootstrap: Json;
  /** Undefined for a given VPC. */
  readonly network: Json | undefined;
  readonly cluster: Json;
  readonly workloads: Json;
  readonly values: Json;
}

/** The synthesized output of an environment. */
export function evidenceOf({ stacks, values }: Synthesis, environment: string): Evidence {
  return {
    bootstrap: stacks[`${environment}-bootstrap`],
    network: stacks[`${environment}-network`],
    cluster: stacks[`${environment}-cluster`],
    workloads: stacks[`${environment}-workloads`],
    values: values[environment],
  };
}

const OPEN = ["0.0.0.0/0", "::/0"];
const held = (condition: boolean): ControlState | "broken" => (condition ? "held" : "broken");
const all = (evidence: Evidence): Json[] => [
  evidence.bootstrap,
  ...(evidence.network === undefined ? [] : [evidence.network]),
  evidence.cluster,
  evidence.workloads,
];
const ofAll = (evidence: Evidence, type: string): Json[] => all(evidence).flatMap((stack) => resources(stack, type));
const trusts = (one: Json): Json[] => policy(one.assume_role_policy).Statement;
const byWebIdentity = (one: Json, issuer: RegExp): boolean =>
  trusts(one).some(({ Action, Condition }) =>
    String(Action).includes("WebIdentity") ? issuer.test(JSON.stringify(Condition)) : false,
  );
const gitHubRoles = ({ bootstrap }: Evidence): Json[] =>
  resources(bootstrap, "aws_iam_role").filter((one) => byWebIdentity(one, /token\.actions\.githubusercontent\.com/));
const podRoles = ({ cluster }: Evidence): Json[] =>
  resources(cluster, "aws_iam_role").filter((one) => one.name.endsWith("-irsa"));
const rayRoles = (evidence: Evidence): Json[] =>
  podRoles(evidence).filter((one) => JSON.stringify(trusts(one)).includes("system:serviceaccount:ray:"));
const key = ({ cluster }: Evidence): Json | undefined => resources(cluster, "aws_kms_key")[0];
const eks = ({ cluster }: Evidence): Json => resources(cluster, "aws_eks_cluster")[0];
const groups = ({ cluster }: Evidence): Json[] => resources(cluster, "aws_eks_node_group");
const templates = ({ cluster }: Evidence): Json[] => resources(cluster, "aws_launch_template");
const gpuGroups = (evidence: Evidence): Json[] =>
  groups(evidence).filter(({ labels }) => labels["nvidia.com/gpu.present"] === "true");
const rayCluster = ({ values }: Evidence): Json => values.rayCluster?.spec ?? values.rayService.spec.rayClusterConfig;
const specs = (evidence: Evidence): Json[] => [
  rayCluster(evidence).headGroupSpec.template.spec,
  ...rayCluster(evidence).workerGroupSpecs.map((group: Json) => group.template.spec),
];
const isGpuSpec = (spec: Json): boolean =>
  spec.containers.some((container: Json) => "nvidia.com/gpu" in (container.resources?.limits ?? {}));
const without = (owner: Json | undefined, rest: ControlState | "broken"): ControlState | "broken" =>
  owner === undefined ? "delegated" : rest;
const denies = (text: string): boolean =>
  policy(text).Statement.some(
    ({ Effect, Condition }: Json) =>
      Effect === "Deny" && JSON.stringify(Condition ?? {}).includes('"aws:SecureTransport":"false"'),
  );

/**
 * What the state of each control is according to the synthesized output. It must be what the records say of the options; how
 * each control is broken is tried in test/templates/security-document/.
 */
export const EVIDENCE: Readonly<Record<string, (evidence: Evidence) => ControlState | "broken">> = {
  "OIDC-01": (evidence) =>
    gitHubRoles(evidence).length === 0 ? "absent" : held(ofAll(evidence, "aws_iam_access_key").length === 0),
  "OIDC-02": (evidence) =>
    gitHubRoles(evidence).length === 0
      ? "absent"
      : held(
          gitHubRoles(evidence).every((one) =>
            trusts(one).every(
              ({ Condition }) =>
                Object.keys(Condition).join() === "StringEquals" && !JSON.stringify(Condition).includes("*"),
            ),
          ),
        ),
  "OIDC-03": (evidence) =>
    gitHubRoles(evidence).length === 0
      ? "absent"
      : held(
          gitHubRoles(evidence)
            .filter(({ name }) => name.endsWith("-apply"))
            .every((one) => byWebIdentity(one, /:environment:/)),
        ),
  "IAM-01": (evidence) => {
    const roles = [evidence.network, evidence.cluster].flatMap((stack) =>
      stack === undefined ? [] : resources(stack, "aws_iam_role"),
    );
    return roles.some(({ permissions_boundary }) => permissions_boundary === undefined)
      ? "broken"
      : roles.every(({ permissions_boundary }) => /:policy\/.*-boundary$/.test(permissions_boundary))
        ? "held"
        : "weakened";
  },
  "IAM-02": ({ bootstrap }) => held(resources(bootstrap, "aws_iam_policy").length > 0),
  "IAM-03": ({ bootstrap }) =>
    resources(bootstrap, "aws_iam_role").some(({ name }) => name.endsWith("-administrator")) ? "held" : "absent",
  "IRSA-01": (evidence) =>
    held(podRoles(evidence).every((one) => byWebIdentity(one, /:sub.*system:serviceaccount:[a-z-]+:[a-z0-9-]+"/))),
  "IRSA-02": (evidence) => held(podRoles(evidence).some(({ name }) => name.endsWith("-autoscaler-irsa"))),
  "IRSA-03": (evidence) => held(podRoles(evidence).some(({ name }) => name.endsWith("-nth-irsa"))),
  "IRSA-04": ({ cluster }) =>
    held(resources(cluster, "aws_iam_openid_connect_provider").every(({ url }) => url.includes("issuer"))),
  "IRSA-05": (evidence) =>
    held(
      ["vpc-cni", "ebs-csi"].every((name) => podRoles(evidence).some((role) => role.name.endsWith(`-${name}-irsa`))),
    ),
  "IRSA-06": (evidence) =>
    rayRoles(evidence).length === 0
      ? "absent"
      : rayRoles(evidence).every(({ permissions_boundary }) => /ray[a-z-]*boundary$/.test(permissions_boundary))
        ? "held"
        : "weakened",
  "KMS-01": (evidence) =>
    eks(evidence).encryption_config.provider.key_arn.includes("aws_kms_key.") ? "held" : "weakened",
  "KMS-02": (evidence) => without(key(evidence), held(key(evidence)?.enable_key_rotation === true)),
  "KMS-03": (evidence) => without(key(evidence), held(key(evidence)?.deletion_window_in_days === 7)),
  "KMS-04": (evidence) =>
    without(key(evidence), held(policy(key(evidence)?.policy ?? '{"Statement":[]}').Statement.length === 3)),
  "KMS-05": (evidence) => (key(evidence) === undefined ? "held" : "absent"),
  "KMS-06": (evidence) =>
    held(
      resources(evidence.cluster, "aws_cloudwatch_log_group").every(
        ({ kms_key_id }) => kms_key_id === eks(evidence).encryption_config.provider.key_arn,
      ),
    ),
  "IMDS-01": (evidence) =>
    held(templates(evidence).every(({ metadata_options }) => metadata_options.http_tokens === "required")),
  "IMDS-02": (evidence) =>
    held(templates(evidence).every(({ metadata_options }) => metadata_options.http_put_response_hop_limit === 1)),
  "IMDS-03": (evidence) => held(groups(evidence).every(({ launch_template }) => launch_template !== undefined)),
  "NODE-01": (evidence) =>
    gpuGroups(evidence).length === 0
      ? "absent"
      : held(
          gpuGroups(evidence).every(({ taint }) =>
            taint.some((one: Json) => one.key === "nvidia.com/gpu" && one.effect === "NO_SCHEDULE"),
          ),
        ),
  "NODE-02": (evidence) =>
    specs(evidence).some(isGpuSpec)
      ? held(
          specs(evidence).every(
            (spec) => isGpuSpec(spec) === JSON.stringify(spec.tolerations ?? []).includes("nvidia.com/gpu"),
          ),
        )
      : "absent",
  "EBS-01": (evidence) =>
    held(
      templates(evidence).every(({ block_device_mappings }) =>
        block_device_mappings.every(({ ebs }: Json) => String(ebs.encrypted) === "true"),
      ),
    ),
  "NET-01": ({ cluster }) =>
    held(
      resources(cluster, "aws_vpc_security_group_egress_rule").every(
        ({ cidr_ipv4, cidr_ipv6 }) => !OPEN.includes(cidr_ipv4) && cidr_ipv6 === undefined,
      ),
    ),
  "NET-02": ({ cluster }) =>
    held(
      resources(cluster, "aws_vpc_security_group_ingress_rule").every(
        ({ referenced_security_group_id }) => referenced_security_group_id !== undefined,
      ),
    ),
  "NET-03": (evidence) =>
    held(ofAll(evidence, "aws_vpc_security_group_ingress_rule").every(({ cidr_ipv4 }) => !OPEN.includes(cidr_ipv4))),
  "NET-04": ({ network }) =>
    network === undefined
      ? "delegated"
      : resources(network, "aws_nat_gateway").length > 0
        ? "weakened"
        : held(resources(network, "aws_internet_gateway").length === 0),
  "NET-05": ({ network }) => without(network, held(network && resources(network, "aws_vpc_endpoint").length > 10)),
  "NET-06": ({ network }) => without(network, held(network && resources(network, "aws_flow_log").length === 1)),
  "EKS-01": (evidence) => held(eks(evidence).vpc_config.endpoint_private_access === true),
  "EKS-02": (evidence) =>
    eks(evidence).vpc_config.endpoint_public_access === false
      ? "held"
      : eks(evidence).vpc_config.public_access_cidrs.some((cidr: string) => OPEN.includes(cidr))
        ? "broken"
        : "weakened",
  "EKS-03": (evidence) => held(eks(evidence).enabled_cluster_log_types.length === 5),
  "EKS-04": (evidence) =>
    held(
      eks(evidence).access_config.authentication_mode === "API" &&
        eks(evidence).access_config.bootstrap_cluster_creator_admin_permissions === false,
    ),
  "TLS-01": ({ bootstrap, cluster }) =>
    held(
      [
        ...resources(bootstrap, "aws_s3_bucket_policy").map(({ policy: text }) => text),
        ...resources(cluster, "aws_sqs_queue_policy").map(({ policy: text }) => text),
      ].every(denies),
    ),
  "SQS-01": ({ cluster }) =>
    held(resources(cluster, "aws_sqs_queue").every((queue) => queue.sqs_managed_sse_enabled === true)),
  "OPA-03": () => "held",
  "OPA-04": ({ workloads }) => {
    const [release] = resources(workloads, "helm_release").filter(({ name }) => name === "cluster-base");
    const { action } = JSON.parse(release.values[0]).admission;
    return action === "deny" ? "held" : action === "audit" ? "weakened" : "broken";
  },
  "TAG-01": (evidence) =>
    held(
      all(evidence).every(({ provider }) =>
        ["ManagedBy", "Environment", "Repository"].every((tag) => tag in provider.aws[0].default_tags[0].tags),
      ),
    ),
  "POD-01": (evidence) =>
    held(
      specs(evidence).every(({ securityContext: { runAsUser, fsGroup } }) => runAsUser === 1000 && fsGroup === 1000),
    ),
  "POD-02": (evidence) =>
    held(
      specs(evidence).every(({ containers }) =>
        containers.every(({ securityContext }: Json) => securityContext.allowPrivilegeEscalation === false),
      ),
    ),
  "POD-03": ({ workloads }) =>
    held(
      resources(workloads, "helm_release").some(({ name, values }) =>
        name === "cluster-base" ? values[0].includes('"name":"ray","podSecurity":"restricted"') : false,
      ),
    ),
  "POD-04": ({ values }) => held(values.networkPolicy.operatorNamespace === "kuberay-system"),
  "RAY-01": (evidence) => (rayCluster(evidence).authOptions?.mode === "token" ? "held" : "absent"),
  "STATE-01": ({ bootstrap, cluster }) =>
    held(
      cluster.terraform.backend.s3.use_lockfile === true &&
        resources(bootstrap, "aws_s3_bucket_versioning").every(
          ({ versioning_configuration }) => versioning_configuration.status === "Enabled",
        ),
    ),
};
