// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { runWith } from "../../src/yo.js";
import { generatorBase } from "../../src/yeoman.js";

/** What `yo ray-platform:adopt` runs. */
export default class extends (await generatorBase()) {
  async prompting() {
    await runWith(this, ["adopt"]);
  }
}
