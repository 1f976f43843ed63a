// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { EnvironmentInput, EnvironmentResource } from "../environment/environment-input";
import type { Admission, RoleFacts } from "../environment/access-facts";
import type { TrafficRule } from "../environment/traffic-rules";
import { isObject, objectOf } from "../json-object";
import { listAt, objectAt } from "../policy/json";

/** What the picture of an environment shows: all of it from its synthesized stacks, but for a VPC that is given. */
export interface PlatformFacts {
  readonly environment: string;
  /** Null where any account is accepted. */
  readonly accountId: string | null;
  readonly region: string;
  /** Names of the stacks that it comes from. */
  readonly stacks: readonly string[];
  readonly network: NetworkFacts;
  /** Null where no stack makes a cluster. */
  readonly cluster: ClusterFacts | null;
  readonly nodeGroups: readonly NodeGroupFacts[];
  readonly releases: readonly { readonly name: string; readonly namespace: string }[];
  readonly roles: readonly AssumableRole[];
  /** One for each pair of ends; every rule of every security group is in one. */
  readonly traffic: readonly TrafficFlow[];
}

/** The VPC. */
export interface NetworkFacts {
  /** `10.0.0.0/16`, or the id of a given VPC. */
  readonly name: string;
  readonly isGiven: boolean;
  readonly subnets: readonly SubnetFacts[];
  /** Services behind endpoints. */
  readonly endpoints: readonly { readonly service: string; readonly type: string }[];
  /** Kinds of resources that lead to the internet, with their number. */
  readonly gateways: readonly { readonly kind: string; readonly count: number }[];
}

/** A subnet; of a given one only the id is known. */
export interface SubnetFacts {
  readonly id: string;
  readonly zone: string;
  readonly cidr: string;
  /** Whether what is started in it gets a public address. */
  readonly isPublic: boolean;
}

/** The EKS cluster. */
export interface ClusterFacts {
  readonly name: string;
  readonly version: string;
  readonly isPrivate: boolean;
  /** Ranges that reach its public endpoint; empty where it has none. */
  readonly publicCidrs: readonly string[];
  readonly encryptsSecrets: boolean;
  readonly logTypes: readonly string[];
}

/** A node group. */
export interface NodeGroupFacts {
  readonly name: string;
  /** Ids of its subnets. */
  readonly subnets: readonly string[];
  readonly instanceTypes: readonly string[];
  readonly capacity: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly hasGpu: boolean;
}

/** A role, and who may assume it. */
export interface AssumableRole {
  readonly address: string;
  readonly name: string;
  readonly admits: readonly Assumer[];
  /** What it may do in Kubernetes by an access entry; empty for nothing. */
  readonly kubernetes: readonly string[];
}

/** Who may assume a role, in words. */
export interface Assumer {
  readonly kind: "github" | "pod" | "service" | "identity" | "anybody";
  readonly name: string;
}

/** What security groups let through between two ends. */
export interface TrafficFlow {
  readonly from: string;
  readonly to: string;
  /** Such as `443/tcp`, or `all ports`. */
  readonly ports: readonly string[];
  /** Addresses of the rules. */
  readonly rules: readonly string[];
}

/** Ends of traffic that the picture has a place for. */
export const NODES = "nodes";
export const CONTROL_PLANE = "control plane";
export const ENDPOINTS = "endpoints";
export const INTERNET = "the internet";

const INTERNET_RANGES = ["0.0.0.0/0", "::/0"];

const GATEWAYS: Readonly<Record<string, string>> = {
  aws_internet_gateway: "internet gateway",
  aws_egress_only_internet_gateway: "egress-only internet gateway",
  aws_nat_gateway: "NAT gateway",
  aws_vpc_peering_connection: "VPC peering",
  aws_ec2_transit_gateway_vpc_attachment: "transit gateway",
  aws_vpn_gateway: "VPN gateway",
};

/** Reads what the picture shows from what the rules of the controls judge. */
export function platformFacts(input: EnvironmentInput): PlatformFacts {
  const { accountId } = input.config;
  const network = networkOf(input);
  return {
    environment: input.environment,
    accountId: typeof accountId === "string" ? accountId : null,
    region: input.account.region,
    stacks: Object.keys(input.stacks),
    network,
    cluster: clusterOf(input),
    nodeGroups: of(input, "aws_eks_node_group").map(nodeGroupOf),
    releases: input.releases.map(({ name, namespace }) => ({ name: String(name), namespace: String(namespace) })),
    roles: input.roles.map((role) => ({
      address: role.address,
      name: role.name,
      admits: uniqueBy(role.admits.map(assumerOf), ({ name }) => name),
      kubernetes: kubernetesAccess(role, input),
    })),
    traffic: flowsOf(input, network),
  };
}

function of({ resources }: EnvironmentInput, type: string): readonly EnvironmentResource[] {
  return resources[type] ?? [];
}

function idOf(resource: EnvironmentResource): string {
  return `${resource.address}.id`;
}

