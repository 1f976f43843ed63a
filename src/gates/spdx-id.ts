// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { TextRule } from "./gate-record";

/** What an SPDX license id looks like. */
export const spdxId = (example: string): TextRule => ({
  pattern: /^[A-Za-z0-9.+-]{1,60}$/,
  rule: "an SPDX licence id",
  fix: `write an id such as "${example}" (spdx.org/licenses)`,
});
