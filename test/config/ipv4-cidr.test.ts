// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { Ipv4Cidr } from "../../src/config/ipv4-cidr";
import { resolve } from "../options/resolve";
import { NatMode } from "../../src/options/nat-mode";

const parse = (text: string) => Ipv4Cidr.parse(text) as Ipv4Cidr;

describe("an IPv4 range", () => {
  test.each(["10.0.0.0/8", "0.0.0.0/0", "255.255.255.255/32", "172.16.0.0/12", "192.168.128.0/17"])(
    "%s is one",
    (text) => {
      expect(String(parse(text))).toBe(text);
    },
  );

  test.each([
    "10.0.0.0",
    "10.0.0.1/8",
    "10.0.0.0/33",
    "256.0.0.0/8",
    "10.0.0/8",
    "010.0.0.0/8",
    "10.0.0.0/08",
    "10.0.0.0/-1",
    "10.0.0.0/8 ",
    "::/0",
    "a.b.c.d/8",
    "",
  ])("%j is none", (text) => {
    expect(Ipv4Cidr.parse(text)).toBeUndefined();
  });

  test.each([
    ["10.0.0.0/8", true],
    ["172.16.0.0/12", true],
    ["172.31.255.0/24", true],
    ["172.32.0.0/16", false],
    ["192.168.0.0/16", true],
    ["192.168.0.0/15", false],
    ["0.0.0.0/0", false],
    ["100.64.0.0/10", false],
  ])("%s is private: %j", (text, expected) => {
    expect(parse(text).isPrivate).toBe(expected);
  });

  test("overlaps another exactly if one contains the other", () => {
    const cidr = fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 4, max: 32 })).map(([address, prefix]) => {
      const first = address - (address % 2 ** (32 - prefix));
      return parse(`${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${prefix}`);
    });
    fc.assert(
      fc.property(cidr, cidr, (a, b) => {
        expect(a.overlaps(b)).toBe(a.contains(b) || b.contains(a));
        expect(b.overlaps(a)).toBe(a.overlaps(b));
      }),
      { seed: 1 },
    );
  });
});

describe("subnets", () => {
  const vpcs = fc
    .tuple(fc.integer({ min: 16, max: 20 }), fc.constantFrom("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"), fc.nat())
    .map(([prefix, range, index]) => {
      const outer = parse(range);
      return String(outer.subnet(prefix, index % 2 ** (prefix - outer.prefix)));
    });

  test("lie in the VPC, never overlap, and hold at least 500 addresses each", () => {
    fc.assert(
      fc.property(
        vpcs,
        fc.integer({ min: 2, max: 4 }),
        fc.constantFrom(...Object.values(NatMode)),
        (vpcCidr, count, nat) => {
          const availabilityZones = ["a", "b", "c", "d"].slice(0, count).map((zone) => `us-east-1${zone}`);
          const { network } = resolve({ network: { vpcCidr, nat, availabilityZones } }).config.environments[0];
          expect(network.nodeSubnetCidrs).toHaveLength(count);
          expect(network.publicSubnetCidrs).toHaveLength(nat === NatMode.NONE ? 0 : count);
          const subnets = [...network.nodeSubnetCidrs, ...network.publicSubnetCidrs].map(parse);
          subnets.forEach((subnet, index) => {
            expect(parse(vpcCidr).contains(subnet)).toBe(true);
            expect(subnets.filter((other, position) => position !== index && other.overlaps(subnet))).toEqual([]);
          });
          expect(network.nodeSubnetCidrs.map(parse).every(({ prefix }) => 2 ** (32 - prefix) - 5 >= 500)).toBe(true);
          // The least that AWS takes for a subnet is /28.
          expect(network.publicSubnetCidrs.map(parse).every(({ prefix }) => prefix === 28)).toBe(true);
        },
      ),
      { seed: 1 },
    );
  });
});
