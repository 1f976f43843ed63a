// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { html, type Markup } from "./html";
import type { PlatformFacts } from "./platform-facts";
import { platformPicture, summaryOf } from "./platform-picture";
import { cell, table } from "./table";

/** An environment: its picture, and the same facts as tables. */
export function environmentSection(facts: PlatformFacts, isOpen: boolean): Markup {
  const { environment } = facts;
  return html`<details class="environment" id="environment-${environment}"${isOpen ? html` open` : undefined}>
<summary><b>${environment}</b><span>${summaryOf(facts)}</span></summary><div>
${platformPicture(facts, "wide")}
${platformPicture(facts, "narrow")}
<ul class="key" aria-hidden="true"><li class="proven"><i></i>private subnet</li><li class="released"><i></i>nodes with GPUs</li><li class="unproven"><i></i>public or leading out</li><li class="violated"><i></i>open to everybody</li></ul>
<details><summary>Roles of ${environment}, and who may assume them</summary>${rolesOf(facts)}</details>
<details><summary>Traffic that ${environment} allows</summary>${trafficOf(facts)}</details>
<details><summary>Groups of nodes of ${environment}</summary>${nodeGroupsOf(facts)}</details>
</div></details>
`;
}

function row(first: Markup, ...cells: readonly Markup[]): Markup {
  return html`<tr role="row"><th scope="row" role="rowheader">${first}</th>${cells.map((content) => cell(content))}</tr>
`;
}

function codes(list: readonly string[]): Markup {
  return html`<ul>${list.map((text) => html`<li><code>${text}</code></li>`)}</ul>`;
}

function rolesOf({ environment, roles }: PlatformFacts): Markup {
  const rows = roles.map(({ name, address, admits, kubernetes }) =>
    row(
      html`<code>${name}</code>`,
      html`<ul>${admits.map((who) => html`<li>${who.name}</li>`)}</ul>`,
      kubernetes.length === 0 ? html`nothing by an access entry` : codes(kubernetes),
      html`<code>${address}</code>`,
    ),
  );
  const headings = ["Role", "Who may assume it", "In Kubernetes", "Resource"];
  return table("roles", headings, rows, "", `Roles of ${environment}`);
}

function trafficOf({ environment, traffic }: PlatformFacts): Markup {
  const rows = traffic.map(({ from, to, ports, rules }) =>
    row(html`${from}`, html`${to}`, html`${ports.join(", ")}`, codes(rules)),
  );
  return table("traffic", ["From", "To", "Ports", "Rules"], rows, "", `Traffic of ${environment}`);
}

function nodeGroupsOf({ environment, nodeGroups, network }: PlatformFacts): Markup {
  const zones = new Map(network.subnets.map(({ id, zone }) => [id, zone]));
  const rows = nodeGroups.map(({ name, subnets, instanceTypes, capacity, minSize, maxSize }) =>
    row(
      html`<code>${name}</code>`,
      html`${subnets.map((subnet) => zones.get(subnet) ?? subnet).join(", ")}`,
      html`${instanceTypes.join(", ")}`,
      html`${capacity.toLowerCase().replaceAll("_", " ")}`,
      html`${minSize} to ${maxSize}`,
    ),
  );
  const headings = ["Group", "Zone", "Instance types", "Capacity", "Nodes"];
  return table("groups", headings, rows, "", `Groups of nodes of ${environment}`);
}
