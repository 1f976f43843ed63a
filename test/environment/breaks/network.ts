// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Break } from "./break";
import { nodeGroupOf, template } from "./tampering";

/** The network. */
export const networkBreaks: readonly Break[] = [
  {
    red: "NET-01",
    how: "nodes reach everything",
    apply: (p) => {
      p.one("cluster", "aws_vpc_security_group_egress_rule", "to-10").cidr_ipv4 = "0.0.0.0/0";
    },
  },
  {
    red: "NET-01",
    how: "nodes reach everything over IPv6",
    apply: (p) =>
      p.add("cluster", "aws_vpc_security_group_egress_rule", {
        security_group_id: nodeGroupOf(p),
        cidr_ipv6: "::/0",
        ip_protocol: "-1",
      }),
  },
  {
    red: "NET-01",
    how: "the older resource type opens egress",
    apply: (p) =>
      p.add("cluster", "aws_security_group_rule", {
        security_group_id: nodeGroupOf(p),
        type: "egress",
        protocol: "-1",
        from_port: 0,
        to_port: 0,
        cidr_blocks: ["0.0.0.0/0"],
      }),
  },
  {
    red: "NET-01",
    how: "an inline rule opens egress",
    apply: (p) => {
      p.one("cluster", "aws_security_group").egress = [
        { protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] },
      ];
    },
  },
  {
    red: "NET-01",
    how: "another stack opens egress",
    apply: (p) =>
      p.beside("aws_vpc_security_group_egress_rule", {
        security_group_id: p.across("cluster", "aws_security_group", "id"),
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "-1",
      }),
  },
  {
    red: "NET-01",
    how: "half of the internet is named",
    apply: (p) => {
      p.one("cluster", "aws_vpc_security_group_egress_rule", "to-192").cidr_ipv4 = "128.0.0.0/1";
    },
  },
  {
    red: "NET-01",
    how: "nodes are in another group besides",
    apply: (p) => template(p).vpc_security_group_ids.push("sg-0123456789abcdef0"),
  },
  {
    red: "NET-01",
    how: "nodes get the cluster's own group",
    apply: (p) => {
      delete template(p).vpc_security_group_ids;
      delete template(p).network_interfaces;
    },
  },
  {
    red: "NET-01",
    how: "S3's rule names another prefix list",
    apply: (p) => {
      p.one("cluster", "aws_vpc_security_group_egress_rule", "to-s3").prefix_list_id = "pl-12345678";
    },
  },
  {
    red: "NET-02",
    how: "nodes admit the VPC",
    apply: (p) =>
      p.add("cluster", "aws_vpc_security_group_ingress_rule", {
        security_group_id: nodeGroupOf(p),
        cidr_ipv4: "10.0.0.0/16",
        ip_protocol: "-1",
      }),
  },
  {
    red: "NET-02",
    how: "the control plane reaches SSH",
    apply: (p) => {
      Object.assign(p.one("cluster", "aws_vpc_security_group_ingress_rule", "10250"), { from_port: 22, to_port: 22 });
    },
  },
  {
    red: "NET-02",
    how: "the control plane reaches every port",
    apply: (p) => {
      Object.assign(p.one("cluster", "aws_vpc_security_group_ingress_rule", "10250"), { from_port: 0, to_port: 65535 });
    },
  },
  {
    red: "NET-02",
    how: "the older resource type admits a private range",
    apply: (p) =>
      p.add("cluster", "aws_security_group_rule", {
        security_group_id: nodeGroupOf(p),
        type: "ingress",
        protocol: "tcp",
        from_port: 22,
        to_port: 22,
        cidr_blocks: ["10.1.0.0/16"],
      }),
  },
  {
    red: "NET-02",
    how: "an inline rule of the group admits another group",
    apply: (p) => {
      p.one("cluster", "aws_security_group").ingress = {
        protocol: "tcp",
        from_port: 22,
        to_port: 22,
        security_groups: ["sg-0123456789abcdef0"],
      };
    },
  },
  {
    red: "NET-03",
    how: "nodes admit the internet",
    apply: (p) =>
      p.add("cluster", "aws_vpc_security_group_ingress_rule", {
        security_group_id: nodeGroupOf(p),
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "tcp",
        from_port: 443,
        to_port: 443,
      }),
  },
  {
    red: "NET-03",
    how: "the older resource type admits the internet",
    apply: (p) =>
      p.add("cluster", "aws_security_group_rule", {
        security_group_id: nodeGroupOf(p),
        type: "ingress",
        protocol: "-1",
        from_port: 0,
        to_port: 0,
        cidr_blocks: ["0.0.0.0/0"],
      }),
  },
  {
    red: "NET-03",
    how: "an inline rule admits the internet",
    apply: (p) => {
      p.one("network", "aws_security_group").ingress = [
        { protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["0.0.0.0/0"] },
      ];
    },
  },
  {
    red: "NET-03",
    how: "the default group admits IPv6",
    apply: (p) => {
      p.one("network", "aws_default_security_group").ingress = [
        { protocol: "-1", from_port: 0, to_port: 0, ipv6_cidr_blocks: ["::/0"] },
      ];
    },
  },
  {
    red: "NET-03",
    how: "another stack makes an open group",
    apply: (p) =>
      p.beside("aws_security_group", {
        vpc_id: "x",
        ingress: { protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: ["198.51.100.0/24"] },
      }),
  },
  {
    red: "NET-03",
    how: "a stack of no environment opens a group",
    apply: (p) =>
      p.shared("aws_security_group_rule", {
        security_group_id: "sg-0123456789abcdef0",
        type: "ingress",
        protocol: "tcp",
        from_port: 22,
        to_port: 22,
        cidr_blocks: ["0.0.0.0/0"],
      }),
  },
  {
    red: "NET-04",
    how: "a subnet of nodes gives public addresses",
    apply: (p) => {
      p.one("network", "aws_subnet").map_public_ip_on_launch = true;
    },
  },
  {
    red: "NET-04",
    how: "a launch template gives public addresses",
    apply: (p) => {
      template(p).network_interfaces = [{ associate_public_ip_address: "true", security_groups: [nodeGroupOf(p)] }];
    },
  },
  {
    red: "NET-04",
    how: "nodes are routed to the internet gateway",
    apply: (p) => {
      p.add("network", "aws_internet_gateway", { vpc_id: "x" });
      p.add("network", "aws_route", {
        route_table_id: p.ref("network", "aws_route_table", "id"),
        destination_cidr_block: "0.0.0.0/0",
        gateway_id: "${aws_internet_gateway.broken-aws_internet_gateway.id}",
      });
    },
  },
  {
    red: "NET-04",
    how: "an inline route leads to the internet gateway",
    apply: (p) => {
      p.add("network", "aws_internet_gateway", { vpc_id: "x" });
      p.one("network", "aws_route_table").route = [
        { cidr_block: "0.0.0.0/0", gateway_id: "${aws_internet_gateway.broken-aws_internet_gateway.id}" },
      ];
    },
  },
  {
    red: "NET-05",
    how: "endpoints admit the whole VPC",
    apply: (p) => {
      p.one("network", "aws_vpc_security_group_ingress_rule").cidr_ipv4 = "10.0.0.0/16";
    },
  },
  {
    red: "NET-05",
    how: "endpoints admit every port",
    apply: (p) => {
      Object.assign(p.one("network", "aws_vpc_security_group_ingress_rule"), {
        ip_protocol: "-1",
        from_port: undefined,
        to_port: undefined,
      });
    },
  },
  {
    red: "NET-05",
    how: "the older resource type opens the endpoints",
    apply: (p) =>
      p.add("network", "aws_security_group_rule", {
        security_group_id: p.ref("network", "aws_security_group", "id"),
        type: "ingress",
        protocol: "tcp",
        from_port: 443,
        to_port: 443,
        cidr_blocks: ["192.168.0.0/16"],
      }),
  },
  { red: "NET-05", how: "an endpoint is missing", apply: (p) => p.remove("network", "aws_vpc_endpoint", "/kms") },
  {
    red: "NET-05",
    how: "an endpoint does not answer under the API's name",
    apply: (p) => {
      p.one("network", "aws_vpc_endpoint", "/sts").private_dns_enabled = false;
    },
  },
  { red: "NET-06", how: "traffic is not logged", apply: (p) => p.remove("network", "aws_flow_log") },
  {
    red: "NET-06",
    how: "only refused traffic is logged",
    apply: (p) => {
      p.one("network", "aws_flow_log").traffic_type = "REJECT";
    },
  },
  {
    red: "NET-06",
    how: "flow logs are not encrypted",
    apply: (p) => {
      delete p.one("network", "aws_cloudwatch_log_group").kms_key_id;
    },
  },
  {
    red: "NET-06",
    how: "another stack makes a VPC without flow logs",
    apply: (p) => p.beside("aws_vpc", { cidr_block: "10.9.0.0/16" }),
  },
];
