// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

const URL = "https://acme.example/node.json";
const READER = `// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { members, TEXT } from "../source.mjs";

const FILE = "data/toolchain.json";
const URL = "${URL}";

export default {
  id: "node-end",
  title: "until when a line of Node.js is maintained, as a vendor says",
  files: [FILE],
  source: URL,
  form: "https://acme.example/docs",
  async read({ source }) {
    const { end } = await source.json(URL, members({ end: TEXT }));
    const means = "nothing that is generated";
    return { changes: [{ file: FILE, path: ["nodeMaintainedUntil"], value: end, means }], waiting: [] };
  },
};
`;

export default {
  kind: "a reader of a source",
  change(tree) {
    tree.add("scripts/refresh/readers/node-end.mjs", READER);
    const { nodeMaintainedUntil: end } = JSON.parse(tree.read("data/toolchain.json"));
    const answers = { form: "https://acme.example/docs", answers: { [URL]: { json: { end } } } };
    tree.add("test/refresh/answers/node-end.json", `${JSON.stringify(answers, null, 2)}\n`);
    const other = 'import nodeReleases from "./readers/node-releases.mjs";\n';
    tree.edit(
      "scripts/refresh/readers.mjs",
      [other, `import nodeEnd from "./readers/node-end.mjs";\n${other}`],
      ["  nodeReleases,\n", "  nodeReleases,\n  nodeEnd,\n"],
    );
    tree.edit("test/refresh/refresh.test.ts", [
      '  reads("npm-packages", TOOLCHAIN,',
      `  reads("node-end", TOOLCHAIN, ["nodeMaintainedUntil"], "2001-01-01", "${end}"),\n  reads("npm-packages", TOOLCHAIN,`,
    ]);
  },
  prove: (tree) => tree.run("node scripts/refresh.mjs --fixtures --dry-run --only node-end"),
};
