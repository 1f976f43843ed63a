// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { Token } from "cdktf";
import type { EnvironmentConfig } from "../platform-config";

const addonsBeforeNodes = ["vpc-cni", "kube-proxy"];

/** What would keep the cluster from being made, or its nodes from joining. */
export function clusterViolations(environment: EnvironmentConfig): string[] {
  const { cluster, network, pools, images } = environment;
  const violations: string[] = [];
  const where = `environment "${environment.name}"`;
  // The longest name that we derive: the EventBridge rule "<cluster>-nth-spot-interruption", which may have 64 characters.
  if (cluster.name.length > 40) {
    violations.push(
      `${where} cluster name "${cluster.name}" has ${cluster.name.length} characters; use at most 40, names of rules and roles are made from it`,
    );
  }
  for (const cidr of cluster.publicAccessCidrs) {
    if (cidr === "0.0.0.0/0" || cidr === "::/0") {
      violations.push(
        `${where} cluster.publicAccessCidrs contains ${cidr}: the public endpoint is never open to the world; name the networks that need it`,
      );
    }
  }
  if (images.registry === "upstream") {
    violations.push(
      `${where} images.registry is "upstream": nodes reach private ranges and S3 only, so pulls would time out; mirror the images`,
    );
  }
  for (const name of addonsBeforeNodes) {
    const addon = cluster.addons.find((candidate) => candidate.name === name);
    if (addon?.wave !== "before-nodes") {
      violations.push(`${where} add-on "${name}" must be installed before nodes: without it they never become ready`);
    }
  }
  if (!pools.some((pool) => pool.node.gpus === 0 && pool.capacityType === "ON_DEMAND" && pool.taints.length === 0)) {
    violations.push(
      `${where} has no untainted on-demand pool without GPU: system pods and the Ray head have nowhere to run; add one`,
    );
  }
  for (const pool of pools) {
    const name = `${where} pool "${pool.name}"`;
    if (pool.amiType.startsWith("AL2_")) {
      violations.push(
        `${name} amiType ${pool.amiType}: AWS no longer publishes AL2 images; use AL2023 or Bottlerocket`,
      );
    }
    if (/ARM_64/.test(pool.amiType) !== (pool.architecture === "arm64")) {
      violations.push(
        `${name} amiType ${pool.amiType} does not run on ${pool.architecture}; use the AMI type of the instance types' architecture`,
      );
    }
    if (pool.node.gpus > 0 && !/NVIDIA/.test(pool.amiType)) {
      violations.push(`${name} has GPUs but amiType ${pool.amiType} has no NVIDIA driver; use the NVIDIA AMI type`);
    }
    if (pool.os === "bottlerocket" && pool.nodeConfig !== null) {
      violations.push(`${name} nodeConfig is for AL2023; Bottlerocket does not read it`);
    }
    if (pool.capacityType === "CAPACITY_BLOCK" && pool.capacityReservationId === null) {
      violations.push(`${name} runs in a capacity block: capacityReservationId names it`);
    }
    if (pool.efaInterfaces > 0 && network.availabilityZones.length > 1 && pool.availabilityZones.length !== 1) {
      violations.push(`${name} uses EFA, which works within one zone only; name one zone in availabilityZones`);
    }
    const strays = pool.nodeGroups.filter(
      ({ availabilityZone }) => !network.availabilityZones.includes(availabilityZone),
    );
    for (const { name: group, availabilityZone } of strays) {
      violations.push(
        `${name} group "${group}" is in ${availabilityZone}, where the network has no subnet; use one of ${network.availabilityZones.join(", ")}`,
      );
    }
    if (!Token.isUnresolved(pool.desiredSize) && (pool.desiredSize < pool.minSize || pool.desiredSize > pool.maxSize)) {
      violations.push(`${name} desiredSize ${pool.desiredSize} is outside ${pool.minSize} to ${pool.maxSize}`);
    }
  }
  return violations;
}
