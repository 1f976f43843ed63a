// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { mapOf, members, TEXT } from "../source.mjs";

const FILE = "data/toolchain.json";
const URL = "https://raw.githubusercontent.com/nodejs/Release/main/schedule.json";

export default {
  id: "node-releases",
  title: "the line of Node.js that generated workflows run on",
  files: [FILE],
  source: URL,
  form: "https://github.com/nodejs/Release/blob/main/README.md",
  async read({ source, tables, day }) {
    const schedule = await source.json(
      URL,
      mapOf({ ...members({ start: TEXT, end: TEXT }), properties: { lts: TEXT } }),
    );
    const current = tables[FILE].node;
    const maintained = Object.entries(schedule)
      .filter(([, { lts, end }]) => lts !== undefined && lts <= day && day < end)
      .map(([name]) => name.replace("v", ""))
      .sort((one, other) => Number(one) - Number(other));
    const { end } = schedule[`v${current}`] ?? {};
    if (end === undefined || maintained.length === 0) {
      throw new Error(`${URL} has changed its form: it does not say how long Node.js ${current} is maintained`);
    }
    const newest = maintained.at(-1);
    // A line is left when it ends, and not before: that a newer one is there is no reason to change every workflow.
    const value = day < end ? current : newest;
    const means = "generated workflows run on it; what a repository supports beside it stays";
    return {
      changes: [
        { file: FILE, path: ["node"], value, means },
        { file: FILE, path: ["nodeMaintainedUntil"], value: schedule[`v${value}`].end, means },
      ],
      waiting: newest === value ? [] : [{ what: "Node.js", newest, why: `${value} is maintained until ${end}` }],
    };
  },
};
