// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Makes and checks the workflows of a repository that has no options of its own, so that one for which the same would come out need not
// do it again: that is half of a rendering. Which options each of them depends on is found by watching what is read.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

const LIB = join(ROOT, "lib");
const require = createRequire(import.meta.url);
const { resolveOptions } = require(join(LIB, "config", "resolve-options.js"));
const { prepareWorkflows } = require(join(LIB, "components", "prepared-workflows.js"));
const { readPinTable } = require(join(LIB, "workflow-rules", "pin-table.js"));

const { workflows } = resolveOptions({ name: "platform" }, process, []);
const prepared = prepareWorkflows({ ...workflows, pins: readPinTable() });
writeFileSync(join(LIB, "components", "prepared-workflows.json"), JSON.stringify(prepared));
