// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Values of condition keys; several for a key that has several, such as `aws:TagKeys`. A key that is absent has none. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** What is asked: may this principal do this action on this resource? */
export interface AccessRequest {
  /** ARN of the role, user or service that calls. */
  readonly principal: string;
  /** `service:Action`. */
  readonly action: string;
  /** ARN, or `*` for an action that names no resource. */
  readonly resource: string;
  readonly context?: RequestContext;
}

/** Value of a condition key, whose names have no case; undefined if the request has none. */
export function contextValue(context: RequestContext, key: string): readonly string[] | undefined {
  const wanted = key.toLowerCase();
  for (const [name, value] of Object.entries(context)) {
    if (name.toLowerCase() === wanted) {
      return typeof value === "string" ? [value] : value;
    }
  }
  return undefined;
}
