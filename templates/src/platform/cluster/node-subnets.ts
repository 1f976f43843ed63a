// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { NetworkStack } from "../network-stack";
import type { NetworkConfig, NodePoolConfig } from "../platform-config";

/** The private subnets of nodes and of the control plane's interfaces, made by us or given; one for each listed zone. */
export class NodeSubnets {
  public readonly ids: string[];

  constructor(
    private readonly network: NetworkConfig,
    /** Undefined for a given VPC. */
    stack: NetworkStack | undefined,
  ) {
    this.ids = stack?.vpc.nodeSubnets.map((subnet) => subnet.id) ?? [...network.nodeSubnetIds];
  }

  /** The subnets in a pool's zones; all of them if it names none. */
  public inZones({ availabilityZones }: NodePoolConfig): string[] {
    return this.ids.filter(
      (_, index) =>
        availabilityZones.length === 0 || availabilityZones.includes(this.network.availabilityZones[index] as string),
    );
  }
}
