// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { nodeRolePolicies } from "../managed-policies";
import { dnsSuffixOf, partitionOf } from "../partition";
import type { EnvironmentConfig } from "../platform-config";
import { policyDocument } from "../policy-document";

export interface NodeRoleProps {
  readonly environment: EnvironmentConfig;
}

/**
 * What a node itself may do: join, pull images, be reached through Session Manager. CNI, volumes and scaling have roles of
 * their own (control IRSA-05).
 */
export class NodeRole extends Construct {
  public readonly role: IamRole;
  public readonly attachments: readonly IamRolePolicyAttachment[];

  constructor(scope: Construct, id: string, { environment }: NodeRoleProps) {
    super(scope, id);
    const { cluster, region } = environment;
    this.role = new IamRole(this, "role", {
      name: `${cluster.name}-node`,
      description: `Nodes of ${cluster.name}`,
      assumeRolePolicy: policyDocument([
        { Sid: "Ec2", Effect: "Allow", Principal: { Service: `ec2.${dnsSuffixOf(region)}` }, Action: "sts:AssumeRole" },
      ]),
    });
    this.attachments = nodeRolePolicies.map(
      (policy) =>
        new IamRolePolicyAttachment(this, policy, {
          role: this.role.name,
          policyArn: `arn:${partitionOf(region)}:iam::aws:policy/${policy}`,
        }),
    );
  }
}
