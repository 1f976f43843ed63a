// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

export default {
  kind: "a region",
  change(tree) {
    tree.addBehind(
      "data/regions.json",
      '"regions": {',
      '\n    "xx-sample-1": {"partition": "aws", "zones": ["xx-sample-1a", "xx-sample-1b"], "gpuZones": {"g4dn": ["xx-sample-1a", "xx-sample-1b"]}},',
    );
  },
};
