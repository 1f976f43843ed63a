// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { deploymentOrder, type PlanDocument } from "../../src/rehearsal/deployment-order";

const change = (action: string) => ({
  address: `aws_x.${action}`,
  change: { actions: action === "replace" ? ["delete", "create"] : [action] },
});

function plan(...actions: string[]): PlanDocument {
  return {
    resource_changes: actions.map(change),
    configuration: { root_module: { resources: [{ address: "aws_x.kept" }, { address: "data.aws_y.read" }] } },
  };
}

const order = (network?: PlanDocument, cluster?: PlanDocument, workloads?: PlanDocument) =>
  deploymentOrder([
    // Named in the wrong order on purpose.
    { name: "workloads", dependencies: ["cluster"], plan: workloads },
    { name: "network", dependencies: [], plan: network },
    { name: "cluster", dependencies: ["network"], plan: cluster },
  ]).map(({ phase, stack }) => `${phase} ${stack}`);

test.each<[string, (PlanDocument | undefined)[], string[]]>([
  ["a first deployment", [undefined, undefined, undefined], ["all network", "all cluster", "all workloads"]],
  ["growth", [plan("create"), plan("update"), plan("no-op")], ["all network", "all cluster", "all workloads"]],
  ["a zone goes", [plan("delete"), plan("update"), plan("no-op")], ["all cluster", "all workloads", "shrink network"]],
  [
    "one zone goes and one comes",
    [plan("create", "delete"), plan("update"), plan("no-op")],
    ["grow network", "all cluster", "all workloads", "shrink network"],
  ],
  ["a pool goes", [plan("no-op"), plan("delete"), plan("update")], ["all workloads", "shrink cluster"]],
  [
    "all shrink",
    [plan("delete"), plan("delete"), plan("delete")],
    ["all workloads", "shrink cluster", "shrink network"],
  ],
  [
    "a replacement grows",
    [plan("replace"), plan("no-op"), plan("no-op")],
    ["all network", "all cluster", "all workloads"],
  ],
  ["nothing changes", [plan("no-op"), plan("no-op"), plan("no-op")], []],
  ["only the last changes", [plan("no-op"), plan("no-op"), plan("update")], ["all workloads"]],
])("%s", (_, plans, expected) => {
  expect(order(...plans)).toEqual(expected);
});

test("an output that changes makes its readers follow", () => {
  const outputs = { ...plan("no-op"), output_changes: { node_subnet_ids: { actions: ["update"] } } };
  expect(order(outputs, plan("no-op"), plan("no-op"))).toEqual(["all network", "all cluster", "all workloads"]);
});

test("growing names all that is configured, data included, so that outputs follow", () => {
  const [grow] = deploymentOrder([
    { name: "network", dependencies: [], plan: plan("create", "delete") },
    { name: "cluster", dependencies: ["network"], plan: plan("update") },
  ]);
  expect(grow).toEqual({ stack: "network", phase: "grow", targets: ["aws_x.kept", "data.aws_y.read"] });
});

test("stacks that depend on each other are an error", () => {
  expect(() =>
    deploymentOrder([
      { name: "a", dependencies: ["b"], plan: undefined },
      { name: "b", dependencies: ["a"], plan: undefined },
    ]),
  ).toThrow("these stacks depend on each other: a, b");
});
