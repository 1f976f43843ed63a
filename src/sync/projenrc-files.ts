// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Names under which a projenrc is found; the first that exists is run. */
export const PROJENRC_FILES: readonly string[] = [".projenrc.ts", ".projenrc.js"];
