// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import type { App } from "cdktf";
import { Boundary } from "./bootstrap/boundary";
import { DeploymentPolicies } from "./bootstrap/deployment-policies";
import { GithubRoles } from "./bootstrap/github-roles";
import { LogBucket } from "./bootstrap/log-bucket";
import { PeopleRoles } from "./bootstrap/people-roles";
import { PermissionScope } from "./bootstrap/permission-scope";
import { RayBoundary } from "./bootstrap/ray-boundary";
import { StateBucket } from "./bootstrap/state-bucket";
import type { EnvironmentConfig, PlatformConfig } from "./platform-config";
import { PlatformStack } from "./platform-stack";
import type { BootstrapOutputs } from "./stack-contracts";
import { publishOutputs } from "./stack-outputs";

/**
 * What must exist before anything can be deployed: the bucket of Terraform's state, the permissions boundary, and the roles that
 * people and GitHub Actions assume. An administrator of the account applies it once from a trusted machine; none of these roles
 * can change any of them.
 */
export class BootstrapStack extends PlatformStack {
  public readonly stateBucket: StateBucket;
  /** Undefined where the options keep no logs. */
  public readonly logBucket: LogBucket | undefined;
  /** Undefined where the options give a boundary. */
  public readonly boundary: Boundary | undefined;
  public readonly githubRoles: GithubRoles | undefined;
  public readonly peopleRoles: PeopleRoles | undefined;

  constructor(app: App, platform: PlatformConfig, environment: EnvironmentConfig) {
    super(app, platform, environment, "bootstrap");
    const accountId = new DataAwsCallerIdentity(this, "account").accountId;
    this.stateBucket = new StateBucket(this, "state", environment, accountId);
    this.logBucket =
      environment.rayLogs === null
        ? undefined
        : new LogBucket(this, "ray-logs", environment.rayLogs, environment, accountId);
    const permissions = new PermissionScope(
      environment,
      accountId,
      this.stateBucket.bucket.arn,
      this.stateBucket.key.arn,
      this.logBucket && { bucketArn: this.logBucket.bucket.arn, keyArn: this.logBucket.key.arn },
    );
    if (environment.cluster.permissionsBoundaryArn === null) {
      this.boundary = new Boundary(this, "boundary", permissions);
    }
    if (environment.access.rayBoundary !== null) {
      new RayBoundary(this, "ray-boundary", environment.access.rayBoundary, permissions);
    }
    const { githubOidc } = environment.deployment;
    if (githubOidc || environment.access.people.length > 0) {
      const policies = new DeploymentPolicies(this, "deployment", permissions);
      this.peopleRoles = new PeopleRoles(this, "people", permissions, policies);
      if (githubOidc) {
        this.githubRoles = new GithubRoles(this, "github", { platform, environment, permissions, policies });
      }
    }
    const { planRole, applyRole, driftRole, mirrorRole } = this.githubRoles ?? {};
    const roles = { plan: planRole, apply: applyRole, drift: driftRole, mirror: mirrorRole };
    publishOutputs<BootstrapOutputs>(this, {
      state_bucket: this.stateBucket.bucket.bucket,
      github_role_arns: Object.fromEntries(
        Object.entries(roles).flatMap(([purpose, role]) => (role === undefined ? [] : [[purpose, role.arn]])),
      ),
      people_role_arns: Object.fromEntries(
        [...(this.peopleRoles?.roles ?? [])].map(([kind, role]) => [kind, role.arn]),
      ),
    });
  }
}
