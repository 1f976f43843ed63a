// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * An error whose message says all that a user needs: what is wrong, where, and what to do. It has no stack trace, because
 * every program that starts us prints one if there is one: `projen new`, node, and our own command.
 */
export class ExplainedError extends Error {
  public constructor(message: string) {
    super(message);
    // projen compiles its call in a virtual machine, which puts the throwing line of our source before the stack of
    // whatever is thrown there; an accessor does not take it.
    Object.defineProperty(this, "stack", { get: () => this.message, set: () => {}, configurable: true, enumerable: false });
  }
}
