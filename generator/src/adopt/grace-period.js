// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Days that what was there before the adoption has until it must keep the platform's rules. */
const DAYS = 90;

/** What an exception for it says. */
export const REASON = "was here before the adoption";

/** The last day of that time. */
export function graceEnds() {
  return new Date(Date.now() + DAYS * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}
