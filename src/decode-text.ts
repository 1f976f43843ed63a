// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The text of a file as people have them: UTF-8, or UTF-16 as PowerShell's redirection writes it, with or without a byte
 * order mark. A mark at the start is no part of the text.
 */
export function decodeText(bytes: Buffer): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf(bytes: Buffer): "utf-8" | "utf-16le" | "utf-16be" {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) {
    return "utf-16le";
  }
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && second !== undefined)) {
    return "utf-16be";
  }
  return "utf-8";
}
