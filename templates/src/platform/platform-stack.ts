// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { bootstrapStateKey } from "./bootstrap-state-key";
import { limitViolations } from "./limits";
import type { EnvironmentConfig, PlatformConfig } from "./platform-config";

/** Layers of an environment; the second part of a stack's name. */
export type Layer = "bootstrap" | "network" | "cluster" | "workloads";

/**
 * What the stacks of an environment share: AWS provider with the default tags (control TAG-01), remote state (control
 * STATE-01), and validation against the policies' limits (control OPA-03).
 */
export abstract class PlatformStack extends TerraformStack {
  /** Region and account that every AWS provider of the stack is restricted to. */
  protected readonly awsAccount: Pick<AwsProviderConfig, "region" | "allowedAccountIds">;

  constructor(
    scope: Construct,
    protected readonly platform: PlatformConfig,
    protected readonly environment: EnvironmentConfig,
    layer: Layer,
  ) {
    super(scope, `${environment.name}-${layer}`);
    this.awsAccount = {
      // The bootstrap stack makes the state's bucket and key, whose region may be another; what else it makes has no region.
      region: layer === "bootstrap" ? environment.state.region : environment.region,
      allowedAccountIds: environment.accountId === null ? undefined : [environment.accountId],
    };
    new AwsProvider(this, "aws", {
      ...this.awsAccount,
      defaultTags: [{ tags: { ...environment.tags } }],
    });
    // cdktf stops at the first stack with violations, so each stack checks all limits.
    this.validate(() => limitViolations(environment, platform.limits));
    this.useRemoteState(layer);
  }

  /** Adds a check that synth makes before it writes anything; a stack's checks are reported together. */
  protected validate(violations: () => string[]): void {
    this.node.addValidation({ validate: violations });
  }

  /**
   * State in the environment's bucket. `encrypt` and `kmsKeyId` are left out on purpose: without them S3 encrypts with the
   * bucket's own default, the customer-managed key; `encrypt` alone would ask for AES256, and the backend takes no alias.
   */
  private useRemoteState(layer: Layer): void {
    const { state, name } = this.environment;
    // Bootstrap's is where no role of the environment can write it, and where no environment's name can lead.
    const key = layer === "bootstrap" ? bootstrapStateKey(name) : `${name}/${layer}.tfstate`;
    new S3Backend(this, { bucket: state.bucket, key, region: state.region });
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}
