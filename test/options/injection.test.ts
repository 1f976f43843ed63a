// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { optionAt, steps, valueAt, withValueAt } from "./assembly";
import { EFFECTS } from "./effects";
import { issuesOf, type Options } from "./resolve";

/** What gives a text a meaning of its own somewhere: GitHub expressions, Terraform, Helm and Mustache, shell, paths, YAML. */
const PAYLOADS = [
  "${{ secrets.KEY }}",
  "${aws_iam_role.x.arn}",
  "%{ if true }",
  "\n",
  "\r",
  "\u2028",
  "\u0000",
  "`id`",
  "../",
  "{{ .Values }}",
];

/** Texts that are many lines, or a path, by their nature. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "ray.serveConfig": ["\n"],
  outdir: ["../"],
};

interface TextOption {
  readonly path: string;
  readonly options: Options;
}

const texts: TextOption[] = EFFECTS.map(({ option, value, beside }) => ({
  path: option,
  options: withValueAt(beside ?? {}, option, value),
})).filter(({ path }) => optionAt(path).type.primitive === "string");

/** Options with a map whose names the user chooses. */
const maps = EFFECTS.filter(({ option }) =>
  /\.(?:tags|labels|rayStartParams|environmentReviewers|actionPins)\.|^tags\./.test(option),
);

describe("a text that tries to break out of its place", () => {
  test("is tried in every option that takes a text", () => {
    expect(texts.length).toBeGreaterThan(110);
  });

  test.each(texts.map((text) => [text.path, text] as const))("is refused in %s", (path, { options }) => {
    const sample = String(valueAt(options, path));
    const allowed = ALLOWED[path] ?? [];
    const payload = fc.constantFrom(...PAYLOADS.filter((candidate) => !allowed.includes(candidate)));
    fc.assert(
      fc.property(payload, fc.nat({ max: sample.length }), (text, position) => {
        const injected = `${sample.slice(0, position)}${text}${sample.slice(position)}`;
        expect(issuesOf(withValueAt(options, path, injected)).length).toBeGreaterThan(0);
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  test.each(
    PAYLOADS.flatMap((payload) =>
      maps.map(({ option, value, beside }) => [JSON.stringify(payload), option, payload, value, beside] as const),
    ),
  )("%s is refused in the name of %s", (_text, option, payload, value, beside) => {
    const path = steps(option);
    const at = path.findIndex((step) => /^(?:tags|labels|rayStartParams|environmentReviewers|actionPins)$/.test(step));
    const map = path.slice(0, at + 1).join(".");
    const entry =
      at + 2 === path.length
        ? value
        : valueAt(withValueAt(beside ?? {}, option, value), path.slice(0, at + 2).join("."));
    expect(issuesOf(withValueAt(beside ?? {}, map, { [`${path[at + 1]}${payload}`]: entry })).length).toBeGreaterThan(
      0,
    );
  });

  test.each(PAYLOADS.filter((payload) => payload !== "\n"))("%j is refused anywhere in nodeConfig", (payload) => {
    const nodeConfig = { kubelet: { flags: ["--x", `a${payload}`] } };
    expect(issuesOf({ cpuPool: { nodeConfig } }).map(({ path }) => path)).toEqual([
      "cpuPool.nodeConfig.kubelet.flags[1]",
    ]);
  });

  test("names the option", () => {
    expect(issuesOf({ tags: { Team: "${{ secrets.KEY }}" } }).map(({ path }) => path)).toEqual(["tags.Team"]);
  });
});
