// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

export default {
  kind: "a rule",
  async change(tree) {
    await tree.scaffold("rule", "terraform/cluster-name");
    const rego = "policies/terraform/cluster_name.rego";
    tree.edit(
      rego,
      ["# title: <to be written>", "# title: Cluster name"],
      ["# description: <to be written>", "# description: No cluster keeps a name that stands for one to come."],
      ["#   row: <to be written>", "#   row: none; a sample"],
      ["#   fix: <to be written>", "#   fix: Name the cluster."],
      ['"problem": "<to be written>"', '"problem": "the cluster has no name of its own"'],
    );
    tree.edit(
      "test/policies/cases/terraform-cluster-name.yaml",
      ["# <to be written>", "# Names of clusters."],
      ["allowed: <to be written>", "a name of its own"],
      ["denied: <to be written>", "a name to come"],
    );
  },
  prove(tree) {
    tree.edit("policies/rules.json", ['"terraform/cluster-name"', ""]);
  },
};
