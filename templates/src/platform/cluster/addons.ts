// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { EksAddon } from "@cdktf/provider-aws/lib/eks-addon";
import type { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AddonConfig, EnvironmentConfig } from "../platform-config";
import { volumeTag } from "./service-account-policies";
import type { ServiceAccountRole } from "./service-account-role";
import type { ServiceAccountRoles } from "./service-account-roles";

export interface AddonsProps {
  readonly environment: EnvironmentConfig;
  readonly cluster: EksCluster;
  readonly roles: ServiceAccountRoles;
  readonly wave: AddonConfig["wave"];
  readonly dependsOn: ITerraformDependable[];
}

/** The EKS add-ons of one wave. Those of the first make nodes ready; those of the second need ready nodes. */
export class Addons extends Construct {
  /** The add-ons by name. */
  public readonly addons: ReadonlyMap<string, EksAddon>;

  constructor(scope: Construct, id: string, { environment, cluster, roles, wave, dependsOn }: AddonsProps) {
    super(scope, id);
    const ofWave = environment.cluster.addons.filter((addon) => addon.wave === wave);
    this.addons = new Map(
      ofWave.map((addon) => {
        const role = roleOf(addon.name, roles);
        const configuration = configurationOf(addon.name, environment);
        const resource = new EksAddon(this, addon.name, {
          clusterName: cluster.name,
          addonName: addon.name,
          addonVersion: addon.version,
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "OVERWRITE",
          serviceAccountRoleArn: role?.role.arn,
          configurationValues: configuration && JSON.stringify(configuration),
          dependsOn: role === undefined ? dependsOn : [...dependsOn, role.permissions],
        });
        return [addon.name, resource];
      }),
    );
  }
}

function roleOf(addon: string, roles: ServiceAccountRoles): ServiceAccountRole | undefined {
  return { "vpc-cni": roles.vpcCni, "aws-ebs-csi-driver": roles.ebsCsi }[addon];
}

function configurationOf(addon: string, environment: EnvironmentConfig): object | undefined {
  return {
    "vpc-cni": { enableNetworkPolicy: "true" },
    "aws-ebs-csi-driver": { controller: { extraVolumeTags: volumeTag(environment.cluster.name) } },
  }[addon];
}
