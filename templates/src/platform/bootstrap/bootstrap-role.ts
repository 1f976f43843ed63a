// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import type { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import type { EnvironmentConfig } from "../platform-config";

export interface BootstrapRoleProps {
  readonly environment: EnvironmentConfig;
  readonly name: string;
  readonly description: string;
  readonly trustPolicy: string;
  readonly policies: readonly IamPolicy[];
  /** Seconds that one session may last; default: one hour. */
  readonly maxSessionDuration?: number;
}

/** A role of the bootstrap stack, under the path that no other stack may touch. */
export class BootstrapRole extends Construct {
  public readonly role: IamRole;

  constructor(scope: Construct, id: string, props: BootstrapRoleProps) {
    super(scope, id);
    const { access, cluster } = props.environment;
    this.role = new IamRole(this, "role", {
      name: props.name,
      path: access.bootstrapPath,
      description: props.description,
      assumeRolePolicy: props.trustPolicy,
      maxSessionDuration: props.maxSessionDuration ?? 3600,
      permissionsBoundary: cluster.permissionsBoundaryArn ?? undefined,
    });
    for (const policy of props.policies) {
      new IamRolePolicyAttachment(this, policy.node.id, { role: this.role.name, policyArn: policy.arn });
    }
  }
}
