// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { packageData } from "../config/package-data";

/** An exception that the generator makes itself, of one resource of the stacks or in one workflow, as a comment beside it. */
export interface OwnException {
  readonly scanner: string;
  readonly id: string;
  /** Path of the construct, without its stack. */
  readonly resource?: string;
  /** File name of the workflow, without `.yml`. */
  readonly workflow?: string;
  readonly reason: string;
  readonly expires: string;
}

/** Those of every scanner and workflow that there may be. */
export function ownExceptions(): readonly OwnException[] {
  return packageData<{ readonly exceptions: readonly OwnException[] }>("scanner-exceptions").exceptions;
}
