// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { partitionOf } from "../partition";
import type { EnvironmentConfig } from "../platform-config";
import type { PolicyStatement } from "../policy-document";

/** Statements by part; each part is one managed policy, because IAM bounds a policy's size. */
export type PermissionParts = Readonly<Record<string, readonly PolicyStatement[]>>;

/** What permissions of an environment are bound to. */
export class PermissionScope {
  constructor(
    public readonly environment: EnvironmentConfig,
    public readonly accountId: string,
    public readonly stateBucketArn: string,
    public readonly stateKeyArn: string,
    /** The bucket of Ray's logs, and its key; undefined where none are kept. */
    public readonly logs: { readonly bucketArn: string; readonly keyArn: string } | undefined,
  ) {}

  public get partition(): string {
    return partitionOf(this.environment.region);
  }

  /** ARN in the environment's region and account. */
  public arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.environment.region}:${this.accountId}:${resource}`;
  }

  /** ARN in IAM, which has no region. */
  public iamArn(resource: string): string {
    return `arn:${this.partition}:iam::${this.accountId}:${resource}`;
  }

  /** ARN of a policy that AWS manages. */
  public managedPolicyArn(name: string): string {
    return `arn:${this.partition}:iam::aws:policy/${name}`;
  }

  /** ARN of the boundary on every role that the stacks make but those of Ray's pods: the given one, or that of the bootstrap stack. */
  public get boundaryArn(): string {
    return boundaryArn(this.environment, this.accountId);
  }

  /** ARNs of the boundaries without one of which no role may be made. */
  public get boundaryArns(): string | readonly string[] {
    const ofRay = rayBoundaryArn(this.environment, this.accountId);
    return ofRay === undefined ? this.boundaryArn : [this.boundaryArn, ofRay];
  }
}

/** ARN of the boundary on the roles of Ray's pods; undefined where they have that of every role, or no roles. */
export function rayBoundaryArn({ region, access }: EnvironmentConfig, accountId: string): string | undefined {
  return access.rayBoundary === null
    ? undefined
    : `arn:${partitionOf(region)}:iam::${accountId}:policy${access.bootstrapPath}${access.rayBoundary.name}`;
}

/** ARN of the boundary on every role that an environment's stacks make. */
export function boundaryArn({ region, cluster, access }: EnvironmentConfig, accountId: string): string {
  return (
    cluster.permissionsBoundaryArn ??
    `arn:${partitionOf(region)}:iam::${accountId}:policy${access.bootstrapPath}${access.boundaryName}`
  );
}
