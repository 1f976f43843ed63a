// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { type Json, resource, resources } from "../synthesize";
import { egress, ingress, nodeGroups, open, type Row, templates } from "./subject";

/** Who can be reached from where. */
export const network: readonly Row[] = [
  {
    id: "NET-01",
    holds: (subject) => {
      const { cluster } = subject;
      expect(egress(cluster).map((rule) => rule.cidr_ipv4 ?? rule.prefix_list_id)).toEqual([
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        expect.stringMatching(/^\$\{lookup\(data\.terraform_remote_state\.network\.outputs\.prefix_list_ids, "s3"/),
      ]);
      expect(egress(cluster)[3]).toMatchObject({ ip_protocol: "tcp", from_port: 443, to_port: 443 });
      const [group] = Object.keys(cluster.resource.aws_security_group);
      expect(resources(cluster, "aws_security_group")[0].egress).toBeUndefined();
      for (const template of templates(subject)) {
        expect(template.vpc_security_group_ids).toEqual([`\${aws_security_group.${group}.id}`]);
      }
      for (const group of nodeGroups(subject)) {
        expect(
          group.depends_on.filter((name: string) => name.startsWith("aws_vpc_security_group_egress_rule.")).length,
        ).toBe(4);
      }
    },
    breaks: {
      "the internet": ({ cluster }) => {
        egress(cluster)[0].cidr_ipv4 = "0.0.0.0/0";
      },
      "a further range": ({ cluster }) => {
        cluster.resource.aws_vpc_security_group_egress_rule.other = { cidr_ipv4: "100.64.0.0/10", ip_protocol: "-1" };
      },
      "EKS's own security group, with open egress": (subject) => {
        templates(subject)[0].vpc_security_group_ids.push(
          "${aws_eks_cluster.c.vpc_config[0].cluster_security_group_id}",
        );
      },
      "no security group named, so that EKS attaches its own": (subject) => {
        delete templates(subject)[0].vpc_security_group_ids;
      },
    },
  },
  {
    id: "NET-02",
    holds: ({ cluster }) => {
      const [group] = Object.keys(cluster.resource.aws_security_group);
      const toNodes = ingress(cluster).filter(
        (rule) => rule.security_group_id === `\${aws_security_group.${group}.id}`,
      );
      const fromNodes = toNodes.filter((rule) => rule.referenced_security_group_id === rule.security_group_id);
      const fromControlPlane = toNodes.filter((rule) =>
        /cluster_security_group_id\}$/.test(rule.referenced_security_group_id),
      );
      expect(fromNodes.length + fromControlPlane.length).toBe(toNodes.length);
      expect(fromNodes.length).toBe(1);
      expect(fromControlPlane.map((rule) => rule.from_port).sort((a, b) => a - b)).toEqual([
        443, 4443, 6443, 8443, 9443, 10250, 10251,
      ]);
      expect(fromControlPlane.every((rule) => rule.ip_protocol === "tcp" && rule.from_port === rule.to_port)).toBe(
        true,
      );
    },
    breaks: {
      "SSH from anywhere in the VPC": ({ cluster }) => {
        const rule = resource(cluster, "aws_vpc_security_group_ingress_rule", "/from-nodes");
        cluster.resource.aws_vpc_security_group_ingress_rule.ssh = {
          ...rule,
          referenced_security_group_id: undefined,
          cidr_ipv4: "10.0.0.0/8",
          ip_protocol: "tcp",
          from_port: 22,
          to_port: 22,
        };
      },
      "kubelet out of reach": ({ cluster }) => {
        const [name] = Object.entries<Json>(cluster.resource.aws_vpc_security_group_ingress_rule).find(
          ([, rule]) => rule.from_port === 10250,
        ) as [string, Json];
        delete cluster.resource.aws_vpc_security_group_ingress_rule[name];
      },
    },
  },
  {
    id: "NET-03",
    holds: ({ network, cluster }) => {
      for (const stack of [network, cluster]) {
        expect(ingress(stack).filter((rule) => open.includes(rule.cidr_ipv4) || open.includes(rule.cidr_ipv6))).toEqual(
          [],
        );
        for (const group of resources(stack, "aws_security_group")) {
          expect(group.ingress).toBeUndefined();
        }
      }
      const [unused] = resources(network, "aws_default_security_group");
      expect(unused.ingress).toBeUndefined();
      expect(unused.egress).toBeUndefined();
    },
    breaks: {
      "open to the world": ({ network }) => {
        ingress(network)[0].cidr_ipv4 = "0.0.0.0/0";
      },
      "the default group admits traffic": ({ network }) => {
        resources(network, "aws_default_security_group")[0].ingress = [{ protocol: "-1", self: true }];
      },
    },
  },
  {
    id: "NET-04",
    holds: (subject) => {
      const { network } = subject;
      expect(network.resource.aws_internet_gateway).toBeUndefined();
      expect(network.resource.aws_nat_gateway).toBeUndefined();
      expect(network.resource.aws_route).toBeUndefined();
      expect(resources(network, "aws_subnet").map((subnet) => subnet.map_public_ip_on_launch)).toEqual([
        false,
        false,
        false,
      ]);
      expect(
        Object.values<string>(network.output.node_subnet_ids.value).every((id) => id.includes("node-subnet")),
      ).toBe(true);
      for (const group of nodeGroups(subject)) {
        expect(
          group.subnet_ids.every((id: string) => id.includes("terraform_remote_state.network.outputs.node_subnet_ids")),
        ).toBe(true);
      }
    },
    breaks: {
      "a route to the internet": ({ network }) => {
        network.resource.aws_route = { out: { destination_cidr_block: "0.0.0.0/0", gateway_id: "igw-1" } };
      },
      "public addresses": ({ network }) => {
        resources(network, "aws_subnet")[0].map_public_ip_on_launch = true;
      },
      "nodes elsewhere": (subject) => {
        nodeGroups(subject)[0].subnet_ids = ["subnet-public"];
      },
    },
  },
  {
    id: "NET-05",
    holds: ({ network, config }) => {
      const endpoints = resources(network, "aws_vpc_endpoint");
      const services = endpoints
        .map((endpoint) => endpoint.service_name.replace("com.amazonaws.us-east-1.", ""))
        .sort();
      for (const needed of [
        "ec2",
        "ecr.api",
        "ecr.dkr",
        "s3",
        "sts",
        "eks",
        "logs",
        "ssm",
        "ssmmessages",
        "ec2messages",
        "autoscaling",
        "sqs",
      ]) {
        expect(services).toContain(needed);
      }
      const [group] = Object.keys(network.resource.aws_security_group);
      for (const endpoint of endpoints.filter((one) => one.vpc_endpoint_type === "Interface")) {
        expect(endpoint.private_dns_enabled).toBe(true);
        expect(endpoint.security_group_ids).toEqual([`\${aws_security_group.${group}.id}`]);
      }
      expect(ingress(network).map((rule) => rule.cidr_ipv4)).toEqual(config.environments[0]?.network.nodeSubnetCidrs);
      expect(
        ingress(network).every((rule) => rule.ip_protocol === "tcp" && rule.from_port === 443 && rule.to_port === 443),
      ).toBe(true);
    },
    breaks: {
      "no endpoint for ECR": ({ network }) => {
        delete network.resource.aws_vpc_endpoint[
          Object.keys(network.resource.aws_vpc_endpoint).find((name) => name.includes("ecrapi")) as string
        ];
      },
      "another port": ({ network }) => {
        ingress(network)[0].from_port = 0;
      },
      "from anywhere": ({ network }) => {
        ingress(network)[0].cidr_ipv4 = "10.0.0.0/8";
      },
    },
  },
  {
    id: "NET-06",
    holds: ({ network }) => {
      const [flowLog] = resources(network, "aws_flow_log");
      expect(flowLog).toMatchObject({ traffic_type: "ALL", vpc_id: expect.stringMatching(/^\$\{aws_vpc\./) });
      const [logGroup] = resources(network, "aws_cloudwatch_log_group");
      expect(logGroup.kms_key_id).toMatch(/^\$\{aws_kms_key\./);
    },
    breaks: {
      "rejected traffic only": ({ network }) => {
        resources(network, "aws_flow_log")[0].traffic_type = "REJECT";
      },
      "no flow log": ({ network }) => {
        delete network.resource.aws_flow_log;
      },
      "not encrypted": ({ network }) => {
        delete resources(network, "aws_cloudwatch_log_group")[0].kms_key_id;
      },
    },
  },
];
