// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { refusedByEks } from "../../src/rehearsal/refused-by-eks";

const CLUSTER = "aws_eks_cluster.control-plane_cluster_47C848BD";
const refused = (actions: string[], before: object | null, after: object | null, address = CLUSTER) =>
  refusedByEks({ resource_changes: [{ address, change: { actions, before, after } }] });
const version = (from: string, to: string, address?: string) =>
  refused(["update"], { name: "a", version: from }, { name: "a", version: to }, address);

test.each([
  ["1.34", "1.36", "EKS goes one minor version at a time: set 1.35 first"],
  ["1.9", "1.11", "EKS goes one minor version at a time: set 1.10 first"],
  ["1.36", "1.35", "EKS never goes back: set 1.36 again"],
])("from Kubernetes %s to %s is refused", (from, to, said) => {
  expect(version(from, to)).toEqual([expect.stringContaining(said)]);
  expect(version(from, to, "module.own.aws_eks_cluster.x")).toHaveLength(1);
});

test("a cluster is not made beside itself", () => {
  const said = [expect.stringContaining("EKS creates no second cluster with the same name")];
  expect(refused(["create", "delete"], { name: "a", version: "1.35" }, { name: "a", version: "1.35" })).toEqual(said);
});

test.each<[string, string[]]>([
  ["an upgrade by one", version("1.35", "1.36")],
  ["no upgrade", version("1.35", "1.35")],
  ["a version that is not known", version("1.35", "latest")],
  ["a new cluster", refused(["create"], null, { name: "a", version: "1.36" })],
  ["one that goes", refused(["delete"], { name: "a", version: "1.35" }, null)],
  ["one of another name", refused(["create", "delete"], { name: "a" }, { name: "b" })],
  ["one that is destroyed first", refused(["delete", "create"], { name: "a" }, { name: "a" })],
  ["another resource", version("1.34", "1.36", "aws_eks_addon.aws_eks_cluster")],
  ["nothing", refusedByEks({})],
])("%s is not refused", (_title, sentences) => {
  expect(sentences).toEqual([]);
});
