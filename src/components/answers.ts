// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What was read of a value: the path to it, whether it was the value, its keys or whether it is there, and the answer. */
export type Answer = readonly [path: readonly string[], kind: "value" | "keys" | "has", answer: string];

/**
 * A value that notes everything that is read of it, however deep. What only reads an observed value, and nothing else that can
 * differ, does the same wherever it gets the same answers.
 * @param answers is added to
 */
export function observed<Value extends object>(value: Value, answers: Answer[]): Value {
  return observedAt(value, [], answers) as Value;
}

/** Whether a value gives the same answers as the one that was observed. */
export function answersAlike(value: object, answers: readonly Answer[]): boolean {
  return answers.every(([path, kind, answer]) => {
    const owner = kind === "value" || kind === "has" ? path.slice(0, -1) : path;
    let found: unknown = value;
    for (const key of owner) {
      found = isObject(found) ? found[key] : undefined;
    }
    return isObject(found) && answerOf(found, path.at(-1) as string, kind) === answer;
  });
}

function observedAt(value: object, path: readonly string[], answers: Answer[]): object {
  const note = (target: object, key: string, kind: Answer[1]) =>
    answers.push([kind === "keys" ? path : [...path, key], kind, answerOf(target as Observable, key, kind)]);
  return new Proxy(value, {
    get(target, key) {
      const found: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || typeof found === "function") {
        if (Object.hasOwn(target, key)) {
          throw new Error(`${[...path, String(key)].join(".")} is not data, and what it depends on is unknown`);
        }
        return found; // Such as a list's own methods, which read what is observed.
      }
      note(target, key, "value");
      return isObject(found) ? observedAt(found, [...path, key], answers) : found;
    },
    has(target, key) {
      note(target, String(key), "has");
      return Reflect.has(target, key);
    },
    ownKeys(target) {
      note(target, "", "keys");
      return Reflect.ownKeys(target);
    },
  });
}

type Observable = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Observable {
  return typeof value === "object" && value !== null;
}

function answerOf(target: Observable, key: string, kind: Answer[1]): string {
  switch (kind) {
    case "keys":
      return JSON.stringify(Object.keys(target));
    case "has":
      return String(key in target);
    case "value": {
      const found = target[key];
      return isObject(found) ? (Array.isArray(found) ? "list" : "object") : (JSON.stringify(found) ?? "undefined");
    }
  }
}
