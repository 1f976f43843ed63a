// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { core } from "../src/core.js";
import { writeProjenrc } from "../src/projenrc-writer.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LICENCE = { holder: "acme", spdxId: "Apache-2.0" };
const WIDE = {
  name: "ml-platform",
  githubOwner: "acme",
  environments: [
    { name: "dev", awsAccountId: "111122223333", cpuPool: { maxSize: 4 }, network: { vpcCidr: "10.20.0.0/16" } },
    { name: "prod", awsAccountId: "444455556666", cluster: { logRetentionDays: 400 }, tags: { "cost-center": "42" } },
  ],
  accelerator: "g5",
  gpuPool: { maxSize: 4, capacityType: "on-demand" },
  tags: { team: 'the "ml" team' },
  allowedRegions: [
    "us-east-1",
    "eu-west-1",
    "eu-central-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "us-west-1",
    "us-east-2",
  ],
  release: ["docs/cost.md"],
};

test("what is written needs no formatter", () => {
  const written = writeProjenrc(WIDE, { license: LICENCE });
  const { stdout } = spawnSync("npx", ["biome", "format", "--stdin-file-path=src/projenrc.ts"], {
    cwd: ROOT,
    input: written,
    encoding: "utf8",
  });
  assert.equal(written, stdout);
});

test("enums are members, imported; what concerns the package comes last", () => {
  const written = writeProjenrc(WIDE, { license: LICENCE });
  assert.match(written, /^import \{ Accelerator, CapacityType, RayPlatformProject \} from "ray-platform";$/m);
  assert.match(written, /gpuPool: \{ maxSize: 4, capacityType: CapacityType.ON_DEMAND \}/);
  assert.match(written, /release: \["docs\/cost.md"\],\n\}\);/);
});

test("options that change nothing are left out, at every depth", () => {
  const options = {
    name: "ml",
    awsRegion: "us-east-1",
    accelerator: "g4dn",
    monitoring: false,
    environmentNames: ["prod"],
    network: { vpcCidr: "10.0.0.0/16" },
    gpuPool: { maxSize: 4, minSize: 0 },
    documents: { codeOwners: ["@acme/platform"] },
  };
  const { network, ...essential } = core.withoutDefaults(/** @type {any} */ (options));
  assert.deepEqual(essential, {
    name: "ml",
    gpuPool: { maxSize: 4 },
    documents: { codeOwners: ["@acme/platform"] },
  });
  assert.deepEqual(network ?? {}, {});
});
