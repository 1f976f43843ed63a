// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { UNKNOWN, type Value } from "./value";

// Terraform sends values as MessagePack, with an extension type for what is not known yet. Source: the wire format of
// objects in Terraform's plugin protocol 6.

/** Decodes one value. */
export function decodeValue(bytes: Buffer): Value {
  return new Decoder(bytes).value();
}

/** Encodes one value. */
export function encodeValue(value: Value): Buffer {
  if (value === null) {
    return Buffer.from([0xc0]);
  }
  if (value === UNKNOWN) {
    return Buffer.from([0xd4, 0, 0]);
  }
  if (typeof value === "boolean") {
    return Buffer.from([value ? 0xc3 : 0xc2]);
  }
  if (typeof value === "number") {
    return encodeNumber(value);
  }
  if (typeof value === "string") {
    const text = Buffer.from(value);
    return Buffer.concat([head(0xdb, text.length), text]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([head(0xdd, value.length), ...value.map(encodeValue)]);
  }
  const entries = Object.entries(value);
  return Buffer.concat([
    head(0xdf, entries.length),
    ...entries.flatMap(([name, item]) => [encodeValue(name), encodeValue(item as Value)]),
  ]);
}

function head(kind: number, length: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = kind;
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

function encodeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  if (Number.isSafeInteger(value)) {
    bytes[0] = 0xd3;
    bytes.writeBigInt64BE(BigInt(value), 1);
  } else {
    bytes[0] = 0xcb;
    bytes.writeDoubleBE(value, 1);
  }
  return bytes;
}

class Decoder {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  value(): Value {
    const kind = this.unsigned(1);
    if (kind <= 0x7f) return kind;
    if (kind <= 0x8f) return this.map(kind - 0x80);
    if (kind <= 0x9f) return this.array(kind - 0x90);
    if (kind <= 0xbf) return this.text(kind - 0xa0);
    if (kind >= 0xe0) return kind - 0x100;
    switch (kind) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
        return this.take(4).readFloatBE();
      case 0xcb:
        return this.take(8).readDoubleBE();
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.unsigned(2 ** (kind - 0xcc));
      case 0xcf:
        return Number(this.take(8).readBigUInt64BE());
      case 0xd0:
        return this.take(1).readInt8();
      case 0xd1:
        return this.take(2).readInt16BE();
      case 0xd2:
        return this.take(4).readInt32BE();
      case 0xd3:
        return Number(this.take(8).readBigInt64BE());
      case 0xc4:
      case 0xd9:
        return this.text(this.unsigned(1));
      case 0xc5:
      case 0xda:
        return this.text(this.unsigned(2));
      case 0xc6:
      case 0xdb:
        return this.text(this.unsigned(4));
      case 0xdc:
        return this.array(this.unsigned(2));
      case 0xdd:
        return this.array(this.unsigned(4));
      case 0xde:
        return this.map(this.unsigned(2));
      case 0xdf:
        return this.map(this.unsigned(4));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.extension(this.unsigned(2 ** (kind - 0xc7)));
      default:
        return this.extension(2 ** (kind - 0xd4)); // 0xd4 to 0xd8: of 1, 2, 4, 8 and 16 bytes
    }
  }

  /** The only extensions are unknown values, some with what is known of them. */
  private extension(length: number): Value {
    this.take(length + 1);
    return UNKNOWN;
  }

  private map(length: number): Value {
    return Object.fromEntries(Array.from({ length }, () => [String(this.value()), this.value()]));
  }

  private array(length: number): Value {
    return Array.from({ length }, () => this.value());
  }

  private text(length: number): string {
    return this.take(length).toString("utf8");
  }

  private unsigned(length: number): number {
    return this.take(length).readUIntBE(0, length);
  }

  private take(length: number): Buffer {
    const taken = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }
}
