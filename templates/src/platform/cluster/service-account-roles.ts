// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { Construct } from "constructs";
import { rayBoundaryArn } from "../bootstrap/permission-scope";
import { partitionOf } from "../partition";
import type { EnvironmentConfig } from "../platform-config";
import type { PolicyStatement } from "../policy-document";
import type { OidcProvider } from "./oidc-provider";
import { ebsCsiStatements, vpcCniStatements } from "./service-account-policies";
import { ServiceAccountRole } from "./service-account-role";
import { policyStatements } from "./workload-statements";

export interface ServiceAccountRolesProps {
  readonly environment: EnvironmentConfig;
  readonly accountId: string;
  readonly vpcId: string;
  readonly oidcProvider: OidcProvider;
  readonly queueArn: string;
}

/** The roles of the platform's own service accounts: those of EKS add-ons, and of each workload that has one (control IRSA-01). */
export class ServiceAccountRoles extends Construct {
  public readonly vpcCni: ServiceAccountRole;
  public readonly ebsCsi: ServiceAccountRole;
  /** Roles of workloads by the workload's id. */
  public readonly workloads: ReadonlyMap<string, ServiceAccountRole>;
  /** Roles of Ray's pods by service account (control IRSA-06). */
  public readonly ray: ReadonlyMap<string, ServiceAccountRole>;

  constructor(scope: Construct, id: string, props: ServiceAccountRolesProps) {
    super(scope, id);
    const { environment, accountId, oidcProvider, queueArn } = props;
    const addonRole = (name: string, serviceAccount: string, statements: readonly PolicyStatement[]) =>
      new ServiceAccountRole(this, name, {
        environment,
        oidcProvider,
        shortName: name,
        namespace: "kube-system",
        serviceAccount,
        statements,
      });
    this.vpcCni = addonRole("vpc-cni", "aws-node", vpcCniStatements(props));
    this.ebsCsi = addonRole("ebs-csi", "ebs-csi-controller-sa", ebsCsiStatements(props));

    const placeholders = {
      partition: partitionOf(environment.region),
      account: accountId,
      interruptionQueueArn: queueArn,
    };
    this.workloads = new Map(
      Object.entries(environment.workloads).flatMap(([workload, { namespace, role }]) =>
        role === null
          ? []
          : [
              [
                workload,
                new ServiceAccountRole(this, role.address, {
                  environment,
                  oidcProvider,
                  shortName: role.name,
                  namespace,
                  serviceAccount: role.serviceAccount,
                  statements: policyStatements(role.statements, placeholders),
                }),
              ],
            ],
      ),
    );
    const boundaryArn = rayBoundaryArn(environment, accountId);
    this.ray = new Map(
      environment.ray.identities.map(({ serviceAccount, roleName, statements }) => [
        serviceAccount,
        new ServiceAccountRole(this, serviceAccount, {
          environment,
          oidcProvider,
          shortName: roleName,
          namespace: environment.ray.namespace,
          serviceAccount,
          statements: policyStatements(statements, placeholders),
          boundaryArn,
        }),
      ]),
    );
  }
}
