// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { App } from "cdktf";
import { extend } from "../src/extensions";
import { buildPlatform } from "../src/platform/build-platform";
import { loadPlatformConfig } from "../src/platform/load-platform-config";

// Tests of your own resources. This file is yours: it is written once and never again.

test("the extensions are called once for each environment", () => {
  const outdir = mkdtempSync(join(tmpdir(), "extensions-test-"));
  try {
    const config = loadPlatformConfig();
    const called: string[] = [];
    buildPlatform(new App({ outdir }), config, (stacks) => {
      extend(stacks);
      called.push(stacks.environment.name);
    });
    assert.deepEqual(
      called,
      config.environments.map((environment) => environment.name),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
