// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import type { AttributeType, Block } from "./schema";
import { isObjectValue, type ObjectValue, UNKNOWN, type Value } from "./value";

// What the cloud would answer, where something reads it: of the right shape, and the same for the same resource, so that a
// second plan finds what the first apply made.

export interface MadeUp {
  readonly type: string;
  /** What the values are made from: the configuration of the resource. */
  readonly seed: string;
  readonly accountId: string;
  readonly region: string;
}

/** Fills in what is unknown in a resource. */
export function withMadeUpValues(block: Block, value: ObjectValue, of: MadeUp, path = ""): ObjectValue {
  const filled: Record<string, Value> = { ...value };
  for (const [name, { type }] of block.attributes) {
    if (filled[name] === UNKNOWN) {
      filled[name] = madeUp(type, `${path}${name}`, of);
    }
  }
  for (const [name, { block: inner }] of block.blocks) {
    const nested = filled[name] as Value;
    const fill = (item: Value): Value =>
      isObjectValue(item) ? withMadeUpValues(inner, item, of, `${path}${name}.`) : item;
    filled[name] = Array.isArray(nested) ? nested.map(fill) : fill(nested);
  }
  return filled;
}

function madeUp(type: AttributeType, path: string, of: MadeUp): Value {
  if (type === "string") {
    return text(path, of);
  }
  if (type === "number") {
    return 1;
  }
  if (type === "bool") {
    return false;
  }
  if (type[0] === "map") {
    return {};
  }
  if (type[0] === "object") {
    return Object.fromEntries(
      Object.entries(type[1]).map(([name, inner]) => [name, madeUp(inner, `${path}.${name}`, of)]),
    );
  }
  return [madeUp(type[1], path, of)];
}

function text(path: string, { type, seed, accountId, region }: MadeUp): string {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const hash = createHash("sha256").update(`${seed} ${path}`).digest("hex").slice(0, 17);
  switch (name) {
    case "account_id":
    case "owner_id":
    case "registry_id":
      return accountId;
    case "region":
      return region;
    case "arn":
      return `arn:aws:rehearsal:${region}:${accountId}:${type.replace(/^aws_/, "")}/${hash}`;
    case "issuer":
      return `https://oidc.eks.${region}.amazonaws.com/id/${hash.toUpperCase()}`;
    case "endpoint":
      return `https://${hash}.eks.${region}.amazonaws.com`;
    case "url":
      return `https://rehearsal.${region}.amazonaws.com/${accountId}/${hash}`;
    case "data":
      return Buffer.from("-----BEGIN CERTIFICATE-----\nrehearsal\n-----END CERTIFICATE-----\n").toString("base64");
    default:
      return `${name === "id" ? type.replace(/^aws_/, "").replace(/_/g, "-") : name}-${hash}`;
  }
}
