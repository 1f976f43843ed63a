// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Migration } from "./migration";

/** Every migration there ever was, oldest first. */
export const MIGRATIONS: readonly Migration[] = [];
