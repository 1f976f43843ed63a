// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Checks that wait for their turn: the turn of each comes once all programs are settled that it uses. */
export class CheckQueue {
  #waiting;
  #usedBy;
  #settled = new Set();
  #sleepers = [];

  /**
   * @param {object[]} checks in the order in which they run, where their programs allow it
   * @param {(check: object) => string[]} usedBy names of the programs that a check uses
   */
  constructor(checks, usedBy) {
    this.#waiting = [...checks];
    this.#usedBy = usedBy;
  }

  /** The program was installed, or cannot be. */
  settle(program) {
    this.#settled.add(program);
    for (const wake of this.#sleepers.splice(0)) {
      wake();
    }
  }

  /** The next check, when there is one that can run; undefined when none is left. */
  async take() {
    while (this.#waiting.length > 0) {
      const index = this.#waiting.findIndex((check) => this.#usedBy(check).every((name) => this.#settled.has(name)));
      if (index >= 0) {
        return this.#waiting.splice(index, 1)[0];
      }
      await new Promise((resolve) => this.#sleepers.push(resolve));
    }
    return undefined;
  }
}
