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
    const answers = "test/refresh/answers/moto.json";
    const [entry, directory] = /"([^"]*\/instance_type_offerings\/availability-zone\/)ca-west-1\.json":/.exec(
      tree.read(answers),
    );
    const zones = ["xx-sample-1a", "xx-sample-1b"].map((Location) => ({ InstanceType: "g4dn.12xlarge", Location }));
    tree.edit(answers, [entry, `"${directory}xx-sample-1.json":${JSON.stringify(zones)},${entry}`]);
  },
};
