// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Document, LineCounter } from "yaml";
import { ExplainedError } from "../explained-error";

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
      return { documents: [parseJson(file, text)], lineOf: () => undefined };
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

// A key that is written twice: which of them counts is up to whoever reads it.
function parseJson(file: string, text: string): unknown {
  const document: unknown = JSON.parse(text);
  const key = duplicateKey(text);
  if (key !== undefined) {
    throw new ExplainedError(`${file} has the key ${key} twice in one object`);
  }
  return document;
}

function duplicateKey(text: string): string | undefined {
  const scopes: (Set<string> | undefined)[] = [];
  let candidate: string | undefined;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/g)) {
    if (token === "{" || token === "[") {
      scopes.push(token === "{" ? new Set() : undefined);
    } else if (token === "}" || token === "]") {
      scopes.pop();
    } else if (token === ":") {
      const keys = scopes.at(-1);
      if (candidate !== undefined && keys?.has(candidate)) {
        return candidate;
      }
      if (candidate !== undefined) {
        keys?.add(candidate);
      }
    }
    candidate = token.startsWith('"') ? token : undefined;
  }
  return undefined;
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
  const { isScalar, LineCounter, parseAllDocuments } = require("yaml") as typeof import("yaml");
  const lineCounter = new LineCounter();
  const parsed = [
    ...parseAllDocuments(text, { version: "1.1", merge: true, lineCounter, logLevel: "error" }),
  ] as Document[];
  const [error] = parsed.flatMap((document) => document.errors);
  if (error !== undefined) {
    const hint = text.includes("{{") ? "; render a Helm chart first: helm template" : "";
    throw new ExplainedError(`${file} is not YAML: ${error.message.split("\n")[0]}${hint}`);
  }
  // Nothing between two separators, or comments alone, is no document; a null that is written is.
  const isEmpty = (contents: unknown) =>
    contents === null || (isScalar(contents) && contents.value === null && (contents.source ?? "") === "");
  const kept = parsed.filter(({ contents }) => !isEmpty(contents));
  return { documents: kept.map((document) => toValue(file, document)), lineOf: lineIn(kept, lineCounter) };
}

// Aliases that lead nowhere, to themselves, or to too much.
function toValue(file: string, document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
  } catch (error) {
    throw new ExplainedError(`${file} is not YAML that can be read: ${(error as Error).message}`);
  }
}

function lineIn(documents: readonly Document[], lines: LineCounter): (path: string) => number | undefined {
  return (path) => {
    const steps = [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
      index === undefined ? name! : Number(index),
    );
    const [first, ...rest] = steps;
    const document = typeof first === "number" ? documents[first] : documents[0];
    const within = typeof first === "number" ? rest : steps;
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
