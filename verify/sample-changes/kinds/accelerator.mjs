// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

export default {
  kind: "an accelerator",
  change(tree) {
    tree.addBehind("src/options/accelerator.ts", 'G6 = "g6",', '\n  /** NVIDIA L40S, 1 GPU a node. */\n  G6E = "g6e",');
    tree.addBehind(
      "data/accelerators.json",
      '"g6": ["g6.2xlarge", "g6.4xlarge"],',
      '\n  "g6e": ["g6e.2xlarge", "g6e.4xlarge"],',
    );
  },
  prove(tree) {
    tree.edit("docs/options.md", ["| `G6E` | NVIDIA L40S", ""]);
  },
};
