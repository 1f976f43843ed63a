// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { createGenerator } from "ts-json-schema-generator";

/**
 * The configuration's types are written once, with the stacks that read it. From there come the copy that `src/` compiles
 * (neither side may import the other) and the JSON Schema that lies beside platform.json.
 */
const SOURCE = "templates/src/platform/platform-config.ts";

writeFileSync("src/config/platform-config.ts", readFileSync(SOURCE, "utf8"));

const schema = createGenerator({
  path: SOURCE,
  type: "PlatformConfig",
  skipTypeCheck: true,
  additionalProperties: false,
}).createSchema("PlatformConfig");
writeFileSync("data/platform.schema.json", `${JSON.stringify(schema, null, 2)}\n`);
