// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import Mustache from "mustache";
import { parseTemplate, renderTemplate } from "../../src/components/documents/document-template";
import { PACKAGE_ROOT } from "../../src/package-root";

const TEMPLATES = join(PACKAGE_ROOT, "templates");
const templates = readdirSync(TEMPLATES, { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith(".mustache"),
);

/** What a reader makes of a template: its tokens, or that it refuses it. */
function outcome(read: (template: string) => unknown, template: string): unknown {
  try {
    return read(template);
  } catch (error) {
    return String(error);
  }
}

test.each(templates)("%s is read as Mustache reads it", (path) => {
  const text = readFileSync(join(TEMPLATES, path), "utf8");
  expect(parseTemplate(text)).toEqual(Mustache.parse(text));
});

test("any template is read as Mustache reads it, and refused as Mustache refuses it", () => {
  const part = fc.constantFrom(
    ...["{{#a}}", "{{/a}}", "{{^b}}", "{{/b}}", "{{x}}", "{{{y}}}", "{{& z }}", "{{! note\n }}", "{{ # a }}"],
    ...["{{=<% %>=}}", "{{>p}}", "{{", "}}", "{", "}", " ", "\t", "\n", "\r\n", "text", "text\n"],
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const template = parts.join("");
      Mustache.clearCache();
      expect(outcome(parseTemplate, template)).toEqual(outcome((text) => Mustache.parse(text), template));
    }),
    { numRuns: 5_000 },
  );
});

test("a template is filled in without escapes", () => {
  const view = { list: [{ name: "<a>" }, { name: "b" }], none: [], of: { x: "&" } };
  const template = "{{#list}}\n- {{name}}\n{{/list}}\n{{^none}}\nnone {{of.x}}\n{{/none}}\n";
  expect(renderTemplate(template, view)).toBe("- <a>\n- b\nnone &\n");
});
