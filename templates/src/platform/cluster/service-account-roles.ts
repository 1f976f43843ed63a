// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { Construct } from "constructs";
import type { EnvironmentConfig } from "../platform-config";
import type { OidcProvider } from "./oidc-provider";
import {
  clusterAutoscalerStatements,
  ebsCsiStatements,
  terminationHandlerStatements,
  veleroStatements,
  vpcCniStatements,
} from "./service-account-policies";
import { ServiceAccountRole } from "./service-account-role";

export interface ServiceAccountRolesProps {
  readonly environment: EnvironmentConfig;
  readonly accountId: string;
  readonly vpcId: string;
  readonly oidcProvider: OidcProvider;
  readonly queueArn: string;
}

/** The roles of the platform's own service accounts (controls IRSA-01 to IRSA-05). */
export class ServiceAccountRoles extends Construct {
  public readonly vpcCni: ServiceAccountRole;
  public readonly ebsCsi: ServiceAccountRole;
  public readonly clusterAutoscaler: ServiceAccountRole;
  public readonly terminationHandler: ServiceAccountRole;
  /** Undefined without backups. */
  public readonly velero: ServiceAccountRole | undefined;

  constructor(scope: Construct, id: string, props: ServiceAccountRolesProps) {
    super(scope, id);
    const { environment, oidcProvider, queueArn } = props;
    const common = { environment, oidcProvider };
    this.vpcCni = new ServiceAccountRole(this, "vpc-cni", {
      ...common,
      shortName: "vpc-cni",
      namespace: "kube-system",
      serviceAccount: "aws-node",
      statements: vpcCniStatements(props),
    });
    this.ebsCsi = new ServiceAccountRole(this, "ebs-csi", {
      ...common,
      shortName: "ebs-csi",
      namespace: "kube-system",
      serviceAccount: "ebs-csi-controller-sa",
      statements: ebsCsiStatements(props),
    });
    this.clusterAutoscaler = new ServiceAccountRole(this, "cluster-autoscaler", {
      ...common,
      shortName: "autoscaler",
      namespace: "kube-system",
      serviceAccount: "cluster-autoscaler",
      statements: clusterAutoscalerStatements(props),
    });
    this.terminationHandler = new ServiceAccountRole(this, "termination-handler", {
      ...common,
      shortName: "nth",
      namespace: "kube-system",
      serviceAccount: "aws-node-termination-handler",
      statements: terminationHandlerStatements({ ...props, queueArn }),
    });
    const { backup } = environment.workloads;
    if (backup !== null) {
      this.velero = new ServiceAccountRole(this, "velero", {
        ...common,
        shortName: "velero",
        namespace: "velero",
        serviceAccount: "velero",
        statements: veleroStatements({ ...props, bucket: backup.bucket }),
      });
    }
  }
}
