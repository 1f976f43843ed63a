// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { inspect } from "node:util";

/**
 * An error whose message says all that a user needs: what is wrong, where, and what to do. It is shown without a stack
 * trace and without its fields by every program that starts us: `projen new`, node, and our own command.
 */
export class ExplainedError extends Error {
  public constructor(message: string) {
    super(message);
    // Not enumerable, or node shows what a subclass assigns beside the message.
    Object.defineProperty(this, "name", {
      value: new.target.name,
      writable: true,
      configurable: true,
      enumerable: false,
    });
    // projen compiles its call in a virtual machine, which puts the throwing line of our source before the stack of
    // whatever is thrown there; an accessor does not take it.
    Object.defineProperty(this, "stack", {
      get: () => this.message,
      set: () => {},
      configurable: true,
      enumerable: false,
    });
  }

  /** For `console.error(error)`, which is how projen's command line shows it. */
  public [inspect.custom](): string {
    return this.message;
  }
}
