// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { posix } from "node:path";

const [LF, CR] = [10, 13];

/** What a shell or an interpreter runs: a carriage return is a character of a command to it, and no part of a line end. */
const PROGRAMS = /\.(?:sh|bash|mjs|cjs|js|py)$/;

/** Whether something runs a file as it is, so that every byte of it counts. */
export function isProgram(path: string, content: Buffer, mode: number): boolean {
  return (
    (mode & 0o111) !== 0 || content.subarray(0, 2).toString("latin1") === "#!" || PROGRAMS.test(posix.basename(path))
  );
}

/**
 * The bytes of a file that git checked out with CRLF, with LF instead. Git turns every line end or none: a text in which
 * some lines end in LF, or a carriage return stands anywhere else, was not made by git.
 *
 * @returns undefined for a file that is no such checkout
 */
export function withoutCheckoutCrlf(content: Buffer): Buffer | undefined {
  if (!content.includes(CR)) {
    return undefined;
  }
  const kept = Buffer.alloc(content.length);
  let length = 0;
  for (let at = 0; at < content.length; at++) {
    const byte = content[at] as number;
    const isEndOfLine = byte === CR && content[at + 1] === LF;
    if ((byte === CR && !isEndOfLine) || (byte === LF && content[at - 1] !== CR)) {
      return undefined;
    }
    if (!isEndOfLine) {
      kept[length++] = byte;
    }
  }
  return length === content.length ? undefined : kept.subarray(0, length);
}

const BOM = "\xef\xbb\xbf";

/**
 * The contents as which a generated file counts: its bytes and, unless it is a program, what they are without the CRLF
 * of a checkout. Nothing else is forgiven: no byte order mark, no trailing blank, no other form of a character.
 */
export function readings(path: string, content: Buffer, mode: number): readonly Buffer[] {
  const plain = withoutCheckoutCrlf(content);
  return plain === undefined || isProgram(path, content, mode) ? [content] : [content, plain];
}

/** What a file's permission bits make of it that they should not, in words; undefined if that is right. */
export function executableProblem(disk: number, wanted: number): string | undefined {
  if (process.platform === "win32" || (disk & 0o100) === (wanted & 0o100)) {
    return undefined;
  }
  return (wanted & 0o100) === 0 ? "it is executable, and must not be" : "it is no longer executable";
}

/**
 * Whether a file system keeps permission bits: some that are mounted from elsewhere show every file as executable, and
 * say nothing about any.
 */
export function keepsModes(files: Iterable<{ readonly disk: number; readonly wanted: number }>): boolean {
  for (const { disk, wanted } of files) {
    if ((disk & 0o100) === 0 && (wanted & 0o100) === 0) {
      return true;
    }
  }
  return false;
}

/** What a file of the user's counts as: with CRLF in every line, and with a byte order mark, or not. */
export function usersReadings(content: Buffer): readonly Buffer[] {
  const plain = withoutCheckoutCrlf(content) ?? content;
  const isMarked = plain.subarray(0, BOM.length).toString("latin1") === BOM;
  return [content, plain, ...(isMarked ? [plain.subarray(BOM.length)] : [])];
}
