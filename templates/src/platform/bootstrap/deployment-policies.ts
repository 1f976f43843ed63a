// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { policyDocument } from "../policy-document";
import { applyPermissions } from "./apply-permissions";
import { mirrorPermissions } from "./mirror-permissions";
import type { PermissionParts, PermissionScope } from "./permission-scope";
import { readPermissions } from "./read-permissions";

/** What reads, deploys and mirrors, as managed policies. The roles of GitHub Actions and of people share them. */
export class DeploymentPolicies extends Construct {
  public readonly read: readonly IamPolicy[];
  public readonly write: readonly IamPolicy[];
  /** None where images come from a registry of the user's. */
  public readonly mirror: readonly IamPolicy[];

  constructor(
    scope: Construct,
    id: string,
    private readonly permissions: PermissionScope,
  ) {
    super(scope, id);
    this.read = this.policies("read", readPermissions(permissions));
    this.write = this.policies("write", applyPermissions(permissions));
    this.mirror = permissions.environment.images.createRepositories
      ? this.policies("mirror", mirrorPermissions(permissions))
      : [];
  }

  private policies(access: string, parts: PermissionParts): IamPolicy[] {
    const { cluster, access: paths } = this.permissions.environment;
    return Object.entries(parts).map(
      ([part, statements]) =>
        new IamPolicy(this, `${access}-${part}`, {
          name: `${cluster.name}-${access}-${part}`,
          path: paths.bootstrapPath,
          description: `${cluster.name}, ${access} access: ${part}`,
          policy: policyDocument(statements),
        }),
    );
  }
}
