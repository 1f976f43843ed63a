// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { NetworkConfig } from "../platform-config";
import type { NetworkOutputs } from "../stack-contracts";
import type { DeployedOutputs } from "../stack-outputs";

/** The private subnets of nodes and of the control plane's interfaces, made by us or given; one for each listed zone. */
export class NodeSubnets {
  public readonly ids: string[];

  constructor(
    private readonly network: NetworkConfig,
    /** Undefined for a given VPC. */
    deployed: DeployedOutputs<NetworkOutputs> | undefined,
  ) {
    this.ids =
      deployed === undefined
        ? [...network.nodeSubnetIds]
        : network.availabilityZones.map((zone) => deployed.entry("node_subnet_ids", zone));
  }

  /** The subnets in a zone. */
  public inZone(zone: string): string[] {
    return this.ids.filter((_, index) => this.network.availabilityZones[index] === zone);
  }
}
