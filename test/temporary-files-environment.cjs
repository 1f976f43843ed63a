// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { TestEnvironment } = require("jest-environment-node");

const VARIABLES = ["TMPDIR", "TEMP", "TMP"];

/**
 * Node.js with temporary files that end with the test file that made them: what all of them leave together fills the
 * disk of a small machine.
 */
class TemporaryFilesEnvironment extends TestEnvironment {
  #directory;
  #before;

  constructor(...args) {
    const directory = mkdtempSync(join(tmpdir(), "tests-"));
    const before = VARIABLES.map((name) => [name, process.env[name]]);
    // The variables of this process count for node:os and for child processes; the tests get a copy of them.
    for (const name of VARIABLES) {
      process.env[name] = directory;
    }
    super(...args);
    this.#directory = directory;
    this.#before = before;
  }

  async teardown() {
    await super.teardown();
    for (const [name, value] of this.#before) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
    try {
      rmSync(this.#directory, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // A test that failed may have left a program that still writes there. The system clears it away.
    }
  }
}

module.exports = TemporaryFilesEnvironment;
