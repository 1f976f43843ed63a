// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { type App, TerraformOutput } from "cdktf";
import { GithubRoles } from "./bootstrap/github-roles";
import { StateBucket } from "./bootstrap/state-bucket";
import type { EnvironmentConfig, PlatformConfig } from "./platform-config";
import { PlatformStack } from "./platform-stack";

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
      new TerraformOutput(this, "plan-role-arn", { value: this.githubRoles.planRole.arn });
      new TerraformOutput(this, "apply-role-arn", { value: this.githubRoles.applyRole.arn });
      new TerraformOutput(this, "drift-role-arn", { value: this.githubRoles.driftRole.arn });
      if (this.githubRoles.mirrorRole !== undefined) {
        new TerraformOutput(this, "mirror-role-arn", { value: this.githubRoles.mirrorRole.arn });
      }
    }
    new TerraformOutput(this, "state-bucket", { value: this.stateBucket.bucket.bucket });
  }
}
