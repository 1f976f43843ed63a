// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { isObject, type JsonObject } from "../json-object";
import { listAt } from "../policy/json";
import { address } from "./access-facts";
import type { ResolvedResource } from "./stack-values";

/** What a rule of a security group admits, in whichever way it is written: one peer each. */
export interface TrafficRule {
  /** Address of what writes it. */
  readonly address: string;
  /** Id of the security group that it is a rule of. */
  readonly group: string;
  readonly direction: "ingress" | "egress";
  readonly kind: "ipv4" | "ipv6" | "prefix-list" | "group";
  readonly peer: string;
  readonly protocol: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** Attributes that name peers, in each of the ways to write a rule. */
const PEERS: Readonly<Record<string, TrafficRule["kind"]>> = {
  cidr_ipv4: "ipv4",
  cidr_blocks: "ipv4",
  cidr_ipv6: "ipv6",
  ipv6_cidr_blocks: "ipv6",
  prefix_list_id: "prefix-list",
  prefix_list_ids: "prefix-list",
  referenced_security_group_id: "group",
  source_security_group_id: "group",
  security_groups: "group",
};

/** Types whose resources are groups with rules within them. */
const GROUPS = ["aws_security_group", "aws_default_security_group"];

/** Every rule of every security group: of resources of their own, of the older type, and of the group itself. */
export function trafficRules(resources: readonly ResolvedResource[]): TrafficRule[] {
  return resources.flatMap((resource) => {
    const { type, body } = resource;
    const at = address(resource);
    if (type === "aws_vpc_security_group_ingress_rule" || type === "aws_vpc_security_group_egress_rule") {
      return rulesOf(at, body.security_group_id, type.includes("_ingress_") ? "ingress" : "egress", body);
    }
    if (type === "aws_security_group_rule") {
      return rulesOf(at, body.security_group_id, body.type === "egress" ? "egress" : "ingress", body);
    }
    return GROUPS.includes(type)
      ? (["ingress", "egress"] as const).flatMap((direction) =>
          listAt(body, direction)
            .filter(isObject)
            .flatMap((block) => rulesOf(at, `${at}.id`, direction, block)),
        )
      : [];
  });
}

function rulesOf(at: string, group: unknown, direction: TrafficRule["direction"], body: JsonObject): TrafficRule[] {
  const peers = Object.entries(PEERS).flatMap(([attribute, kind]) =>
    listAt(body, attribute).map((peer) => ({ kind, peer: String(peer) })),
  );
  const self = body.self === true ? [{ kind: "group" as const, peer: String(group) }] : [];
  const rule = {
    address: at,
    group: String(group),
    direction,
    protocol: protocolOf(body.ip_protocol ?? body.protocol),
    from: portOf(body.from_port),
    to: portOf(body.to_port),
  };
  return [...peers, ...self].map((peer) => ({ ...rule, ...peer }));
}

function protocolOf(value: unknown): string {
  return value === "6" || value === 6 ? "tcp" : String(value ?? "-1");
}

function portOf(value: unknown): number | null {
  return typeof value === "number" ? value : typeof value === "string" && /^\d+$/.test(value) ? Number(value) : null;
}
