// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { policyStatements } from "../cluster/workload-statements";
import { partitionOf } from "../partition";
import type { RayBoundaryConfig } from "../platform-config";
import { policyDocument } from "../policy-document";
import type { PermissionScope } from "./permission-scope";

/**
 * The permissions boundary of the roles of Ray's pods: what the options name for any of them, and nothing else (control
 * IRSA-06). Code that many people write runs there, so it is apart from the boundary of controllers and nodes.
 */
export class RayBoundary extends Construct {
  public readonly policy: IamPolicy;

  constructor(scope: Construct, id: string, boundary: RayBoundaryConfig, permissions: PermissionScope) {
    super(scope, id);
    const { environment, accountId } = permissions;
    const partition = partitionOf(environment.region);
    this.policy = new IamPolicy(this, "policy", {
      name: boundary.name,
      path: environment.access.bootstrapPath,
      description: `The most that a pod of Ray in ${environment.cluster.name} can do`,
      policy: policyDocument(policyStatements(boundary.statements, { partition, account: accountId })),
    });
  }
}
