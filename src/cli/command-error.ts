// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** An error whose message says all that a user needs; it is shown without a stack trace. */
export class CommandError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = "CommandError";
  }
}

const EXPLAINED: ReadonlySet<string> = new Set([
  "CommandError",
  "GitError",
  "LockError",
  "OptionsError",
  "ReleaseError",
  "RewriteError",
  "RunLockError",
  "SeveralProjectsError",
  "UnsafePathError",
  "WriteError",
]);

/** What to print for anything that was thrown. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return EXPLAINED.has(error.name) || code.startsWith("ERR_PARSE_ARGS") ? error.message : (error.stack ?? error.message);
}
