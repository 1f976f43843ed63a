// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { App } from "cdktf";
import { extend } from "../src/extensions";
import { buildPlatform } from "../src/platform/build-platform";
import { loadPlatformConfig } from "../src/platform/load-platform-config";

const config = loadPlatformConfig();
const outdir = synth();

function synth(): string {
  const directory = mkdtempSync(join(tmpdir(), "synth-"));
  const app = new App({ outdir: directory });
  buildPlatform(app, config, extend);
  app.synth();
  return join(directory, "stacks");
}

test("each environment has its bootstrap, cluster and workloads stacks, and a network stack unless its VPC is given", () => {
  const expected = config.environments.flatMap(({ name, network }) => [
    `${name}-bootstrap`,
    `${name}-cluster`,
    ...(network.mode === "created" ? [`${name}-network`] : []),
    `${name}-workloads`,
  ]);
  assert.deepEqual(readdirSync(outdir).sort(), expected.sort());
});

test("synthesizing twice gives the same bytes", () => {
  const again = synth();
  for (const stack of readdirSync(outdir)) {
    const path = join(stack, "cdk.tf.json");
    assert.equal(readFileSync(join(again, path), "utf8"), readFileSync(join(outdir, path), "utf8"));
  }
});

test("no stack names a path of the machine that synthesized it", () => {
  for (const stack of readdirSync(outdir)) {
    assert.ok(!readFileSync(join(outdir, stack, "cdk.tf.json"), "utf8").includes(process.cwd()), stack);
  }
});