function networkOf(input: EnvironmentInput): NetworkFacts {
  const [vpc] = of(input, "aws_vpc");
  const given = objectAt(input.config, "network");
  const made = of(input, "aws_subnet").map((subnet) => ({
    id: idOf(subnet),
    zone: String(subnet.values.availability_zone ?? "any zone"),
    cidr: String(subnet.values.cidr_block ?? ""),
    isPublic: subnet.values.map_public_ip_on_launch === true || routesOut(input, idOf(subnet)),
  }));
  const subnets = vpc === undefined && made.length === 0 ? givenSubnets(input) : made;
  return {
    name: vpc === undefined ? String(given.vpcId ?? "a given VPC") : String(vpc.values.cidr_block ?? vpc.address),
    isGiven: vpc === undefined,
    subnets,
    endpoints: of(input, "aws_vpc_endpoint").map(({ values }) => ({
      service: String(values.service_name)
        .replace(/^(?:com|cn|eu)\.amazonaws\.(?:com\.)?/, "")
        .replace(`${input.account.region}.`, ""),
      type: String(values.vpc_endpoint_type ?? "Gateway"),
    })),
    gateways: Object.entries(GATEWAYS).flatMap(([type, kind]) => {
      const count = of(input, type).length;
      return count === 0 ? [] : [{ kind, count }];
    }),
  };
}

/** Of given subnets the groups of nodes say which there are, and the configuration in which zones. */
function givenSubnets(input: EnvironmentInput): SubnetFacts[] {
  const ids = [...new Set(of(input, "aws_eks_node_group").flatMap(({ values }) => texts(values, "subnet_ids")))].sort();
  const network = objectAt(input.config, "network");
  const [known, zones] = [texts(network, "nodeSubnetIds"), texts(network, "availabilityZones")];
  return ids.map((id) => ({ id, zone: zones[known.indexOf(id)] ?? "given", cidr: "", isPublic: false }));
}

/** Whether a subnet's route table leads to an internet gateway. */
function routesOut(input: EnvironmentInput, subnet: string): boolean {
  const tables = of(input, "aws_route_table_association")
    .filter(({ values }) => values.subnet_id === subnet)
    .map(({ values }) => values.route_table_id);
  const gateways = new Set<unknown>(of(input, "aws_internet_gateway").map(idOf));
  return (
    of(input, "aws_route").some(
      ({ values }) => tables.includes(values.route_table_id) && gateways.has(values.gateway_id),
    ) ||
    of(input, "aws_route_table").some(
      (table) =>
        tables.includes(idOf(table)) &&
        listAt(table.values, "route").some((route) => isObject(route) && gateways.has(route.gateway_id)),
    )
  );
}

function clusterOf(input: EnvironmentInput): ClusterFacts | null {
  const [cluster] = of(input, "aws_eks_cluster");
  if (cluster === undefined) {
    return null;
  }
  const [given] = listAt(cluster.values, "vpc_config");
  const network = objectOf(given);
  const cidrs = texts(network, "public_access_cidrs");
  const isPublic = network.endpoint_public_access !== false;
  return {
    name: String(cluster.values.name),
    version: String(cluster.values.version ?? ""),
    isPrivate: network.endpoint_private_access === true,
    publicCidrs: isPublic ? (cidrs.length > 0 ? cidrs : [INTERNET_RANGES[0]]) : [],
    encryptsSecrets: listAt(cluster.values, "encryption_config").some((block) =>
      texts(block, "resources").includes("secrets"),
    ),
    logTypes: texts(cluster.values, "enabled_cluster_log_types"),
  };
}

function nodeGroupOf({ values }: EnvironmentResource): NodeGroupFacts {
  const [sizes] = listAt(values, "scaling_config");
  const size = (key: string): number => Number(isObject(sizes) ? sizes[key] : 0);
  const name = String(values.node_group_name ?? values.node_group_name_prefix ?? "");
  return {
    name: name.replace(/-$/, ""),
    subnets: texts(values, "subnet_ids"),
    instanceTypes: texts(values, "instance_types"),
    capacity: String(values.capacity_type ?? "ON_DEMAND"),
    minSize: size("min_size"),
    maxSize: size("max_size"),
    hasGpu: objectAt(values, "labels")["nvidia.com/gpu.present"] === "true" || /NVIDIA/.test(String(values.ami_type)),
  };
}

function assumerOf({ kind, principal, condition }: Admission): Assumer {
  const subjects = conditionValues(condition, /:sub$/);
  if (principal === "*" && kind !== "Federated") {
    return { kind: "anybody", name: condition === null ? "anybody" : "anybody who meets its conditions" };
  }
  if (kind === "Service") {
    return { kind: "service", name: principal };
  }
  if (kind === "Federated" && principal.endsWith("token.actions.githubusercontent.com")) {
    const of = subjects.map(workflowOf);
    return { kind: "github", name: of.length === 0 ? "any GitHub workflow" : `GitHub ${of.join(" or ")}` };
  }
  if (kind === "Federated" && subjects.length > 0) {
    const accounts = subjects.map((subject) => subject.replace(/^system:serviceaccount:/, "").replace(":", "/"));
    return { kind: "pod", name: `pods of ${accounts.join(" or ")}` };
  }
  const root = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
  const who =
    root === undefined ? principal.replace(/^arn:[^:]+:iam::/, "") : "identities that IAM of the account allows";
  const mfa = conditionValues(condition, /^aws:MultiFactorAuthPresent$/i).includes("true") ? ", with MFA" : "";
  return { kind: "identity", name: `${who}${mfa}` };
}

