// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Aspects, type IAspect } from "cdktf";
import type { IConstruct } from "constructs";
import { boundaryArn } from "./bootstrap/permission-scope";
import type { EnvironmentConfig } from "./platform-config";

/**
 * Gives every role of a stack, those of `extensions.ts` included, the path and the permissions boundary without which the
 * deploying role may not make it (controls IAM-01, IAM-02). A role that names its own keeps them.
 */
export class RoleBoundary implements IAspect {
  public static applyTo(stack: IConstruct, environment: EnvironmentConfig, accountId: string): void {
    Aspects.of(stack).add(new RoleBoundary(environment.access.stacksPath, boundaryArn(environment, accountId)));
  }

  private constructor(
    private readonly path: string,
    private readonly boundary: string,
  ) {}

  public visit(node: IConstruct): void {
    if (node instanceof IamRole) {
      node.path = node.pathInput ?? this.path;
      node.permissionsBoundary = node.permissionsBoundaryInput ?? this.boundary;
    }
  }
}
