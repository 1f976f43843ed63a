// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";

const { types: instanceTypes } = JSON.parse(
  readFileSync(new URL("../../data/instance-types.json", import.meta.url), "utf8"),
);

const EFFECTS = { NO_SCHEDULE: "NoSchedule", PREFER_NO_SCHEDULE: "PreferNoSchedule", NO_EXECUTE: "NoExecute" };

/**
 * The nodes of a synthesized cluster stack, each group at its largest: labels, taints and instance types from the stack, room
 * for pods as the generator reckons it for the smallest of the types, less what the platform's daemons take.
 *
 * @param {string} outdir directory of an option set
 * @param {string} environment its name
 * @returns {object[]} Kubernetes nodes
 */
export function nodesOf(outdir, environment) {
  const read = (...path) => JSON.parse(readFileSync(join(outdir, ...path), "utf8"));
  const { pools } = read("platform.json").environments.find(({ name }) => name === environment);
  const { resource } = read("stacks", `${environment}-cluster`, "cdk.tf.json");
  return Object.values(resource.aws_eks_node_group).flatMap((group) => {
    const pool = pools.find(({ name }) => name === group.labels["ray-platform/pool"]);
    const { name, availabilityZone } = pool.nodeGroups.find((one) => group.node_group_name_prefix === `${one.name}-`);
    const [type] = group.instance_types ?? pool.instanceTypes;
    return Array.from({ length: group.scaling_config.max_size }, (_, index) => {
      const hostname = `${name}-${index}`;
      const labels = {
        ...group.labels,
        "kubernetes.io/arch": instanceTypes[type].architecture === "arm64" ? "arm64" : "amd64",
        "kubernetes.io/hostname": hostname,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": type,
        "topology.kubernetes.io/zone": availabilityZone,
      };
      return node(hostname, labels, taints(group), room(pool.node, instanceTypes[type].maxPods));
    });
  });
}

function taints({ taint = [] }) {
  return taint.map(({ key, value, effect }) => ({ key, value, effect: EFFECTS[effect] }));
}

function room({ allocatable, gpus }, pods) {
  return {
    cpu: `${allocatable.cpuMillis}m`,
    memory: `${allocatable.memoryMib}Mi`,
    pods: String(pods),
    ...(gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {}),
  };
}

function node(name, labels, taints, resources) {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec: { taints },
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: [{ type: "Ready", status: "True", reason: "StandIn", message: "", lastHeartbeatTime: null }],
    },
  };
}

/** Makes nodes, which are ready at once: the taint that admission gives to a new one is taken off again. */
export async function addNodes(api, nodes) {
  for (const wanted of nodes) {
    const path = `/api/v1/nodes/${wanted.metadata.name}`;
    await api.create("/api/v1/nodes", wanted);
    await api.patch(`${path}/status`, { status: wanted.status });
    await api.patch(path, { spec: { taints: wanted.spec.taints } });
  }
}
