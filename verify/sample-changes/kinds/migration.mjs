// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

export default {
  kind: "a migration",
  async change(tree) {
    await tree.scaffold("migration", "sample-moves");
    const file = "src/migrations/sample-moves.ts";
    tree.edit(file, ['description: "<to be written>"', 'description: "the sample document is called example"']);
    const asked = 'renameOption("<to be written>", "<to be written>")';
    tree.edit(file, [asked, 'moveFile("docs/sample.md", "docs/example.md")']);
    tree.edit("test/migrations/sample-moves.test.ts", [
      '"renameOption", "<to be written>", "<to be written>"',
      '"moveFile", "docs/sample.md", "docs/example.md"',
    ]);
  },
};
