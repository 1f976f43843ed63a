// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { filesOf } from "../options/resolve";

test("no module of the stacks has the name of a data file beside it, so that no loader can take one for the other", () => {
  const paths = Object.keys(filesOf({}));
  const data = new Set(paths.filter((path) => path.endsWith(".json")).map((path) => path.replace(/\.json$/, "")));
  expect(data).toContain("src/platform/platform");
  expect(paths.filter((path) => path.endsWith(".ts") && data.has(path.replace(/\.ts$/, "")))).toEqual([]);
});
