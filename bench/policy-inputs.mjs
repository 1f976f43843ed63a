// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { edited, base } = require("../test/policies/cases/expand.cjs");

/** A plan of `size` resources: mostly what policies only look past, with node groups, templates and subnets among them. */
export function largePlan(size) {
  const plan = edited(base("plan"), []);
  const [, template, , group] = plan.resource_changes;
  const subnet = plan.resource_changes.find(({ type }) => type === "aws_subnet");
  const resources = plan.configuration.root_module.resources;
  const kinds = [
    (n) => ({ ...structuredClone(template), name: `t${n}`, address: `aws_launch_template.t${n}` }),
    (n) => ({ ...structuredClone(group), name: `g${n}`, address: `aws_eks_node_group.g${n}` }),
    (n) => ({ ...structuredClone(subnet), index: n, address: `module.network.aws_subnet.private[${n}]` }),
    ...Array.from({ length: 7 }, () => (n) => ({
      address: `aws_iam_role.r${n}`,
      mode: "managed",
      type: "aws_iam_role",
      name: `r${n}`,
      change: {
        actions: ["no-op"],
        before: null,
        after: { name: `r${n}`, tags_all: subnet.change.after.tags_all },
        after_unknown: {},
      },
    })),
  ];
  for (let n = plan.resource_changes.length; n < size; n += 1) {
    const resource = kinds[n % kinds.length](n);
    plan.resource_changes.push(resource);
    const like = resources.find(({ type }) => type === resource.type);
    if (like !== undefined && resource.module_address === undefined)
      resources.push({ ...structuredClone(like), name: resource.name, address: resource.address });
  }
  return plan;
}

/**
 * A plan with one launch template and one node group, each made `size` times by its count: a first plan, in which the
 * groups name their templates by reference, or a later one, in which the ids are known.
 */
export function pairedPlan(size, { isFirst }) {
  const plan = edited(base("plan"), []);
  const [, template, , group] = plan.resource_changes;
  plan.resource_changes = plan.resource_changes.filter((resource) => resource !== template && resource !== group);
  for (let index = 0; index < size; index += 1) {
    const ownTemplate = { ...structuredClone(template), index, address: `${template.address}[${index}]` };
    const ownGroup = { ...structuredClone(group), index, address: `${group.address}[${index}]` };
    if (!isFirst) {
      Object.assign(ownTemplate.change.after, { id: `lt-${index}`, latest_version: 1, default_version: 1 });
      ownTemplate.change.after_unknown = {};
      ownGroup.change.after.launch_template = [{ id: `lt-${index}`, version: "1" }];
      ownGroup.change.after_unknown = { subnet_ids: true };
    }
    plan.resource_changes.push(ownTemplate, ownGroup);
  }
  const reference = { references: [template.address, "count.index"] };
  const { expressions } = plan.configuration.root_module.resources.find(({ address }) => address === group.address);
  expressions.launch_template = [{ id: reference, version: reference }];
  return plan;
}

/** The documents of a default repository: its manifests, and a plan of its usual size. */
export function usualDocuments() {
  return [
    { policy: "terraform", document: largePlan(120) },
    { policy: "ray", document: base("ray-cluster") },
  ];
}
