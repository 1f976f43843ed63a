// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

/** Suffix of a file that adoption moved out of the way. */
export const BACKUP_SUFFIX = ".bak";
