// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { reasonOf, runJson } from "./run-program.mjs";

const inRegion = ({ region }) => ["--region", region, "--output", "json"];

/** The cluster, its add-ons and its node groups, as EKS sees them. */
export function checkCluster(report, environment) {
  const { cluster } = environment;
  const answer = runJson("aws", ["eks", "describe-cluster", "--name", cluster.name, ...inRegion(environment)]);
  if (!answer.ok) {
    const reason = reasonOf(answer);
    if (/ResourceNotFound|No cluster found/.test(reason)) {
      const fix = `deploy ${environment.name}-cluster, or check whether the region is ${environment.region}`;
      report.broken("cluster", "cluster-missing", reason, fix);
    } else {
      report.broken("cluster", "cluster-denied", reason, "use a role of the environment, such as the viewer's");
    }
    return;
  }
  const { status, version, health } = answer.value.cluster;
  const issues = health?.issues ?? [];
  if (status !== "ACTIVE") {
    report.broken(
      "cluster",
      "cluster-not-active",
      `it is ${status}`,
      "wait for it, or read its events in the EKS console",
    );
  } else {
    report.ok("cluster", `${cluster.name} is active, Kubernetes ${version}`);
  }
  for (const { code, message } of issues) {
    const isKey = /^Kms/.test(code);
    const name = isKey ? "kms-key-unusable" : "cluster-unhealthy";
    const fix = isKey ? "enable the key again, or cancel its deletion, at once" : "do what the message says";
    report.broken("cluster health", name, `${code}: ${message}`, fix);
  }
  if (issues.length === 0) {
    report.ok("cluster health", "no issue");
  }
  if (version !== cluster.version) {
    const detail = `the cluster runs ${version}, the options say ${cluster.version}`;
    report.broken("cluster version", "version-differs", detail, `deploy ${environment.name}-cluster`);
  }
  checkAddons(report, environment);
  checkNodeGroups(report, environment);
}

function checkAddons(report, environment) {
  const { cluster } = environment;
  const before = report.findings.length;
  for (const { name } of cluster.addons) {
    const args = ["eks", "describe-addon", "--cluster-name", cluster.name, "--addon-name", name];
    const answer = runJson("aws", [...args, ...inRegion(environment)]);
    if (!answer.ok) {
      if (/ResourceNotFound|No addon/.test(answer.stderr)) {
        report.broken("add-ons", "addon-missing", `${name}: ${reasonOf(answer)}`, `deploy ${environment.name}-cluster`);
      } else {
        report.notChecked("add-ons", reasonOf(answer));
      }
      continue;
    }
    const { status, health } = answer.value.addon;
    if (status !== "ACTIVE" && status !== "UPDATING") {
      const said = (health?.issues ?? []).map(({ code, message }) => `${code}: ${message}`).join("; ");
      report.broken("add-ons", "addon-degraded", `${name} is ${status}. ${said}`, "look at its pods in kube-system");
    }
  }
  if (report.findings.length === before) {
    report.ok("add-ons", cluster.addons.map(({ name }) => name).join(", "));
  }
}

/** What an issue of a node group comes from, by its code and its message, which quotes EC2. */
const CAUSES = [
  [
    /VcpuLimitExceeded|MaxSpotInstanceCountExceeded|vCPU (?:capacity )?limit/i,
    "quota-exceeded",
    "ask for a higher quota: node scripts/preflight.mjs names it",
  ],
  [
    /InsufficientInstanceCapacity|UnfulfillableCapacity|capacity-not-available|no Spot capacity|not have sufficient/i,
    "capacity-missing",
    "add instance types or zones to the pool, or raise gpuPool.fallbackMaxSize",
  ],
  [/KMS|kms/, "kms-key-unusable", "let the key's policy admit AWSServiceRoleForAutoScaling, and enable the key"],
  [
    /ServiceLinkedRole|service-linked role/i,
    "service-role-missing",
    "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com (or autoscaling.amazonaws.com)",
  ],
  [/NodeCreationFailure|failed to join/i, "nodes-not-joined", "look at the VPC endpoints, and at the add-on vpc-cni"],
  [/PodEvictionFailure/i, "drain-stuck", "delete the head's pod when no job runs, and deploy again"],
  [/InsufficientFreeAddresses/i, "addresses-exhausted", "free addresses, or choose a larger network.vpcCidr"],
];

function checkNodeGroups(report, environment) {
  const { cluster, pools } = environment;
  const list = runJson("aws", ["eks", "list-nodegroups", "--cluster-name", cluster.name, ...inRegion(environment)]);
  if (!list.ok) {
    report.notChecked("node groups", reasonOf(list));
    return;
  }
  for (const { name } of pools.flatMap((pool) => pool.nodeGroups)) {
    const deployed = (list.value.nodegroups ?? []).find((one) => isOfGroup(one, name));
    if (deployed === undefined) {
      report.broken(`node group ${name}`, "nodegroup-missing", "EKS has none", `deploy ${environment.name}-cluster`);
    } else {
      checkNodeGroup(report, environment, `node group ${name}`, deployed);
    }
  }
}

function checkNodeGroup(report, environment, check, name) {
  const args = ["eks", "describe-nodegroup", "--cluster-name", environment.cluster.name, "--nodegroup-name", name];
  const answer = runJson("aws", [...args, ...inRegion(environment)]);
  if (!answer.ok) {
    report.notChecked(check, reasonOf(answer));
    return;
  }
  const { status, health, scalingConfig } = answer.value.nodegroup;
  const issues = health?.issues ?? [];
  for (const { code, message } of issues) {
    const [, cause, fix] = CAUSES.find(([pattern]) => pattern.test(`${code} ${message}`)) ?? [
      undefined,
      "nodegroup-unhealthy",
      "do what the message says",
    ];
    report.broken(check, cause, `${code}: ${message}`, fix);
  }
  if (issues.length === 0 && !["ACTIVE", "UPDATING"].includes(status)) {
    report.broken(check, "nodegroup-unhealthy", `it is ${status}`, "read its events in the EKS console");
  } else if (issues.length === 0) {
    report.ok(check, `${status}, ${scalingConfig?.minSize} to ${scalingConfig?.maxSize} nodes`);
  }
}

/** Whether a node group of EKS is one of the configuration: Terraform ends its name with digits of its own. */
export function isOfGroup(nodeGroup, name) {
  return nodeGroup.startsWith(`${name}-`) && /^[0-9a-f]{26}$/.test(nodeGroup.slice(name.length + 1));
}
