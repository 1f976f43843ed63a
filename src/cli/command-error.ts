// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { ExplainedError } from "../explained-error";

/** What a command refuses, and why. */
export class CommandError extends ExplainedError {
  /** What the command ends with. */
  public readonly exitCode: number;

  public constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
    Object.defineProperty(this, "exitCode", { enumerable: false });
  }
}

/** What to print for anything that was thrown. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const { code = "", errno, path } = error as NodeJS.ErrnoException;
  // What the system refuses, such as EACCES, comes with the path; where in our code it was asked helps nobody.
  const isRefusal = errno !== undefined && path !== undefined;
  return code.startsWith("ERR_PARSE_ARGS") || isRefusal ? error.message : (error.stack ?? error.message);
}
