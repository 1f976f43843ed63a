// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { AutoscalingGroupTagA } from "@cdktf/provider-aws/lib/autoscaling-group-tag";
import type { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import type { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { clusterTag } from "../cluster-tag";
import type { EnvironmentConfig, NodeGroupConfig, NodePoolConfig, TaintConfig } from "../platform-config";
import { poolLaunchTemplate } from "./launch-template";
import { nodeLabels } from "./node-labels";
import type { NodeRole } from "./node-role";
import type { NodeSubnets } from "./node-subnets";
import { describingTags } from "./node-tags";
import { scaleFromZeroTags } from "./scale-from-zero-tags";

export interface NodePoolProps {
  readonly environment: EnvironmentConfig;
  readonly pool: NodePoolConfig;
  readonly cluster: EksCluster;
  readonly nodeRole: NodeRole;
  readonly securityGroupIds: string[];
  readonly subnets: NodeSubnets;
  readonly dependsOn: ITerraformDependable[];
}

const effects: Readonly<Record<TaintConfig["effect"], string>> = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
};

/** A pool's launch template (control IMDS-03) and its node groups, one for each zone, which differ in nothing else. */
export class NodePool extends Construct {
  public readonly launchTemplate: LaunchTemplate;
  public readonly nodeGroups: EksNodeGroup[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: NodePoolProps,
  ) {
    super(scope, id);
    const { environment, pool, securityGroupIds } = props;
    this.launchTemplate = poolLaunchTemplate(this, "launch-template", { environment, pool, securityGroupIds });
    this.nodeGroups = pool.nodeGroups.map((group) => this.nodeGroup(group));
  }

  /** A managed node group with its taints (control NODE-01) and the tags of its scaling group. */
  private nodeGroup(group: NodeGroupConfig): EksNodeGroup {
    const { pool, cluster, nodeRole, subnets, dependsOn } = this.props;
    const nodeGroup = new EksNodeGroup(this, group.name, {
      clusterName: cluster.name,
      // A prefix, so that a group can be replaced before the old one goes. Expander priorities rely on what follows it.
      nodeGroupNamePrefix: `${group.name}-`,
      nodeRoleArn: nodeRole.role.arn,
      // In one zone, EC2 has nothing to rebalance by ending nodes, and the autoscaler knows where the next one starts.
      subnetIds: subnets.inZone(group.availabilityZone),
      // Nodes follow the control plane; without it an upgrade would leave them behind.
      version: cluster.version,
      amiType: pool.amiType,
      capacityType: pool.capacityType,
      // For a capacity block the launch template names the type.
      instanceTypes: pool.capacityType === "CAPACITY_BLOCK" ? undefined : [...pool.instanceTypes],
      launchTemplate: { id: this.launchTemplate.id, version: `${this.launchTemplate.latestVersion}` },
      scalingConfig: { minSize: group.minSize, maxSize: group.maxSize, desiredSize: group.desiredSize },
      updateConfig: { maxUnavailable: 1 },
      // Replaces nodes whose kubelet says that they are not ready; faults of GPUs only with the add-on eks-node-monitoring-agent.
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
    this.tagScalingGroup(group, nodeGroup);
    return nodeGroup;
  }

  private tagScalingGroup(group: NodeGroupConfig, nodeGroup: EksNodeGroup): void {
    const { environment, pool } = this.props;
    const autoscalingGroupName = nodeGroup.resources.get(0).autoscalingGroups.get(0).name;
    const tagAll = (tags: Readonly<Record<string, string>>, propagateAtLaunch: boolean): void => {
      for (const [key, value] of Object.entries(tags)) {
        const tag = { key, value, propagateAtLaunch };
        new AutoscalingGroupTagA(this, `${group.name}-tag-${key}`, { autoscalingGroupName, tag });
      }
    };
    // New instances get these as they are now, over those of the launch template, which keeps the values it was made with.
    tagAll(describingTags(environment), true);
    // These instances have from the launch template.
    const acting = {
      [clusterTag]: environment.cluster.name,
      ...scaleFromZeroTags(environment.cluster.name, pool, group),
    };
    tagAll(acting, false);
  }
}
