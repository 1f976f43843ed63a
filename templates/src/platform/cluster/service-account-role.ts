// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import type { EnvironmentConfig } from "../platform-config";
import { policyDocument, type PolicyStatement } from "../policy-document";
import type { OidcProvider } from "./oidc-provider";

export interface ServiceAccountRoleProps {
  readonly environment: EnvironmentConfig;
  readonly oidcProvider: OidcProvider;
  /** Middle part of the role's name: `<cluster>-<shortName>-irsa`. */
  readonly shortName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly statements: readonly PolicyStatement[];
  /** ARN of its permissions boundary. Default: that of all roles of the stack. */
  readonly boundaryArn?: string | undefined;
}

/** A role for exactly one Kubernetes service account (control IRSA-01). */
export class ServiceAccountRole extends Construct {
  public readonly role: IamRole;
  /** What must exist before a pod uses the role. */
  public readonly permissions: IamRolePolicy;

  constructor(scope: Construct, id: string, props: ServiceAccountRoleProps) {
    super(scope, id);
    const { environment, oidcProvider, shortName, namespace, serviceAccount, statements, boundaryArn } = props;
    const { cluster } = environment;
    this.role = new IamRole(this, "role", {
      name: serviceAccountRoleName(cluster.name, shortName),
      description: `${namespace}/${serviceAccount} of ${cluster.name}`,
      permissionsBoundary: boundaryArn,
      assumeRolePolicy: policyDocument([
        {
          Sid: "ServiceAccount",
          Effect: "Allow",
          Principal: { Federated: oidcProvider.provider.arn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${oidcProvider.issuer}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
              [`${oidcProvider.issuer}:aud`]: "sts.amazonaws.com",
            },
          },
        },
      ]),
    });
    this.permissions = new IamRolePolicy(this, "permissions", {
      name: shortName,
      role: this.role.name,
      policy: policyDocument(statements),
    });
  }
}

/** Name of a service account's role, by the middle part that it has of its own. */
export function serviceAccountRoleName(clusterName: string, shortName: string): string {
  return `${clusterName}-${shortName}-irsa`;
}
