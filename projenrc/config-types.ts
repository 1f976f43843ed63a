// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

/**
 * The configuration's types and the records of limits are written once, with the stacks that read them. From there come the
 * copies that `src/` compiles (neither side may import the other) and the JSON Schema that lies beside platform.json.
 */
export const SHARED_MODULES = ["limit-records", "platform-config"];
const ROOT = join(__dirname, "..");

function sourceOf(module: string): string {
  return `templates/src/platform/${module}.ts`;
}

function markerOf(module: string): string {
  return `Generated from ${sourceOf(module)} by projenrc/config-types.ts: change it there.`;
}

/** Content of a module's copy in `src/config/`. */
export function sharedModule(module: string): string {
  const [copyright, license, ...lines] = readFileSync(join(ROOT, sourceOf(module)), "utf8").split("\n");
  return [copyright, license, "//", `// ${markerOf(module)}`, ...lines].join("\n");
}

/** Content of data/platform.schema.json. */
export function configSchema(): string {
  const { $schema, ...schema } = createGenerator({
    path: join(ROOT, sourceOf("platform-config")),
    type: "PlatformConfig",
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema("PlatformConfig");
  return `${JSON.stringify({ $schema, $comment: markerOf("platform-config"), ...schema }, null, 2)}\n`;
}

if (require.main === module) {
  for (const name of SHARED_MODULES) {
    writeFileSync(join(ROOT, `src/config/${name}.ts`), sharedModule(name));
  }
  writeFileSync(join(ROOT, "data/platform.schema.json"), configSchema());
}
