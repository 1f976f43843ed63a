// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeOptions, type OptionDescription, type ValueDescription } from "../src/options/describe-options";

/** Writes data/options.schema.json, the options as JSON Schema, from the types that the compiler recorded in `.jsii`. */
const FILE = join(__dirname, "..", "data", "options.schema.json");
const ROOT = "RayPlatformProjectOptions";

type Schema = { readonly [key: string]: unknown };

/** The text of the schema. Enums are written as on the command line, which is what their members evaluate to. */
export function optionsSchema(): string {
  const definitions: Record<string, Schema> = {};
  const root = structSchema(describeOptions(ROOT), definitions);
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment: "Generated from src/options/ by projenrc/options-schema.ts.",
    title: "Options of RayPlatformProject",
    ...root,
    definitions,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function structSchema(options: readonly OptionDescription[], definitions: Record<string, Schema>): Schema {
  const required = options.filter((option) => option.required).map(({ name }) => name);
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(options.map((option) => [option.name, optionSchema(option, definitions)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

function optionSchema(option: OptionDescription, definitions: Record<string, Schema>): Schema {
  const description = [option.summary, option.remarks, fallbackText(option)].filter((text) => text !== "").join(" ");
  const schema = valueSchema(option.type, definitions);
  // Beside a reference, draft 7 reads nothing.
  return "$ref" in schema ? { description, allOf: [schema] } : { description, ...schema };
}

function fallbackText({ fallback }: OptionDescription): string {
  return fallback === "" ? "" : `Default: ${fallback.replace(/^- /, "")}.`;
}

function valueSchema(type: ValueDescription, definitions: Record<string, Schema>): Schema {
  switch (type.kind) {
    case "text":
      return { type: "string" };
    case "number":
    case "boolean":
      return { type: type.kind };
    case "json":
      return {};
    case "enum":
      return { type: "string", enum: type.members.map(({ value }) => value) };
    case "list":
      return { type: "array", items: valueSchema(type.element, definitions) };
    case "map":
      return { type: "object", additionalProperties: valueSchema(type.element, definitions) };
    case "struct":
      definitions[type.name] ??= structSchema(type.options, definitions);
      return { $ref: `#/definitions/${type.name}` };
  }
}

if (require.main === module) {
  writeFileSync(FILE, optionsSchema());
}
