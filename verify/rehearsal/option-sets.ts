// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// usage: tsx option-sets.ts
//
// Prints the names of the option sets of life.ts, as JSON.

import { OPTION_SETS } from "./life";

console.log(JSON.stringify(Object.keys(OPTION_SETS)));
