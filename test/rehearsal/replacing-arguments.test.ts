// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root";
import { BindingsSchema } from "../../src/rehearsal/provider/bindings-schema";

const { resources } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "data", "replacing-arguments.json"), "utf8")) as {
  resources: Record<string, { source: string; arguments: string[] }>;
};

test.each(Object.entries(resources))(
  "%s has these arguments, and says who says that they replace it",
  (type, entry) => {
    const library = join(PACKAGE_ROOT, "node_modules", "@cdktf", `provider-${type.split("_")[0]}`, "lib");
    const schema = new BindingsSchema(library, new Set()).resource(type);
    const known = [...(schema?.attributes.keys() ?? []), ...(schema?.blocks.keys() ?? [])];
    expect(entry.arguments.filter((name) => !known.includes(name))).toEqual([]);
    expect(entry.source).toMatch(/^(?:AWS::\w+::\w+|hashicorp\/terraform-provider-(?:aws|helm):[\w/]+\.go)$/);
  },
);
