// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";

export const ID = "sample-scan";
export const OPTION = "sampleScan";

/** The finding that its record has as an example. */
export const FINDING = "SAMPLE-1";

/** The files that the sample touches; everything else derives from them. */
export const TOUCHED = [
  `src/gates/${ID}/record.ts`,
  "src/gates/index.ts",
  "src/options/workflow-options.ts",
  "workflows/pins.json",
  `workflows/${ID}.yml`,
];

export default {
  kind: "a gate",
  async change(tree) {
    await tree.scaffold("gate", ID);
    const pin = { version: "1.0.0", sha256: createHash("sha256").update("a sample").digest("hex") };
    const write = (path, change) => tree.add(path, change(tree.read(path)));
    const written = (text) => text.replaceAll("<to be written>", FINDING).replaceAll("OWNER", "example");
    write(`src/gates/${ID}/record.ts`, written);
    write("src/options/workflow-options.ts", written);
    write(`workflows/${ID}.yml`, (text) =>
      written(text).replace('VERSION: ""', `VERSION: ${pin.version}`).replace('SHA256: ""', `SHA256: ${pin.sha256}`),
    );
    write("workflows/pins.json", (text) => {
      const table = JSON.parse(text);
      table.tools[ID] = pin;
      return `${JSON.stringify(table, null, 2)}\n`;
    });
  },
};
