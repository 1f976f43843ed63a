// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { describeOptions, type OptionDescription, type ValueDescription } from "../options/describe-options";

const ROOT = "RayPlatformProjectOptions";

/** A schema, as JSON. */
export type Schema = { readonly [key: string]: unknown };

/**
 * The options as JSON Schema, from the types that the compiler recorded. Enums are written as on the command line, which is
 * what their members evaluate to.
 */
export function optionsSchema(): Schema {
  const definitions: Record<string, Schema> = {};
  const root = structSchema(describeOptions(ROOT), definitions);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Options of RayPlatformProject",
    ...root,
    definitions,
  };
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
