// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Something that a user can cause and correct; shown without a stack trace. */
export class UserError extends Error {
  /** @param {string} message @param {number} exitCode */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The user left in the middle of a question. */
export class Aborted extends UserError {
  constructor() {
    super("Aborted; nothing was written.", 130);
  }
}
