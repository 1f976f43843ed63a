// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { arrows, type Card, type CardLine, cards, chips, type Draw, frame, grid, stack } from "./drawing";
import { html, type Markup } from "./html";
import {
  type Assumer,
  CONTROL_PLANE,
  ENDPOINTS,
  INTERNET,
  NODES,
  type NodeGroupFacts,
  type PlatformFacts,
  type SubnetFacts,
  type TrafficFlow,
} from "./platform-facts";

/** Widths that the picture is drawn for; the page shows the one that can be read. */
export const PICTURE_WIDTHS = { wide: 880, narrow: 336 } as const;

/** The platform of an environment, as SVG. */
export function platformPicture(facts: PlatformFacts, size: keyof typeof PICTURE_WIDTHS): Markup {
  const width = PICTURE_WIDTHS[size];
  const id = `picture-${facts.environment}-${size}`;
  const { height, parts } = accountOf(facts)({ x: 1, y: 1, width: width - 2 });
  return html`<svg class="picture ${size}" viewBox="0 0 ${width} ${height + 2}" role="img" aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">Platform of ${facts.environment}</title><desc id="${id}-text">${summaryOf(facts)}</desc>${parts}</svg>`;
}

/** What the picture shows, in a sentence; the tables beside it say it in full. */
export function summaryOf({ network, cluster, nodeGroups, roles, traffic }: PlatformFacts): string {
  const zones = new Set(network.subnets.map(({ zone }) => zone)).size;
  const of = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
  return [
    network.isGiven ? `The given VPC ${network.name}` : `VPC ${network.name}`,
    `with ${of(network.subnets.length, "subnet")} in ${of(zones, "zone")} and ${of(network.endpoints.length, "endpoint")};`,
    cluster === null ? "no cluster;" : `EKS cluster ${cluster.name};`,
    `${of(nodeGroups.length, "node group")}; ${of(roles.length, "role")}; ${of(traffic.length, "allowed flow")}.`,
  ].join(" ");
}

function accountOf(facts: PlatformFacts): Draw {
  const account = facts.accountId === null ? "AWS account" : `AWS account ${facts.accountId}`;
  const enter = assumers(facts, ["anybody", "identity", "github"]);
  const inside = assumers(facts, ["pod", "service"]);
  return frame(
    `${account}, ${facts.region}`,
    "account",
    stack(
      ...section("Who may enter: roles that people and workflows may assume", enter),
      vpcOf(facts),
      ...outside(facts),
      ...section("Roles of pods and AWS services", inside),
    ),
  );
}

function section(heading: string, list: readonly Card[]): Draw[] {
  return list.length === 0 ? [] : [frame(heading, "band", cards(list, 230))];
}

/** One card for those who may assume the same roles. */
function assumers({ roles }: PlatformFacts, kinds: readonly Assumer["kind"][]): Card[] {
  const found = new Map<string, { readonly who: Assumer; readonly roles: string[] }>();
  for (const kind of kinds) {
    for (const role of roles) {
      for (const who of role.admits.filter((assumer) => assumer.kind === kind)) {
        const entry = found.get(who.name) ?? { who, roles: [] };
        entry.roles.push(role.name);
        found.set(who.name, entry);
      }
    }
  }
  return [...found.values()].map(({ who, roles: names }) => ({
    lines: [
      { text: who.name, style: "quiet" },
      ...names.map((name): CardLine => ({ text: `→ ${name}`, style: "strong" })),
    ],
    ...(who.kind === "anybody" && { tone: "danger" }),
  }));
}

function vpcOf(facts: PlatformFacts): Draw {
  const { network, cluster } = facts;
  const ports = (from: string, to: string): string | undefined => portsBetween(facts.traffic, from, to);
  const [down, up, self, out] = [
    ports(CONTROL_PLANE, NODES),
    ports(NODES, CONTROL_PLANE),
    ports(NODES, NODES),
    toEndpoints(facts.traffic),
  ];
  const between = [
    ...(down === undefined ? [] : [{ isUp: false, text: `to nodes: ${down}` }]),
    ...(up === undefined ? [] : [{ isUp: true, text: `from nodes: ${up}` }]),
  ];
  const endpoints = network.endpoints.map(({ service, type }) =>
    type === "Interface" ? service : `${service} (${type.toLowerCase()})`,
  );
  return frame(
    network.isGiven ? `Given VPC ${network.name}; routes and endpoints may be its owner's` : `VPC ${network.name}`,
    "vpc",
    stack(
      ...(cluster === null ? [] : [frame(`EKS ${cluster.name}`, "cluster", stack(chips(clusterChips(facts))))]),
      arrows(between),
      grid(zonesOf(facts), 200),
      ...(self === undefined ? [] : [cards([{ lines: [{ text: `Between nodes: ${self}`, style: "quiet" }] }], 800)]),
      arrows(out === undefined ? [] : [{ isUp: false, text: out }]),
      ...(endpoints.length === 0
        ? []
        : [frame(`Endpoints of ${endpoints.length} AWS services`, "band", chips(endpoints))]),
    ),
  );
}

