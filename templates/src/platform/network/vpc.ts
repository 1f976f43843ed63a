// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc as AwsVpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";
import type { NetworkConfig } from "../platform-config";

export interface VpcProps {
  /** First part of names. */
  readonly name: string;
  readonly network: NetworkConfig;
  /** Provider that tags nothing, for what AWS makes without tags. */
  readonly withoutTags: AwsProvider;
}

/**
 * One private subnet per zone for nodes (control NET-04). Public subnets exist only to hold NAT gateways, where the options
 * ask for NAT; nothing in them gets a public address by itself.
 */
export class Vpc extends Construct {
  public readonly vpc: AwsVpc;
  public readonly nodeSubnets: readonly Subnet[];
  public readonly routeTables: readonly RouteTable[];

  constructor(scope: Construct, id: string, { name, network, withoutTags }: VpcProps) {
    super(scope, id);
    this.vpc = new AwsVpc(this, "vpc", {
      cidrBlock: network.vpcCidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: name },
    });
    // The default security group admits nothing, in either direction. It comes with the VPC, untagged, and stays so: who may tag
    // a group that has no tag yet could make any group its own.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: this.vpc.id, provider: withoutTags });

    const natGateways = this.natGateways(name, network);
    this.routeTables = network.availabilityZones.map((zone, index) => {
      const routeTable = new RouteTable(this, `node-routes-${zone}`, {
        vpcId: this.vpc.id,
        tags: { Name: `${name}-node-${zone}` },
      });
      const gateway = natGateways[index] ?? natGateways[0];
      if (gateway !== undefined) {
        new Route(this, `nat-route-${zone}`, {
          routeTableId: routeTable.id,
          destinationCidrBlock: "0.0.0.0/0",
          natGatewayId: gateway.id,
        });
      }
      return routeTable;
    });
    this.nodeSubnets = network.availabilityZones.map((zone, index) => {
      const subnet = new Subnet(this, `node-subnet-${zone}`, {
        vpcId: this.vpc.id,
        availabilityZone: zone,
        cidrBlock: network.nodeSubnetCidrs[index] as string,
        mapPublicIpOnLaunch: false,
        tags: { Name: `${name}-node-${zone}`, "kubernetes.io/role/internal-elb": "1" },
      });
      new RouteTableAssociation(this, `node-association-${zone}`, {
        subnetId: subnet.id,
        routeTableId: (this.routeTables[index] as RouteTable).id,
      });
      return subnet;
    });
  }

  private natGateways(name: string, network: NetworkConfig): NatGateway[] {
    if (network.nat === "none") {
      return [];
    }
    const internet = new InternetGateway(this, "internet-gateway", { vpcId: this.vpc.id, tags: { Name: name } });
    const routes = new RouteTable(this, "public-routes", { vpcId: this.vpc.id, tags: { Name: `${name}-public` } });
    new Route(this, "internet-route", {
      routeTableId: routes.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: internet.id,
    });
    const zones = network.nat === "single" ? network.availabilityZones.slice(0, 1) : network.availabilityZones;
    return zones.map((zone, index) => {
      const subnet = new Subnet(this, `public-subnet-${zone}`, {
        vpcId: this.vpc.id,
        availabilityZone: zone,
        cidrBlock: network.publicSubnetCidrs[index] as string,
        mapPublicIpOnLaunch: false,
        tags: { Name: `${name}-public-${zone}` },
      });
      new RouteTableAssociation(this, `public-association-${zone}`, { subnetId: subnet.id, routeTableId: routes.id });
      const address = new Eip(this, `nat-address-${zone}`, { domain: "vpc", tags: { Name: `${name}-nat-${zone}` } });
      return new NatGateway(this, `nat-${zone}`, {
        allocationId: address.id,
        subnetId: subnet.id,
        tags: { Name: `${name}-${zone}` },
        dependsOn: [internet],
      });
    });
  }
}
