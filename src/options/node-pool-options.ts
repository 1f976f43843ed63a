// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { CapacityType } from "./capacity-type";
import type { NodeOs } from "./node-os";

/** Size, machines and disks of a node pool. */
export interface NodePoolOptions {
  /**
   * EC2 instance types, all of one architecture and one number of GPUs; more types make spot capacity easier to get.
   * @default - CPU pool: m5.2xlarge and m5.4xlarge; GPU pool: the types of `accelerator`
   */
  readonly instanceTypes?: string[];
  /**
   * Fewest nodes. A GPU pool can be 0.
   * @default - CPU pool: 2; GPU pools: 0
   */
  readonly minSize?: number;
  /**
   * Most nodes; above `minSize`, at most `policyLimits.maxNodesPerGroup`, and all GPU pools together at most
   * `policyLimits.maxGpuNodes`. By default, the GPU pool and its fallback have no more nodes than the platform's Ray
   * clusters can use, each limited by `policyLimits.maxTotalGpus`: three nodes with eight GPUs each and the default of
   * 20. A number that you set is used as it is; other Ray clusters may use the rest.
   * @default - CPU pool: 10; GPU pool: 5; its on-demand fallback: 2; less where that is enough, or limits admit less
   */
  readonly maxSize?: number;
  /**
   * Nodes at creation. Afterwards the cluster autoscaler decides.
   * @default - `minSize`
   */
  readonly desiredSize?: number;
  /**
   * How EC2 sells the nodes. Not spot for the CPU pool.
   * @default - CPU pool: CapacityType.ON_DEMAND; GPU pools: CapacityType.SPOT
   */
  readonly capacityType?: CapacityType;
  /**
   * Id of a capacity reservation or capacity block, `cr-` and 17 hexadecimal digits.
   * @default - none
   */
  readonly capacityReservationId?: string;
  /**
   * Operating system.
   * @default NodeOs.AL2023
   */
  readonly os?: NodeOs;
  /**
   * Size of the encrypted volume in GiB, from 20 to `policyLimits.maxVolumeGib`.
   * @default - CPU pool: 100; GPU pools: 200
   */
  readonly volumeSizeGib?: number;
  /**
   * ARN of a customer KMS key for the volumes. The account's Auto Scaling service-linked role needs a grant on it.
   * @default - the account's `aws/ebs` key
   */
  readonly volumeKmsKeyArn?: string;
  /**
   * Attach Elastic Fabric Adapter interfaces if the instance type has them. The pool is then in one zone.
   * @default false
   */
  readonly efa?: boolean;
  /**
   * Zones to use, a subset of the network's. The pool has a node group in each, and its sizes are divided among them.
   * It uses at most `maxSize` minus `minSize` zones, so that each group can grow.
   * @default - the network's zones; its first one for EFA and capacity blocks
   */
  readonly availabilityZones?: string[];
  /**
   * Additional Kubernetes labels.
   * @default - none
   */
  readonly labels?: { [key: string]: string };
  /**
   * Additional NodeConfig (`node.eks.aws/v1alpha1`, its `spec`) for Amazon Linux 2023.
   * @default - no user data
   */
  readonly nodeConfig?: { [key: string]: any };
}
