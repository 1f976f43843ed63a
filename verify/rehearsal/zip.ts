// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { crc32 } from "node:zlib";

/** A zip archive of one program, not compressed. */
export function zipOf(name: string, content: Buffer): Buffer {
  const path = Buffer.from(name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(0x21, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, path, content]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(0o100755 * 0x10000, 6);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x03", "latin1"), common, rest, path]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from("PK\x05\x06", "latin1"), end]);
}
