// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { LaunchTemplate, type LaunchTemplateBlockDeviceMappings } from "@cdktf/provider-aws/lib/launch-template";
import { PlacementGroup } from "@cdktf/provider-aws/lib/placement-group";
import type { Construct } from "constructs";
import type { EnvironmentConfig, NodePoolConfig } from "../platform-config";
import { describingTags, ownedInstanceTag } from "./node-tags";
import { nodeConfigUserData } from "./user-data";

/** What EC2 makes from a template and can tag. */
const TAGGED = ["instance", "volume", "network-interface"];

export interface LaunchTemplateProps {
  readonly environment: EnvironmentConfig;
  readonly pool: NodePoolConfig;
  readonly securityGroupIds: string[];
}

/**
 * The launch template of a pool: IMDSv2 with a hop limit of 1 (controls IMDS-01, IMDS-02), encrypted volumes (EBS-01), our
 * security group and no other (NET-01), tags on what EC2 makes (TAG-01). EKS adds the AMI and the join data.
 */
export function poolLaunchTemplate(scope: Construct, id: string, props: LaunchTemplateProps): LaunchTemplate {
  const { environment, pool, securityGroupIds } = props;
  const { cluster } = environment;
  const name = `${cluster.name}-${pool.name}`;
  const tags = {
    ...environment.tags,
    Name: name,
    [ownedInstanceTag(cluster.name)]: "owned",
    // The VPC CNI may only touch interfaces with this tag; the first one is made here, not by it.
    "cluster.k8s.amazonaws.com/name": cluster.name,
  };
  return new LaunchTemplate(scope, id, {
    name,
    description: `Nodes of pool ${pool.name}`,
    updateDefaultVersion: true,
    ebsOptimized: "true",
    metadataOptions: {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: "disabled",
    },
    monitoring: { enabled: true },
    blockDeviceMappings: volumes(pool),
    ...network(scope, pool, name, securityGroupIds),
    ...capacity(pool),
    userData: pool.nodeConfig === null ? undefined : nodeConfigUserData(pool.nodeConfig),
    tagSpecifications: TAGGED.map((resourceType) => ({ resourceType, tags })),
    // A new version of the template replaces every node, and what a tag says about a machine does not justify that. New instances
    // get changed values from the scaling group. The tags that something acts by are not left out.
    lifecycle: {
      ignoreChanges: TAGGED.flatMap((_, index) =>
        Object.keys(describingTags(environment)).map(
          (key) => `tag_specifications[${index}].tags[${JSON.stringify(key)}]`,
        ),
      ),
    },
  });
}

/** AL2023 has one volume; Bottlerocket keeps its system on a small one and everything else on the second. */
function volumes({ os, volume }: NodePoolConfig): LaunchTemplateBlockDeviceMappings[] {
  const encryption = { encrypted: "true", kmsKeyId: volume.kmsKeyArn ?? undefined };
  const data: LaunchTemplateBlockDeviceMappings = {
    deviceName: os === "bottlerocket" ? "/dev/xvdb" : "/dev/xvda",
    ebs: {
      ...encryption,
      volumeSize: volume.sizeGib,
      volumeType: volume.type,
      deleteOnTermination: "true",
      iops: volume.iops ?? undefined,
      throughput: volume.throughputMibps ?? undefined,
    },
  };
  if (os !== "bottlerocket") {
    return [data];
  }
  const system = { ...encryption, volumeSize: 4, volumeType: "gp3", deleteOnTermination: "true" };
  return [{ deviceName: "/dev/xvda", ebs: system }, data];
}

/**
 * With EFA, interfaces are listed, and then the security group goes with them and the nodes sit close together: in a placement
 * group, or where a reservation has its place already. A reservation knows nothing of our group, and EC2 would find no capacity
 * that is in both.
 */
function network(scope: Construct, pool: NodePoolConfig, name: string, securityGroups: string[]) {
  if (pool.efaInterfaces === 0) {
    return { vpcSecurityGroupIds: securityGroups };
  }
  return {
    networkInterfaces: Array.from({ length: pool.efaInterfaces }, (_, card) => ({
      networkCardIndex: card,
      deviceIndex: card === 0 ? 0 : 1,
      interfaceType: card === 0 ? "efa" : "efa-only",
      securityGroups,
      deleteOnTermination: "true",
    })),
    ...(pool.capacityReservationId === null
      ? { placement: { groupName: new PlacementGroup(scope, "placement-group", { name, strategy: "cluster" }).name } }
      : {}),
  };
}

/** Reservations and capacity blocks; for a block, EC2 takes the instance type from here. */
function capacity(pool: NodePoolConfig) {
  if (pool.capacityReservationId === null) {
    return {};
  }
  return {
    capacityReservationSpecification: {
      capacityReservationTarget: { capacityReservationId: pool.capacityReservationId },
    },
    ...(pool.capacityType === "CAPACITY_BLOCK"
      ? { instanceType: pool.instanceTypes[0] as string, instanceMarketOptions: { marketType: "capacity-block" } }
      : {}),
  };
}
