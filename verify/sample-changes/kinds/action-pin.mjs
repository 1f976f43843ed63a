// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

export default {
  kind: "an action pin",
  change(tree) {
    const table = JSON.parse(tree.read("workflows/pins.json"));
    Object.assign(table.actions["actions/checkout"], { version: "v77.3.4", sha: COMMIT });
    tree.add("workflows/pins.json", `${JSON.stringify(table, null, 2)}\n`);
  },
  prove(tree) {
    for (const file of ["workflows/build.yml", "projenrc/workflows/verify.yml", ".github/workflows/build.yml"]) {
      tree.edit(file, [`actions/checkout@${COMMIT} # v77.3.4`, ""]);
    }
  },
};
