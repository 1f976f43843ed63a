// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { endOfString } from "../json-object";

/** A value of a document: the line on which it begins, and what it holds. */
interface Place {
  readonly line: number;
  readonly isList: boolean;
  readonly held: Map<string | number, Place>;
}

/** As much as is read of YAML. Nobody looks for the line in a longer document. */
const MOST_VALUES = 500_000;

/**
 * Says on which line a place of a JSON document lies; of a place that is not there, the nearest around it. The document is read
 * for its lines only when the first one is asked for, and once.
 *
 * @param text valid JSON
 * @returns undefined for all places of a document with more than 500,000 values
 */
export function jsonLines(text: string): (steps: readonly (string | number)[]) => number | undefined {
  let document: Place | undefined;
  let isRead = false;
  return (steps) => {
    if (!isRead) {
      document = placesIn(text);
      isRead = true;
    }
    // A document alone is the first of its file; of a list, each item is one.
    const within = document?.isList !== true && typeof steps[0] === "number" ? steps.slice(1) : steps;
    let place = document;
    for (const step of within) {
      const next = place?.held.get(step);
      if (next === undefined) {
        break;
      }
      place = next;
    }
    return place?.line;
  };
}

/** An object or list that is not closed yet, and where in it the next value goes. */
interface Scope {
  readonly place: Place;
  key: string | number | undefined;
}

function placesIn(text: string): Place | undefined {
  const scopes: Scope[] = [];
  let top: Place | undefined;
  let line = 1;
  let values = 0;
  const add = (isList: boolean): Place => {
    const place: Place = { line, isList, held: new Map() };
    const scope = scopes.at(-1);
    if (scope === undefined) {
      top = place;
    } else if (scope.key !== undefined) {
      scope.place.held.set(scope.key, place);
    }
    values++;
    return place;
  };
  for (let at = 0; at < text.length && values <= MOST_VALUES; at++) {
    const character = text[at]!;
    const scope = scopes.at(-1);
    if (character === "\n") {
      line++;
    } else if (character === "{" || character === "[") {
      scopes.push({ place: add(character === "["), key: character === "[" ? 0 : undefined });
    } else if (character === "}" || character === "]") {
      scopes.pop();
    } else if (character === "," && scope !== undefined) {
      scope.key = typeof scope.key === "number" ? scope.key + 1 : undefined;
    } else if (character === '"') {
      const end = endOfString(text, at);
      if (scope !== undefined && scope.key === undefined) {
        scope.key = JSON.parse(text.slice(at, end + 1)) as string;
      } else {
        add(false);
      }
      at = end;
    } else if (/[-0-9tfn]/.test(character)) {
      add(false);
      while (at + 1 < text.length && /[^\s,\]}]/.test(text[at + 1]!)) {
        at++;
      }
    }
  }
  return values > MOST_VALUES ? undefined : top;
}
