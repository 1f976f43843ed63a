// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { policyDocument } from "../policy-document";
import { boundaryStatements } from "./boundary-statements";
import type { PermissionScope } from "./permission-scope";

/** The permissions boundary of every role that the other stacks make (control IAM-01). Not made where the options give one. */
export class Boundary extends Construct {
  public readonly policy: IamPolicy;

  constructor(scope: Construct, id: string, permissions: PermissionScope) {
    super(scope, id);
    const { access, cluster } = permissions.environment;
    this.policy = new IamPolicy(this, "policy", {
      name: access.boundaryName,
      path: access.bootstrapPath,
      description: `The most that a role of ${cluster.name} can do`,
      policy: policyDocument(boundaryStatements(permissions)),
    });
  }
}
