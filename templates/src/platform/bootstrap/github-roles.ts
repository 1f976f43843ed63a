// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { applyTrustPolicy, driftTrustPolicy, githubAudience, planTrustPolicy } from "../github-oidc-trust";
import type { EnvironmentConfig, PlatformConfig } from "../platform-config";
import { policyDocument, type PolicyStatement } from "../policy-document";
import { applyPermissions, mirrorPermissions, readPermissions } from "./github-permissions";

export interface GithubRolesProps {
  readonly platform: PlatformConfig;
  readonly environment: EnvironmentConfig;
  readonly accountId: string;
  readonly stateBucketArn: string;
  readonly stateKeyArn: string;
}

/**
 * Roles that GitHub Actions assumes with its OIDC token (controls OIDC-01 to OIDC-03): plan on pull requests and drift on
 * the default branch can only read; apply is bound to the GitHub environment, and its approvals, and can write; mirror is
 * bound likewise and can only push images.
 */
export class GithubRoles extends Construct {
  public readonly planRole: IamRole;
  public readonly applyRole: IamRole;
  public readonly driftRole: IamRole;
  /** Copies images into the account's repositories; undefined when they come from a registry of the user's. */
  public readonly mirrorRole: IamRole | undefined;

  constructor(scope: Construct, id: string, props: GithubRolesProps) {
    super(scope, id);
    const { platform, environment } = props;
    const { deployment } = environment;
    const providerArn =
      deployment.oidcProviderArn ??
      new IamOpenidConnectProvider(this, "provider", {
        url: "https://token.actions.githubusercontent.com",
        clientIdList: [githubAudience(environment.region)],
      }).arn;
    const trust = {
      providerArn,
      repository: platform.repository,
      githubEnvironment: deployment.githubEnvironment,
      region: environment.region,
    };

    const read = this.policies("read", environment, readPermissions(props));
    const write = this.policies("write", environment, applyPermissions(props));
    this.planRole = this.role("plan", environment, deployment.planRoleName, planTrustPolicy(trust), read);
    this.driftRole = this.role("drift", environment, deployment.driftRoleName, driftTrustPolicy(trust), read);
    this.applyRole = this.role("apply", environment, deployment.applyRoleName, applyTrustPolicy(trust), [
      ...read,
      ...write,
    ]);
    if (environment.images.createRepositories) {
      const mirror = this.policies("mirror", environment, mirrorPermissions(props));
      this.mirrorRole = this.role("mirror", environment, deployment.mirrorRoleName, applyTrustPolicy(trust), mirror);
    }
  }

  /** IAM bounds a policy's size, so each named part becomes a managed policy of its own. */
  private policies(
    id: string,
    environment: EnvironmentConfig,
    parts: Readonly<Record<string, readonly PolicyStatement[]>>,
  ): IamPolicy[] {
    return Object.entries(parts).map(
      ([part, statements]) =>
        new IamPolicy(this, `${id}-${part}`, {
          name: `${environment.cluster.name}-github-${id}-${part}`,
          description: `GitHub Actions, ${id} access: ${part}`,
          policy: policyDocument(statements),
        }),
    );
  }

  private role(
    id: string,
    environment: EnvironmentConfig,
    name: string,
    trustPolicy: object,
    policies: readonly IamPolicy[],
  ): IamRole {
    const role = new IamRole(this, `${id}-role`, {
      name,
      description: `GitHub Actions: ${id}`,
      assumeRolePolicy: JSON.stringify(trustPolicy),
      maxSessionDuration: 3600,
      ...(environment.cluster.permissionsBoundaryArn === null
        ? {}
        : { permissionsBoundary: environment.cluster.permissionsBoundaryArn }),
    });
    policies.forEach((policy) => {
      new IamRolePolicyAttachment(this, `${id}-${policy.node.id}`, { role: role.name, policyArn: policy.arn });
    });
    return role;
  }
}
