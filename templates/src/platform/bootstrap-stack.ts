// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import type { App } from "cdktf";
import { GithubRoles } from "./bootstrap/github-roles";
import { StateBucket } from "./bootstrap/state-bucket";
import type { EnvironmentConfig, PlatformConfig } from "./platform-config";
import { PlatformStack } from "./platform-stack";
import type { BootstrapOutputs } from "./stack-contracts";
import { publishOutputs } from "./stack-outputs";

/**
 * What must exist before a workflow can deploy anything: the bucket of Terraform's state and the roles that GitHub Actions
 * assumes. An administrator applies it once from a trusted machine; the roles cannot change themselves.
 */
export class BootstrapStack extends PlatformStack {
  public readonly stateBucket: StateBucket;
  public readonly githubRoles: GithubRoles | undefined;

  constructor(app: App, platform: PlatformConfig, environment: EnvironmentConfig) {
    super(app, platform, environment, "bootstrap");
    const accountId = new DataAwsCallerIdentity(this, "account").accountId;
    this.stateBucket = new StateBucket(this, "state", { state: environment.state, environment, accountId });
    if (environment.deployment.githubOidc) {
      this.githubRoles = new GithubRoles(this, "github", {
        platform,
        environment,
        accountId,
        stateBucketArn: this.stateBucket.bucket.arn,
        stateKeyArn: this.stateBucket.key.arn,
      });
    }
    const { planRole, applyRole, driftRole, mirrorRole } = this.githubRoles ?? {};
    const roles = { plan: planRole, apply: applyRole, drift: driftRole, mirror: mirrorRole };
    publishOutputs<BootstrapOutputs>(this, {
      state_bucket: this.stateBucket.bucket.bucket,
      github_role_arns: Object.fromEntries(
        Object.entries(roles).flatMap(([purpose, role]) => (role === undefined ? [] : [[purpose, role.arn]])),
      ),
    });
  }
}
