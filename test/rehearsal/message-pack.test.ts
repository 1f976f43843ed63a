// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { decodeMessage, encodeMessage } from "../../src/rehearsal/provider/message";
import { decodeValue, encodeValue } from "../../src/rehearsal/provider/message-pack";
import { UNKNOWN, type Value } from "../../src/rehearsal/provider/value";

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.constant(UNKNOWN as Value),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1 }), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test("a value comes back as it went", () => {
  fc.assert(fc.property(value, (one) => expect(decodeValue(encodeValue(one))).toEqual(one)));
});

// Source: the MessagePack specification; Terraform's encoder writes the shortest form of each.
test.each<[string, Value]>([
  ["05", 5],
  ["ff", -1],
  ["cc80", 128],
  ["cd0100", 256],
  ["ce00010000", 65_536],
  ["cf0000000100000000", 4_294_967_296],
  ["d080", -128],
  ["d1ff00", -256],
  ["d2ffff0000", -65_536],
  ["ca3f800000", 1],
  ["cb3ff8000000000000", 1.5],
  ["a161", "a"],
  ["d90161", "a"],
  ["da000161", "a"],
  ["9201c0", [1, null]],
  ["dc0001c3", [true]],
  ["81a161c2", { a: false }],
  ["de0001a161c2", { a: false }],
  ["d40000", UNKNOWN],
  ["c7030c81a161", UNKNOWN],
])("%s", (hex, expected) => {
  expect(decodeValue(Buffer.from(hex, "hex"))).toEqual(expected);
});

test("a message's fields come back by number, and those without a length are passed over", () => {
  const bytes = encodeMessage({ 1: "aws_vpc", 2: 300, 3: true, 4: Buffer.alloc(200, 7), 5: undefined, 6: 0 });
  expect([...decodeMessage(bytes)].map(([field, content]) => [field, content.length])).toEqual([
    [1, 7],
    [4, 200],
  ]);
});
