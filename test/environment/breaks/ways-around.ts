// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Json } from "../../templates/synthesize";
import type { Break } from "./break";
import { allow, ANYBODY, BOUNDARY, cluster, group, key, nodeGroupOf, template, trust, worker } from "./tampering";

const STATE_BUCKET = "acme-ml-platform-prod-tfstate-111122223333";
/** What the nodes of the platform have. */
const OWN_METADATA = { http_tokens: "required", http_put_response_hop_limit: 1 };

/** Other types of resources, a second writer of what there is once, another door, and all that a condition of a rule is needed for. */
export const waysAroundBreaks: readonly Break[] = [
  {
    red: "KMS-04",
    how: "a statement of the key's policy says of nobody whom it admits",
    apply: (p) =>
      p.document(key(p), "policy", (d) => {
        d.Statement[0].Principal = {};
      }),
  },
  {
    red: "KMS-04",
    how: "another condition than the log group narrows what logs may do",
    apply: (p) =>
      p.document(key(p), "policy", (d) => {
        d.Statement[2].Condition = { StringEquals: { "kms:ViaService": "logs.us-east-1.amazonaws.com" } };
      }),
  },
  {
    red: "KMS-04",
    how: "another service than logs is bound to the log group",
    apply: (p) =>
      p.document(key(p), "policy", (d) => {
        d.Statement[2].Principal = { Service: "events.amazonaws.com" };
      }),
  },
  {
    red: "NET-04",
    how: "another stack's launch configuration gives public addresses",
    apply: (p) =>
      p.beside("aws_launch_configuration", { associate_public_ip_address: true, metadata_options: OWN_METADATA }),
  },
  {
    red: "NET-04",
    how: "another stack starts an instance with a public address",
    apply: (p) => p.beside("aws_instance", { associate_public_ip_address: true, metadata_options: OWN_METADATA }),
  },
  {
    red: "NET-04",
    how: "the main route table leads to the internet gateway, and subnets of nodes have no other",
    apply: (p) => {
      p.remove("network", "aws_route_table_association", "");
      p.add("network", "aws_internet_gateway", { vpc_id: "x" });
      p.add("network", "aws_default_route_table", {
        default_route_table_id: p.ref("network", "aws_vpc", "default_route_table_id"),
        route: [{ cidr_block: "0.0.0.0/0", gateway_id: "${aws_internet_gateway.broken-aws_internet_gateway.id}" }],
      });
    },
  },
  {
    red: "NET-04",
    how: "a table with a route to the internet gateway becomes the main one",
    apply: (p) => {
      p.remove("network", "aws_route_table_association", "");
      p.add("network", "aws_internet_gateway", { vpc_id: "x" });
      p.add("network", "aws_route_table", {
        vpc_id: p.ref("network", "aws_vpc", "id"),
        route: { cidr_block: "0.0.0.0/0", gateway_id: "${aws_internet_gateway.broken-aws_internet_gateway.id}" },
      });
      p.add("network", "aws_main_route_table_association", {
        vpc_id: p.ref("network", "aws_vpc", "id"),
        route_table_id: "${aws_route_table.broken-aws_route_table.id}",
      });
    },
  },
  {
    red: "NET-04",
    how: "a gateway that a data source reads is the route of nodes",
    apply: (p) =>
      p.add("network", "aws_route", {
        route_table_id: p.ref("network", "aws_route_table", "id"),
        destination_cidr_block: "0.0.0.0/0",
        gateway_id: "${data.aws_internet_gateway.given.internet_gateway_id}",
      }),
  },
  {
    red: "NET-04",
    how: "an internet gateway is named by its id",
    apply: (p) =>
      p.add("network", "aws_route", {
        route_table_id: p.ref("network", "aws_route_table", "id"),
        destination_ipv6_cidr_block: "::/0",
        gateway_id: "igw-0123456789abcdef0",
      }),
  },
  {
    red: "IMDS-01",
    how: "another stack asks for a spot instance without tokens",
    apply: (p) => p.beside("aws_spot_instance_request", { metadata_options: { http_put_response_hop_limit: 1 } }),
  },
  {
    red: "IMDS-02",
    how: "another stack asks for a spot instance with more hops",
    apply: (p) =>
      p.beside("aws_spot_instance_request", {
        metadata_options: { http_tokens: "required", http_put_response_hop_limit: 2 },
      }),
  },
  {
    red: "EBS-01",
    how: "a spot instance has a plain root volume",
    apply: (p) =>
      p.beside("aws_spot_instance_request", { root_block_device: { volume_size: 9 }, metadata_options: OWN_METADATA }),
  },
  {
    red: "TLS-01",
    how: "another stack replaces the policy of the state bucket, of which there is only one",
    apply: (p) =>
      p.beside("aws_s3_bucket_policy", {
        bucket: STATE_BUCKET,
        policy: JSON.stringify({
          Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: "*" }],
        }),
      }),
  },
  {
    red: "STATE-01",
    how: "another stack suspends versioning",
    apply: (p) =>
      p.beside("aws_s3_bucket_versioning", { bucket: STATE_BUCKET, versioning_configuration: { status: "Suspended" } }),
  },
  {
    red: "STATE-01",
    how: "another stack takes the key from the state",
    apply: (p) =>
      p.beside("aws_s3_bucket_server_side_encryption_configuration", {
        bucket: STATE_BUCKET,
        rule: { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
      }),
  },
  {
    red: "STATE-01",
    how: "the state is copied into another bucket",
    apply: (p) =>
      p.beside("aws_s3_bucket_replication_configuration", {
        bucket: STATE_BUCKET,
        rule: { status: "Enabled", destination: { bucket: "arn:aws:s3:::elsewhere" } },
      }),
  },
  {
    red: "STATE-01",
    how: "an access point is another door to the state",
    apply: (p) => p.beside("aws_s3_access_point", { bucket: STATE_BUCKET, name: "x", policy: ANYBODY }),
  },
  {
    red: "IRSA-01",
    how: "a pod identity gives any role to a service account",
    apply: (p) =>
      p.beside("aws_eks_pod_identity_association", {
        cluster_name: "ml-platform-prod",
        namespace: "ray",
        service_account: "default",
        role_arn: "arn:aws:iam::111122223333:role/administrator",
      }),
  },
  {
    red: "OIDC-01",
    how: "a stack gives a user a certificate",
    apply: (p) => p.beside("aws_iam_signing_certificate", { user_name: "ci", certificate_body: "x" }),
  },
  {
    red: "NET-06",
    how: "a stack takes over the account's default VPC",
    apply: (p) => p.beside("aws_default_vpc", {}),
  },
  {
    red: "KMS-02",
    how: "the replica of a key has imported material",
    apply: (p) => p.beside("aws_kms_replica_external_key", { primary_key_arn: "arn:aws:kms:eu-west-1:1:key/x" }),
  },
  {
    red: "controls/unread-types",
    how: "the cloud control provider opens a security group",
    apply: (p) =>
      p.beside("awscc_ec2_security_group_ingress", { group_id: "x", ip_protocol: "-1", cidr_ip: "0.0.0.0/0" }),
  },
  {
    red: "controls/unread-types",
    how: "a stack of CloudFormation makes what nobody reads",
    apply: (p) => p.shared("aws_cloudformation_stack", { name: "x", template_body: "{}" }),
  },
  {
    red: "controls/unread-types",
    how: "the cloud control API makes what nobody reads",
    apply: (p) =>
      p.add("cluster", "aws_cloudcontrolapi_resource", { type_name: "AWS::IAM::User", desired_state: "{}" }),
  },
  {
    red: "EKS-02",
    how: "the public endpoint names no network, which AWS takes for all of them",
    apply: (p) => {
      Object.assign(cluster(p).vpc_config, { endpoint_public_access: true, public_access_cidrs: [] });
    },
  },
  {
    red: "SQS-01",
    how: "another queue has the dead letters",
    apply: (p) => {
      delete p.one("cluster", "aws_sqs_queue", "interruption/queue").redrive_policy;
      p.add("cluster", "aws_sqs_queue_redrive_policy", { queue_url: "https://sqs.us-east-1.amazonaws.com/1/x" });
    },
  },
  {
    red: "SQS-01",
    how: "rules of the whole account send to the queue",
    apply: (p) =>
      p.document(p.one("cluster", "aws_sqs_queue_policy", "/queue-policy"), "policy", (d) => {
        d.Statement[0].Condition = { StringEquals: { "aws:SourceAccount": "111122223333" } };
      }),
  },
  {
    red: "NET-01",
    how: "nodes reach a security group that no stack makes",
    apply: (p) =>
      p.add("cluster", "aws_vpc_security_group_egress_rule", {
        security_group_id: nodeGroupOf(p),
        ip_protocol: "-1",
        referenced_security_group_id: "sg-0123456789abcdef9",
      }),
  },
  {
    red: "NET-01",
    how: "S3's rule names the prefix list of another service's endpoint",
    apply: (p) => {
      p.add("cluster", "aws_vpc_endpoint", {
        service_name: "com.amazonaws.us-east-1.dynamodb",
        vpc_endpoint_type: "Gateway",
      });
      p.one("cluster", "aws_vpc_security_group_egress_rule", "to-s3").prefix_list_id =
        "${aws_vpc_endpoint.broken-aws_vpc_endpoint.prefix_list_id}";
    },
  },
  {
    red: "NET-02",
    how: "another group than the control plane's reaches the kubelet",
    apply: (p) => {
      p.one("cluster", "aws_vpc_security_group_ingress_rule", "10250").referenced_security_group_id =
        "sg-0123456789abcdef9";
    },
  },
  {
    red: "NET-02",
    how: "the control plane reaches the kubelet's port by another protocol",
    apply: (p) => {
      p.one("cluster", "aws_vpc_security_group_ingress_rule", "10250").ip_protocol = "udp";
    },
  },
  {
    red: "NET-02",
    how: "a range begins with a port of the control plane's",
    apply: (p) => {
      p.one("cluster", "aws_vpc_security_group_ingress_rule", "10250").to_port = 65535;
    },
  },
  {
    red: "NET-05",
    how: "an endpoint of another type has the service's name",
    apply: (p) => {
      p.one("network", "aws_vpc_endpoint", "/kms").vpc_endpoint_type = "GatewayLoadBalancer";
    },
  },
  ...(
    [
      ["another protocol", { ip_protocol: "udp" }],
      ["a range that begins before their port", { from_port: 80 }],
      ["a range that ends behind their port", { to_port: 8443 }],
    ] as const
  ).map(
    ([what, change]): Break => ({
      red: "NET-05",
      how: `endpoints admit ${what}`,
      apply: (p) => {
        Object.assign(p.one("network", "aws_vpc_security_group_ingress_rule"), change);
      },
    }),
  ),
  {
    red: "OIDC-02",
    how: "a user whose name ends as GitHub's provider does is admitted on GitHub's conditions",
    apply: trust("bootstrap", "github/plan", (s) => {
      s.Principal = { AWS: "arn:aws:iam::111122223333:user/oidc-provider/token.actions.githubusercontent.com" };
    }),
  },
  {
    red: "OIDC-02",
    how: "GitHub's provider may assume the role by another action",
    apply: trust("bootstrap", "github/plan", (s) => {
      s.Action = "sts:AssumeRoleWithSAML";
    }),
  },
  {
    red: "IAM-03",
    how: "a role of another stack enters the cluster",
    apply: (p) => {
      p.beside("aws_iam_role", {
        name: "visitor",
        assume_role_policy: allow("sts:AssumeRole"),
        permissions_boundary: BOUNDARY,
      });
      p.add("cluster", "aws_eks_access_entry", {
        cluster_name: "ml-platform-prod",
        principal_arn: "arn:aws:iam::111122223333:role/visitor",
      });
    },
  },
  ...(
    [
      ["every protocol", { ip_protocol: "-1" }],
      ["UDP", { ip_protocol: "udp" }],
      ["ports below 443", { from_port: 0 }],
      ["ports above 443", { to_port: 65_535 }],
    ] as const
  ).map(
    ([what, change]): Break => ({
      red: "NET-01",
      how: `the rule for S3 admits ${what}`,
      apply: (p) => Object.assign(p.one("cluster", "aws_vpc_security_group_egress_rule", "to-s3"), change),
    }),
  ),
  {
    red: "NODE-01",
    how: "the taint has another value",
    apply: (p) => {
      group(p, "pool-gpu").taint = [{ key: "nvidia.com/gpu", value: "false", effect: "NO_SCHEDULE" }];
    },
  },
  {
    red: "EBS-01",
    how: "a volume is as the image has it",
    apply: (p) => template(p).block_device_mappings.push({ device_name: "/dev/xvdb" }),
  },
  {
    red: "EBS-01",
    how: "a plain volume is called an instance store",
    apply: (p) =>
      template(p).block_device_mappings.push({
        device_name: "/dev/xvdb",
        virtual_name: "ephemeral0",
        ebs: { volume_size: 10, encrypted: false },
      }),
  },
  ...(
    [
      ["POD-01", "a pod is of another group", (spec) => (spec.securityContext.runAsGroup = 0)],
      ["POD-01", "a container is of another group", (spec) => (spec.containers[0].securityContext.runAsGroup = 0)],
      ["POD-01", "a container may run as root", (spec) => (spec.containers[0].securityContext.runAsNonRoot = false)],
      ["POD-02", "a container is privileged", (spec) => (spec.containers[0].securityContext.privileged = true)],
    ] as const satisfies readonly (readonly [string, string, (spec: Json) => void])[]
  ).map(([red, how, change]): Break => ({ red, how, apply: (p) => p.values("ray", (v) => change(worker(v))) })),
  {
    red: "IRSA-01",
    how: "a service account's role is assumed by another action",
    apply: trust("cluster", "ebs-csi", (s) => {
      s.Action = "sts:AssumeRoleWithSAML";
    }),
  },
];
