// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Lets the compiled modules load from vendor/ what is there. The sources name the packages, as readers expect it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./setup.mjs";
import { VENDORED } from "./vendored.mjs";

const LIB = join(ROOT, "lib");

for (const path of readdirSync(LIB, { recursive: true })) {
  if (path.endsWith(".js")) {
    const file = join(LIB, path);
    const text = readFileSync(file, "utf8");
    const up = relative(dirname(file), join(ROOT, "vendor")).replaceAll("\\", "/");
    const linked = text.replace(/\brequire\("([^".][^"]*)"\)/g, (call, name) =>
      name in VENDORED ? `require("${up}/${VENDORED[name].file}.js")` : call,
    );
    if (linked !== text) {
      writeFileSync(file, linked);
    }
  }
}
