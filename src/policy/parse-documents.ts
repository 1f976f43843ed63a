// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Document, LineCounter } from "yaml";
import { readYaml } from "../bounded-yaml";
import { ExplainedError } from "../explained-error";
import { DEEPEST_JSON, endOfString, nestsTooDeeply } from "../json-object";
import { jsonLines } from "./json-lines";

/** What a file holds, and where in it. */
export interface ParsedFile {
  readonly documents: readonly unknown[];
  /** The line, from 1, of a place such as `[0].spec.workerGroupSpecs`; undefined where the file does not tell. */
  lineOf(path: string): number | undefined;
}

// More than anybody writes by hand, few enough that nesting them cannot fill the memory.
const MOST_ALIASES = 10_000;

/** Parses JSON or YAML. @throws ExplainedError for what is neither, with the file's name. */
export function parseDocuments(file: string, text: string): ParsedFile {
  if (text.trim() === "") {
    throw new ExplainedError(`${file} is empty: the command that should have written it probably failed`);
  }
  if (/^\s*[{[]/.test(text)) {
    try {
      const documents = [parseJson(file, text)];
      const lineOf = jsonLines(text);
      return { documents, lineOf: (path) => lineOf(stepsOf(path)) };
    } catch (error) {
      if (error instanceof ExplainedError || file.endsWith(".json")) {
        throw error instanceof ExplainedError
          ? error
          : new ExplainedError(`${file} is not JSON: ${(error as Error).message}`);
      }
    }
  }
  return parseYaml(file, manifestsOfRelease(text) ?? text);
}

/** Parses the YAML documents of a text within another document. Undefined for text that is no YAML. */
export function parseYamlText(text: string): unknown[] | undefined {
  try {
    return [...parseYaml("text", text).documents];
  } catch (error) {
    if (error instanceof ExplainedError) {
      return undefined;
    }
    throw error;
  }
}

function parseJson(file: string, text: string): unknown {
  if (nestsTooDeeply(text)) {
    throw new ExplainedError(`${file} nests more than ${DEEPEST_JSON} deep`);
  }
  const document: unknown = JSON.parse(text);
  const key = duplicateKey(text);
  if (key !== undefined) {
    throw new ExplainedError(`${file} has the key ${shown(key)} twice in the same object`);
  }
  return document;
}

/** A key that is written twice: which of them counts is up to whoever reads it. JSON.parse does not tell. */
function duplicateKey(text: string): string | undefined {
  const scopes: (Set<string> | undefined)[] = [];
  let candidate: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    switch (character) {
      case '"': {
        const end = endOfString(text, at);
        candidate = decoded(text.slice(at, end + 1));
        at = end;
        continue;
      }
      case "{":
      case "[":
        scopes.push(character === "{" ? new Set() : undefined);
        break;
      case "}":
      case "]":
        scopes.pop();
        break;
      case ":": {
        const keys = scopes.at(-1);
        if (candidate !== undefined && keys?.has(candidate)) {
          return candidate;
        }
        if (candidate !== undefined) {
          keys?.add(candidate);
        }
        break;
      }
      case ",":
        break;
      default:
        continue;
    }
    candidate = undefined;
  }
  return undefined;
}

/** A key as it counts: an escape is the character that it stands for. */
function decoded(key: string): string {
  return key.includes("\\") ? JSON.stringify(JSON.parse(key)) : key;
}

function shown(key: string): string {
  return key.length > 200 ? `${key.slice(0, 200)}…` : key;
}

/**
 * What `helm install --dry-run` and `helm get all` print, with everything but its manifests and hooks blank, so that
 * lines keep their numbers. Undefined for other text.
 */
function manifestsOfRelease(text: string): string | undefined {
  if (!/^NAME: /m.test(text.slice(0, 2000)) || !/^MANIFEST:\s*$/m.test(text)) {
    return undefined;
  }
  let isKept = false;
  return text
    .split(/\r?\n/)
    .map((line) => {
      const section = /^([A-Z][A-Z -]+):\s*$/.exec(line)?.[1];
      if (section === undefined) {
        return isKept ? line : "";
      }
      isKept = section === "MANIFEST" || section === "HOOKS";
      return "---";
    })
    .join("\n");
}

// YAML 1.1, as Kubernetes reads it: an unquoted `yes` is a boolean, `010` is eight.
function parseYaml(file: string, text: string): ParsedFile {
  const { isScalar } = require("yaml") as typeof import("yaml");
  const { documents: parsed, lines, problem } = readYaml(text, { version: "1.1", merge: true });
  if (problem !== undefined) {
    const hint = text.includes("{{") ? "; render a Helm chart first: helm template" : "";
    throw new ExplainedError(`${file} is not YAML that can be read: ${problem}${hint}`);
  }
  // Nothing between two separators, or comments alone, is no document; a null that is written is.
  const isEmpty = (contents: unknown) =>
    contents === null || (isScalar(contents) && contents.value === null && (contents.source ?? "") === "");
  const kept = parsed.filter(({ contents }) => !isEmpty(contents));
  return { documents: kept.map((document) => toValue(file, document)), lineOf: lineIn(kept, lines) };
}

// Aliases that lead nowhere, to themselves, or to too much.
function toValue(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
  } catch (error) {
    throw new ExplainedError(`${file} is not YAML that can be read: ${(error as Error).message}`);
  }
}

/** The keys and indexes of a path such as `[0].spec.workerGroupSpecs`. */
function stepsOf(path: string): (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? name! : Number(index),
  );
}

function lineIn(documents: readonly Document[], lines: LineCounter): (path: string) => number | undefined {
  const { isSeq } = require("yaml") as typeof import("yaml");
  return (path) => {
    const steps = stepsOf(path);
    const [first, ...rest] = steps;
    // Of a list, each item is a document.
    const isNumbered = typeof first === "number" && !(documents.length === 1 && isSeq(documents[0]!.contents));
    const document = isNumbered ? documents[first] : documents[0];
    const within = isNumbered ? rest : steps;
    for (let length = within.length; length >= 0; length -= 1) {
      const node: unknown = length === 0 ? document?.contents : document?.getIn(within.slice(0, length), true);
      const range = (node as { range?: readonly [number, number, number] | null } | undefined)?.range;
      if (range) {
        return lines.linePos(range[0]).line;
      }
    }
    return undefined;
  };
}
