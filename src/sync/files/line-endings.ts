// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

const CR = 13;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** How a file ends its lines, and whether it starts with a byte order mark. */
export interface TextStyle {
  readonly crlf: boolean;
  readonly bom: boolean;
}

/** The style of a file: CRLF if its first line ends so. */
export function textStyle(content: Buffer): TextStyle {
  const newline = content.indexOf("\n");
  return { crlf: newline > 0 && content[newline - 1] === CR, bom: content.subarray(0, 3).equals(BOM) };
}

/** The same text with LF line ends and no byte order mark. */
export function toPlainText(content: Buffer): Buffer {
  const body = content.subarray(0, 3).equals(BOM) ? content.subarray(3) : content;
  // latin1 maps each byte to one character and back, so bytes that are not UTF-8 survive.
  return body.includes("\r\n") ? Buffer.from(body.toString("latin1").replace(/\r\n/g, "\n"), "latin1") : body;
}

/** LF text without a byte order mark, in another style. */
function withTextStyle(content: Buffer, style: TextStyle): Buffer {
  const body = style.crlf ? Buffer.from(content.toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1") : content;
  return style.bom ? Buffer.concat([BOM, body]) : body;
}

/** A text with the line ends and the byte order mark, or none, of another. */
export function inStyleOf(model: Buffer, content: Buffer): Buffer {
  return withTextStyle(toPlainText(content), textStyle(model));
}

/** Whether content cannot be merged line by line. */
export function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8000).includes(0);
}
