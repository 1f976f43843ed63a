// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { Construct } from "constructs";
import type { NetworkStack } from "../network-stack";
import type { NetworkConfig, NodePoolConfig } from "../platform-config";

export interface NodeSubnetsProps {
  readonly network: NetworkConfig;
  /** Undefined for a given VPC. */
  readonly stack: NetworkStack | undefined;
}

/** The private subnets of nodes and of the control plane's interfaces, made by us or given. */
export class NodeSubnets extends Construct {
  public readonly subnetIds: string[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NodeSubnetsProps,
  ) {
    super(scope, id);
    this.subnetIds = props.stack?.vpc.nodeSubnets.map((subnet) => subnet.id) ?? [...props.network.nodeSubnetIds];
  }

  /** The subnets in a pool's zones. Which zone a given subnet is in, only AWS knows. */
  public inZones(pool: NodePoolConfig): string[] {
    const { network, stack } = this.props;
    const zones = pool.availabilityZones;
    if (zones.length === 0 || network.availabilityZones.every((zone) => zones.includes(zone))) {
      return this.subnetIds;
    }
    if (stack !== undefined) {
      return this.subnetIds.filter((_, index) => zones.includes(network.availabilityZones[index] as string));
    }
    return new DataAwsSubnets(this, `of-${pool.name}`, {
      filter: [
        { name: "subnet-id", values: this.subnetIds },
        { name: "availability-zone", values: [...zones] },
      ],
    }).ids;
  }
}
