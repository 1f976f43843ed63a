// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// The part of Protocol Buffers that Terraform's plugin protocol needs: varints, texts, bytes and messages within messages.
// It is fifty lines, and a library for it would ship with every repository for this one command.

type Field = boolean | number | string | Buffer | readonly (string | Buffer)[] | undefined;

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Encodes a message from its fields by number. Zero values are left out, as Protocol Buffers do. */
export function encodeMessage(fields: Readonly<Record<number, Field>>): Buffer {
  const parts: Buffer[] = [];
  for (const [number, field] of Object.entries(fields)) {
    for (const value of Array.isArray(field)
      ? (field as readonly Buffer[])
      : [field as Exclude<Field, readonly unknown[]>]) {
      if (value === undefined || value === false || value === 0) {
        continue;
      }
      if (typeof value === "number" || value === true) {
        parts.push(varint(Number(number) * 8 + VARINT), varint(Number(value)));
      } else {
        const bytes = typeof value === "string" ? Buffer.from(value) : (value as Buffer);
        parts.push(varint(Number(number) * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes);
      }
    }
  }
  return Buffer.concat(parts);
}

/** The fields of a message that have a length (texts, bytes, messages) by number; the last of each. */
export function decodeMessage(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>();
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) {
        return value;
      }
    }
  };
  while (at < bytes.length) {
    const tag = readVarint();
    if (tag % 8 === LENGTH_DELIMITED) {
      const length = readVarint();
      fields.set(Math.floor(tag / 8), bytes.subarray(at, at + length));
      at += length;
    } else {
      readVarint(); // no request has a field of another wire type that is read here
    }
  }
  return fields;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 128) + 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
