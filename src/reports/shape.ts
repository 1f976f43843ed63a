// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** What a value of our JSON looks like, written once: the type comes from it, and readers check by it. */
export interface Shape<T> {
  /** What is wrong with a value, with the path to it; undefined if nothing is. */
  problem(value: unknown, path: string): string | undefined;
  /** Only for the type. */
  readonly of?: T;
}

/** The type that a shape describes. */
export type Of<S> = S extends Shape<infer T> ? T : never;

type Fields = Readonly<Record<string, Shape<unknown>>>;
type Values<F extends Fields> = { readonly [K in keyof F]: Of<F[K]> };

const named = <T>(name: string, test: (value: unknown) => boolean): Shape<T> => ({
  problem: (value, path) => (test(value) ? undefined : `${path} is ${describe(value)}, not ${name}`),
});

/** A string. */
export const text = named<string>("a string", (value) => typeof value === "string");
/** A number. */
export const number = named<number>("a number", (value) => typeof value === "number");
/** Anything that JSON can hold, but not nothing. */
export const anything = named<unknown>("a value", (value) => value !== undefined);

/** Exactly this value. */
export function exactly<const T extends string | number>(expected: T): Shape<T> {
  return named<T>(JSON.stringify(expected), (value) => value === expected);
}

/** A list. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    problem: (value, path) =>
      Array.isArray(value)
        ? value.map((element, index) => item.problem(element, `${path}[${index}]`)).find((found) => found !== undefined)
        : `${path} is ${describe(value)}, not a list`,
  };
}

/** An object. Keys beside those named are left alone, so that a format may grow. */
export function object<R extends Fields, P extends Fields = Record<never, never>>(
  required: R,
  optional?: P,
): Shape<Values<R> & Partial<Values<P>>> {
  return {
    problem: (value, path) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return `${path} is ${describe(value)}, not an object`;
      }
      const has = value as Readonly<Record<string, unknown>>;
      const checked = [
        ...Object.entries<Shape<unknown>>(required),
        ...Object.entries<Shape<unknown>>(optional ?? {}).filter(([key]) => has[key] !== undefined),
      ];
      return checked
        .map(([key, shape]) => shape.problem(has[key], `${path}.${key}`))
        .find((found) => found !== undefined);
    },
  };
}

function describe(value: unknown): string {
  if (value === undefined) {
    return "missing";
  }
  const json = JSON.stringify(value);
  return json.length > 40 ? `${json.slice(0, 37)}...` : json;
}
