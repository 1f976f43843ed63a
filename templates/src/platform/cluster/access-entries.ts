// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import type { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { Construct } from "constructs";
import { partitionOf } from "../partition";
import type { EnvironmentConfig } from "../platform-config";

export interface AccessEntriesProps {
  readonly environment: EnvironmentConfig;
  readonly accountId: string;
  readonly cluster: EksCluster;
}

/** Who may call the Kubernetes API (control EKS-04). EKS adds the nodes' own entry. */
export class AccessEntries extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AccessEntriesProps,
  ) {
    super(scope, id);
    const { environment, accountId } = props;
    const { cluster, deployment, region } = environment;
    cluster.adminPrincipalArns.forEach((arn, index) =>
      this.entry(`admin-${index}`, arn, "AmazonEKSClusterAdminPolicy"),
    );
    cluster.viewerPrincipalArns.forEach((arn, index) => this.entry(`viewer-${index}`, arn, "AmazonEKSViewPolicy"));
    if (deployment.githubOidc) {
      const roleArn = (name: string): string => `arn:${partitionOf(region)}:iam::${accountId}:role/${name}`;
      this.entry("apply", roleArn(deployment.applyRoleName), "AmazonEKSClusterAdminPolicy");
      // Helm keeps its releases in secrets, so planning the workloads reads secrets of the namespaces that hold releases.
      const namespaces = environment.namespaces.map((namespace) => namespace.name);
      this.entry("plan", roleArn(deployment.planRoleName), "AmazonEKSAdminViewPolicy", namespaces);
      this.entry("drift", roleArn(deployment.driftRoleName), "AmazonEKSAdminViewPolicy", namespaces);
    }
  }

  private entry(id: string, principalArn: string, policy: string, namespaces?: string[]): void {
    const { cluster, environment } = this.props;
    const entry = new EksAccessEntry(this, id, { clusterName: cluster.name, principalArn, type: "STANDARD" });
    new EksAccessPolicyAssociation(this, `${id}-policy`, {
      clusterName: cluster.name,
      principalArn,
      policyArn: `arn:${partitionOf(environment.region)}:eks::aws:cluster-access-policy/${policy}`,
      accessScope: namespaces === undefined ? { type: "cluster" } : { type: "namespace", namespaces },
      dependsOn: [entry],
    });
  }
}