/** `repo:acme/ml:environment:prod` as `acme/ml, environment prod`. */
function workflowOf(subject: string): string {
  const [, repository, rest] = /^repo:([^:]+):(.*)$/.exec(subject) ?? [];
  const what = rest
    ?.replace(/^ref:refs\/heads\//, "branch ")
    .replace(/^environment:/, "environment ")
    .replace(/^pull_request$/, "pull requests");
  return repository === undefined ? subject : `${repository}, ${what}`;
}

function conditionValues(condition: unknown, key: RegExp): string[] {
  const operators = isObject(condition) ? Object.values(condition).filter(isObject) : [];
  return operators.flatMap((by) =>
    Object.keys(by).flatMap((name) => (key.test(name) ? listAt(by, name).map(String) : [])),
  );
}

function kubernetesAccess({ arn, name }: RoleFacts, input: EnvironmentInput): string[] {
  const isOf = ({ values }: EnvironmentResource): boolean =>
    values.principal_arn === arn || String(values.principal_arn).endsWith(`/${name}`);
  return [
    ...of(input, "aws_eks_access_policy_association")
      .filter(isOf)
      .map(({ values }) => String(values.policy_arn).split("/").pop() ?? ""),
    ...of(input, "aws_eks_access_entry")
      .filter(isOf)
      .flatMap(({ values }) => texts(values, "kubernetes_groups").map((group) => `group ${group}`)),
  ];
}

function flowsOf(input: EnvironmentInput, { subnets }: NetworkFacts): TrafficFlow[] {
  const ends = endsOf(input);
  const flows = new Map<string, { from: string; to: string; ports: Set<string>; rules: Set<string> }>();
  for (const rule of input.traffic) {
    const group = ends(rule.group);
    const peer = peerOf(rule, ends, subnets);
    const [from, to] = rule.direction === "ingress" ? [peer, group] : [group, peer];
    const flow = flows.get(`${from}\n${to}`) ?? { from, to, ports: new Set(), rules: new Set() };
    flow.ports.add(portsOf(rule));
    flow.rules.add(rule.address);
    flows.set(`${from}\n${to}`, flow);
  }
  return [...flows.values()].map(({ from, to, ports, rules }) => ({
    from,
    to,
    ports: [...ports].sort((a, b) => a.localeCompare(b, "en", { numeric: true })),
    rules: [...rules],
  }));
}

/** What a security group is of: what carries it says so. */
function endsOf(input: EnvironmentInput): (group: string) => string {
  const carried = (type: string, keys: readonly string[]): Set<string> =>
    new Set(
      of(input, type).flatMap(({ values }) =>
        [values, ...listAt(values, "network_interfaces")].flatMap((block) => keys.flatMap((key) => texts(block, key))),
      ),
    );
  const nodes = carried("aws_launch_template", ["vpc_security_group_ids", "security_groups"]);
  const endpoints = carried("aws_vpc_endpoint", ["security_group_ids"]);
  return (group) => {
    if (/\.vpc_config\[0\]\.cluster_security_group_id$/.test(group)) {
      return CONTROL_PLANE;
    }
    if (nodes.has(group)) {
      return NODES;
    }
    if (endpoints.has(group)) {
      return ENDPOINTS;
    }
    const [type] = Object.values(input.resources).flatMap((list) =>
      list.filter((resource) => idOf(resource) === group),
    );
    return typeof type?.values.name === "string" ? type.values.name : group.replace(/\.id$/, "");
  };
}

function peerOf(rule: TrafficRule, ends: (group: string) => string, subnets: readonly SubnetFacts[]): string {
  if (rule.kind === "group") {
    return ends(rule.peer);
  }
  if (rule.kind === "prefix-list") {
    return /\/(?:data\.)?aws_(?:vpc_endpoint|prefix_list)\.\S*s3/.test(rule.peer)
      ? "S3, by its prefix list"
      : `prefix list ${rule.peer}`;
  }
  if (INTERNET_RANGES.includes(rule.peer)) {
    return INTERNET;
  }
  return subnets.some(({ cidr }) => cidr === rule.peer) ? "subnets of the VPC" : rule.peer;
}

function portsOf({ protocol, from, to }: TrafficRule): string {
  if (protocol === "-1" || protocol === "all") {
    return "all ports";
  }
  return from === null || to === null ? protocol : `${from === to ? from : `${from}–${to}`}/${protocol}`;
}

function texts(from: unknown, key: string): string[] {
  return listAt(from, key).filter((value) => typeof value === "string");
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
