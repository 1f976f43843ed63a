// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { ExplainedError } from "./explained-error";

/** Larger than any file that is read whole: plans, synthesized stacks, lock files. In bytes. */
const MOST_BYTES = 256 * 2 ** 20;

const CHUNK = 2 ** 16;

/**
 * The bytes of a file that anybody may have put there. A link is followed, but a device, which never ends, or a pipe, which
 * nobody may write to, is refused before a byte is read.
 *
 * @param most bytes that are read
 * @throws ExplainedError for what is missing, is not a file, is too large, or cannot be read
 */
export function readForeignFile(file: string, most = MOST_BYTES): Buffer {
  return opened(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0), (descriptor) => {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) {
      throw new ExplainedError(
        `${file} is not a file, but ${stat.isDirectory() ? "a directory" : "a device or a pipe"}`,
      );
    }
    if (stat.size > most) {
      throw tooLarge(file, most);
    }
    return readFileSync(descriptor);
  });
}

/** Its text as UTF-8. @throws ExplainedError as {@link readForeignFile} does */
export function readForeignText(file: string, most = MOST_BYTES): string {
  return readForeignFile(file, most).toString("utf8");
}

/**
 * Everything that comes from a file, device or pipe that a user named, such as `<(terraform show -json plan)`, up to a limit.
 *
 * @param source a path, or the descriptor of something that is open
 * @param name what it is called in errors
 * @throws ExplainedError for what is missing, does not end in time, or cannot be read
 */
export function readForeignStream(source: string | number, most = MOST_BYTES, name = String(source)): Buffer {
  const read = (descriptor: number) => drained(name, descriptor, most);
  return typeof source === "string"
    ? opened(source, constants.O_RDONLY, read, name)
    : explained(name, () => read(source));
}

function opened<T>(file: string, flags: number, read: (descriptor: number) => T, name = file): T {
  return explained(name, () => {
    const descriptor = openSync(file, flags);
    try {
      return read(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
}

function drained(name: string, descriptor: number, most: number): Buffer {
  const chunks: Buffer[] = [];
  for (let size = 0; ; ) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const length = next(descriptor, chunk);
    if (length === 0) {
      return Buffer.concat(chunks);
    }
    size += length;
    if (size > most) {
      throw tooLarge(name, most);
    }
    chunks.push(chunk.subarray(0, length));
  }
}

/** Bytes read; 0 at the end, which Windows reports as an error for a pipe that was closed. */
function next(descriptor: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") {
        return 0;
      }
      // Another program made the pipe one that does not wait.
      if (code !== "EAGAIN") {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function explained<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof ExplainedError
      ? error
      : new ExplainedError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function tooLarge(file: string, most: number): ExplainedError {
  return new ExplainedError(`${file} is larger than ${most / 2 ** 20} MiB`);
}
