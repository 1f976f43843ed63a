// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import type { BrokenPlatform } from "../broken-platform";

/** A way to break one control through a door that is open to users. */
export interface Break {
  /** Control that must turn red, and no other. */
  readonly red: string;
  readonly how: string;
  /** Option set that is broken; default: `default`. */
  readonly on?: string;
  apply(platform: BrokenPlatform): void;
}
