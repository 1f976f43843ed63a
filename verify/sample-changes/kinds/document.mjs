// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

export default {
  kind: "a document",
  change(tree) {
    tree.add(
      "templates/docs/sample.md.mustache",
      "# Sample\n\nEnvironments of {{name}}:{{#environments}} {{name}}{{/environments}}.\n",
    );
    tree.addBehind(
      "templates/root/README.md.mustache",
      "what runs when no job does\n",
      "- [Sample](docs/sample.md): the names of the environments\n",
    );
  },
};
