// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { PlannedChange } from "../../src/rehearsal/deployment-order";
import { beyondWholePlan } from "../../src/rehearsal/partial-plan";

const change = (address: string, ...actions: string[]): PlannedChange => ({
  address,
  mode: "managed",
  change: { actions, after: { name: "a" }, after_unknown: { id: true } },
});
const beyond = (part: readonly PlannedChange[], whole: readonly PlannedChange[]) =>
  beyondWholePlan({ resource_changes: part }, { resource_changes: whole });

const WHOLE = [change("aws_x.new", "create"), change("aws_x.old", "delete"), change("aws_x.same", "no-op")];

test.each<[string, PlannedChange[]]>([
  ["nothing", []],
  ["some of the whole", [change("aws_x.new", "create")]],
  ["all of the whole", WHOLE],
  ["what it leaves as it is", [change("aws_x.other", "no-op")]],
  ["what it reads", [{ ...change("data.aws_y.read", "read"), mode: "data" }]],
])("a part may have %s", (_, part) => {
  expect(beyond(part, WHOLE)).toEqual([]);
});

const NEW = change("aws_x.new", "create");

test.each<[string, PlannedChange, string]>([
  ["a resource that the whole does not know", change("aws_x.other", "create"), "create aws_x.other"],
  ["a resource that the whole leaves as it is", change("aws_x.same", "update"), "update aws_x.same"],
  ["another action", change("aws_x.new", "delete", "create"), "delete/create aws_x.new"],
  ["another value", { ...NEW, change: { ...NEW.change, after: { name: "b" } } }, "create aws_x.new"],
  ["a value that is not known", { ...NEW, change: { ...NEW.change, after_unknown: {} } }, "create aws_x.new"],
  ["a leftover of a replacement", { ...change("aws_x.old", "delete"), deposed: "1234" }, "delete aws_x.old"],
])("a part may not have %s", (_, more, does) => {
  expect(beyond([NEW, more], WHOLE)).toEqual([expect.stringContaining(does)]);
});