function clusterChips({ cluster, releases }: PlatformFacts): string[] {
  if (cluster === null) {
    return [];
  }
  const { version, isPrivate, publicCidrs, encryptsSecrets, logTypes } = cluster;
  return [
    `Kubernetes ${version}`,
    ...(isPrivate ? ["private endpoint"] : []),
    ...(publicCidrs.length > 0 ? [`public endpoint for ${publicCidrs.join(", ")}`] : ["no public endpoint"]),
    encryptsSecrets ? "secrets encrypted by a KMS key" : "secrets without a key of their own",
    logTypes.length === 0 ? "no logs" : `${logTypes.length} kinds of logs`,
    ...releases.map(({ name, namespace }) => `${namespace}/${name}`),
  ];
}

/** A frame for each zone, with its subnets and their groups of nodes. */
function zonesOf({ network, nodeGroups }: PlatformFacts): ((height: number) => Draw)[] {
  const zones = [...new Set(network.subnets.map(({ zone }) => zone))].sort();
  return zones.map((zone) => (height) => {
    const subnets = network.subnets.filter((subnet) => subnet.zone === zone);
    const content = subnets.map((subnet) => cards([subnetCard(subnet), ...groupCards(subnet, nodeGroups)], 800));
    return frame(zone, "zone", stack(...content), height);
  });
}

function subnetCard({ id, cidr, isPublic }: SubnetFacts): Card {
  const name = cidr === "" ? id : cidr;
  return {
    lines: [{ text: `${isPublic ? "public" : "private"} subnet ${name}` }],
    tone: isPublic ? "public" : "private",
  };
}

function groupCards({ id }: SubnetFacts, groups: readonly NodeGroupFacts[]): Card[] {
  return groups
    .filter(({ subnets }) => subnets.includes(id))
    .map(({ name, instanceTypes, capacity, minSize, maxSize, hasGpu }) => ({
      lines: [
        { text: name, style: "strong" },
        { text: `${minSize} to ${maxSize} nodes, ${capacity.toLowerCase().replaceAll("_", " ")}` },
        { text: instanceTypes.join(", "), style: "quiet" },
      ],
      tone: hasGpu ? "gpu" : "",
    }));
}

/** What leaves the VPC, and every flow that has no arrow. */
function outside({ network, traffic }: PlatformFacts): Draw[] {
  const drawn = ({ from, to }: TrafficFlow): boolean =>
    to === ENDPOINTS || [from, to].every((end) => end === NODES || end === CONTROL_PLANE);
  const flows = traffic
    .filter((flow) => !drawn(flow))
    .map(
      ({ from, to, ports }): Card => ({
        lines: [
          { text: `${from} → ${to}`, style: "strong" },
          { text: ports.join(", "), style: "quiet" },
        ],
        ...([from, to].includes(INTERNET) && { tone: "danger" }),
      }),
    );
  const gateways: Card[] = network.gateways.map(({ kind, count }) => ({
    lines: [{ text: count === 1 ? `1 ${kind}` : `${count} × ${kind}`, style: "strong" }],
    tone: "public",
  }));
  const none: Card[] =
    network.gateways.length === 0 && !network.isGiven
      ? [
          {
            lines: [
              { text: "No way to the internet", style: "strong" },
              { text: "no gateway, no NAT", style: "quiet" },
            ],
          },
        ]
      : [];
  return section("What may leave, and what else is allowed", [...none, ...gateways, ...flows]);
}

function portsBetween(traffic: readonly TrafficFlow[], from: string, to: string): string | undefined {
  const ports = traffic.filter((flow) => flow.from === from && flow.to === to).flatMap((flow) => flow.ports);
  return ports.length === 0 ? undefined : compact(ports);
}

function toEndpoints(traffic: readonly TrafficFlow[]): string | undefined {
  const flows = traffic.filter(({ to }) => to === ENDPOINTS);
  return flows.length === 0 ? undefined : flows.map(({ from, ports }) => `${from}: ${compact(ports)}`).join("; ");
}

/** `443/tcp, 8443/tcp` as `tcp 443, 8443`. */
function compact(ports: readonly string[]): string {
  const isTcp = ports.every((port) => port.endsWith("/tcp"));
  return isTcp ? `tcp ${ports.map((port) => port.replace("/tcp", "")).join(", ")}` : ports.join(", ");
}
