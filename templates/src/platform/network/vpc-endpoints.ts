// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { NetworkConfig } from "../platform-config";
import { policyDocument } from "../policy-document";
import type { Vpc } from "./vpc";

export interface VpcEndpointsProps {
  readonly name: string;
  readonly region: string;
  readonly network: NetworkConfig;
  readonly vpc: Vpc;
}

/**
 * How nodes and pods reach AWS without the internet (controls NET-05, TLS-01): S3, and one interface endpoint for each
 * service that the chosen features call, behind a security group that admits 443 from the node subnets only.
 */
export class VpcEndpoints extends Construct {
  /** The gateway endpoint for S3; undefined when S3 is reached through an interface endpoint. */
  public readonly s3Gateway: VpcEndpoint | undefined;
  public readonly interfaceEndpoints: readonly VpcEndpoint[];
  public readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { name, region, network, vpc }: VpcEndpointsProps) {
    super(scope, id);
    const vpcId = vpc.vpc.id;
    this.securityGroup = new SecurityGroup(this, "security-group", {
      name: `${name}-vpc-endpoints`,
      description: "VPC endpoints: HTTPS from node subnets",
      vpcId,
      tags: { Name: `${name}-vpc-endpoints` },
    });
    network.nodeSubnetCidrs.forEach((cidr, index) => {
      new VpcSecurityGroupIngressRule(this, `from-nodes-${network.availabilityZones[index]}`, {
        securityGroupId: this.securityGroup.id,
        description: `HTTPS from the node subnet in ${network.availabilityZones[index]}`,
        cidrIpv4: cidr,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      });
    });

    if (network.s3Access === "gateway") {
      this.s3Gateway = new VpcEndpoint(this, "s3", {
        vpcId,
        serviceName: `com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: vpc.routeTables.map((table) => table.id),
        policy: tlsOnlyPolicy(),
        tags: { Name: `${name}-s3` },
      });
    }
    const services =
      network.s3Access === "interface" ? [...network.interfaceEndpoints, "s3"] : network.interfaceEndpoints;
    this.interfaceEndpoints = [...new Set(services)].map(
      (service) =>
        new VpcEndpoint(this, service, {
          vpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          // The private name of an S3 interface endpoint needs no gateway endpoint beside it only with this set to false.
          ...(service === "s3" ? { dnsOptions: { privateDnsOnlyForInboundResolverEndpoint: false } } : {}),
          subnetIds: vpc.nodeSubnets.map((subnet) => subnet.id),
          securityGroupIds: [this.securityGroup.id],
          tags: { Name: `${name}-${service}` },
        }),
    );
  }
}

/** S3 through the gateway endpoint: any bucket that IAM admits (ECR's layers live in AWS's own), but never in clear text. */
function tlsOnlyPolicy(): string {
  return policyDocument([
    { Sid: "AllowByIam", Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" },
    {
      Sid: "DenyInsecureTransport",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
}
