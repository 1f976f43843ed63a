// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Nested blocks of a resource type by name, each with the blocks within it. */
export interface NestedBlocks {
  readonly [name: string]: NestedBlocks;
}

const INSTANCE: NestedBlocks = {
  metadata_options: {},
  root_block_device: {},
  ebs_block_device: {},
  ephemeral_block_device: {},
  launch_template: {},
};

/**
 * The nested blocks that the policies read. A plan shows a block as a list of one or more; cdktf writes a single one
 * as an object.
 * Source: schemas of the AWS provider 6.
 */
export const NESTED_BLOCKS: NestedBlocks = {
  aws_eks_cluster: { vpc_config: {}, compute_config: {} },
  aws_eks_node_group: { scaling_config: {}, taint: {}, launch_template: {} },
  aws_launch_template: {
    block_device_mappings: { ebs: {} },
    metadata_options: {},
    instance_requirements: {},
    network_interfaces: {},
  },
  aws_instance: INSTANCE,
  aws_spot_instance_request: INSTANCE,
  aws_launch_configuration: INSTANCE,
  aws_autoscaling_group: {
    launch_template: {},
    mixed_instances_policy: {
      launch_template: {
        launch_template_specification: {},
        override: { launch_template_specification: {}, instance_requirements: {} },
      },
    },
  },
  aws_route_table: { route: {} },
  aws_default_route_table: { route: {} },
};
