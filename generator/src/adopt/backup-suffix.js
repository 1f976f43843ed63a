// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Ending of what an adoption put aside. */
export const BACKUP = ".bak";
