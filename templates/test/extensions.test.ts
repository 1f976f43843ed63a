// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { test } from "node:test";
import { App } from "cdktf";
import { extend } from "../src/extensions";
import { buildPlatform } from "../src/platform/build-platform";
import { loadPlatformConfig } from "../src/platform/load-platform-config";

test("extensions are called once for each environment", () => {
  const seen: string[] = [];
  const config = loadPlatformConfig();
  buildPlatform(new App(), config, (stacks) => {
    seen.push(stacks.environment.name);
    extend(stacks);
  });
  assert.deepEqual(seen, config.environments.map(({ name }) => name));
});
