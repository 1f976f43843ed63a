// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join, resolve } from "node:path";
import { isThere, namesIn } from "../file-presence";
import { readForeignFile } from "../foreign-file";
import { endOfString, isObject, type JsonObject, parseObject } from "../json-object";
import { portableRelative } from "../portable-path";
import { decodeText } from "../decode-text";
import { listAt, objectAt } from "./json";
import type { Judgement } from "./judgement";
import { type PolicyInput, SYNTHESIZED } from "./policy-input";
import type { Declaration, Violation } from "./violation";

/** A synthesized stack: what it declares, and at which lines. */
interface DeclaringStack {
  readonly file: string;
  readonly document: JsonObject;
  /** Lines, from 1, by address. */
  readonly lines: ReadonlyMap<string, number>;
}

/**
 * Adds to what is said of a resource in a stack or a plan where the stack declares it. A plan does not name its stack: that is
 * the only one in `cdktf.out/` that declares whatever the plan has. Where there is none or more than one, nothing is added.
 */
export function withDeclarations(
  judgements: readonly Judgement[],
  inputs: readonly PolicyInput[],
  cwd: string,
  root: string,
): Judgement[] {
  const stackOf = new Map<string, DeclaringStack | undefined>();
  return judgements.map((judgement) => {
    const input = inputs.find(({ file }) => file === judgement.file);
    if (judgement.deny.length + judgement.warn.length === 0 || input === undefined || input.kind === "manifest") {
      return judgement;
    }
    if (!stackOf.has(input.file)) {
      stackOf.set(input.file, input.kind === "stack" ? readStack(cwd, input.file) : stackOfPlan(input, cwd, root));
    }
    const stack = stackOf.get(input.file);
    const located = (violation: Violation) => withDeclaration(violation, stack);
    return { ...judgement, deny: judgement.deny.map(located), warn: judgement.warn.map(located) };
  });
}

function withDeclaration(violation: Violation, stack: DeclaringStack | undefined): Violation {
  // An index follows the address of one of several, and what a resource holds follows a colon.
  const address = /^((?:data\.)?[\w-]+\.[\w-]+)(?=$|\[|: )/.exec(violation.resource)?.[1];
  const line = address === undefined ? undefined : stack?.lines.get(address);
  if (stack === undefined || address === undefined || line === undefined) {
    return violation;
  }
  const construct = constructOf(stack.document, address);
  return { ...violation, declared: { file: stack.file, line, ...(construct !== undefined && { construct }) } };
}

/** The construct that made a resource, as cdktf notes it: the path of its names in the code. */
function constructOf(document: JsonObject, address: string): Declaration["construct"] {
  const names = address.startsWith("data.") ? address.split(".") : ["resource", ...address.split(".")];
  const body = names.reduce<unknown>((value, name) => objectAt(value, name), document);
  const { path } = objectAt(objectAt(body, "//"), "metadata");
  return typeof path === "string" ? path : undefined;
}

function stackOfPlan({ document }: PolicyInput, cwd: string, root: string): DeclaringStack | undefined {
  const addresses = listAt(objectAt(objectAt(document, "configuration"), "root_module"), "resources").flatMap(
    (resource) => (isObject(resource) && typeof resource.address === "string" ? [resource.address] : []),
  );
  const directory = join(root, SYNTHESIZED.stacks);
  const stacks = (addresses.length > 0 ? namesIn(directory) : [])
    .map((name) => join(directory, name, "cdk.tf.json"))
    .filter((file) => isThere(file))
    .flatMap((file) => readStack(cwd, portableRelative(cwd, file)) ?? [])
    .filter(({ lines }) => addresses.every((address) => lines.has(address)));
  return stacks.length === 1 ? stacks[0] : undefined;
}

/** @returns undefined for what is not a file, or no JSON object: it is somebody else's to say so */
function readStack(cwd: string, file: string): DeclaringStack | undefined {
  const path = resolve(cwd, file);
  const text = isThere(path) ? decodeText(readForeignFile(path)) : "";
  const document = parseObject(text);
  return document === undefined ? undefined : { file, document, lines: linesOfResources(text) };
}

/** The line, from 1, of each resource and data source of a stack: the third of the keys that lead to it. */
function linesOfResources(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const keys: string[] = [];
  let depth = 0;
  let line = 1;
  let start = 0;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      start = at + 1;
      end = endOfString(text, at);
      at = end;
    } else if (character === ":" && depth <= 3) {
      keys.splice(depth - 1, keys.length, text.slice(start, end));
      const [section, ...address] = keys;
      if (depth === 3 && (section === "resource" || section === "data")) {
        lines.set([...(section === "data" ? [section] : []), ...address].join("."), line);
      }
    } else if (character === "{" || character === "[") {
      depth++;
    } else if (character === "}" || character === "]") {
      depth--;
    } else if (character === "\n") {
      line++;
    }
  }
  return lines;
}
