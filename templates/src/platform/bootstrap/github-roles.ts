// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import type { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import type { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import { applyTrustPolicy, driftTrustPolicy, githubAudience, planTrustPolicy } from "../github-oidc-trust";
import type { EnvironmentConfig, PlatformConfig } from "../platform-config";
import { policyDocument, type PolicyStatement } from "../policy-document";
import { BootstrapRole } from "./bootstrap-role";
import type { DeploymentPolicies } from "./deployment-policies";
import type { PermissionScope } from "./permission-scope";
import { fetchPlansPermissions, savePlansPermissions } from "./plan-permissions";

/** Seconds of an apply role's session: longer than the longest job that deploys, which would lose its state with its rights. */
const APPLY_SESSION = 10_800;

export interface GithubRolesProps {
  readonly platform: PlatformConfig;
  readonly environment: EnvironmentConfig;
  readonly permissions: PermissionScope;
  readonly policies: DeploymentPolicies;
}

/**
 * Roles that GitHub Actions assumes with its OIDC token (controls OIDC-01 to OIDC-03): plan on pull requests and drift on
 * the default branch can only read, and drift can add plans for apply, which it cannot read; apply is bound to the GitHub
 * environment, and its approvals, and can write; mirror is bound likewise and can only push images.
 */
export class GithubRoles extends Construct {
  public readonly planRole: IamRole;
  public readonly applyRole: IamRole;
  public readonly driftRole: IamRole;
  /** Copies images into the account's repositories; undefined when they come from a registry of the user's. */
  public readonly mirrorRole: IamRole | undefined;

  constructor(scope: Construct, id: string, { platform, environment, permissions, policies }: GithubRolesProps) {
    super(scope, id);
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
    const role = (
      kind: string,
      name: string,
      trustPolicy: object,
      attached: readonly IamPolicy[],
      maxSessionDuration?: number,
    ): IamRole =>
      new BootstrapRole(this, kind, {
        environment,
        name,
        description: `GitHub Actions: ${kind}`,
        trustPolicy: JSON.stringify(trustPolicy),
        policies: attached,
        maxSessionDuration,
      }).role;

    this.planRole = role("plan", deployment.planRoleName, planTrustPolicy(trust), policies.read);
    this.driftRole = role("drift", deployment.driftRoleName, driftTrustPolicy(trust), policies.read);
    this.applyRole = role(
      "apply",
      deployment.applyRoleName,
      applyTrustPolicy(trust),
      [...policies.read, ...policies.write],
      APPLY_SESSION,
    );
    const plans = (kind: string, { name }: IamRole, statements: readonly PolicyStatement[]): IamRolePolicy =>
      new IamRolePolicy(this, `${kind}-plans`, { name: "plans", role: name, policy: policyDocument(statements) });
    plans("drift", this.driftRole, savePlansPermissions(permissions));
    plans("apply", this.applyRole, fetchPlansPermissions(permissions));
    if (environment.images.createRepositories) {
      this.mirrorRole = role("mirror", deployment.mirrorRoleName, applyTrustPolicy(trust), policies.mirror);
    }
  }
}
