// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { postureChanges } from "../../src/posture/posture-changes";
import type { PostureControl } from "../../src/reports/posture-report";

const STACK = "cdktf.out/stacks/prod-cluster/cdk.tf.json";
const HELD = { state: "held", sentence: "It holds.", environments: ["dev", "prod"] };
const BREACH = { file: STACK, line: 7, resource: "aws_launch_template.gpu", problem: "tokens are optional" };

function control(more: Partial<PostureControl> = {}): PostureControl {
  return {
    id: "IMDS-01",
    state: "proven",
    statements: [HELD],
    rules: ["controls/imds-01"],
    evidence: [{ file: "src/pool.ts", line: 3 }],
    ...more,
  };
}

const VIOLATED = control({ state: "violated", evidence: [BREACH] });
const WEAKENED = control({
  statements: [
    { ...HELD, environments: ["dev"] },
    { state: "weakened", sentence: "It holds for some.", environments: ["prod"] },
  ],
});

/** The rows of the table, without its heading. */
const rows = (before: readonly PostureControl[], after: readonly PostureControl[]): string[] =>
  postureChanges(before, after)
    .split("\n")
    .filter((line) => /^\| (?!Control)/.test(line));

test.each<[string, PostureControl | undefined, PostureControl | undefined, string]>([
  [
    "a new breach",
    control(),
    VIOLATED,
    `| \`IMDS-01\` | proven | violated | \`${STACK}:7\` \`aws_launch_template.gpu\` \`tokens are optional\` |`,
  ],
  ["a mended breach", VIOLATED, control(), "| `IMDS-01` | violated | proven | `src/pool.ts:3` |"],
  [
    "a weaker statement in one environment",
    control(),
    WEAKENED,
    "| `IMDS-01` | proven | proven; weakened in `prod` | `src/pool.ts:3` |",
  ],
  [
    "another sentence",
    control(),
    control({ statements: [{ ...HELD, sentence: "It holds better." }] }),
    "| `IMDS-01` | proven | proven: It holds better. | `src/pool.ts:3` |",
  ],
  [
    "one more breach",
    VIOLATED,
    control({ state: "violated", evidence: [BREACH, { ...BREACH, resource: "aws_launch_template.cpu" }] }),
    `| \`IMDS-01\` | violated | violated | \`${STACK}:7\` \`aws_launch_template.gpu\` \`tokens are optional\`<br>\`${STACK}:7\` \`aws_launch_template.cpu\` \`tokens are optional\` |`,
  ],
  ["a control that is new", undefined, control(), "| `IMDS-01` | – | proven | `src/pool.ts:3` |"],
  ["a control that is gone", control(), undefined, "| `IMDS-01` | proven | – | `src/pool.ts:3` |"],
])("%s is a row", (_, before, after, expected) => {
  const list = (item: PostureControl | undefined) => (item === undefined ? [] : [item]);
  expect(rows(list(before), list(after))).toEqual([expected]);
});

test("a line that moves is no change", () => {
  const moved = control({ evidence: [{ file: "src/pool.ts", line: 90 }] });
  const breach = control({ state: "violated", evidence: [{ ...BREACH, line: 90 }] });
  expect(rows([control()], [moved])).toEqual([]);
  expect(rows([VIOLATED], [breach])).toEqual([]);
  expect(postureChanges([control()], [moved])).toContain("None of the 1 controls changes.");
});

test("what a repository says cannot leave its cell", () => {
  const planted = control({
    state: "violated",
    evidence: [{ file: "a`|b", resource: "x\n| y | <img>", problem: "\\`| [link](https://example.com)" }],
  });
  const [row] = rows([control()], [planted]);
  expect(row?.split(/(?<!\\)\|/)).toHaveLength(6);
  const outside = row?.replace(/`[^`]*`/g, "");
  expect(outside).toBe("|  | proven | violated |    |");
});

test("of many breaches three are shown, and the rest are counted", () => {
  const evidence = Array.from({ length: 5 }, (_, index) => ({ ...BREACH, resource: `aws_launch_template.n${index}` }));
  const [row] = rows([control()], [control({ state: "violated", evidence })]);
  expect(row).toMatch(/n2` `tokens are optional`<br>and 2 more \|$/);
});
