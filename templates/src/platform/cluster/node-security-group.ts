// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { privateRanges } from "../network/validation";
import type { EnvironmentConfig } from "../platform-config";

export interface NodeSecurityGroupProps {
  readonly environment: EnvironmentConfig;
  readonly vpcId: string;
  readonly clusterSecurityGroupId: string;
  /** Prefix list of the S3 gateway endpoint; undefined when S3 is reached at a private address. */
  readonly s3PrefixListId: string | undefined;
}

/** Ports that the control plane calls on nodes: the kubelet, and where admission webhooks and API services listen. */
const controlPlanePorts: readonly { readonly port: number; readonly purpose: string }[] = [
  { port: 443, purpose: "webhooks" },
  { port: 4443, purpose: "metrics API" },
  { port: 6443, purpose: "webhooks" },
  { port: 8443, purpose: "webhooks" },
  { port: 9443, purpose: "webhooks" },
  { port: 10250, purpose: "kubelet" },
  { port: 10251, purpose: "metrics API" },
];

/**
 * The only security group of nodes (controls NET-01 to NET-03). Launch templates name it, so that EKS does not attach the
 * cluster's own group, whose egress is open; what that group would have allowed between control plane and nodes is here.
 */
export class NodeSecurityGroup extends Construct {
  public readonly securityGroup: SecurityGroup;
  /** All rules: a node that starts before them cannot join. */
  public readonly rules: readonly (VpcSecurityGroupEgressRule | VpcSecurityGroupIngressRule)[];

  constructor(scope: Construct, id: string, props: NodeSecurityGroupProps) {
    super(scope, id);
    const { environment, vpcId, clusterSecurityGroupId, s3PrefixListId } = props;
    const clusterName = environment.cluster.name;
    this.securityGroup = new SecurityGroup(this, "group", {
      name: `${clusterName}-node`,
      description: "Nodes: private ranges and S3 only",
      vpcId,
      // Exactly one group of a node may carry this tag.
      tags: { Name: `${clusterName}-node`, [`kubernetes.io/cluster/${clusterName}`]: "owned" },
    });
    const securityGroupId = this.securityGroup.id;

    const egress = privateRanges.map(
      (cidrIpv4) =>
        new VpcSecurityGroupEgressRule(this, `to-${cidrIpv4.replace(/[./]/g, "-")}`, {
          securityGroupId,
          description: `Private range ${cidrIpv4}`,
          cidrIpv4,
          ipProtocol: "-1",
        }),
    );
    if (s3PrefixListId !== undefined) {
      // S3 keeps its public addresses behind a gateway endpoint; image layers come from there.
      egress.push(
        new VpcSecurityGroupEgressRule(this, "to-s3", {
          securityGroupId,
          description: "S3 through the gateway endpoint",
          prefixListId: s3PrefixListId,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
        }),
      );
    }
    if (environment.pools.some((pool) => pool.efaInterfaces > 0)) {
      // EFA traffic is admitted by a reference to the group itself, not by address.
      egress.push(
        new VpcSecurityGroupEgressRule(this, "to-nodes", {
          securityGroupId,
          description: "EFA between nodes",
          referencedSecurityGroupId: securityGroupId,
          ipProtocol: "-1",
        }),
      );
    }

    const ingress = [
      new VpcSecurityGroupIngressRule(this, "from-nodes", {
        securityGroupId,
        description: "Nodes among themselves",
        referencedSecurityGroupId: securityGroupId,
        ipProtocol: "-1",
      }),
      ...controlPlanePorts.map(
        ({ port, purpose }) =>
          new VpcSecurityGroupIngressRule(this, `from-control-plane-${port}`, {
            securityGroupId,
            description: `Control plane: ${purpose}`,
            referencedSecurityGroupId: clusterSecurityGroupId,
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
          }),
      ),
      new VpcSecurityGroupIngressRule(this, "api-from-nodes", {
        securityGroupId: clusterSecurityGroupId,
        description: "Kubernetes API from nodes and pods",
        referencedSecurityGroupId: securityGroupId,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      }),
    ];
    this.rules = [...egress, ...ingress];
  }
}
