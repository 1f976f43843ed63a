// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";

/** A commit that exists nowhere, and that no file but the table says. */
const COMMIT = createHash("sha1").update("a sample").digest("hex");
const VERSION = "v7.0.98";

export default {
  kind: "an action pin",
  change(tree) {
    const table = JSON.parse(tree.read("workflows/pins.json"));
    Object.assign(table.actions["actions/checkout"], { version: VERSION, sha: COMMIT });
    tree.add("workflows/pins.json", `${JSON.stringify(table, null, 2)}\n`);
  },
  prove(tree) {
    for (const file of ["workflows/build.yml", "projenrc/workflows/verify.yml", ".github/workflows/build.yml"]) {
      tree.edit(file, [`actions/checkout@${COMMIT} # ${VERSION}`, ""]);
    }
  },
};
