// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isOfGroup } from "./cluster.mjs";
import { conditionOf, getObjects } from "./kubernetes.mjs";

/** The nodes of each pool, as Kubernetes sees them. */
export function checkNodes(report, { pools }) {
  const nodes = getObjects(["nodes"]);
  if (nodes.reason !== undefined) {
    report.broken("nodes", "api-forbidden", nodes.reason, "use the viewer's or the administrator's role");
    return;
  }
  for (const pool of pools) {
    const isOfPool = ({ metadata }) =>
      pool.nodeGroups.some(({ name }) => isOfGroup(metadata.labels?.["eks.amazonaws.com/nodegroup"] ?? "", name));
    checkPool(report, pool, nodes.items.filter(isOfPool));
  }
}

function checkPool(report, pool, nodes) {
  const check = `nodes of ${pool.name}`;
  const before = report.findings.length;
  if (nodes.length < pool.minSize) {
    const detail = `${nodes.length} nodes, and at least ${pool.minSize} should be there`;
    report.broken(check, "nodes-not-joined", detail, "look at the node group's health above, and at the VPC endpoints");
  }
  for (const node of nodes) {
    const { name } = node.metadata;
    const ready = conditionOf(node, "Ready");
    if (ready?.status !== "True") {
      const detail = `${name}: ${ready?.message ?? "it reports nothing"}`;
      const isNetwork = /cni|network plugin/i.test(detail);
      const fix = isNetwork
        ? "look at the pods aws-node in kube-system"
        : "EKS replaces it; if not, terminate the instance";
      report.broken(check, isNetwork ? "node-network" : "node-not-ready", detail, fix);
    }
    for (const type of ["DiskPressure", "MemoryPressure", "PIDPressure"]) {
      if (conditionOf(node, type)?.status === "True") {
        const fix = "raise volumeSizeGib or the instance type of the pool";
        report.broken(check, "node-pressure", `${name} has ${type}`, fix);
      }
    }
    if (pool.node.gpus > 0 && Number(node.status?.allocatable?.["nvidia.com/gpu"] ?? 0) === 0) {
      const fix = "look at the device plugin's pods in gpu-system";
      report.broken(check, "gpu-not-offered", `${name} offers no nvidia.com/gpu`, fix);
    }
  }
  if (report.findings.length === before) {
    report.ok(check, nodes.length === 0 ? "none, as none is needed" : `${nodes.length} ready`);
  }
}
