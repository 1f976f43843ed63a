// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import { Token, Tokenization } from "cdktf";

type Resolve = typeof Tokenization.resolve;

/** How deep the engine looks before it says that a value refers to itself. */
const DEPTH = 200;
/** How the engine writes a token into a text: its name, or the digits of a number that stands for it, such as `-1e+289`. */
const TOKEN_NAME = "TfToken[";
const TOKEN_DIGITS = /\de\+2\d\d/;
/** A text of a list that stands for the whole of it. */
const LIST_TOKEN = "#{TfToken[";

/**
 * Makes synthesis faster: the engine searches every string for tokens, and nearly none has any.
 *
 * The engine resolves all that a stack holds three times, and looks for tokens in each text with five expressions. Values
 * without tokens are copied here, and what may hold one is still the engine's to resolve. So is everything
 * should the engine write its tokens in another way.
 */
export function resolvePlainValues(): void {
  if (!tokensAreKnown()) {
    return;
  }
  const engine: Resolve = Tokenization.resolve;
  Tokenization.resolve = (value, options) => {
    try {
      return resolved(value, (part) => engine(part, options), 0);
    } catch {
      // The engine's message names the path from the whole value.
      return engine(value, options);
    }
  };
}

/** Resolves a value that is made of plain ones by itself, and leaves the rest to the engine. */
function resolved(value: unknown, engine: (value: unknown) => unknown, depth: number): unknown {
  if (depth > DEPTH) {
    throw new RangeError("nested too deeply");
  }
  if (isPlain(value)) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.some(standsForList)
      ? engine(value)
      : value.map((item) => resolved(item, engine, depth + 1)).filter((item) => item !== undefined);
  }
  return isPlainObject(value) ? resolvedObject(value, engine, depth) : engine(value);
}

function resolvedObject(
  value: Record<string, unknown>,
  engine: (value: unknown) => unknown,
  depth: number,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = resolved(value[key], engine, depth + 1);
    if (item !== undefined) {
      result[key] = item;
    }
  }
  return result;
}

/** Whether a value holds nothing but itself. */
function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case "string":
      return isPlainText(value);
    case "number":
      // Numbers that stand for tokens are far below zero.
      return value >= 0;
    default:
      return typeof value === "boolean" || value === undefined || value === null;
  }
}

function standsForList(item: unknown): boolean {
  return typeof item === "string" ? item.includes(LIST_TOKEN) : typeof item === "number" && !isPlain(item);
}

function isPlainText(text: string): boolean {
  return (
    !text.includes(TOKEN_NAME) &&
    !TOKEN_DIGITS.test(text) &&
    text !== Token.STRING_MAP_TOKEN_VALUE &&
    text !== Token.ANY_MAP_TOKEN_VALUE
  );
}

/** An object that is data: no instance of a class, no token, and no key that stands for one. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    typeof (value as { resolve?: unknown }).resolve !== "function" &&
    !("_children" in value) &&
    Object.keys(value).every(isPlainText)
  );
}

/** Whether each way in which the engine writes a token is seen for one here. */
function tokensAreKnown(): boolean {
  const token = { creationStack: [], resolve: () => "", toString: () => "" };
  const number = Token.asNumber(token);
  const written: readonly unknown[] = [
    Token.asString(token),
    `${number}`,
    number,
    ...Object.keys(Token.asStringMap(token)),
    ...Object.values(Token.asStringMap(token)),
    ...Object.values(Token.asNumberMap(token)),
    ...Object.keys(Token.asAnyMap(token)),
    ...Object.values(Token.asAnyMap(token)),
  ];
  const lists: readonly unknown[][] = [Token.asList(token), Token.asNumberList(token)];
  return !written.some(isPlain) && lists.every((list) => list.some(standsForList)) && !isPlainObject(token);
}
