// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** An IPv4 range such as `10.0.0.0/16`. */
export class Ipv4Cidr {
  /** Private ranges of RFC 1918. */
  public static readonly RFC1918 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(
    (text) => Ipv4Cidr.parse(text)!,
  );

  /** @returns undefined unless the text is a range in canonical form, with no bits set behind the prefix. */
  public static parse(text: string): Ipv4Cidr | undefined {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
    if (match === null) {
      return undefined;
    }
    const octets = match.slice(1, 5).map(Number);
    const prefix = Number(match[5]);
    if (octets.some((octet) => octet > 255) || prefix > 32 || match.slice(1).some((part) => /^0\d/.test(part))) {
      return undefined;
    }
    const first = octets.reduce((sum, octet) => sum * 256 + octet, 0);
    const cidr = new Ipv4Cidr(first, prefix);
    return first % cidr.size === 0 ? cidr : undefined;
  }

  private constructor(
    private readonly first: number,
    public readonly prefix: number,
  ) {}

  private get size(): number {
    return 2 ** (32 - this.prefix);
  }

  public contains(other: Ipv4Cidr): boolean {
    return other.first >= this.first && other.first + other.size <= this.first + this.size;
  }

  public overlaps(other: Ipv4Cidr): boolean {
    return this.first < other.first + other.size && other.first < this.first + this.size;
  }

  public get isPrivate(): boolean {
    return Ipv4Cidr.RFC1918.some((range) => range.contains(this));
  }

  /** The `index`-th range of length `prefix` within this one. */
  public subnet(prefix: number, index: number): Ipv4Cidr {
    return new Ipv4Cidr(this.first + index * 2 ** (32 - prefix), prefix);
  }

  public toString(): string {
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(this.first / 2 ** shift) % 256);
    return `${octets.join(".")}/${this.prefix}`;
  }
}
