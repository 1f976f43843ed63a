// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";

/** Root of this package: its data, templates, policies and workflows are in directories there. */
export const PACKAGE_ROOT = join(__dirname, "..");
