// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import { cluster } from "./cluster";
import { github } from "./github";
import { limits } from "./limits";
import { network } from "./network";
import { pools } from "./pools";
import { project } from "./project";
import { ray } from "./ray";
import type { Refusal } from "./refusal";

/** Every rule, broken. */
export const REFUSALS: readonly Refusal[] = [
  ...project,
  ...github,
  ...network,
  ...cluster,
  ...pools,
  ...limits,
  ...ray,
];
