// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator } from "ts-json-schema-generator";

/**
 * The configuration's types are written once, with the stacks that read it. From there come the copy that `src/` compiles
 * (neither side may import the other) and the JSON Schema that lies beside platform.json.
 */
const SOURCE = "templates/src/platform/platform-config.ts";
const ROOT = join(__dirname, "..");
const MARKER = `Generated from ${SOURCE} by projenrc/config-types.ts: change it there.`;

/** Content of src/config/platform-config.ts. */
export function configTypes(): string {
  const [copyright, license, ...lines] = readFileSync(join(ROOT, SOURCE), "utf8").split("\n");
  return [copyright, license, "//", `// ${MARKER}`, ...lines].join("\n");
}

/** Content of data/platform.schema.json. */
export function configSchema(): string {
  const { $schema, ...schema } = createGenerator({
    path: join(ROOT, SOURCE),
    type: "PlatformConfig",
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema("PlatformConfig");
  return `${JSON.stringify({ $schema, $comment: MARKER, ...schema }, null, 2)}\n`;
}

if (require.main === module) {
  writeFileSync(join(ROOT, "src/config/platform-config.ts"), configTypes());
  writeFileSync(join(ROOT, "data/platform.schema.json"), configSchema());
}
