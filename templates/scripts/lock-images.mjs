// Copyright the ray-platform authors
// SPDX-License-Identifier: Apache-2.0

// Writes into image-digests.json the digests of the images that are known by their tag only, as their registries answer. What
// no environment runs any more goes. The stacks pull what has a digest by it, and the mirror copies nothing else.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { commandLine } from "./command-line.mjs";
import { DIGEST_FILE, digestOf, environments, recordedDigests, referenceOf } from "./image-digests.mjs";
import { logText } from "./log-text.mjs";

const USAGE = `usage: node scripts/lock-images.mjs [OPTIONS]

Writes into ${DIGEST_FILE} the digests of the images that are known by their tag only. Commit the file. Needs skopeo and a
network that reaches the images' own registries.

  --check   ask no registry and write nothing; name the images that are known by their tag only, and end with 1 if there are any
  --help    print this text

Exit code: 0 all have a digest, 1 they have not or could not be found, 2 wrong usage.`;

/** Bytes of the largest manifest that registries must take. */
const LARGEST = 4 * 2 ** 20;

const values = commandLine(USAGE, { check: { type: "boolean" } });
const recorded = recordedDigests();
const images = environments().flatMap((environment) => environment.images.list);
const unknown = images.filter((image) => digestOf(image, recorded) === undefined).map(referenceOf);
const missing = [...new Set(unknown)].sort();
if (values.check) {
  for (const reference of missing) {
    console.error(`${logText(reference)} is pulled by its tag: no digest of it is known`);
  }
  console.log(`${missing.length} of ${new Set(images.map(referenceOf)).size} images are known by their tag only`);
} else {
  record();
}
process.exitCode ??= missing.length > 0 && values.check ? 1 : 0;

function record() {
  const found = {};
  for (const reference of missing) {
    const digest = askedDigest(reference);
    if (digest !== undefined) {
      found[reference] = digest;
      console.log(`found     ${logText(reference)} ${digest}`);
    }
  }
  const run = new Set(images.map(referenceOf));
  const kept = Object.entries({ ...recorded, ...found }).filter(([reference]) => run.has(reference));
  const next = Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
  if (JSON.stringify(next) === JSON.stringify(recorded)) {
    console.log(`${DIGEST_FILE} has what it can have`);
    return;
  }
  writeFileSync(DIGEST_FILE, `${JSON.stringify(next, null, 2)}\n`);
  console.log(`Commit ${DIGEST_FILE}.`);
}

/** The digest of what a registry answers. Of a manifest list, so that it stands for every architecture. */
function askedDigest(reference) {
  const { status, stdout, stderr, error } = spawnSync("skopeo", ["inspect", "--raw", `docker://${reference}`], {
    maxBuffer: LARGEST,
  });
  if (error !== undefined || status !== 0) {
    const reason = error === undefined ? stderr.toString("utf8").trim().split("\n").at(-1) : error.message;
    console.error(`failed    ${logText(`${reference}: ${reason}`)}`);
    process.exitCode = 1;
    return undefined;
  }
  return `sha256:${createHash("sha256").update(stdout).digest("hex")}`;
}
