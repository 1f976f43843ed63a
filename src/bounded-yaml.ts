// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { CST, Document, DocumentOptions, LineCounter, ParseOptions, SchemaOptions } from "yaml";
import { DEEPEST_JSON } from "./json-object";

/** More YAML than anybody's charts render to. */
export const MOST_YAML = 4 * 1024 * 1024;

/** What takes the time is not the text's length but its parts: values, keys, signs, blanks and ends of lines. */
const MOST_PARTS = 500_000;

/** A document takes as much as some tens of its parts. */
const MOST_DOCUMENTS = 10_000;

/** What a text holds as YAML, or why it cannot be read. */
export interface BoundedYaml {
  readonly documents: readonly Document[];
  readonly lines: LineCounter;
  /** The first thing that is wrong, in one line; undefined where nothing is. */
  readonly problem: string | undefined;
}

/**
 * Reads YAML of anybody's in time and memory that grow no faster than the text: the parser's own search for keys that are
 * written twice compares each with each, and it describes every error at length, where the first one is enough.
 * @param most characters that are read
 */
export function readYaml(
  text: string,
  options: ParseOptions & DocumentOptions & SchemaOptions = {},
  most = MOST_YAML,
): BoundedYaml {
  const { Composer, LineCounter } = require("yaml") as typeof import("yaml");
  const lines = new LineCounter();
  if (text.length > most) {
    return { documents: [], lines, problem: `it has more than ${most / 2 ** 20} MiB` };
  }
  const composer = new Composer({ ...options, lineCounter: lines, logLevel: "error", uniqueKeys: false });
  const errors: { readonly offset: number; readonly code: string; readonly message: string }[] = [];
  // Its own collects the errors, and every character may be one.
  (composer as unknown as { onError: ErrorHandler }).onError = (source, code, message, isWarning) => {
    if (isWarning !== true) {
      errors.push({ offset: offsetOf(source), code, message });
      throw new Stop();
    }
  };
  try {
    const documents: Document[] = [];
    for (const document of composer.compose(tokensOf(text, lines), false, text.length)) {
      documents.push(document as Document);
      if (documents.length > MOST_DOCUMENTS) {
        throw new Stop(`it has more than ${MOST_DOCUMENTS} documents`);
      }
    }
    return { documents, lines, problem: firstDuplicate(documents, lines) };
  } catch (error) {
    if (!(error instanceof Stop || error instanceof RangeError)) {
      throw error;
    }
    const [first] = errors;
    if (error.message !== "" && error instanceof Stop) {
      return { documents: [], lines, problem: error.message };
    }
    const isDeep = first === undefined || first.code === "RESOURCE_EXHAUSTION";
    return { documents: [], lines, problem: isDeep ? TOO_DEEP : at(first.message, first.offset, lines) };
  }
}

/** As the composer of `yaml` tells of an error: where, what kind, in words, and whether it is only a warning. */
type ErrorHandler = (source: unknown, code: string, message: string, isWarning?: boolean) => void;

/** Ends the reading, with the problem unless an error of the parser's says it. */
class Stop extends Error {}

/** The parser's tokens, as long as they are neither too many nor too deep in each other. */
function* tokensOf(text: string, lines: LineCounter): Generator<CST.Token> {
  const { Lexer, Parser } = require("yaml") as typeof import("yaml");
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let parts = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    parts++;
    if (parts > MOST_PARTS) {
      throw new Stop(`it has more than ${MOST_PARTS} keys, values and signs; split it`);
    }
    if (parser.stack.length > DEEPEST_JSON) {
      throw new Stop(TOO_DEEP);
    }
  }
  yield* parser.end();
}

function offsetOf(source: unknown): number {
  if (typeof source === "number") {
    return source;
  }
  return Array.isArray(source) ? (source[0] as number) : ((source as { offset?: number }).offset ?? 0);
}

const TOO_DEEP = "it nests too deeply";

/** Which of two equal keys counts is up to whoever reads them. */
function firstDuplicate(documents: readonly Document[], lines: LineCounter): string | undefined {
  const { isScalar, visit } = require("yaml") as typeof import("yaml");
  let found: string | undefined;
  for (const document of documents) {
    visit(document, {
      Map(_key, { items }) {
        const keys = new Set<unknown>();
        for (const { key } of items) {
          if (isScalar(key)) {
            if (keys.has(key.value)) {
              found = at("Map keys must be unique", key.range?.[0] ?? 0, lines);
              return visit.BREAK;
            }
            keys.add(key.value);
          }
        }
        return undefined;
      },
    });
  }
  return found;
}

function at(message: string, offset: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(offset);
  // Some messages repeat what they are about, which may be the rest of the text.
  return `${message.split("\n", 1)[0]?.slice(0, 200)} at line ${line}, column ${col}`;
}
