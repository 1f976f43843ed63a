// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { controlPages } from "../../site/generate/controls";
import { commandPages } from "../../site/generate/commands";
import { documentPages } from "../../site/generate/documents";
import { Links } from "../../site/generate/links";
import { messagePages } from "../../site/generate/messages";
import { examplesOf, optionPages } from "../../site/generate/options";
import { rulePages } from "../../site/generate/rules";
import { controlRecords } from "../../src/controls/control-record";
import { ruleList } from "../../src/policy/rule-list";
import { elementOf, type Property, reachableOptions, TYPES } from "../options/assembly";
import { REFUSALS } from "../options/refusals";

const text = (pages: readonly { readonly content: string }[]) => pages.map(({ content }) => content).join("\n");

/** An option that is a struct, or holds some, is shown by the examples of its fields. */
const isStruct = ({ type }: Property) => TYPES.find(({ fqn }) => fqn === elementOf(type).fqn)?.kind === "interface";

test("every option has an example on the site", () => {
  const shown = text(optionPages());
  const without = [...reachableOptions("RayPlatformProjectOptions")]
    .filter(([, property]) => !isStruct(property))
    .filter(([id]) => !examplesOf(id.split(".")[0]).some((line) => line.includes(`${id.split(".")[1]}: `)))
    .map(([id]) => id);
  expect(without).toEqual([]);
  expect(shown).toContain("gpuPool: { maxSize: ");
  expect(shown).toContain("engine: Engine.CDKTN,");
});

test("every control has a section on the site", () => {
  const shown = text(controlPages());
  expect(controlRecords().filter(({ id }) => !shown.includes(`\n## ${id}\n`))).toEqual([]);
});

test("every policy rule has a section on the site", () => {
  const shown = text(rulePages());
  expect(ruleList().filter(({ id }) => !shown.includes(`\n## ${id}\n`))).toEqual([]);
});

test("every command explains itself on the site", () => {
  const [{ content }] = commandPages();
  expect([...content.matchAll(/^Usage: ray-platform (\w+)/gm)].map(([, name]) => name)).toEqual(
    expect.arrayContaining([...content.matchAll(/^## ([a-z]+)$/gm)].map(([, name]) => name)),
  );
  expect(content).toContain("## rehearse\n");
});

test("the messages about options are those that refused options have", () => {
  const shown = text(messagePages());
  expect(shown.match(/^\| `/gm)?.length).toBeGreaterThan(REFUSALS.length / 2);
});

test("the documents of a generated repository are on the site, whole, and their links lead to its pages", () => {
  const pages = documentPages();
  const links = new Links(pages);
  const rewritten = new Map(pages.map((page) => [page.path, links.rewrite(page)]));
  expect(rewritten.get("start/deployment")).toContain("\n## Deploy for the first time\n");
  expect(rewritten.get("guides/operate")).not.toContain("\n## Deploy for the first time\n");
  expect(rewritten.get("example/security-architecture")).toContain("](/example/deviations");
});
