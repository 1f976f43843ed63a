// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { DataAwsIamRole } from "@cdktf/provider-aws/lib/data-aws-iam-role";
import { EksAccessEntry } from "@cdktf/provider-aws/lib/eks-access-entry";
import { EksAccessPolicyAssociation } from "@cdktf/provider-aws/lib/eks-access-policy-association";
import type { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { Construct } from "constructs";
import { partitionOf } from "../partition";
import type { EnvironmentConfig, PersonRoleConfig } from "../platform-config";
import { rayUsersGroup, viewersGroup } from "../workloads/access-groups";
import { KeptValue } from "./kept-value";

export interface AccessEntriesProps {
  readonly environment: EnvironmentConfig;
  readonly cluster: EksCluster;
}

/** What a principal may do in the cluster. */
interface Rights {
  /** Name of EKS's access policy. */
  readonly policy: string;
  /** Where it holds; the whole cluster if absent. */
  readonly namespaces?: readonly string[];
  /** Group that the RBAC of the chart `cluster-base` speaks of, for what no access policy covers. */
  readonly group?: string;
}

const administer: Rights = { policy: "AmazonEKSClusterAdminPolicy" };

/** Who may call the Kubernetes API (control EKS-04). EKS adds the nodes' own entry. */
export class AccessEntries extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: AccessEntriesProps,
  ) {
    super(scope, id);
    const { environment } = props;
    const { cluster, deployment, ray, access } = environment;
    cluster.adminPrincipalArns.forEach((arn, index) => this.entry(`admin-${index}`, arn, administer));
    cluster.viewerPrincipalArns.forEach((arn, index) =>
      this.entry(`viewer-${index}`, arn, { policy: "AmazonEKSViewPolicy", group: viewersGroup }),
    );

    const people: Readonly<Record<PersonRoleConfig["kind"], Rights>> = {
      administrator: administer,
      "ray-user": { policy: "AmazonEKSViewPolicy", namespaces: [ray.namespace], group: rayUsersGroup },
      viewer: { policy: "AmazonEKSViewPolicy", group: viewersGroup },
    };
    for (const { kind, roleName } of access.people) {
      this.roleEntry(kind, roleName, people[kind]);
    }
    if (deployment.githubOidc) {
      this.roleEntry("apply", deployment.applyRoleName, administer);
      // Helm keeps its releases in secrets, so planning the workloads reads secrets of the namespaces that hold releases.
      const namespaces = environment.namespaces.map((namespace) => namespace.name);
      const read = { policy: "AmazonEKSAdminViewPolicy", namespaces };
      this.roleEntry("plan", deployment.planRoleName, read);
      this.roleEntry("drift", deployment.driftRoleName, read);
    }
  }

  /**
   * The entry of a role of the bootstrap stack. EKS keeps the id of the role, not its name, so the entry of a role that was
   * made again would be dead: it is replaced when the id changes.
   */
  private roleEntry(id: string, roleName: string, rights: Rights): void {
    const role = new DataAwsIamRole(this, `${id}-role`, { name: roleName });
    const identity = new KeptValue(this, `${id}-identity`, { id: role.uniqueId });
    this.entry(id, role.arn, rights, identity);
  }

  private entry(id: string, principalArn: string, { policy, namespaces, group }: Rights, identity?: KeptValue): void {
    const { cluster, environment } = this.props;
    // By address: the engine would write its own reference as a template, which Terraform refuses here.
    const address = identity === undefined ? [] : [`${identity.terraformResourceType}.${identity.friendlyUniqueId}`];
    const lifecycle = identity === undefined ? {} : { lifecycle: { replaceTriggeredBy: address } };
    const entry = new EksAccessEntry(this, id, {
      clusterName: cluster.name,
      principalArn,
      type: "STANDARD",
      kubernetesGroups: group === undefined ? undefined : [group],
      ...lifecycle,
    });
    new EksAccessPolicyAssociation(this, `${id}-policy`, {
      clusterName: cluster.name,
      principalArn,
      policyArn: `arn:${partitionOf(environment.region)}:eks::aws:cluster-access-policy/${policy}`,
      accessScope: namespaces === undefined ? { type: "cluster" } : { type: "namespace", namespaces: [...namespaces] },
      dependsOn: [entry],
      // It goes with the entry.
      ...lifecycle,
    });
  }
}
