// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

// jsii-docgen writes no marker of its own.
const file = fileURLToPath(new URL("../API.md", import.meta.url));
const marker =
  "<!-- Generated from the types of src/ by jsii-docgen, when the package is compiled: change them there. -->\n\n";
writeFileSync(file, marker + readFileSync(file, "utf8"));
