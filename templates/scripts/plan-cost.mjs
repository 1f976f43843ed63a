// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { countedTypes, instancePrices, monthlyPrice, usdText } from "ray-platform/lib/script-interface.js";

/** What is billed for every hour that it exists, and has no price here. */
const ALWAYS_ON = new Map([
  ["aws_eks_cluster", ["EKS cluster", "EKS clusters"]],
  ["aws_nat_gateway", ["NAT gateway", "NAT gateways"]],
  ["aws_vpc_endpoint", ["interface endpoint", "interface endpoints"]],
  ["aws_kms_key", ["KMS key", "KMS keys"]],
]);

/**
 * What a Terraform plan does to the bill, as docs/cost.md counts: nodes idle and full, before and after. Of the plan's values only
 * counts are told, and names of instance types that have no price.
 *
 * @param {{ resource_changes?: object[] }} plan a plan as `terraform show -json` prints it
 * @param {() => { name: string, cost: { maxMonthlyUsd: number } } | undefined} environmentOfPlan asked if the plan has nodes
 * @returns {string[]} sentences; none if the plan has nothing that is billed by the hour
 */
export function planCost(plan, environmentOfPlan) {
  const changes = (plan.resource_changes ?? []).filter(({ mode }) => mode !== "data");
  const groups = changes.filter(({ type }) => type === "aws_eks_node_group");
  return [...nodes(groups, environmentOfPlan), ...alwaysOn(changes)];
}

function nodes(groups, environmentOfPlan) {
  if (groups.length === 0) {
    return [];
  }
  const [before, after] = ["before", "after"].map((when) => groups.map(({ change }) => change[when]).filter(Boolean));
  const { region, asOf } = instancePrices();
  const isBlock = ({ capacity_type: type }) => type === "CAPACITY_BLOCK";
  const counted = after.filter((group) => !isBlock(group)).map(fullNodes);
  const [idle, full] = [idleNodes, fullNodes].map((count) =>
    movement(...[before, after].map((all) => price(all.filter((group) => !isBlock(group)).map(count)))),
  );
  const blocks = after.filter(isBlock).length;
  return [
    `Nodes, USD a month at the on-demand list price in ${region} of ${asOf}: idle ${idle}; full ${full}.`,
    ...aboveLimit(counted, environmentOfPlan()),
    ...(blocks > 0 ? [`Node groups of capacity blocks, which are paid in advance and not counted: ${blocks}.`] : []),
  ];
}

/** Whether the nodes may cost more than the options allow. What has no price is told, not guessed. */
function aboveLimit(counted, environment) {
  const limit = environment?.cost?.maxMonthlyUsd;
  if (limit === undefined) {
    return [];
  }
  const each = counted.map(([count, type]) => monthlyPrice([[count, type ?? ""]]));
  const usd = each.reduce((sum, one) => sum + (one.usd ?? 0), 0);
  const where = `the limit of \`${environment.name}\`, ${usdText(limit)} USD a month (\`cost.maxMonthlyUsd\`)`;
  const known = each.every(({ absent }) => absent === undefined) ? "" : " without what has no published price";
  if (usd > limit) {
    return [`**Above ${where}: full comes to ${usdText(usd)}${known}.**`];
  }
  return known === "" ? [] : [`It cannot be compared with ${where}: full comes to ${usdText(usd)}${known}.`];
}

function idleNodes(group) {
  return [sizes(group).min_size ?? 0, types(group)?.idle.name];
}

function fullNodes(group) {
  return [sizes(group).max_size ?? 0, types(group)?.full.name];
}

function sizes({ scaling_config: config }) {
  return config?.[0] ?? {};
}

/** The types of a group; undefined if its launch template says them. */
function types({ instance_types: names }) {
  return names?.length > 0 ? countedTypes(names) : undefined;
}

/** An amount, or words that say why there is none. */
function price(counted) {
  const found = monthlyPrice(counted.map(([count, type]) => [count, type ?? ""]));
  return found.absent === undefined
    ? usdText(found.usd)
    : `without a published price of ${found.absent.map(typeName).join(", ")}`;
}

/** A name, or words where it could be anything else. */
function typeName(text) {
  return /^[a-z][a-z0-9-]{1,20}\.[a-z0-9-]{1,20}$/.test(text) ? `\`${text}\`` : "a type that is not named here";
}

function movement(before, after) {
  return before === after ? `${after}, as before` : `from ${before} to ${after}`;
}

function alwaysOn(changes) {
  const differences = [...ALWAYS_ON].flatMap(([type, [one, several]]) => {
    const count = (when) =>
      changes.filter((resource) => resource.type === type && isBilled(resource.change[when])).length;
    const difference = count("after") - count("before");
    const size = Math.abs(difference);
    return difference === 0 ? [] : [`${size} ${difference > 0 ? "more" : "fewer"} ${size === 1 ? one : several}`];
  });
  return differences.length > 0 ? [`Billed while they exist, without a price here: ${differences.join(", ")}.`] : [];
}

/** Endpoints of gateways cost nothing. */
function isBilled(values) {
  return Boolean(values) && (values.vpc_endpoint_type ?? "Interface") === "Interface";
}
