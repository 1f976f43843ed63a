// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { Options } from "../resolve";

/** Options that are refused: what is wrong, the option's path, and parts of the rule and of the fix. */
export type Refusal = readonly [title: string, options: Options, path: string, rule: string, fix: string];
