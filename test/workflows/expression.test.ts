// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { evaluate, isTrue, NotAnExpression, partly, UNKNOWN, type Value } from "../../src/workflow-rules/expression";

const contexts = {
  github: { event_name: "push", event: { number: 7 }, ref: "refs/heads/main" },
  open: partly({ known: "yes" }),
  list: { first: "a" },
};
const functions = { always: () => true, both: (one: Value, other: Value) => `${String(one)}${String(other)}` };

test.each<readonly [string, Value]>([
  ["'it''s'", "it's"],
  ["github.event_name == 'PUSH'", true],
  ["github.event_name != 'push'", false],
  ["github.event.number >= 7 && github.event.number < 8", true],
  ["github.event.pull_request.head.sha", null],
  ["github.event.pull_request.draft != true", true],
  ["github.event.pull_request.number == ''", true],
  ["github.event.pull_request.number || github.event.number", 7],
  ["github.event_name == 'push' && 'a' || 'b'", "a"],
  ["!(github.event_name == 'push')", false],
  ["${{ github.event.number }}", 7],
  ["list['first']", "a"],
  ["both('x', 1)", "x1"],
  ["always() && false", false],
  ["success()", UNKNOWN],
  ["success() && false", false],
  ["success() || true", true],
  ["success() && true", UNKNOWN],
  ["!success()", UNKNOWN],
  ["open.known", "yes"],
  ["open.other.below == 'x'", UNKNOWN],
  ["vars.X != ''", UNKNOWN],
  ["needs.*.result", UNKNOWN],
])("%s", (text, expected) => {
  expect(evaluate(text, contexts, functions)).toBe(expected);
});

test.each(["", "a ==", "(a", "a b", "'a", "a && ", "# no"])("'%s' is not an expression", (text) => {
  expect(() => evaluate(text, contexts)).toThrow(NotAnExpression);
});

test("what counts as true", () => {
  expect(["", 0, null, false].map((value) => isTrue(value))).toEqual([false, false, false, false]);
  expect(["0", 1, {}, true].map((value) => isTrue(value))).toEqual([true, true, true, true]);
  expect(isTrue(UNKNOWN)).toBeUndefined();
});
