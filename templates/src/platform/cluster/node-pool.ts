// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import type { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import type { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EnvironmentConfig, NodePoolConfig, TaintConfig } from "../platform-config";
import { poolLaunchTemplate } from "./launch-template";
import { nodeLabels } from "./node-labels";
import type { NodeRole } from "./node-role";
import { scaleFromZeroTags } from "./scale-from-zero-tags";

export interface NodePoolProps {
  readonly environment: EnvironmentConfig;
  readonly pool: NodePoolConfig;
  readonly cluster: EksCluster;
  readonly nodeRole: NodeRole;
  readonly securityGroupIds: string[];
  readonly subnetIds: string[];
  readonly dependsOn: ITerraformDependable[];
}

const effects: Readonly<Record<TaintConfig["effect"], string>> = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
};

/** A managed node group with its launch template (control IMDS-03), taints (NODE-01) and the tags of its scaling group. */
export class NodePool extends Construct {
  public readonly launchTemplate: LaunchTemplate;
  public readonly nodeGroup: EksNodeGroup;

  constructor(scope: Construct, id: string, props: NodePoolProps) {
    super(scope, id);
    const { environment, pool, cluster, nodeRole, securityGroupIds, subnetIds, dependsOn } = props;
    this.launchTemplate = poolLaunchTemplate(this, "launch-template", { environment, pool, securityGroupIds });
    this.nodeGroup = new EksNodeGroup(this, "node-group", {
      clusterName: cluster.name,
      // A prefix, so that a group can be replaced before the old one goes. Expander priorities rely on what follows it.
      nodeGroupNamePrefix: `${pool.name}-`,
      nodeRoleArn: nodeRole.role.arn,
      subnetIds,
      // Nodes follow the control plane; without it an upgrade would leave them behind.
      version: cluster.version,
      amiType: pool.amiType,
      capacityType: pool.capacityType,
      // For a capacity block the launch template names the type.
      instanceTypes: pool.capacityType === "CAPACITY_BLOCK" ? undefined : [...pool.instanceTypes],
      launchTemplate: { id: this.launchTemplate.id, version: `${this.launchTemplate.latestVersion}` },
      scalingConfig: { minSize: pool.minSize, maxSize: pool.maxSize, desiredSize: pool.desiredSize },
      updateConfig: { maxUnavailable: 1 },
      // Replaces nodes whose kubelet says that they are not ready. Faults of GPUs are seen by an agent that is not installed.
      nodeRepairConfig: { enabled: true },
      labels: nodeLabels(pool),
      taint: pool.taints.map(({ key, value, effect }) => ({ key, value, effect: effects[effect] })),
      lifecycle: {
        createBeforeDestroy: true,
        // The autoscaler owns it from the first minute.
        ignoreChanges: ["scaling_config[0].desired_size"],
      },
      dependsOn: [...nodeRole.attachments, ...dependsOn],
    });
    this.tagScalingGroup(environment, pool);
  }

  private tagScalingGroup(environment: EnvironmentConfig, pool: NodePoolConfig): void {
    const autoscalingGroupName = this.nodeGroup.resources.get(0).autoscalingGroups.get(0).name;
    const tags = { ...environment.tags, ...scaleFromZeroTags(environment.cluster.name, pool) };
    for (const [key, value] of Object.entries(tags)) {
      // Instances have theirs from the launch template: these come when the group is active already.
      const tag = { key, value, propagateAtLaunch: false };
      new AutoscalingGroupTagA(this, `tag-${key}`, { autoscalingGroupName, tag });
    }
  }
}
